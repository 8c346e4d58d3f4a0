"""The official report (tjänsteutlåtande, tjänsteskrivelse) with which a party's office sends a case on (M2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.models import APPROVING, Decision, Memo
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


def is_report(decision: Decision) -> bool:
    """Whether the decision is a report to the party's next instance: the preparing step's, when it sends the case on."""
    return decision.step_kind == "prepare" and decision.outcome in APPROVING


def report_paper(decision: Decision, *, internal: bool) -> Paper:
    """The report under the party's own name for it and its own registry number.

    What it says of the matter and its preparation is the joint memo's of that time. ``internal`` says whether the
    reader may see what is internal to the party. Four statements, when the decision came with its case, party and
    the one who decided.
    """
    case, party, author = decision.case, decision.party, decision.decided_by
    with in_house_language():
        numbers = registry_numbers(case, party)
        number = own_number(numbers, party)
        memo = (
            Memo.objects.filter(case=case, created_at__lte=decision.decided_at).order_by("-version").first()
        )
        facts = [
            registry_fact(numbers, party),
            Fact(_("Datum"), day(decision.decided_at)),
            Fact(_("Handläggare"), person(author)),
        ]
        if decision.on_behalf_of is not None:
            facts.append(Fact(_("I stället för"), decision.on_behalf_of.name))
        sections = [Section(_("Förslag till beslut"), (Resolution(decision.text),))]
        if memo is not None:
            sections += [
                Section(_("Ärendet"), (Paragraph(memo.matter),)),
                Section(_("Beredning"), (Paragraph(memo.preparation),)),
                Section(_("Samordning med andra samarbeten"), (Paragraph(memo.related_check),), level=2),
            ]
        signed = Signatures((Signature(author.name, author.title, day(decision.decided_at)),))
        if decision.reasons.strip():
            sections.append(Section(_("Förvaltningens synpunkter"), (Paragraph(decision.reasons), signed)))
        else:
            sections.append(Section("", (signed,)))
        return Paper(
            kind=decision.step_title,
            title=case.title,
            sender=party.label,
            language=house_language(),
            number=number or case.number,
            facts=tuple(facts),
            sections=tuple(sections),
            attachments=attachments_of(
                case, party=party, internal=internal, until=decision.decided_at, number=number
            ),
            footer=_("Utskrift ur Samverka, ärende %(number)s") % {"number": case.number},
        )
