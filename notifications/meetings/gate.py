"""May a message about a meeting still go? Asked when its turn comes, of the person and the meeting as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from cases.access import Access
from cases.models import MeetingStatus, Response
from notifications.meetings.rules import INVITATIONS
from notifications.meetings.standing import Standing
from notifications.models import DropReason, Kind, Message

_S = MeetingStatus

#: The states of the meeting in which each kind still says something. Other states are later ones, or the end.
_SENT_WHILE: dict[Kind, frozenset[MeetingStatus]] = {
    Kind.MEETING_CALL: frozenset({_S.CALLED}),
    Kind.MEETING_MOVED: frozenset({_S.CALLED}),
    Kind.MEETING_CANCELLED: frozenset({_S.CANCELLED}),
    Kind.DEPUTY_CALL: frozenset({_S.CALLED}),
    # Also of a meeting that is off: whoever was released is not told of that, and has it in their calendar.
    Kind.DEPUTY_RELEASED: frozenset({_S.CALLED, _S.OPEN, _S.CANCELLED}),
    Kind.NO_DEPUTY: frozenset({_S.CALLED}),
    Kind.MEETING_UNANSWERED: frozenset({_S.CALLED}),
    Kind.MEETING_SOON: frozenset({_S.CALLED}),
    Kind.MINUTES_TO_ADJUST: frozenset({_S.CLOSED}),
    Kind.MINUTES_REMARK: frozenset({_S.CLOSED}),
    Kind.MINUTES_ADJUSTED: frozenset({_S.ADJUSTED}),
    Kind.MINUTES_POSTED: frozenset({_S.POSTED}),
}
#: What is about coming to the meeting says nothing once it should have begun.
_BEFORE_THE_START = frozenset(kind for kind, states in _SENT_WHILE.items() if states == {_S.CALLED})
#: What a later invitation takes the place of. Not a deputy's call, which asks something of its own.
_SUPERSEDED = frozenset({Kind.MEETING_CALL, Kind.MEETING_MOVED, Kind.MEETING_UNANSWERED, Kind.MEETING_SOON})


def reason_to_drop(
    message: Message, access: Access, standing: Standing, now: dt.datetime
) -> DropReason | None:
    """Why the message should not be sent; None when it should. Two statements at most, beside the access's own."""
    assert message.meeting is not None
    if not message.person.is_active:
        return DropReason.INACTIVE
    if not access.sees_body(message.meeting.body):
        return DropReason.NO_ACCESS
    if not standing.sits:
        return DropReason.NOT_SEATED
    return _too_late(message, now) or _THEIRS[Kind(message.kind)](message, standing)


def _too_late(message: Message, now: dt.datetime) -> DropReason | None:
    meeting, event, kind = message.meeting, message.meeting_event, Kind(message.kind)
    assert meeting is not None
    assert event is not None
    if meeting.status not in _SENT_WHILE[kind]:
        return DropReason.MEETING_OFF if meeting.status == _S.CANCELLED else DropReason.MEETING_PAST
    if kind in _BEFORE_THE_START and meeting.starts_at <= now:
        return DropReason.MEETING_PAST
    later = meeting.events.filter(kind__in=INVITATIONS, seq__gt=event.seq)
    return DropReason.SUPERSEDED if kind in _SUPERSEDED and later.exists() else None


# Whose it is


def _of_the_invited(message: Message, standing: Standing) -> DropReason | None:
    return None if standing.is_invited else DropReason.NOT_SEATED


def _of_the_asked(message: Message, standing: Standing) -> DropReason | None:
    if standing.call is None:
        return DropReason.NOT_SEATED
    return None if standing.call.response == Response.WAITING else DropReason.DONE


def _of_the_released(message: Message, standing: Standing) -> DropReason | None:
    return DropReason.THEIRS_AGAIN if standing.serves is not None else None


def _of_the_keepers(message: Message, standing: Standing) -> DropReason | None:
    return None if standing.keeps else DropReason.NOT_SEATED


def _while_nobody_fills_the_seat(message: Message, standing: Standing) -> DropReason | None:
    assert message.meeting is not None
    assert message.meeting_event is not None
    filled = message.meeting.seats.filter(
        member=message.meeting_event.data["member"], serving__isnull=False
    ).exists()
    return DropReason.DONE if filled else _of_the_keepers(message, standing)


def _of_the_silent(message: Message, standing: Standing) -> DropReason | None:
    if not standing.is_called:
        return DropReason.NOT_SEATED
    return None if standing.response == Response.WAITING else DropReason.DONE


def _of_those_who_may_come(message: Message, standing: Standing) -> DropReason | None:
    if standing.response == Response.DECLINED and not standing.keeps:
        return DropReason.DONE
    return _of_the_invited(message, standing)


def _of_an_adjuster(message: Message, standing: Standing) -> DropReason | None:
    """Who has adjusted this version has done it; a version that has been replaced is not to be adjusted any more."""
    assert message.meeting is not None
    assert message.meeting_event is not None
    number = message.meeting_event.data["minutes"]
    mine = (
        message.meeting.adjusters.filter(person=message.recipient_id)
        .values_list("pk", "minutes__number")
        .first()
    )
    if mine is None:
        return DropReason.NOT_SEATED
    if mine[1] is not None and mine[1] >= number:
        return DropReason.DONE
    replaced = message.meeting.minutes.filter(number__gt=number).exists()
    return DropReason.SUPERSEDED if replaced else None


def _of_the_secretary(message: Message, standing: Standing) -> DropReason | None:
    assert message.meeting is not None
    return None if message.meeting.secretary_id == message.recipient_id else DropReason.NOT_SEATED


def _of_those_who_sat_there(message: Message, standing: Standing) -> DropReason | None:
    return None if standing.seat is not None or standing.serves is not None else DropReason.NOT_SEATED


_THEIRS: dict[Kind, Callable[[Message, Standing], DropReason | None]] = {
    Kind.MEETING_CALL: _of_the_invited,
    Kind.MEETING_MOVED: _of_the_invited,
    Kind.MEETING_CANCELLED: _of_the_invited,
    Kind.DEPUTY_CALL: _of_the_asked,
    Kind.DEPUTY_RELEASED: _of_the_released,
    Kind.NO_DEPUTY: _while_nobody_fills_the_seat,
    Kind.MEETING_UNANSWERED: _of_the_silent,
    Kind.MEETING_SOON: _of_those_who_may_come,
    Kind.MINUTES_TO_ADJUST: _of_an_adjuster,
    Kind.MINUTES_REMARK: _of_the_secretary,
    Kind.MINUTES_ADJUSTED: _of_the_secretary,
    Kind.MINUTES_POSTED: _of_those_who_sat_there,
}
