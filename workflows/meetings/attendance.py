"""Who comes: answers to the notice, deputies called in their order, who arrives and who leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound
from cases.models import DeputyCall, MeetingStatus, Person, Response, RoleHolding, Seat
from cases.models.roles import VOTING_ROLES
from workflows import conflicts
from workflows.meeting_policy import MeetingAction, Personal
from workflows.meetings.act import MeetingAct, acting_on_meeting


def answer_notice(*, meeting_id: int, actor: Person, accept: bool, note: str = "", now: dt.datetime) -> Seat:
    """A called member or deputy says whether they come. Who declines has a deputy called, the first in order who is free.

    A member who comes after all takes the seat back from the deputy, who is then in turn as if never asked. Raises
    NotAllowed for who has not been called.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=Personal.ANSWER, now=now) as act:
        own = next((seat for seat in act.seats if seat.member_id == actor.pk), None)
        if own is not None:
            return _answer_as_member(act, own, accept, note)
        # The newest call is the one that is answered: the one before it was declined, or its member comes after all.
        call = (
            DeputyCall.objects.filter(seat__meeting=act.meeting, deputy=actor)
            .exclude(seat__response=Response.ACCEPTED)
            .order_by("-called_at", "-pk")
            .first()
        )
        if call is None:
            raise NotAllowed(_("Du är inte kallad till mötet."))
        return _answer_as_deputy(act, call, accept)


def _answer_as_member(act: MeetingAct, seat: Seat, accept: bool, note: str) -> Seat:
    answer = Response.ACCEPTED if accept else Response.DECLINED
    if seat.response == answer and seat.note == note:
        raise AlreadyDone(_("Du har redan svarat så."))
    replaced = {seat.serving_id} if seat.serving_id not in (None, seat.member_id) else set()
    changed = seat.response != answer
    seat.response, seat.note, seat.responded_at = answer, note, act.now
    seat.serving = seat.member if accept else None
    seat.save()
    act.record("answered", person=seat.member_id, response=answer.value, note=note)
    if accept:
        _release_deputies(act, seat, replaced)
    if not accept and changed:
        call_next_deputy(act, seat)
    return seat


def _release_deputies(act: MeetingAct, seat: Seat, serving: set[int]) -> None:
    """Let go of whoever served in the seat or was asked to and has not said no: they are in turn as if never asked."""
    asked = seat.calls.exclude(response=Response.DECLINED)
    released = serving | set(asked.values_list("deputy_id", flat=True))
    if released:
        asked.delete()
    for deputy in sorted(released):
        act.record("deputy_released", deputy=deputy, member=seat.member_id)


def _answer_as_deputy(act: MeetingAct, call: DeputyCall, accept: bool) -> Seat:
    seat = next(seat for seat in act.seats if seat.pk == call.seat_id)
    if call.response == (Response.ACCEPTED if accept else Response.DECLINED):
        raise AlreadyDone(_("Du har redan svarat så."))
    if accept and seat.serving_id is not None:
        raise AlreadyDone(_("Någon annan har redan tagit platsen."))
    call.response = Response.ACCEPTED if accept else Response.DECLINED
    call.responded_at = act.now
    call.save()
    act.record("deputy_answered", person=call.deputy_id, member=seat.member_id, response=str(call.response))
    if accept:
        seat.serving_id = call.deputy_id
        seat.save()
    else:
        if seat.serving_id == call.deputy_id:
            seat.serving_id = None
            seat.save()
        call_next_deputy(act, seat)
    return seat


def call_next_deputy(act: MeetingAct, seat: Seat) -> int | None:
    """Ask the member's next deputy in order who has neither declined nor another seat. Returns who was called."""
    asked = set(seat.calls.values_list("deputy_id", flat=True))
    seated = {other.member_id for other in act.seats} | {other.serving_id for other in act.seats}
    # Who has declined does not come; who has been called to another seat has it, unless its member comes after all.
    called_elsewhere = set(
        DeputyCall.objects.filter(seat__meeting=act.meeting)
        .exclude(response__in=[Response.WAITING, Response.ACCEPTED], seat__response=Response.ACCEPTED)
        .values_list("deputy_id", flat=True)
    )
    out = asked | seated | called_elsewhere
    order = conflicts.deputies_of(seat.member_id, act.meeting.body_id, act.meeting.day)
    deputy = next((person for person in order if person not in out), None)
    if deputy is None:
        act.record("no_deputy", member=seat.member_id)
        return None
    DeputyCall.objects.create(seat=seat, deputy_id=deputy, called_at=act.now)
    act.record("deputy_called", deputy=deputy, member=seat.member_id)
    return deputy


def set_presence(
    *,
    meeting_id: int,
    seat_id: int,
    actor: Person,
    present: bool,
    serving: Person | None = None,
    now: dt.datetime,
) -> Seat:
    """The secretary notes that somebody has come or left, during the meeting too. ``serving`` is the member unless a
    deputy is named; only the member or one of their deputies can sit there."""
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.RECORD_ATTENDANCE, now=now
    ) as act:
        seat = next((row for row in act.seats if row.pk == seat_id), None)
        if seat is None:
            raise NotFound()
        return _set(act, seat, present, serving)


def set_presence_of_all(
    *,
    meeting_id: int,
    actor: Person,
    seat_ids: list[int],
    serving: Mapping[int, int] | None = None,
    now: dt.datetime,
) -> int:
    """The roll call in one go: the seats named are filled, and the others are empty.

    ``serving`` says, by seat, which person sits there; elsewhere whoever said they would come, else the member. Returns
    how many are present. A constant number of statements.
    """
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.RECORD_ATTENDANCE, now=now
    ) as act:
        wanted, named = set(seat_ids), dict(serving or {})
        if (wanted | set(named)) - {seat.pk for seat in act.seats}:
            raise NotFound()
        changed: list[Seat] = []
        left: list[int | None] = []
        deputised: list[tuple[int, int]] = []
        for seat in act.seats:
            present, before = seat.pk in wanted, seat.serving_id
            who = named.get(seat.pk, before or seat.member_id)
            if present == seat.is_present and (not present or who == before):
                continue
            if seat.is_present:
                left.append(before)
            if present and who not in (seat.member_id, before):
                deputised.append((seat.member_id, who))
            _mark(act, seat, present, who)
            changed.append(seat)
        _check_deputies(act, deputised)
        _check_one_seat_each(act)
        _write_seats(changed)
        act.record(
            "roll_called",
            arrived=[seat.serving_id for seat in changed if seat.is_present],
            left=left,
        )
        return sum(seat.is_present for seat in act.seats)


def _write_seats(changed: list[Seat]) -> None:
    """Write the seats, first emptied where two exchange people, since nobody can fill two at any moment."""
    Seat.objects.filter(pk__in=[seat.pk for seat in changed]).update(
        serving=None, arrived_at=None, left_at=None
    )
    Seat.objects.bulk_update(changed, ["serving", "arrived_at", "left_at"])


def _check_deputies(act: MeetingAct, pairs: list[tuple[int, int]]) -> None:
    """Raise InvalidInput unless each (member, person) is a member's deputy. One statement, none without a pair."""
    if not pairs:
        return
    held = RoleHolding.objects.current(act.meeting.day).filter(
        body=act.meeting.body,
        role__in=VOTING_ROLES,
        deputy_for__in=[member for member, _deputy in pairs],
        person__is_active=True,
    )
    if set(pairs) - set(held.values_list("deputy_for_id", "person_id")):
        raise InvalidInput({"serving": _("Personen är inte ersättare för ledamoten.")})


def _mark(act: MeetingAct, seat: Seat, present: bool, serving_id: int) -> None:
    if present:
        seat.serving_id = serving_id
        seat.arrived_at, seat.left_at = act.now, None
    elif act.meeting.status == MeetingStatus.OPEN:
        seat.left_at = act.now
    else:
        seat.arrived_at, seat.left_at = None, None


def _check_one_seat_each(act: MeetingAct) -> None:
    serving = [seat.serving_id for seat in act.seats if seat.serving_id is not None]
    if len(serving) != len(set(serving)):
        raise InvalidInput({"serving": _("Samma person kan inte fylla två platser.")})


def _set(act: MeetingAct, seat: Seat, present: bool, serving: Person | None) -> Seat:
    who = serving.pk if serving is not None else (seat.serving_id or seat.member_id)
    if present and who != seat.member_id:
        if who not in conflicts.deputies_of(seat.member_id, act.meeting.body_id, act.meeting.day):
            raise InvalidInput({"serving": _("Personen är inte ersättare för ledamoten.")})
        if any(other.serving_id == who for other in act.seats if other.pk != seat.pk):
            raise InvalidInput({"serving": _("Personen fyller redan en annan plats.")})
    if present == seat.is_present and (not present or who == seat.serving_id):
        raise AlreadyDone()
    _mark(act, seat, present, who)
    seat.save()
    act.record("arrived" if present else "left", person=who, member=seat.member_id)
    return seat
