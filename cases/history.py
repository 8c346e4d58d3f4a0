"""The hash-chained case history: how events are written, and how the chain is verified.

Every change goes through :class:`Recorder`: events are gathered while an act runs and written together,
in the act's own transaction, with one statement for the events and none for finding the chain's end, since
the head stands on the locked case row. What hears of events listens to :data:`case_events_recorded`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.dispatch import Signal

from cases.models import Case, CaseEvent

if TYPE_CHECKING:
    from cases.models import Organisation, Person

#: The one seam of the house: sent inside the transaction with ``case`` and ``events`` (a list of saved CaseEvent).
case_events_recorded = Signal()

GENESIS = "0" * 64

#: What is told of a case without its having changed. A list of the latest changed cases would otherwise begin, every
#: morning, with those in which nothing has been done.
NO_CHANGE = frozenset({"reminded", "reminded_automatically", "escalated"})

#: What an act may change on the case row.
_CASE_COLUMNS = (
    "title",
    "area_id",
    "stage",
    "status",
    "end_state",
    "round",
    "submitted_at",
    "updated_at",
    "stage_since",
    "closed_at",
    "event_count",
    "event_head",
)


def event_hash(
    *,
    previous: str,
    case_id: int | str,
    seq: int,
    kind: str,
    actor_id: int | None,
    on_behalf_of_id: int | None,
    internal_to_id: int | None,
    at: dt.datetime,
    data: dict[str, Any],
) -> str:
    """SHA-256 over the previous hash and everything that the event says, in canonical JSON (UTC, sorted keys).

    ``case_id`` is the case's key, or for something that is no case what names it ("meeting:7").
    """
    canonical = json.dumps(
        [
            previous,
            case_id,
            seq,
            kind,
            actor_id,
            on_behalf_of_id,
            internal_to_id,
            at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            data,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        cls=DjangoJSONEncoder,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """What the JSON column will give back: dates and lazy texts as strings, tuples as lists."""
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain


@dataclass
class Recorder:
    """Gathers the events of one act on one locked case and writes them with the case row.

    ``flush`` must run in the transaction that holds the case's row lock.
    """

    case: Case
    actor: Person | None
    now: dt.datetime
    on_behalf_of_id: int | None = None
    _pending: list[CaseEvent] = field(default_factory=list)
    _before: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._before = {name: getattr(self.case, name) for name in _CASE_COLUMNS}

    def record(self, kind: str, *, internal_to: Organisation | int | None = None, **data: Any) -> CaseEvent:
        """Add an event. ``data`` must be what JSON can hold, dates and decimals included."""
        event = CaseEvent(
            case=self.case,
            seq=self.case.event_count + 1,
            kind=kind,
            actor=self.actor,
            on_behalf_of_id=self.on_behalf_of_id,
            internal_to_id=internal_to if isinstance(internal_to, int | None) else internal_to.pk,
            data=plain(data),
            at=self.now,
        )
        event.hash = event_hash(
            previous=self.case.event_head or GENESIS,
            case_id=self.case.pk,
            seq=event.seq,
            kind=event.kind,
            actor_id=event.actor_id,
            on_behalf_of_id=event.on_behalf_of_id,
            internal_to_id=event.internal_to_id,
            at=event.at,
            data=event.data,
        )
        self.case.event_count = event.seq
        self.case.event_head = event.hash
        self._pending.append(event)
        return event

    def flush(self) -> list[CaseEvent]:
        """Write the events and the case row; tell the listeners. Returns the events written."""
        # What is internal to a party must not show others that something happened: it leaves the time of the last
        # change, by which lists are ordered, as it was. So does what is no change.
        if any(event.internal_to_id is None and event.kind not in NO_CHANGE for event in self._pending):
            self.case.updated_at = self.now
        changed = {
            name: getattr(self.case, name)
            for name, before in self._before.items()
            if getattr(self.case, name) != before
        }
        if changed:
            Case.objects.filter(pk=self.case.pk).update(**changed)
            self._before.update(changed)
        events, self._pending = self._pending, []
        if events:
            CaseEvent.objects.bulk_create(events)
            case_events_recorded.send(sender=Case, case=self.case, events=events)
        return events


def lock_case(case_id: int) -> Case:
    """The case with its row locked until the transaction ends. Raises Case.DoesNotExist."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("lock_case needs a transaction")
    return Case.objects.select_for_update().get(pk=case_id)


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    case_id: int
    seq: int
    what: str


def verify_case(case: Case) -> Iterator[Break]:
    """Walk a case's chain and yield every place where it does not hold: changed, missing, added or cut events."""
    previous, expected = GENESIS, 1
    for event in case.events.order_by("seq").iterator():
        if event.seq != expected:
            yield Break(case.pk, expected, "missing event")
            expected = event.seq
        correct = event_hash(
            previous=previous,
            case_id=case.pk,
            seq=event.seq,
            kind=event.kind,
            actor_id=event.actor_id,
            on_behalf_of_id=event.on_behalf_of_id,
            internal_to_id=event.internal_to_id,
            at=event.at,
            data=event.data,
        )
        if correct != event.hash:
            yield Break(case.pk, event.seq, "changed event")
        previous, expected = event.hash, expected + 1
    if case.event_count != expected - 1 or (case.event_head or GENESIS) != previous:
        yield Break(case.pk, expected, "chain cut or head changed")
