"""The first half of the outbox: events that concern somebody become entries, in their own transaction."""

from __future__ import annotations

from typing import Any

from cases.models import CaseEvent
from notifications import rules
from notifications.bulk import insert_new
from notifications.models import OutboxEntry


def queue_events(sender: Any, events: list[CaseEvent], **kwargs: Any) -> None:
    """Receive an act's events inside its transaction; one statement, and none when nobody is concerned.

    Whom each concerns is found out later by a worker (:mod:`notifications.expand`), so that an act costs the
    same whether three or three hundred people hear of it.
    """
    insert_new(
        OutboxEntry,
        [
            OutboxEntry(event=event, created_at=event.at, next_attempt_at=event.at)
            for event in rules.telling(events)
        ],
    )
