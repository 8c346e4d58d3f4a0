"""The second half of the outbox for meetings: an event becomes one message for each person who is to hear of it."""

from __future__ import annotations

import datetime as dt

from cases.models import MeetingEvent
from notifications.meetings import rules
from notifications.message_ids import message_id
from notifications.models import Message


def meeting_messages(event: MeetingEvent, now: dt.datetime) -> list[Message]:
    """The messages of the event; its meeting and body have been read with it. Four statements at most."""
    return [
        Message(
            meeting_event=event,
            meeting_id=event.meeting_id,
            recipient_id=recipient.person_id,
            kind=recipient.kind,
            language=recipient.language,
            message_id=message_id(f"{event.hash} {recipient.person_id} {recipient.kind.value}"),
            next_attempt_at=now,
            created_at=now,
        )
        for recipient in rules.recipients(event, now)
    ]
