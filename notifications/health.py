"""How the outbox stands: for the health page and for ``manage.py outbox``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from notifications.models import Message, OutboxEntry

#: Something due for longer than this means that no worker runs, or that it cannot keep up.
WAITED_TOO_LONG = dt.timedelta(minutes=10)
#: Something unsent for longer than this means that the mail server does not take our mail.
UNSENT_TOO_LONG = dt.timedelta(hours=2)


@dataclass(frozen=True)
class OutboxState:
    """What waits, what has failed, and how long the oldest have waited."""

    entries_waiting: int
    messages_waiting: int
    failed: int
    oldest_due: dt.timedelta | None
    oldest_unsent: dt.timedelta | None

    @property
    def ok(self) -> bool:
        """Whether mail flows. What has failed for good is counted, but says nothing of what comes next."""
        nothing = dt.timedelta()
        return (self.oldest_due or nothing) < WAITED_TOO_LONG and (
            self.oldest_unsent or nothing
        ) < UNSENT_TOO_LONG


def outbox_state(now: dt.datetime) -> OutboxState:
    """How the outbox stands now. Reads only what waits or has failed, however much was sent."""
    messages = Message.objects.unsent()
    entries = OutboxEntry.objects.filter(status=OutboxEntry.Status.QUEUED)
    due: list[dt.datetime] = []
    made: list[dt.datetime] = []
    for rows in (messages, entries):
        found = rows.aggregate(due=Min("next_attempt_at"), made=Min("created_at"))
        if found["made"] is not None:
            made.append(found["made"])
            due.append(found["due"])
    return OutboxState(
        entries_waiting=entries.count(),
        messages_waiting=messages.count(),
        failed=Message.objects.filter(status=Message.Status.FAILED).count()
        + OutboxEntry.objects.filter(status=OutboxEntry.Status.FAILED).count(),
        oldest_due=max(now - min(due), dt.timedelta()) if due else None,
        oldest_unsent=now - min(made) if made else None,
    )


def outbox_health() -> tuple[bool, str]:
    """Whether mail flows, and in one line how the outbox stands; for the health page."""
    state = outbox_state(timezone.now())
    due = int(state.oldest_due.total_seconds()) if state.oldest_due is not None else 0
    unsent = int(state.oldest_unsent.total_seconds()) if state.oldest_unsent is not None else 0
    return state.ok, (
        f"oldest due {due} s, oldest unsent {unsent} s, "
        f"{state.entries_waiting} events and {state.messages_waiting} messages waiting, {state.failed} failed"
    )
