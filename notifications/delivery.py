"""Delivering messages: claimed with a lease, sent outside any transaction, settled by compare-and-set.

The lease in the row is the truth. A worker that dies in the middle leaves a message whose lease lapses; any
worker then sends it again under the same Message-ID. At least once, never silently lost.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Any

from django.core import mail
from django.db import connection, transaction
from django.db.models import F

from notifications.compose import compose, load
from notifications.models import DropReason, Message
from notifications.retrying import MAX_ATTEMPTS, is_final, never, pause_after, what_went_wrong

logger = logging.getLogger(__name__)

#: How long a worker may take over one message before others may take it.
LEASE = dt.timedelta(minutes=5)
#: How long a pass takes messages by one ``now``: far below the lease, which is counted from it.
LONGEST_PASS_SECONDS = 60.0


class NotAcceptedError(Exception):
    """The mail back end said that it took no message."""


class Postman:
    """Django's mail back end, whichever the settings name, its connection kept open over several mails."""

    def __init__(self) -> None:
        self._backend = mail.get_connection()

    def __enter__(self) -> Postman:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: mail.EmailMessage) -> None:
        """Hand over one mail. Raises what the back end raises; the next one then gets a new connection."""
        try:
            self._backend.open()
            if self._backend.send_messages([message]) == 0:
                raise NotAcceptedError
        except Exception:
            self._close()
            raise

    def _close(self) -> None:
        try:
            self._backend.close()
        except Exception as error:  # what had to be said about this connection has been said
            logger.info("closing the mail connection failed", extra={"error": type(error).__name__})


def deliver_due(
    *,
    now: dt.datetime,
    owner: str,
    rng: Random,
    limit: int = 50,
    stopping: Callable[[], bool] = never,
) -> int:
    """Deliver at most ``limit`` due messages, for at most a minute. Returns how many, failures included.

    ``owner`` names the worker, unique among all that run. Must not be called in a transaction.
    """
    started = time.monotonic()
    handled = 0
    with Postman() as postman:
        while handled < limit and not stopping() and time.monotonic() - started < LONGEST_PASS_SECONDS:
            pk = claim(now=now, owner=owner)
            if pk is None:
                break
            _deliver(pk, postman, owner, now, rng)
            handled += 1
    return handled


def claim(*, now: dt.datetime, owner: str) -> int | None:
    """Take the message that has waited longest; None when nothing is due. The attempt counts from here.

    On PostgreSQL the row is locked and locked ones are passed over; SQLite has no such locks, and there the
    update's own condition decides between two workers. The condition holds on both.
    """
    while True:
        if connection.features.has_select_for_update_skip_locked:
            with transaction.atomic():
                found = Message.objects.due(now).select_for_update(skip_locked=True).first()
                taken = found is not None and _take(found, now, owner)
        else:
            found = Message.objects.due(now).first()
            taken = found is not None and _take(found, now, owner)
        if found is None:
            return None
        if taken:
            return found.pk


def _take(found: Message, now: dt.datetime, owner: str) -> bool:
    still_free = Message.objects.filter(
        pk=found.pk, status=found.status, lease_owner=found.lease_owner, next_attempt_at=found.next_attempt_at
    )
    return bool(
        still_free.update(
            status=Message.Status.SENDING,
            lease_owner=owner,
            lease_until=now + LEASE,
            next_attempt_at=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )


def _deliver(pk: int, postman: Postman, owner: str, now: dt.datetime, rng: Random) -> None:
    message = load(pk)
    if message.attempts > MAX_ATTEMPTS:  # every worker that took it died over it
        _settle(message, owner, status=Message.Status.FAILED, next_attempt_at=None, last_error="LeaseLapsed")
        return
    try:
        composed = compose(message, now)
        if isinstance(composed, DropReason):
            _settle(
                message,
                owner,
                status=Message.Status.DROPPED,
                drop_reason=composed,
                next_attempt_at=None,
                last_error="",
            )
            return
        postman.send(composed)
    except Exception as error:  # whatever it is, the other messages must go on
        _fail(message, owner, error, now, rng)
        return
    status = getattr(composed, "anymail_status", None)
    _settle(
        message,
        owner,
        status=Message.Status.SENT,
        sent_at=now,
        next_attempt_at=None,
        language=message.addressee.language,
        provider_id=str(getattr(status, "message_id", None) or "")[:200],
        last_error="",
    )


def _fail(message: Message, owner: str, error: Exception, now: dt.datetime, rng: Random) -> None:
    what = what_went_wrong(error)
    given_up = is_final(error) or message.attempts >= MAX_ATTEMPTS
    _settle(
        message,
        owner,
        status=Message.Status.FAILED if given_up else Message.Status.QUEUED,
        last_error=what,
        next_attempt_at=None if given_up else now + pause_after(message.attempts, rng),
    )
    logger.warning(
        "mail not sent",
        extra={"mail": message.pk, "attempts": message.attempts, "error": what, "given_up": given_up},
    )


def _settle(message: Message, owner: str, **fields: Any) -> None:
    """Write how it went, if the lease is still ours: another worker may have taken it over meanwhile."""
    ours = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING, lease_owner=owner)
    if not ours.update(lease_owner="", lease_until=None, **fields):
        logger.warning("lease lost while sending", extra={"mail": message.pk})
