"""The memo that the steering group reads, in the shape of M6: the proposed decision first, then how it came about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.models import Memo, Organisation
from cases.papers.attachments import attachments_of
from cases.papers.paper import Fact, Paper, Paragraph, Resolution, Section, Signature, Signatures
from cases.papers.told import (
    day,
    house_language,
    in_house_language,
    own_number,
    person,
    registry_fact,
    registry_numbers,
)


def memo_paper(memo: Memo, *, party: Organisation, internal: bool) -> Paper:
    """The memo as one party keeps it: under its own registry number (M1), with the documents that it had then.

    The sender is the partnership, whose joint preparation it is. ``internal`` says whether the reader may see what is
    internal to the party. Three statements, when the memo came with its case, partnership, area and author.
    """
    case = memo.case
    with in_house_language():
        numbers = registry_numbers(case, party)
        number = own_number(numbers, party)
        facts = [
            registry_fact(numbers, party),
            Fact(_("Datum"), day(memo.created_at)),
            Fact(_("Handläggare"), person(memo.author)),
        ]
        if case.area is not None:
            facts.append(Fact(_("Område"), case.area.label))
        if memo.version > 1:
            facts.append(Fact(_("Version"), str(memo.version)))
        sections = [
            Section(_("Förslag till beslut"), (Resolution(memo.proposed_decision),)),
            Section(_("Ärendet"), (Paragraph(memo.matter),)),
            Section(_("Beredning"), (Paragraph(memo.preparation),)),
            Section(_("Samordning med andra samarbeten"), (Paragraph(memo.related_check),), level=2),
        ]
        signed = Signatures((Signature(memo.author.name, memo.author.title, day(memo.created_at)),))
        if memo.views.strip():
            sections.append(Section(_("Mina synpunkter"), (Paragraph(memo.views), signed)))
        else:
            sections.append(Section("", (signed,)))
        return Paper(
            kind=_("Promemoria"),
            title=case.title,
            sender=case.partnership.label,
            language=house_language(),
            number=number or case.number,
            facts=tuple(facts),
            sections=tuple(sections),
            attachments=attachments_of(
                case, party=party, internal=internal, until=memo.created_at, number=number
            ),
            footer=_("Utskrift ur Samverka, ärende %(number)s, underlag version %(version)s")
            % {"number": case.number, "version": memo.version},
        )
