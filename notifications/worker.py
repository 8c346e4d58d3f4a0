"""The embedded worker: one process that runs the passes in a loop. Another engine may drive the same."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from cases.roles import sync_memberships
from notifications.delivery import deliver_due
from notifications.expand import expand_due
from notifications.meetings.reminders import remind_due
from notifications.pruning import prune
from workflows.hand_over import hand_back_ended
from workflows.timers import fire_due_timers

logger = logging.getLogger(__name__)

#: How long the worker sleeps when nothing was due: this at first, doubled up to the longest.
SHORTEST_SLEEP = 0.2
LONGEST_SLEEP = 5.0
PRUNE_EVERY = dt.timedelta(hours=1)


def worker_name() -> str:
    """A name that no other worker bears, now or later: host, process, and some chance."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass
class Worker:
    """Runs every pass with a fresh ``now`` until it is told to stop."""

    clock: Callable[[], dt.datetime]
    rng: Random = field(default_factory=Random)
    name: str = field(default_factory=worker_name)
    stop: threading.Event = field(default_factory=threading.Event)
    _pruned: dt.datetime | None = None
    _memberships_of: dt.date | None = None

    def one_round(self) -> int:
        """Each pass once. Returns how much was done."""
        done = fire_due_timers(self.clock())
        done += remind_due(self.clock())
        done += expand_due(now=self.clock(), rng=self.rng, stopping=self.stop.is_set)
        done += deliver_due(now=self.clock(), owner=self.name, rng=self.rng, stopping=self.stop.is_set)
        now = self.clock()
        today = timezone.localtime(now).date()
        if self._memberships_of != today:
            sync_memberships(on=today)
            done += hand_back_ended(now)
            self._memberships_of = today
        if self._pruned is None or now - self._pruned >= PRUNE_EVERY:
            done += prune(now=now)
            self._pruned = now
        return done

    def until_idle(self) -> int:
        """Rounds until nothing is due. Returns how much was done."""
        total = 0
        while not self.stop.is_set() and (done := self.one_round()):
            total += done
        return total

    def forever(self) -> None:
        """Rounds until told to stop; sleeps when nothing is due, and while the database is away."""
        sleep = SHORTEST_SLEEP
        while not self.stop.is_set():
            close_old_connections()
            try:
                done = self.one_round()
            except DatabaseError as error:
                logger.error("database failed", extra={"error": type(error).__name__})
                done, sleep = 0, LONGEST_SLEEP
            if done:
                sleep = SHORTEST_SLEEP
                continue
            self.stop.wait(sleep * self.rng.uniform(0.8, 1.2))
            sleep = min(sleep * 2, LONGEST_SLEEP)
