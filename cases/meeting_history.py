"""The history of a meeting: chained by hash like that of a case, written in the transaction of the act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from cases.history import GENESIS, Break, event_hash, plain
from cases.models import Meeting, MeetingEvent, Person

#: Sent inside the transaction with ``meeting`` and ``events`` (a list of saved MeetingEvent).
meeting_events_recorded = Signal()


def _hash_of(event: MeetingEvent, previous: str) -> str:
    return event_hash(
        previous=previous,
        case_id=f"meeting:{event.meeting_id}",
        seq=event.seq,
        kind=event.kind,
        actor_id=event.actor_id,
        on_behalf_of_id=None,
        internal_to_id=None,
        at=event.at,
        data=event.data,
    )


@dataclass
class MeetingRecorder:
    """Gathers the events of one act on one locked meeting. ``flush`` writes them and the whole meeting row."""

    meeting: Meeting
    actor: Person | None
    now: dt.datetime
    _pending: list[MeetingEvent] = field(default_factory=list)

    def record(self, kind: str, **data: Any) -> None:
        """Add an event. ``data`` must be what JSON can hold, dates included."""
        event = MeetingEvent(
            meeting=self.meeting,
            seq=self.meeting.event_count + 1,
            kind=kind,
            actor=self.actor,
            data=plain(data),
            at=self.now,
        )
        event.hash = _hash_of(event, self.meeting.event_head or GENESIS)
        self.meeting.event_count, self.meeting.event_head = event.seq, event.hash
        self._pending.append(event)

    def flush(self) -> None:
        """Write the events and the meeting row; tell the listeners."""
        events, self._pending = self._pending, []
        if not events:
            return
        self.meeting.save()
        MeetingEvent.objects.bulk_create(events)
        meeting_events_recorded.send(sender=Meeting, meeting=self.meeting, events=events)


def lock_meeting(meeting_id: int) -> Meeting:
    """The meeting with its row locked until the transaction ends. Raises Meeting.DoesNotExist."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("lock_meeting needs a transaction")
    return Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting_id)


def verify_meeting(meeting: Meeting) -> Iterator[Break]:
    """Walk a meeting's chain and yield every place where it does not hold."""
    previous, expected = GENESIS, 1
    for event in meeting.events.order_by("seq").iterator():
        if event.seq != expected:
            yield Break(meeting.pk, expected, "missing event")
            expected = event.seq
        if event.hash != _hash_of(event, previous):
            yield Break(meeting.pk, event.seq, "changed event")
        previous, expected = event.hash, expected + 1
    if expected - 1 != meeting.event_count or (meeting.event_head or GENESIS) != previous:
        yield Break(meeting.pk, expected, "the chain's end is not the meeting's")
