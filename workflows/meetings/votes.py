"""What members do at a meeting: vote, declare a conflict of interest, dissent, make a statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, WrongState
from cases.models import (
    AgendaItem,
    AgendaStatus,
    Conflict,
    Deliberation,
    Meeting,
    MeetingStatus,
    MemberStatement,
    Person,
    Seat,
    StatementKind,
    Vote,
    VoteChoice,
)
from workflows import conflicts
from workflows.act import acting_on_case
from workflows.meeting_policy import MeetingAction, Personal, seat_served_by
from workflows.meetings.act import MeetingAct, acting_on_meeting
from workflows.meetings.session import require_no_conflict
from workflows.policy import Action
from workflows.steps.vote import Ballot, write_vote
from workflows.working_days import add_working_days

#: How many working days after a written deliberation a member can dissent from it.
DISSENT_DAYS = 5


def vote_at_meeting(
    *, meeting_id: int, item_id: int, actor: Person, ballot: Ballot, now: dt.datetime
) -> Vote:
    """Vote on the open item in the seat that one fills, or change the vote until the item is settled.

    Raises NotAllowed for somebody who fills no seat, has a conflict of interest, or whose own proposal it is.
    """
    if ballot.choice == VoteChoice.RECUSED:
        raise InvalidInput({"choice": _("Anmäl jäv för sig.")})
    ballot.check()
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=Personal.VOTE, now=now) as act:
        item, deliberation = _open_case_item(act, item_id)
        assert item.case_id is not None
        with act.case(item.case_id) as case_act:
            seat = seat_to_vote_in(act.seats, item, deliberation, actor)
            return write_vote(
                case_act,
                deliberation,
                member_id=seat.member_id,
                party_id=seat.party_id,
                ballot=ballot,
            )


def _open_case_item(act: MeetingAct, item_id: int) -> tuple[AgendaItem, Deliberation]:
    item = act.item(item_id)
    if item.status == AgendaStatus.DONE:
        raise AlreadyDone(_("Punkten är redan avgjord."))
    if item.status != AgendaStatus.OPEN or item.deliberation is None:
        raise WrongState(_("Punkten behandlas inte just nu."))
    return item, item.deliberation


def seat_to_vote_in(
    seats: Sequence[Seat], item: AgendaItem, deliberation: Deliberation, actor: Person
) -> Seat:
    """The seat that the person votes in: the one they fill, or as a deputy that of a member with a conflict in this item.

    Raises NotAllowed, with the reason, when there is none.
    """
    assert item.case is not None
    meeting = item.meeting
    conflicted = conflicts.conflicted_in(item.case.pk, meeting.body_id)
    called = {member for member, _party in deliberation.called}
    if actor.pk in conflicted:
        raise NotAllowed(_("Du har anmält jäv i ärendet och deltar inte i det."))
    if actor.pk == item.case.created_by_id:
        raise NotAllowed(_("Det är ditt eget förslag. Du deltar inte i ärendet."))
    seat = seat_served_by(seats, actor.pk)
    if seat is not None and seat.member_id in called:
        return seat
    for other in seats:
        sits_out = other.is_present and other.serving_id in conflicted and other.member_id in called
        if not sits_out:
            continue
        turn = conflicts.next_deputy(
            member_id=other.member_id,
            body_id=meeting.body_id,
            case=item.case,
            deliberation_id=None,
            passed={row.serving_id for row in seats if row.is_present and row.serving_id is not None},
            on=meeting.day,
        )
        if turn == actor.pk:
            return other
    raise NotAllowed(_("Du tjänstgör inte vid mötet och kan inte rösta."))


def declare_conflict(
    *,
    meeting_id: int,
    item_id: int,
    actor: Person,
    reason: str,
    person: Person | None = None,
    now: dt.datetime,
) -> Conflict:
    """Declare that one has a conflict of interest in a case on the agenda (jäv), before it is settled.

    The secretary or chair can note it for somebody who says so at the meeting. A vote already cast is taken away; the
    history keeps it.
    """
    if not reason:
        raise InvalidInput({"reason": _("Ange skälet till jävet.")})
    who = person if person is not None else actor
    action: MeetingAction | Personal = Personal.VOTE if person is None else MeetingAction.HANDLE
    with acting_on_meeting(
        meeting_id=meeting_id,
        actor=actor,
        action=_before_or_at(meeting_id, action),
        now=now,
    ) as act:
        item = act.item(item_id)
        if item.status == AgendaStatus.DONE:
            raise AlreadyDone(_("Punkten är redan avgjord."))
        if item.case_id is None:
            raise WrongState(_("Punkten är inget ärende."))
        if not any(who.pk in (seat.member_id, seat.serving_id) for seat in act.seats):
            raise NotAllowed(_("Bara den som har en plats vid mötet kan vara jävig i en punkt."))
        with act.case(item.case_id) as case_act:
            party = item.deliberation.party_id if item.deliberation is not None else None
            internal = party or act.meeting.body.organisation_id
            if not conflicts.declare(
                case_act, body_id=act.meeting.body_id, person=who, reason=reason, internal_to=internal
            ):
                raise AlreadyDone(_("Jävet är redan antecknat."))
            if item.deliberation is not None:
                cast = item.deliberation.votes.filter(cast_by=who).first()
                if cast is not None:
                    case_act.record(
                        "vote_withdrawn",
                        internal_to=internal,
                        deliberation=item.deliberation.pk,
                        member=cast.member_id,
                        choice=cast.choice,
                    )
                    cast.delete()
            act.record("conflict_declared", item=item.pk, person=who.pk)
            return case_act.case.conflicts.get(body_id=act.meeting.body_id, person=who)


def _before_or_at(meeting_id: int, action: MeetingAction | Personal) -> MeetingAction | Personal:
    """A member's own conflict can be declared from the notice on, not only while the meeting is held."""
    called = Meeting.objects.filter(pk=meeting_id, status=MeetingStatus.CALLED).exists()
    return Personal.ANSWER if called and isinstance(action, Personal) else action


def close_ballot(*, meeting_id: int, item_id: int, actor: Person, now: dt.datetime) -> Deliberation:
    """Close the voting on the open item, so that a closed ballot can be read and settled."""
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.HANDLE, now=now) as act:
        item, deliberation = _open_case_item(act, item_id)
        assert item.case_id is not None
        require_no_conflict(act, item)
        if deliberation.voting_closed_at is not None:
            raise AlreadyDone(_("Omröstningen är redan stängd."))
        with act.case(item.case_id) as case_act:
            deliberation.voting_closed_at = now
            deliberation.save(update_fields=["voting_closed_at"])
            case_act.record(
                "voting_closed",
                internal_to=deliberation.party_id,
                deliberation=deliberation.pk,
                missing=deliberation.members - deliberation.votes.count(),
            )
        return deliberation


def make_statement(
    *, deliberation_id: int, actor: Person, kind: StatementKind, text: str, now: dt.datetime
) -> MemberStatement:
    """Dissent from a decision one took part in (reservation), or add a special statement to it.

    At a meeting until its minutes are adjusted, in writing for five working days. Writing again replaces the text.
    Raises NotAllowed for whoever did not take part.
    """
    if not text:
        raise InvalidInput({"text": _("Skriv texten.")})
    found = Deliberation.objects.filter(pk=deliberation_id).values_list("case_id", flat=True).first()
    with acting_on_case(case_id=found or 0, actor=actor, action=Action.MAKE_STATEMENT, now=now) as case_act:
        deliberation = Deliberation.objects.select_related("body").get(pk=deliberation_id)
        item = AgendaItem.objects.filter(deliberation=deliberation).select_related("meeting").first()
        if not _took_part(deliberation, item, actor):
            raise NotAllowed(_("Bara den som deltog i beslutet kan reservera sig eller yttra sig särskilt."))
        if not deliberation.is_concluded:
            raise WrongState(_("Ärendet är inte avgjort än."))
        if not _still_open_for_statements(deliberation, item, case_act.today):
            raise WrongState(_("Tiden för reservationer och yttranden har gått ut."))
        row, _created = MemberStatement.objects.update_or_create(
            deliberation=deliberation, person=actor, kind=kind, defaults={"text": text, "made_at": now}
        )
        case_act.record(
            "statement_recorded",
            internal_to=deliberation.party_id,
            deliberation=deliberation.pk,
            statement=StatementKind(kind).value,
            text=text,
        )
        return row


def _took_part(deliberation: Deliberation, item: AgendaItem | None, person: Person) -> bool:
    voted = deliberation.votes.filter(cast_by=person).exclude(choice=VoteChoice.RECUSED).exists()
    if voted or item is None:
        return voted
    conflicted = conflicts.has_conflict(person.pk, deliberation.case_id, deliberation.body_id)
    served = item.meeting.seats.filter(serving=person, arrived_at__isnull=False).exists()
    return served and not conflicted


def _still_open_for_statements(deliberation: Deliberation, item: AgendaItem | None, today: dt.date) -> bool:
    if item is not None:
        return item.meeting.status in (MeetingStatus.OPEN, MeetingStatus.CLOSED)
    assert deliberation.concluded_at is not None
    concluded_on = timezone.localtime(deliberation.concluded_at).date()
    return today <= add_working_days(concluded_on, DISSENT_DAYS)
