"""The second half of the outbox: an entry becomes one message for each person who is to hear of its event."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from random import Random

from django.db import transaction
from django.db.models import F

from cases.models import CaseEvent
from notifications import rules
from notifications.bulk import insert_new
from notifications.meetings.expand import meeting_messages
from notifications.message_ids import message_id
from notifications.models import Message, OutboxEntry
from notifications.retrying import MAX_ATTEMPTS, never, pause_after, what_went_wrong

logger = logging.getLogger(__name__)


def message_id_for(event: CaseEvent, recipient: rules.Recipient) -> str:
    """The Message-ID of what the recipient is told of the event: always the same, and not to be guessed."""
    who = recipient.person_id if recipient.outsider_id is None else f"outside:{recipient.outsider_id}"
    identity = f"{event.hash} {who} {recipient.kind.value} {recipient.item_id or 0}"
    return message_id(identity)


def expand_due(
    *, now: dt.datetime, rng: Random, limit: int = 50, stopping: Callable[[], bool] = never
) -> int:
    """Expand at most ``limit`` due entries. Returns how many were handled, failures included."""
    handled = 0
    while handled < limit and not stopping() and _expand_next(now, rng):
        handled += 1
    return handled


def _expand_next(now: dt.datetime, rng: Random) -> bool:
    """Expand the entry that has waited longest; False when none is due.

    The messages and the mark on the entry are one transaction: a worker that dies leaves the entry due, and
    the row lock (on SQLite the write lock) keeps two workers apart. The unique constraint holds even so.
    """
    due = OutboxEntry.objects.due(now)
    if not due.exists():
        return False
    pk: int | None = None
    try:
        with transaction.atomic():
            entry = (
                due.select_for_update(of=("self",), skip_locked=True)
                .select_related("event__case", "meeting_event__meeting__body")
                .first()
            )
            if entry is None:
                return False
            pk = entry.pk
            insert_new(Message, _messages_of(entry, now))
            OutboxEntry.objects.filter(pk=pk).update(
                status=OutboxEntry.Status.EXPANDED, expanded_at=now, last_error=""
            )
    except Exception as error:  # one broken event must not hold up the others
        if pk is None:
            raise
        _put_off(pk, error, now, rng)
    return True


def _messages_of(entry: OutboxEntry, now: dt.datetime) -> list[Message]:
    if entry.event is not None:
        return _messages(entry.event, now)
    assert entry.meeting_event is not None
    return meeting_messages(entry.meeting_event, now)


def _messages(event: CaseEvent, now: dt.datetime) -> list[Message]:
    return [
        Message(
            event=event,
            case_id=event.case_id,
            item_id=recipient.item_id,
            recipient_id=recipient.person_id,
            outsider_id=recipient.outsider_id,
            kind=recipient.kind,
            language=recipient.language,
            message_id=message_id_for(event, recipient),
            next_attempt_at=now,
            created_at=now,
        )
        for recipient in rules.recipients(event, now)
    ]


def _put_off(pk: int, error: Exception, now: dt.datetime, rng: Random) -> None:
    what = what_went_wrong(error)
    attempts = OutboxEntry.objects.values_list("attempts", flat=True).get(pk=pk) + 1
    OutboxEntry.objects.filter(pk=pk, status=OutboxEntry.Status.QUEUED).update(
        attempts=F("attempts") + 1,
        last_error=what,
        next_attempt_at=now + pause_after(attempts, rng),
        status=OutboxEntry.Status.FAILED if attempts >= MAX_ATTEMPTS else OutboxEntry.Status.QUEUED,
    )
    logger.error("expanding failed", extra={"entry": pk, "attempts": attempts, "error": what})
