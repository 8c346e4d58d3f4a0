"""What of meetings waits for a person: notices to answer, minutes to adjust, and the next meeting. One statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cases.access import Access
from cases.models import Adjuster, DeputyCall, Meeting, MeetingStatus, Minutes, Response, Seat

#: More than this waits for nobody; what comes after is found among the person's meetings.
MOST_MEETINGS = 20


class Asked(StrEnum):
    """What the person has to do about a meeting."""

    NOTHING = ""
    ANSWER = "answer"
    ANSWER_AS_DEPUTY = "answer_as_deputy"
    ADJUST = "adjust"


@dataclass(frozen=True)
class InboxMeeting:
    """A meeting in the inbox, and why it stands there. One that asks nothing is the person's next."""

    meeting: Meeting
    asked: Asked


def inbox_meetings(access: Access, now: dt.datetime) -> list[InboxMeeting]:
    """What the person has to answer or adjust, and the next meeting that they are to be at.

    Only of bodies in which they hold a role: whoever has left one sees its meetings no more. One statement, and none
    for those who sit in no body.
    """
    if not access.body_ids:
        return []
    rows = list(_meetings(access, now)[:MOST_MEETINGS])
    asking = [row for row in (InboxMeeting(meeting, _asked(meeting, now)) for meeting in rows) if row.asked]
    coming = next((meeting for meeting in rows if meeting.status != MeetingStatus.CLOSED), None)
    if coming is None or any(row.meeting.pk == coming.pk for row in asking):
        return asking
    return sorted(
        [*asking, InboxMeeting(coming, Asked.NOTHING)],
        key=lambda row: (row.meeting.starts_at, row.meeting.pk),
    )


def _meetings(access: Access, now: dt.datetime) -> QuerySet[Meeting]:
    person = access.person_id
    seats = Seat.objects.filter(meeting=OuterRef("pk"))
    calls = DeputyCall.objects.filter(seat__meeting=OuterRef("pk"), deputy=person, response=Response.WAITING)
    adjusts = Adjuster.objects.filter(meeting=OuterRef("pk"), person=person, adjusted_at__isnull=True)
    coming = Q(status__in=[MeetingStatus.CALLED, MeetingStatus.OPEN], ends_at__gt=now)
    there = (
        Q(answer__in=[Response.WAITING, Response.ACCEPTED])
        | Q(serves=True)
        | Q(asked_to_serve=True)
        | Q(body__in=sorted(access.kept_body_ids))
    )
    return (
        Meeting.objects.filter(body__in=sorted(access.body_ids))
        .annotate(
            answer=Subquery(seats.filter(member=person).values("response")[:1]),
            serves=Exists(seats.filter(serving=person)),
            asked_to_serve=Exists(
                calls.exclude(seat__response=Response.ACCEPTED).filter(seat__serving__isnull=True)
            ),
            adjusts=Exists(adjusts) & Exists(Minutes.objects.filter(meeting=OuterRef("pk"))),
        )
        .filter(coming & there | Q(status=MeetingStatus.CLOSED, adjusts=True))
        .select_related("body")
        .order_by("starts_at", "pk")
    )


def _asked(meeting: Meeting, now: dt.datetime) -> Asked:
    """What the annotated meeting asks of the person."""
    if meeting.status == MeetingStatus.CLOSED:
        return Asked.ADJUST
    if meeting.status != MeetingStatus.CALLED or meeting.starts_at <= now:
        return Asked.NOTHING
    if meeting.answer == Response.WAITING:  # type: ignore[attr-defined]
        return Asked.ANSWER
    return Asked.ANSWER_AS_DEPUTY if meeting.asked_to_serve else Asked.NOTHING  # type: ignore[attr-defined]
