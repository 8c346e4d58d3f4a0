"""Reminders of meetings: of an answer three working days before, of the meeting itself the working day before.

A reminder is an event of the meeting, so that the history shows it and a restart loses none. Many workers may run this
at once: under the meeting's lock it is asked once more whether the reminder has been recorded.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import models, transaction
from django.utils import timezone

from cases.meeting_history import MeetingRecorder, lock_meeting
from cases.models import Meeting, MeetingStatus
from notifications.meetings.rules import ANSWERS_REMINDED, INVITATIONS, MEETING_REMINDED
from workflows.working_days import add_working_days

logger = logging.getLogger(__name__)

#: How many working days before the meeting each reminder goes out; the one nearest to the meeting first.
DAYS_BEFORE: dict[str, int] = {MEETING_REMINDED: 1, ANSWERS_REMINDED: 3}
#: At which hour of that day, in Sweden.
HOUR = dt.time(8)
#: No reminder lies further before a meeting than this, whatever the holidays.
LOOK_AHEAD = dt.timedelta(days=14)


def due_at(meeting: Meeting, kind: str) -> dt.datetime:
    """When the reminder goes out."""
    day = add_working_days(meeting.day, -DAYS_BEFORE[kind])
    return dt.datetime.combine(day, HOUR, tzinfo=timezone.get_default_timezone())


def due_reminder(meeting: Meeting, now: dt.datetime) -> str | None:
    """The kind of the reminder whose time has come and that has not gone out; None when there is none.

    One whose time was past already when the meeting was called or moved is not sent: the notice has just come. When
    both are due, the one about the meeting says what the other would. The meeting has been read by :func:`_coming`.
    """
    for kind in DAYS_BEFORE:
        due = due_at(meeting, kind)
        if due > now:
            continue
        told, reminded = meeting.told_at, meeting.reminded_at  # type: ignore[attr-defined]
        if told >= due or (reminded is not None and reminded >= due):
            return None
        return kind
    return None


def _coming(now: dt.datetime) -> models.QuerySet[Meeting]:
    """The called meetings that lie near, with when people were last told of the time and last reminded."""

    def latest(*kinds: str) -> models.Max:
        return models.Max("events__at", filter=models.Q(events__kind__in=kinds))

    return (
        Meeting.objects.filter(
            status=MeetingStatus.CALLED, starts_at__gt=now, starts_at__lte=now + LOOK_AHEAD
        )
        .annotate(told_at=latest(*INVITATIONS), reminded_at=latest(*DAYS_BEFORE))
        .order_by("starts_at", "pk")
    )


def remind_due(now: dt.datetime) -> int:
    """Record every reminder that is due. Returns how many; one statement when there is none."""
    done = 0
    for meeting in _coming(now):
        if due_reminder(meeting, now) is None:
            continue
        try:
            done += _remind(meeting.pk, now)
        except Exception as error:  # one broken meeting must not hold up the others
            logger.error("reminder failed", extra={"meeting": meeting.pk, "error": type(error).__name__})
    return done


@transaction.atomic
def _remind(meeting_id: int, now: dt.datetime) -> bool:
    """Record the reminder, unless another worker was first or the meeting has changed meanwhile."""
    locked = lock_meeting(meeting_id)
    found = _coming(now).filter(pk=meeting_id).first()
    kind = due_reminder(found, now) if found is not None else None
    if kind is None:
        return False
    recorder = MeetingRecorder(locked, None, now)
    recorder.record(kind)
    recorder.flush()
    return True
