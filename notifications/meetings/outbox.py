"""The first half of the outbox for meetings: events that concern somebody become entries, in their own transaction."""

from __future__ import annotations

from typing import Any

from cases.models import MeetingEvent
from notifications.bulk import insert_new
from notifications.meetings import rules
from notifications.models import OutboxEntry


def queue_meeting_events(sender: Any, events: list[MeetingEvent], **kwargs: Any) -> None:
    """Receive an act's events inside its transaction; one statement, and none when nobody is concerned."""
    insert_new(
        OutboxEntry,
        [
            OutboxEntry(meeting_event=event, created_at=event.at, next_attempt_at=event.at)
            for event in rules.telling(events)
        ],
    )
