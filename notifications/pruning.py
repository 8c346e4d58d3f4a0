"""Letting go of what is done: the history keeps what happened, the outbox only what is needed to run it."""

from __future__ import annotations

import datetime as dt

from notifications.models import Message, OutboxEntry

#: How long it can be seen that a message was sent, or why it was not.
KEEP_MESSAGES = dt.timedelta(days=365)
#: How long an entry stays after its messages were made.
KEEP_ENTRIES = dt.timedelta(days=30)


def prune(*, now: dt.datetime, limit: int = 1000) -> int:
    """Delete at most ``limit`` old rows of each kind that are done; what failed stays. Returns how many."""
    messages = Message.objects.filter(
        status__in=[Message.Status.SENT, Message.Status.DROPPED], created_at__lt=now - KEEP_MESSAGES
    )
    entries = OutboxEntry.objects.filter(
        status=OutboxEntry.Status.EXPANDED, expanded_at__lt=now - KEEP_ENTRIES
    )
    gone = 0
    for rows in (messages, entries):
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
        gone += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return gone
