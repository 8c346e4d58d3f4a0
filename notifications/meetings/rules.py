"""Who hears of what happens to a meeting: event kinds and audiences, as data. The table is :data:`MEETING_RULES`.

An invitation, and whatever changes it, reaches everybody who has it in their calendar, whoever wrote it; of everything
else nobody hears who did it. Nobody hears who is no longer active. Whether a message may still go when its turn comes
is asked again, for each person, in :mod:`notifications.meetings.gate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from cases.models import DeputyCall, Meeting, MeetingEvent, Person, Response, Role, RoleHolding
from notifications.models import Kind
from notifications.rules import Recipient

#: Reminders are events of the meeting too, recorded by :mod:`notifications.meetings.reminders`.
ANSWERS_REMINDED = "answers_reminded"
MEETING_REMINDED = "meeting_reminded"


@dataclass(frozen=True)
class MeetingRule:
    """One row of the table. ``hears_own`` for what changes a calendar, which is everybody's own."""

    kind: Kind
    audience: Callable[[MeetingEvent, dt.date], Iterable[int]]
    only: Callable[[MeetingEvent], bool] = lambda event: True
    hears_own: bool = False


# Audiences


def _keepers(meeting: Meeting, on: dt.date) -> set[int]:
    """The body's secretaries and its chair. One statement.

    Who stands in for the secretary does the secretary's work; who stands in for the chair is a deputy, called in turn.
    """
    return set(
        RoleHolding.objects.current(on)
        .filter(body=meeting.body_id)
        .filter(Q(role=Role.SECRETARY) | Q(role=Role.STEERING_CHAIR, deputy_for__isnull=True))
        .values_list("person_id", flat=True)
    )


def live_calls(meeting: Meeting) -> Iterable[DeputyCall]:
    """The calls of deputies that still stand: not declined, and the seat is neither its member's nor another's."""
    return (
        DeputyCall.objects.filter(seat__meeting=meeting)
        .exclude(response=Response.DECLINED)
        .exclude(seat__response=Response.ACCEPTED)
        .filter(Q(seat__serving__isnull=True) | Q(seat__serving=F("deputy")))
        .select_related("seat__member")
        .order_by("pk")
    )


def everybody_invited(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """All who have a seat, who serve or have been asked to, and the body's secretary and chair. Three statements.

    Who was asked to serve after the event has heard what it came to.
    """
    people = _keepers(event.meeting, on)
    for member, serving in event.meeting.seats.values_list("member_id", "serving_id"):
        people |= {member} if serving is None else {member, serving}
    return people | {call.deputy_id for call in live_calls(event.meeting) if call.called_at <= event.at}


def those_who_have_not_answered(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """Members and deputies from whom an answer is awaited. Two statements."""
    silent = event.meeting.seats.filter(response=Response.WAITING).values_list("member_id", flat=True)
    return set(silent) | {
        call.deputy_id for call in live_calls(event.meeting) if call.response == Response.WAITING
    }


def those_who_may_come(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """Everybody invited but the members who have said that they will not come. Four statements."""
    declined = event.meeting.seats.filter(response=Response.DECLINED)
    return set(everybody_invited(event, on)) - set(declined.values_list("member_id", flat=True))


def the_deputy(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """The deputy who was called or released."""
    return [event.data["deputy"]]


def secretary_and_chair(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """The body's secretaries and its chair."""
    return _keepers(event.meeting, on)


def the_adjusters(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """Those appointed to adjust the minutes who have not adjusted this version."""
    done = Q(adjusted_at__isnull=False, minutes__number=event.data["minutes"])
    return set(event.meeting.adjusters.exclude(done).values_list("person_id", flat=True))


def the_secretary_of_the_meeting(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """The one who kept the minutes."""
    return [event.meeting.secretary_id] if event.meeting.secretary_id is not None else []


def members_and_deputies(event: MeetingEvent, on: dt.date) -> Iterable[int]:
    """The members, and the deputies who served. One statement."""
    rows = event.meeting.seats.values_list("member_id", "serving_id")
    return {person for pair in rows for person in pair if person is not None}


# The table


def _had_been_called(event: MeetingEvent) -> bool:
    return bool(event.data.get("called"))


MEETING_RULES: dict[str, MeetingRule] = {
    "meeting_called": MeetingRule(Kind.MEETING_CALL, everybody_invited, hears_own=True),
    "meeting_moved": MeetingRule(Kind.MEETING_MOVED, everybody_invited, hears_own=True),
    "meeting_cancelled": MeetingRule(
        Kind.MEETING_CANCELLED, everybody_invited, only=_had_been_called, hears_own=True
    ),
    "deputy_called": MeetingRule(Kind.DEPUTY_CALL, the_deputy),
    "deputy_released": MeetingRule(Kind.DEPUTY_RELEASED, the_deputy),
    "no_deputy": MeetingRule(Kind.NO_DEPUTY, secretary_and_chair),
    ANSWERS_REMINDED: MeetingRule(Kind.MEETING_UNANSWERED, those_who_have_not_answered),
    MEETING_REMINDED: MeetingRule(Kind.MEETING_SOON, those_who_may_come),
    "minutes_made": MeetingRule(Kind.MINUTES_TO_ADJUST, the_adjusters),
    "minutes_remarked": MeetingRule(Kind.MINUTES_REMARK, the_secretary_of_the_meeting),
    "meeting_adjusted": MeetingRule(Kind.MINUTES_ADJUSTED, the_secretary_of_the_meeting),
    "minutes_posted": MeetingRule(Kind.MINUTES_POSTED, members_and_deputies),
}

#: The events that change what stands in people's calendars: each takes the place of those before it.
INVITATIONS: tuple[str, ...] = ("meeting_called", "meeting_moved", "meeting_cancelled")


def telling(events: Iterable[MeetingEvent]) -> list[MeetingEvent]:
    """Those of one act's events that somebody hears of; no statement."""
    return [
        event for event in events if event.kind in MEETING_RULES and MEETING_RULES[event.kind].only(event)
    ]


def recipients(event: MeetingEvent, now: dt.datetime) -> list[Recipient]:
    """Who is to hear of the event, in a steady order. Five statements at most, whatever the number of people."""
    rule = MEETING_RULES.get(event.kind)
    if rule is None or not rule.only(event):
        return []
    on = timezone.localtime(now).date()
    heard = {person for person in rule.audience(event, on) if rule.hears_own or person != event.actor_id}
    languages = dict(Person.objects.filter(pk__in=heard, is_active=True).values_list("pk", "language"))
    return [Recipient(person, languages[person], rule.kind) for person in sorted(languages)]
