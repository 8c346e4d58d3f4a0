"""A meeting's papers: the notice with its agenda, the minutes, and an extract of one paragraph (section 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import (
    Adjuster,
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Conflict,
    DelegatedReport,
    Deliberation,
    DeliberationOutcome,
    Meeting,
    MemberStatement,
    Minutes,
    RegistryNumber,
    Seat,
    Vote,
    VoteChoice,
)
from cases.papers.paper import (
    Block,
    Column,
    Fact,
    Listing,
    Paper,
    Paragraph,
    Quotation,
    Resolution,
    Section,
    Signature,
    Signatures,
    Table,
)
from cases.papers.told import day, house_language, in_house_language


def _clock(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "H:i") if moment is not None else ""


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y H:i")


def _when(meeting: Meeting) -> str:
    begins = meeting.opened_at or meeting.starts_at
    ends = meeting.closed_at or meeting.ends_at
    return _("%(day)s, %(from)s–%(to)s") % {
        "day": day(meeting.starts_at),
        "from": _clock(begins),
        "to": _clock(ends),
    }


def _items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda with everything that a paper says of it. Seven statements, however many items and votes."""
    votes = Prefetch("deliberation__votes", Vote.objects.select_related("member", "cast_by", "party"))
    statements = Prefetch("deliberation__statements", MemberStatement.objects.select_related("person"))
    numbers = Prefetch("case__registry_numbers", RegistryNumber.objects.select_related("organisation"))
    reports = Prefetch(
        "delegated_reports", DelegatedReport.objects.select_related("decision__case", "decision__decided_by")
    )
    conflicts = Prefetch(
        "case__conflicts", Conflict.objects.filter(body=meeting.body_id).select_related("person")
    )
    rows = meeting.items.select_related("case", "deliberation", "tabled_to")
    return list(rows.prefetch_related(votes, statements, numbers, conflicts, reports).order_by("order", "pk"))


# The notice


def notice_paper(meeting: Meeting, *, visible_case_ids: frozenset[int]) -> Paper:
    """The notice with the agenda (kallelse och dagordning). A case that the reader may not see is named as such."""
    with in_house_language():
        items = [item for item in _items_of(meeting) if item.status != AgendaStatus.RETURNED]
        sections = [Section("", (Paragraph(meeting.message),))] if meeting.message.strip() else []
        agenda = tuple(_agenda_line(item, visible_case_ids) for item in items)
        sections.append(Section(_("Dagordning"), (Listing(agenda, numbered=True),)))
        return Paper(
            kind=_("Kallelse"),
            title=meeting.body.label,
            sender=meeting.body.label,
            language=house_language(),
            facts=(
                Fact(_("Tid"), _when(meeting)),
                Fact(_("Plats"), meeting.place),
                Fact(_("Kallelsen sänd"), _moment(meeting.called_at) if meeting.called_at else ""),
            ),
            sections=tuple(sections),
        )


def _agenda_line(item: AgendaItem, visible: frozenset[int]) -> str:
    if item.case_id is not None and item.case_id not in visible:
        return _("Ärende som du har anmält jäv i")
    number = _dnr(item)
    return f"{item.title} ({number})" if number else item.title


def _dnr(item: AgendaItem) -> str:
    if item.case is None:
        return ""
    return ", ".join(row.text for row in item.case.registry_numbers.all()) or item.case.number


# The minutes


def minutes_paper(meeting: Meeting, *, adjusted: Minutes | None = None) -> Paper:
    """The minutes with their numbered paragraphs. With ``adjusted``, the version that was adjusted, they tell of that.

    A constant number of statements.
    """
    with in_house_language():
        items = sorted(
            (item for item in _items_of(meeting) if item.status == AgendaStatus.DONE),
            key=lambda item: item.paragraph or 0,
        )
        seats = list(meeting.seats.select_related("member", "serving", "party"))
        adjusters = list(meeting.adjusters.select_related("person"))
        sections = [_attendance(seats), *(_paragraph(meeting, item) for item in items)]
        sections.append(_signatures(meeting, adjusters, adjusted))
        return Paper(
            kind=_("Protokoll"),
            title=_("Protokoll %(day)s") % {"day": day(meeting.starts_at)},
            sender=meeting.body.label,
            language=house_language(),
            number=_paragraphs(items),
            facts=_minutes_facts(meeting, items, adjusters),
            sections=tuple(sections),
            footer=_("Kontrollsumma för den justerade lydelsen: SHA-256 %(sum)s") % {"sum": adjusted.sha256}
            if adjusted is not None
            else "",
        )


def _paragraphs(items: list[AgendaItem]) -> str:
    """The paragraphs that the minutes hold: "§§ 12–19"."""
    numbers = [item.paragraph for item in items if item.paragraph is not None]
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("§ %(n)s") % {"n": numbers[0]}
    return _("§§ %(first)s–%(last)s") % {"first": numbers[0], "last": numbers[-1]}


def _minutes_facts(meeting: Meeting, items: list[AgendaItem], adjusters: list[Adjuster]) -> tuple[Fact, ...]:
    return (
        Fact(_("Organ"), meeting.body.label),
        Fact(_("Tid"), _when(meeting)),
        Fact(_("Plats"), meeting.place),
        Fact(_("Ordförande"), meeting.chair.name if meeting.chair is not None else ""),
        Fact(_("Sekreterare"), meeting.secretary.name if meeting.secretary is not None else ""),
        Fact(_("Justerare"), "\n".join(row.person.name for row in adjusters)),
        Fact(_("Paragrafer"), _paragraphs(items)),
    )


def _attendance(seats: list[Seat]) -> Section:
    columns = (
        Column(_("Närvarande"), wide=True),
        Column(_("I stället för"), wide=True),
        Column(_("Part")),
        Column(_("Tid")),
    )
    there = [seat for seat in seats if seat.arrived_at is not None and seat.serving is not None]
    rows = tuple(
        (
            _("%(name)s, ordförande") % {"name": seat.serving.name}
            if seat.is_chair and seat.serving_id == seat.member_id
            else seat.serving.name,
            seat.member.name if seat.serving_id != seat.member_id else "",
            seat.party.short_name if seat.party is not None else "",
            _("till %(time)s") % {"time": _clock(seat.left_at)} if seat.left_at is not None else "",
        )
        for seat in there
        if seat.serving is not None
    )
    blocks: list[Block] = [Table(_("Tjänstgörande"), columns, rows)] if rows else []
    absent = [seat.member.name for seat in seats if seat.arrived_at is None]
    if absent:
        blocks.append(Paragraph(_("Frånvarande: %(names)s.") % {"names": ", ".join(absent)}))
    return Section(_("Närvaro"), tuple(blocks))


def _paragraph(meeting: Meeting, item: AgendaItem) -> Section:
    blocks: list[Block] = []
    if item.case is not None:
        blocks.append(Paragraph(_("Dnr %(number)s") % {"number": _dnr(item)}))
    if item.text.strip():
        blocks.append(Paragraph(item.text))
    if item.kind == AgendaKind.DELEGATED:
        blocks += _reported(item)
    blocks.append(_decision(meeting, item))
    if item.deliberation is not None:
        blocks += _deliberated(item, item.deliberation)
    if item.notes.strip():
        blocks.append(Paragraph(item.notes))
    return Section(item.title, tuple(blocks), sign=_("§ %(n)s") % {"n": item.paragraph})


def _reported(item: AgendaItem) -> list[Block]:
    lines = tuple(
        _("%(number)s %(title)s: %(outcome)s, %(name)s den %(day)s")
        % {
            "number": report.decision.case.number,
            "title": report.decision.case.title,
            "outcome": report.decision.get_outcome_display(),
            "name": report.decision.decided_by.name,
            "day": day(report.decision.decided_at),
        }
        for report in item.delegated_reports.all()
    )
    return [Listing(lines)] if lines else []


def _decision(meeting: Meeting, item: AgendaItem) -> Resolution:
    lead = _("%(body)s beslutar") % {"body": meeting.body.label}
    text = item.decision_text
    outcome = item.outcome
    if item.deliberation is not None:
        label = str(DeliberationOutcome(outcome).label)
        until = item.deliberation.tabled_until
        if outcome == DeliberationOutcome.TABLE and until is not None:
            label = _("%(outcome)s till %(day)s") % {"outcome": label, "day": date_format(until, "j F Y")}
        lead = _("%(body)s: %(outcome)s") % {"body": meeting.body.label, "outcome": label}
        reasons = item.deliberation.reasons
        text = "\n\n".join(part for part in (item.deliberation.decision_text, reasons) if part.strip())
    return Resolution(text or lead, lead=lead if text else "")


def _deliberated(item: AgendaItem, deliberation: Deliberation) -> list[Block]:
    votes = list(deliberation.votes.all())
    cast = [vote for vote in votes if vote.choice != VoteChoice.RECUSED]
    recused = {vote.cast_by_id: vote.cast_by.name for vote in votes if vote.choice == VoteChoice.RECUSED}
    called = {member for member, _party in deliberation.called}
    if item.case is not None:
        # Whose seat a deputy has filled in this item is not among the votes.
        recused |= {
            row.person_id: row.person.name for row in item.case.conflicts.all() if row.person_id in called
        }
    blocks: list[Block] = []
    if recused:
        names = ", ".join(sorted(recused.values()))
        blocks.append(Paragraph(_("På grund av jäv deltar inte i ärendet: %(names)s.") % {"names": names}))
    if cast:
        blocks.append(_vote_table(deliberation, cast))
    if deliberation.casting_vote:
        blocks.append(Paragraph(_("Ärendet avgörs med ordförandens utslagsröst.")))
    blocks += [
        Quotation(
            row.text, by=_("%(kind)s: %(name)s") % {"kind": row.get_kind_display(), "name": row.person.name}
        )
        for row in deliberation.statements.all()
    ]
    return blocks


def _vote_table(deliberation: Deliberation, cast: Iterable[Vote]) -> Table:
    """How everybody voted; of a closed ballot only how many."""
    rows = list(cast)
    if deliberation.closed_ballot:
        counted = tuple(
            (str(choice.label), str(sum(vote.choice == choice for vote in rows)))
            for choice in VoteChoice
            if choice != VoteChoice.RECUSED
        )
        return Table(
            _("Sluten omröstning"), (Column(_("Röst"), wide=True), Column(_("Antal"), numeric=True)), counted
        )
    columns = (Column(_("Ledamot"), wide=True), Column(_("Part")), Column(_("Röst"), wide=True))
    named = tuple(
        (
            vote.member.name
            if vote.cast_by_id == vote.member_id
            else _("%(deputy)s (för %(member)s)") % {"deputy": vote.cast_by.name, "member": vote.member.name},
            vote.party.short_name if vote.party is not None else "",
            str(VoteChoice(vote.choice).label),
        )
        for vote in rows
    )
    return Table(_("Omröstning"), columns, named)


def _signatures(meeting: Meeting, adjusters: list[Adjuster], adjusted: Minutes | None) -> Section:
    chair, secretary = meeting.chair, meeting.secretary
    lines = [
        Signature(secretary.name if secretary is not None else "", _("Sekreterare")),
        Signature(chair.name if chair is not None else "", _("Ordförande")),
    ]
    lines += [
        Signature(
            row.person.name,
            _("Justerare"),
            _moment(row.adjusted_at) if adjusted is not None and row.adjusted_at is not None else "",
        )
        for row in adjusters
    ]
    if adjusted is None:
        return Section(_("Justering"), (Signatures(tuple(lines)),))
    told = Paragraph(
        _(
            "Protokollet är justerat i Samverka den %(when)s av dem som anges nedan. De har justerat version %(n)s."
        )
        % {"when": _moment(meeting.adjusted_at) if meeting.adjusted_at else "", "n": adjusted.number}
    )
    return Section(_("Justering"), (told, Signatures(tuple(lines))))


# An extract


def extract_paper(meeting: Meeting, item: AgendaItem, *, certified_by: str, at: dt.datetime) -> Paper:
    """One paragraph of the adjusted minutes, for those whom it concerns (protokollsutdrag)."""
    with in_house_language():
        whole = next(row for row in _items_of(meeting) if row.pk == item.pk)
        certified = Signatures(
            (Signature(certified_by, _("Utdraget överensstämmer med protokollet"), day(at)),)
        )
        return Paper(
            kind=_("Protokollsutdrag"),
            title=item.title,
            sender=meeting.body.label,
            language=house_language(),
            number=_("§ %(n)s") % {"n": item.paragraph},
            facts=(
                Fact(_("Sammanträde"), day(meeting.starts_at)),
                Fact(_("Dnr"), _dnr(whole)),
                Fact(_("Justerat"), _moment(meeting.adjusted_at) if meeting.adjusted_at else ""),
            ),
            sections=(_paragraph(meeting, whole), Section("", (certified,))),
        )
