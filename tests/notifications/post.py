"""The post of a test: passes run by hand, real SMTP servers, and real worker processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from cases.models import Case, CaseEvent, Person, Role, RoleHolding
from notifications.delivery import deliver_due
from notifications.expand import expand_due
from notifications.models import Message, OutboxEntry
from tests.world import FIRST_DAY, World

PROJECT = Path(__file__).resolve().parents[2]


def expand(now: dt.datetime) -> int:
    """Expand everything that is due."""
    return expand_due(now=now, rng=Random(1), limit=1000)


def deliver(now: dt.datetime) -> int:
    """Deliver everything that is due."""
    return deliver_due(now=now, owner="test", rng=Random(1), limit=1000)


def forget() -> None:
    """Act as if everything so far had been told."""
    Message.objects.all().delete()
    OutboxEntry.objects.all().delete()


def told(kind: str, case: Case) -> list[tuple[str, str, int | None]]:
    """Who is to hear of the case's newest event of the kind: name, message kind, task; expanded and sorted."""
    event = CaseEvent.objects.filter(case=case, kind=kind).latest("seq")
    rows = Message.objects.filter(event=event).order_by("recipient__name", "item_id")
    return list(rows.values_list("recipient__name", "kind", "item_id"))


def crowd(world: World, role: Role, scope: Any, number: int) -> list[Person]:
    """So many more people in the role at the scope."""
    people = Person.objects.bulk_create(
        Person(email=f"{role}-{n}@crowd.example", name=f"Medlem {n:03}", password="!") for n in range(number)
    )
    column = type(scope)._meta.model_name or ""
    holdings = [RoleHolding(person=p, role=role, valid_from=FIRST_DAY, **{column: scope}) for p in people]
    for holding in holdings:
        holding.key = holding.make_key()
    RoleHolding.objects.bulk_create(holdings)
    return people


class PostOffice:
    """A real SMTP server on the loopback interface. ``letters`` is what it took, ``seen`` every Message-ID it met.

    It refuses the first ``refuse`` mails for now; with ``hold`` it never answers the first; with ``meet`` it answers
    nobody until so many clients have a mail in hand at once. ``in_hand`` is set once it has met a mail.
    """

    def __init__(self, *, refuse: int = 0, hold: bool = False, meet: int = 0, no_such: str = "") -> None:
        self.letters: list[EmailMessage] = []
        self.seen: list[str] = []
        self.in_hand = threading.Event()
        self._refuse, self._hold, self._meet, self._no_such = refuse, hold, meet, no_such
        self._clients: set[Any] = set()
        self._all_here = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    async def handle_RCPT(  # noqa: N802 named by the server
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._no_such and self._no_such in address:
            return f"550 5.1.1 <{address}> no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        self.seen.append(str(letter["Message-ID"]))
        self.in_hand.set()
        if self._hold:
            self._hold = False
            await asyncio.Event().wait()
        if self._meet:
            self._loop = asyncio.get_running_loop()
            self._clients.add(session.peer)
            if len(self._clients) >= self._meet:
                self._all_here.set()
            await asyncio.wait_for(self._all_here.wait(), timeout=60)
        if self._refuse:
            self._refuse -= 1
            return f"451 4.3.2 not now, says the server, about {letter['Subject'] is not None} Reversed mentorship"
        self.letters.append(letter)
        return "250 OK"

    def let_go(self) -> None:
        """Answer whoever waits for others to meet."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._all_here.set)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [str(letter["Message-ID"]) for letter in self.letters]


@contextmanager
def post_office(**ways: Any) -> Iterator[PostOffice]:
    """Open a post office for the time being."""
    office = PostOffice(**ways)
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def use_smtp(settings: Any, office: PostOffice) -> None:
    """Let Django's own SMTP back end send to the office."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port


@contextmanager
def worker_process(
    *arguments: str, office: PostOffice, ahead: dt.timedelta = dt.timedelta()
) -> Iterator[Any]:
    """A real ``manage.py worker`` on the test's database, its clock ``ahead``; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("worker_process.py"))],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "PYTHONUNBUFFERED": "1",
            "WORKER_PROCESS": json.dumps(
                {
                    "database": connection.settings_dict["NAME"],
                    "port": office.port,
                    "ahead": ahead.total_seconds(),
                    "arguments": list(arguments),
                }
            ),
        },
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)
