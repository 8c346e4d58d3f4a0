"""``manage.py outbox``: how the outbox stands, what failed, and what to do about it."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from notifications.health import outbox_state
from notifications.models import DropReason, Message, OutboxEntry

#: How many failures the status lists.
SHOWN = 20


class Command(BaseCommand):
    help = "Shows the outbox's state and failures; sends failed again, drops for good, settles what lies long back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act")
        status = acts.add_parser("status", help="counts by state, the oldest, the failures (the default)")
        status.add_argument("--json", action="store_true", dest="as_json")
        retry = acts.add_parser("retry", help="send failed or dropped messages again")
        retry.add_argument("ids", nargs="*", type=int)
        retry.add_argument("--all", action="store_true", help="everything that has failed")
        drop = acts.add_parser("drop", help="never send these messages")
        drop.add_argument("ids", nargs="+", type=int)
        settle = acts.add_parser(
            "settle", help="tell nobody of events that lie long back (after loading old cases)"
        )
        settle.add_argument("--older-than-days", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["act"] == "retry":
            self._retry(options["ids"], everything=options["all"], now=now)
        elif options["act"] == "drop":
            self._drop(options["ids"])
        elif options["act"] == "settle":
            self._settle(now - dt.timedelta(days=options["older_than_days"]), now)
        else:
            self._status(now, as_json=bool(options.get("as_json")))

    def _status(self, now: dt.datetime, *, as_json: bool) -> None:
        state = outbox_state(now)
        entries = dict(OutboxEntry.objects.order_by("status").values_list("status").annotate(Count("pk")))
        messages = dict(Message.objects.order_by("status").values_list("status").annotate(Count("pk")))
        failed = list(
            Message.objects.filter(status=Message.Status.FAILED)
            .order_by("-pk")
            .values_list("pk", "kind", "attempts", "last_error")[:SHOWN]
        )
        report = {
            "ok": state.ok,
            "events": entries,
            "messages": messages,
            "oldest_due_seconds": _seconds(state.oldest_due),
            "oldest_unsent_seconds": _seconds(state.oldest_unsent),
            "failed": [
                {"id": pk, "kind": kind, "attempts": attempts, "error": error}
                for pk, kind, attempts, error in failed
            ],
        }
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(f"events:    {_counts(entries)}")
        self.stdout.write(f"messages:  {_counts(messages)}")
        self.stdout.write(f"oldest due:    {_spoken(state.oldest_due)}")
        self.stdout.write(f"oldest unsent: {_spoken(state.oldest_unsent)}")
        for pk, kind, attempts, error in failed:
            self.stdout.write(f"failed {pk}: {kind}, {attempts} attempts, {error}")

    def _retry(self, ids: list[int], *, everything: bool, now: dt.datetime) -> None:
        if everything == bool(ids):
            raise CommandError("Give message ids, or --all for everything that has failed.")
        stopped = Message.objects.filter(
            status__in=[Message.Status.FAILED, Message.Status.DROPPED], pk__in=ids
        )
        if everything:
            stopped = Message.objects.filter(status=Message.Status.FAILED)
        again = stopped.update(status=Message.Status.QUEUED, attempts=0, next_attempt_at=now, drop_reason="")
        if everything:
            again += OutboxEntry.objects.filter(status=OutboxEntry.Status.FAILED).update(
                status=OutboxEntry.Status.QUEUED, attempts=0, next_attempt_at=now
            )
        self.stdout.write(f"{again} queued again")

    def _settle(self, before: dt.datetime, now: dt.datetime) -> None:
        settled = OutboxEntry.objects.filter(status=OutboxEntry.Status.QUEUED, created_at__lt=before).update(
            status=OutboxEntry.Status.EXPANDED, expanded_at=now
        )
        self.stdout.write(f"{settled} old events settled without mail")

    def _drop(self, ids: list[int]) -> None:
        dropped = Message.objects.filter(
            status__in=[Message.Status.QUEUED, Message.Status.FAILED], pk__in=ids
        ).update(status=Message.Status.DROPPED, drop_reason=DropReason.BY_HAND, next_attempt_at=None)
        self.stdout.write(f"{dropped} dropped")


def _seconds(age: dt.timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _spoken(age: dt.timedelta | None) -> str:
    return "none" if age is None else str(dt.timedelta(seconds=int(age.total_seconds())))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
