"""The meeting itself: opened, its items taken up in turn and settled, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, WrongState
from cases.models import (
    APPROVING,
    Adjuster,
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Case,
    DecisionOutcome,
    DelegatedReport,
    Deliberation,
    DeliberationOutcome,
    Meeting,
    MeetingStatus,
    Person,
    Role,
    RoleHolding,
    Seat,
    Vote,
    VoteChoice,
)
from cases.models.meetings import BEFORE_MEETING
from workflows import conflicts
from workflows.act import Act
from workflows.deliberation import Tally, new_deliberation, tally_of
from workflows.meeting_policy import MeetingAction
from workflows.meetings.act import MeetingAct, acting_on_meeting
from workflows.meetings.agenda import waiting_items
from workflows.meetings.paragraphs import number_item
from workflows.models import WorkItem
from workflows.profile import DeliberationRules
from workflows.steps.conclude import Conclusion, write_conclusion
from workflows.steps.decide import Ruling, rule

#: What an outcome at a meeting is in a party's own chain. The others cannot be chosen there.
OUTCOME_OF_CHAIN = {
    DeliberationOutcome.RECOMMEND: DecisionOutcome.APPROVE,
    DeliberationOutcome.RECOMMEND_AMENDED: DecisionOutcome.APPROVE_AMENDED,
    DeliberationOutcome.DECLINE: DecisionOutcome.REJECT,
    DeliberationOutcome.PREPARE_AGAIN: DecisionOutcome.REFER_BACK,
    DeliberationOutcome.TABLE: DecisionOutcome.TABLE,
    DeliberationOutcome.NOTE: DecisionOutcome.NOTE,
}


def open_meeting(
    *, meeting_id: int, actor: Person, chair: Person, secretary: Person, now: dt.datetime
) -> Meeting:
    """Open the meeting with who presides and who keeps the minutes. There must be a quorum (beslutför)."""
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.OPEN, now=now) as act:
        meeting = act.meeting
        present = [seat for seat in act.seats if seat.is_present]
        if chair.pk not in {seat.serving_id for seat in present}:
            raise InvalidInput({"chair": _("Den som leder mötet behöver vara närvarande.")})
        if not _may_keep_minutes(act, secretary):
            raise InvalidInput({"secretary": _("Välj organets sekreterare eller någon som är närvarande.")})
        needed = act.rules.members_needed(len(act.seats))
        if len(present) < needed:
            raise InvalidInput(
                message=_("Mötet är inte beslutfört: %(present)s av minst %(needed)s är närvarande.")
                % {"present": len(present), "needed": needed}
            )
        if Meeting.objects.filter(body=meeting.body, status=MeetingStatus.OPEN).exists():
            raise InvalidInput(message=_("Organet har redan ett öppet möte. Avsluta det först."))
        meeting.status, meeting.opened_at = MeetingStatus.OPEN, now
        meeting.chair, meeting.secretary = chair, secretary
        act.record("meeting_opened", chair=chair.pk, secretary=secretary.pk, present=len(present))
        return meeting


def _may_keep_minutes(act: MeetingAct, person: Person) -> bool:
    if any(seat.serving_id == person.pk and seat.is_present for seat in act.seats):
        return True
    held = RoleHolding.objects.current(act.today).filter(
        body=act.meeting.body, role=Role.SECRETARY, person=person
    )
    return held.exists()


def take_up(*, meeting_id: int, item_id: int, actor: Person, now: dt.datetime) -> AgendaItem:
    """Take the item up. For a case a deliberation begins, in which those who sit there can vote.

    Raises WrongState while another item is open, and when the case no longer waits for the body.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        item = act.item(item_id)
        if item.status == AgendaStatus.OPEN:
            raise AlreadyDone(_("Punkten behandlas redan."))
        if item.status != AgendaStatus.WAITING:
            raise AlreadyDone(_("Punkten är redan avgjord."))
        if act.meeting.items.filter(status=AgendaStatus.OPEN).exists():
            raise WrongState(_("En annan punkt behandlas. Avgör den eller lägg tillbaka den först."))
        require_no_conflict(act, item)
        if item.kind == AgendaKind.CASE and item.deliberation is None:
            assert item.case_id is not None
            with act.case(item.case_id) as case_act:
                item.deliberation = _deliberate(act, case_act)
        item.status, item.opened_at = AgendaStatus.OPEN, now
        item.save()
        act.record("item_opened", item=item.pk)
        return item


def put_back(*, meeting_id: int, item_id: int, actor: Person, now: dt.datetime) -> AgendaItem:
    """Leave the item for later in the meeting. Votes that have been cast stand."""
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        item = act.item(item_id)
        if item.status != AgendaStatus.OPEN:
            raise AlreadyDone()
        item.status = AgendaStatus.WAITING
        item.save()
        act.record("item_put_back", item=item.pk)
        return item


def _work_item(act: MeetingAct, case_act: Act) -> WorkItem:
    """The case's step that this body settles. Raises WrongState when it does not wait for the body."""
    found = waiting_items(act.meeting.body).filter(case=case_act.case).first()
    if found is None or case_act.process is None or case_act.case.is_on_hold:
        raise WrongState(_("Ärendet väntar inte på organet just nu. Ta bort punkten eller vänta med den."))
    found.case, found.process = case_act.case, case_act.process
    case_act.item = found
    return found


def _deliberate(act: MeetingAct, case_act: Act) -> Deliberation:
    work = _work_item(act, case_act)
    step = work.data.get("chain_step", "")
    own = case_act.case.created_by_id
    return new_deliberation(
        case_act,
        body_id=act.meeting.body_id,
        called=[(seat.member_id, seat.party_id) for seat in act.seats if seat.member_id != own],
        rules=case_act.profile.rules_of_body(act.meeting.body_id, step),
        party_id=work.internal_to_id,
        chain_step=step,
    )


@dataclass(frozen=True)
class Settlement:
    """How an item is settled. ``tabled_to`` is a later meeting of the body; ``notes`` go into the minutes.

    ``refer_back_to`` is, in a party's chain, the id of an earlier step, or empty for the joint preparation.
    """

    outcome: DeliberationOutcome
    decision_text: str = ""
    reasons: str = ""
    notes: str = ""
    tabled_until: dt.date | None = None
    tabled_to: int | None = None
    refer_back_to: str = ""


def settle_case(
    *, meeting_id: int, item_id: int, actor: Person, settlement: Settlement, now: dt.datetime
) -> AgendaItem:
    """Settle the open case item: it gets its paragraph, and the case moves on. The votes bind.

    Without votes the meeting settles it by acclamation, when it has a quorum. Raises InvalidInput naming the field.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        item = act.item(item_id)
        _require_open(item)
        if item.deliberation is None or item.case_id is None:
            raise WrongState(_("Punkten är inget ärende."))
        require_no_conflict(act, item)
        settlement = _with_date(act, settlement)
        with act.case(item.case_id) as case_act:
            if case_act.case.created_by_id == actor.pk:
                raise NotAllowed(_("Det är ditt eget förslag. Någon annan behöver göra detta."))
            work = _work_item(act, case_act)
            deliberation = item.deliberation
            if deliberation.closed_ballot and deliberation.takes_votes and deliberation.votes.exists():
                raise WrongState(_("Omröstningen är sluten. Stäng den innan punkten avgörs."))
            tally, recused = tally_at(act, case_act, deliberation)
            # What fails below takes no number: the counter goes back with the transaction.
            conclusion = Conclusion(
                settlement.outcome, settlement.reasons, settlement.decision_text, settlement.tabled_until
            )
            _write_recusals(deliberation, recused, act)
            number_item(item)
            write_conclusion(
                case_act,
                deliberation,
                tally,
                conclusion,
                meeting=act.meeting.pk,
                paragraph=item.paragraph,
                year=item.year,
            )
            _move_on(case_act, work, deliberation, settlement)
        item.outcome = settlement.outcome
        item.decision_text = deliberation.decision_text or settlement.decision_text
        item.notes = settlement.notes
        _finish(act, item)
        if settlement.tabled_to is not None:
            _put_on_later_agenda(act, item, settlement.tabled_to)
        return item


def require_no_conflict(act: MeetingAct, item: AgendaItem) -> None:
    """Raise NotAllowed when the one who would lead the item has a conflict of interest in it (section 5). One statement."""
    if item.case_id is not None and conflicts.has_conflict(act.actor.pk, item.case_id, act.meeting.body_id):
        raise NotAllowed(_("Du har anmält jäv i ärendet. Någon annan behöver leda punkten."))


def _require_open(item: AgendaItem) -> None:
    if item.status == AgendaStatus.DONE:
        raise AlreadyDone(_("Punkten är redan avgjord."))
    if item.status != AgendaStatus.OPEN:
        raise WrongState(_("Ta upp punkten först."))


def _with_date(act: MeetingAct, settlement: Settlement) -> Settlement:
    """The settlement with the day of the meeting that it tables to. Raises InvalidInput for one that is no later one."""
    if settlement.outcome != DeliberationOutcome.TABLE or settlement.tabled_to is None:
        return replace(settlement, tabled_to=None)
    later = Meeting.objects.filter(
        pk=settlement.tabled_to,
        body=act.meeting.body,
        status__in=BEFORE_MEETING,
        starts_at__gt=max(act.meeting.starts_at, act.now),
    ).first()
    if later is None or later.day <= act.today:
        raise InvalidInput({"tabled_to": _("Välj ett senare möte med organet.")})
    return replace(settlement, tabled_until=later.day)


def tally_at(act: MeetingAct, case_act: Act, deliberation: Deliberation) -> tuple[Tally, frozenset[int]]:
    """How the vote stands at the meeting, and the members who take no part because of a conflict of interest."""
    rules = case_act.profile.rules_of_body(deliberation.body_id, deliberation.chain_step)
    return tally_with(deliberation, rules, case_act.case, act.seats)


def tally_with(
    deliberation: Deliberation, rules: DeliberationRules, case: Case, all_seats: Sequence[Seat]
) -> tuple[Tally, frozenset[int]]:
    """The same for whoever only reads, without a lock. Two statements.

    A seat whose member has a conflict counts when a deputy without one sits, or votes, in it.
    """
    conflicted = conflicts.conflicted_in(case.pk, deliberation.body_id)
    out = {case.created_by_id, *conflicted}
    called = {member for member, _party in deliberation.called}
    seats = [seat for seat in all_seats if seat.member_id in called]
    # A conflict of the one who sits there now, or of an absent member whose seat nobody fills.
    recused = frozenset(
        seat.member_id for seat in seats if (seat.serving_id if seat.is_present else seat.member_id) in out
    )
    filled = [seat for seat in seats if seat.is_present and seat.serving_id not in out]
    tally = tally_of(
        deliberation,
        rules,
        conflicted=recused,
        present=len(filled),
        parties_present=frozenset(seat.party_id for seat in filled if seat.party_id is not None),
    )
    return tally, recused


def _write_recusals(deliberation: Deliberation, recused: frozenset[int], act: MeetingAct) -> None:
    """Enter those who take no part among the votes, so that the record shows them."""
    voted = set(deliberation.votes.values_list("member_id", flat=True))
    reasons = dict(
        deliberation.case.conflicts.filter(body_id=deliberation.body_id).values_list("person_id", "reason")
    )
    seats = {seat.member_id: seat for seat in act.seats}
    rows = []
    for member in sorted(recused - voted):
        seat = seats[member]
        who = seat.serving_id if seat.is_present and seat.serving_id is not None else member
        rows.append(
            Vote(
                deliberation=deliberation,
                member_id=member,
                cast_by_id=who,
                party_id=seat.party_id,
                choice=VoteChoice.RECUSED,
                reasons=reasons.get(who) or str(_("Eget förslag.")),
                cast_at=act.now,
            )
        )
    Vote.objects.bulk_create(rows)


def _move_on(case_act: Act, work: WorkItem, deliberation: Deliberation, settlement: Settlement) -> None:
    if deliberation.party_id is None:
        case_act.finish(settlement.outcome.value)
        return
    if settlement.outcome not in OUTCOME_OF_CHAIN:
        raise InvalidInput(
            {"outcome": _("Återremiss går härifrån till beredningen eller till ett tidigare steg.")}
        )
    text = deliberation.decision_text or settlement.decision_text
    if not text and OUTCOME_OF_CHAIN[settlement.outcome] in APPROVING:
        text = deliberation.proposed_text
    rule(
        case_act,
        Ruling(
            OUTCOME_OF_CHAIN[settlement.outcome],
            text or settlement.reasons,
            settlement.reasons,
            settlement.tabled_until,
            settlement.refer_back_to,
        ),
        deliberation=deliberation,
    )


def _finish(act: MeetingAct, item: AgendaItem) -> None:
    item.status, item.closed_at = AgendaStatus.DONE, act.now
    item.save()
    act.record(
        "item_settled", item=item.pk, paragraph=item.paragraph, year=item.year, outcome=str(item.outcome)
    )


def _put_on_later_agenda(act: MeetingAct, item: AgendaItem, meeting_id: int) -> None:
    assert item.case_id is not None
    item.tabled_to_id = meeting_id
    item.save(update_fields=["tabled_to"])
    last = AgendaItem.objects.filter(meeting=meeting_id).order_by("-order").first()
    AgendaItem.objects.get_or_create(
        meeting_id=meeting_id,
        case_id=item.case_id,
        defaults={
            "body": act.meeting.body,
            "kind": AgendaKind.CASE,
            "title": item.title,
            "order": last.order + 1 if last is not None else 1,
        },
    )


def settle_other(
    *,
    meeting_id: int,
    item_id: int,
    actor: Person,
    decision_text: str,
    notes: str = "",
    now: dt.datetime,
) -> AgendaItem:
    """Settle an item that is no case: what was decided about it, or that it was noted. It gets its paragraph."""
    if not decision_text:
        raise InvalidInput({"decision_text": _("Skriv vad mötet beslutade eller antecknade.")})
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        item = act.item(item_id)
        _require_open(item)
        if item.kind == AgendaKind.CASE:
            raise WrongState(_("Ett ärende avgörs med en av ärendets utgångar."))
        number_item(item)
        if item.kind == AgendaKind.DELEGATED:
            item.outcome = DeliberationOutcome.NOTE
            _note_reports(act, item)
        item.decision_text, item.notes = decision_text, notes
        _finish(act, item)
        return item


def _note_reports(act: MeetingAct, item: AgendaItem) -> None:
    """Tell, in every case whose decision is reported, that it was: a few statements for each, in the order of the cases."""
    reports = item.delegated_reports.select_related("decision").order_by("decision__case", "pk")
    for report in reports:
        with act.case_even_closed(report.decision.case_id) as case_act:
            case_act.record(
                "delegated_decision_reported",
                internal_to=report.decision.party_id,
                decision=report.decision_id,
                body=act.meeting.body_id,
                meeting=act.meeting.pk,
                paragraph=item.paragraph,
                year=item.year,
            )
    DelegatedReport.objects.filter(agenda_item=item).update(reported_at=act.now)


def appoint_adjusters(
    *, meeting_id: int, actor: Person, people: Sequence[Person], now: dt.datetime
) -> list[Adjuster]:
    """Appoint who adjusts the minutes, among those who are or were there: as many as the body's rules say, besides its
    chair's own signature. Choosing anew replaces those chosen before."""
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        wanted = act.rules.adjusters
        if len({person.pk for person in people}) != wanted:
            raise InvalidInput({"people": _("Välj %(count)s justerare.") % {"count": wanted}})
        there = {seat.serving_id for seat in act.seats if seat.arrived_at is not None}
        if any(person.pk not in there for person in people):
            raise InvalidInput({"people": _("Justerare behöver ha deltagit i mötet.")})
        if act.meeting.secretary_id in {person.pk for person in people}:
            raise InvalidInput({"people": _("Den som för protokollet kan inte justera det.")})
        act.meeting.adjusters.all().delete()
        rows = Adjuster.objects.bulk_create(
            [Adjuster(meeting=act.meeting, person=person) for person in people]
        )
        act.record("adjusters_appointed", people=[person.pk for person in people])
        return rows


def close_meeting(*, meeting_id: int, actor: Person, now: dt.datetime) -> Meeting:
    """Close the meeting. What was not dealt with waits for the body again; the minutes are to be made and adjusted.

    A constant number of statements, however many items and members, and a few more for each case that was taken up and
    put back.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.CLOSE, now=now) as act:
        meeting = act.meeting
        if meeting.items.filter(status=AgendaStatus.OPEN).exists():
            raise WrongState(_("En punkt behandlas ännu. Avgör den eller lägg tillbaka den först."))
        if meeting.adjusters.count() < act.rules.adjusters:
            raise InvalidInput(message=_("Välj justerare innan mötet avslutas."))
        rest = meeting.items.filter(status=AgendaStatus.WAITING)
        for item in rest.filter(deliberation__isnull=False).select_related("deliberation").order_by("case"):
            _leave_unsettled(act, item)
        DelegatedReport.objects.filter(agenda_item__in=rest).update(agenda_item=None)
        returned = rest.update(status=AgendaStatus.RETURNED)
        meeting.status, meeting.closed_at = MeetingStatus.CLOSED, now
        act.record("meeting_closed", returned=returned)
        return meeting


def _leave_unsettled(act: MeetingAct, item: AgendaItem) -> None:
    """End the deliberation of a case that was taken up and put back: it is tabled for want of time."""
    assert item.case_id is not None
    deliberation = item.deliberation
    assert deliberation is not None
    with act.case_even_closed(item.case_id) as case_act:
        deliberation.outcome, deliberation.reasons = (
            DeliberationOutcome.TABLE,
            str(_("Mötet hann inte avgöra ärendet.")),
        )
        deliberation.tabled_until = act.meeting.day
        deliberation.concluded_by, deliberation.concluded_at = act.actor, act.now
        deliberation.save()
        case_act.record(
            "deliberation_left",
            internal_to=deliberation.party_id,
            deliberation=deliberation.pk,
            body=deliberation.body_id,
            meeting=act.meeting.pk,
        )
