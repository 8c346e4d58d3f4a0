"""Delivery: one worker at a time, again when it fails, up to a limit, under the same Message-ID."""

import datetime as dt
import smtplib
from random import Random
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from cases.models import Role
from notifications.delivery import LEASE, claim, deliver_due
from notifications.models import Message
from notifications.retrying import JITTER, MAX_ATTEMPTS
from tests.notifications.post import crowd, deliver, expand, post_office, use_smtp
from tests.together import at_once
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    world = build_world()
    world.submitted()
    expand(world.now)
    return world


class Meddler(BaseEmailBackend):
    """A back end in whose hands something happens to the message."""

    happening: Any = staticmethod(lambda: None)
    transactions: list[bool] = []

    def send_messages(self, email_messages: Any) -> int:
        Meddler.transactions.append(connection.in_atomic_block)
        Meddler.happening()
        return len(email_messages)


class Refuser(BaseEmailBackend):
    """Takes nothing, and says so by the number."""

    def send_messages(self, email_messages: Any) -> int:
        return 0


def test_a_message_is_sent_once(world: World, mailoutbox: list[EmailMessage]) -> None:
    assert deliver(world.now) == 1
    assert deliver(world.tick(days=1)) == 0
    message = Message.objects.get()
    assert (message.status, message.attempts, message.lease_owner) == ("sent", 1, "")
    assert message.sent_at is not None
    assert len(mailoutbox) == 1


def test_the_mail_bears_the_rows_message_id_and_says_that_it_is_automatic(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    deliver(world.now)
    headers = mailoutbox[0].extra_headers
    assert headers["Message-ID"] == Message.objects.get().message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"


def test_all_mails_of_a_case_belong_to_one_thread(world: World, mailoutbox: list[EmailMessage]) -> None:
    case = world.submitted(title="Ett annat ärende")
    world.act(case, "screen")
    expand(world.now)
    deliver(world.now)
    threads = {mail.extra_headers["References"] for mail in mailoutbox if "annat" in mail.subject}
    others = {mail.extra_headers["References"] for mail in mailoutbox if "annat" not in mail.subject}
    assert len(threads) == len(others) == 1
    assert threads != others
    assert all(mail.extra_headers["In-Reply-To"] == mail.extra_headers["References"] for mail in mailoutbox)


def test_a_leased_message_is_not_taken_by_another(world: World) -> None:
    assert claim(now=world.now, owner="a") is not None
    assert claim(now=world.now, owner="b") is None
    message = Message.objects.get()
    assert (message.status, message.lease_owner, message.lease_until) == ("sending", "a", world.now + LEASE)


def test_a_lapsed_lease_may_be_taken_by_any_worker(world: World) -> None:
    pk = claim(now=world.now, owner="a")
    assert claim(now=world.now + LEASE - dt.timedelta(seconds=1), owner="b") is None
    assert claim(now=world.now + LEASE, owner="b") == pk
    assert Message.objects.get().attempts == 2


def test_of_many_workers_one_gets_the_message(world: World) -> None:
    now = world.now
    got = at_once(*[lambda n=n: claim(now=now, owner=f"worker {n}") for n in range(6)])
    assert sorted(type(pk).__name__ for pk in got) == ["NoneType"] * 5 + ["int"]
    assert Message.objects.get().attempts == 1


def test_many_workers_share_the_messages_and_none_gets_two(world: World) -> None:
    crowd(world, Role.REGISTRAR, world.organisations["lk"], 10)
    case = world.submitted()
    world.act(case, "screen")
    expand(world.now)
    Message.objects.filter(kind="task", item__step="screen").delete()
    now, number = world.now, Message.objects.count()
    got = at_once(*[lambda n=n: [claim(now=now, owner=f"{n}-{m}") for m in range(number)] for n in range(4)])
    taken = [pk for keys in got for pk in keys if pk is not None]
    assert sorted(taken) == sorted(Message.objects.values_list("pk", flat=True))


def test_a_mail_is_handed_over_outside_any_transaction(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Meddler"
    Meddler.transactions.clear()
    deliver(world.now)
    assert Meddler.transactions == [False]


def test_a_worker_that_lost_its_lease_while_sending_does_not_overwrite_the_other(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Meddler"
    later = world.now + LEASE
    monkeypatch.setattr(Meddler, "happening", staticmethod(lambda: claim(now=later, owner="another")))
    deliver(world.now)
    message = Message.objects.get()
    assert (message.status, message.lease_owner) == ("sending", "another")


def test_a_server_that_refuses_for_now_is_tried_again_until_it_takes_the_mail(
    world: World, settings: Any
) -> None:
    with post_office(refuse=3) as office:
        use_smtp(settings, office)
        pauses = []
        for _ in range(3):
            deliver(world.now)
            message = Message.objects.get()
            assert message.status == "queued"
            assert message.next_attempt_at is not None
            pauses.append(message.next_attempt_at - world.now)
            world.now = message.next_attempt_at
        deliver(world.now)
        assert Message.objects.get().status == "sent"
        assert Message.objects.get().attempts == 4
        assert len(office.letters) == 1
        assert set(office.seen) == {message.message_id}
        assert len(office.seen) == 4
    for n, pause in enumerate(pauses):
        usual = dt.timedelta(minutes=2**n)
        assert usual * (1 - JITTER) <= pause <= usual * (1 + JITTER)


def test_a_failure_is_noted_by_its_kind_and_codes_without_its_words(
    world: World, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with post_office(refuse=1) as office:
        use_smtp(settings, office)
        deliver(world.now)
    assert Message.objects.get().last_error == "SMTPDataError 451 4.3.2"
    assert "mentorship" not in caplog.text


def test_a_server_that_is_away_is_tried_again(world: World, settings: Any) -> None:
    with post_office() as office:
        use_smtp(settings, office)
    deliver(world.now)
    message = Message.objects.get()
    assert (message.status, message.attempts) == ("queued", 1)
    assert message.last_error == "ConnectionRefusedError Connection refused"


def test_a_message_that_fails_for_days_is_left_for_a_person(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refuser"
    Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    deliver(world.now)
    message = Message.objects.get()
    assert (message.status, message.attempts, message.last_error) == (
        "failed",
        MAX_ATTEMPTS,
        "NotAcceptedError",
    )
    assert deliver(world.tick(days=100)) == 0


def test_a_message_that_every_worker_dies_over_is_left_for_a_person(world: World) -> None:
    for _ in range(MAX_ATTEMPTS):
        assert claim(now=world.now, owner="dies") is not None
        world.now += LEASE
    assert deliver(world.now) == 1
    assert (Message.objects.get().status, Message.objects.get().last_error) == ("failed", "LeaseLapsed")


def test_an_address_that_does_not_exist_is_not_tried_again(world: World, settings: Any) -> None:
    with post_office(no_such="coordinator@") as office:
        use_smtp(settings, office)
        deliver(world.now)
    message = Message.objects.get()
    assert (message.status, message.attempts) == ("failed", 1)
    assert message.last_error == "SMTPRecipientsRefused 550 5.1.1"


def test_one_bad_address_does_not_hold_up_the_others(world: World, settings: Any) -> None:
    case = world.submitted()
    world.act(case, "screen")
    expand(world.now)
    with post_office(no_such="reg-lk@") as office:
        use_smtp(settings, office)
        deliver(world.now)
        assert {str(letter["To"]) for letter in office.letters} == {
            "Kajsa Coordinator <coordinator@linkoping.example>",
            "Reg-Liu <reg-liu@linkoping.example>",
        }
    assert Message.objects.filter(status="failed").count() == 1


def test_a_letter_that_cannot_be_written_is_tried_again_and_holds_up_nobody(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    case = world.submitted(title="Ett annat ärende")
    expand(world.now)
    Message.objects.filter(case=case).update(kind="answer")
    deliver(world.now)
    broken = Message.objects.get(case=case)
    assert (broken.status, broken.last_error) == ("queued", "KeyError")
    assert len(mailoutbox) == 1


def test_a_pass_stops_between_two_mails_when_it_is_told_to(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    world.submitted()
    expand(world.now)
    deliver_due(now=world.now, owner="test", rng=Random(1), stopping=lambda: len(mailoutbox) == 1)
    assert sorted(Message.objects.values_list("status", flat=True)) == ["queued", "sent"]


def test_the_server_is_met_once_for_many_mails(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        world.submitted()
    expand(world.now)
    opened = []
    connect = smtplib.SMTP.connect

    def counted(self: smtplib.SMTP, *address: Any) -> Any:
        opened.append(address)
        return connect(self, *address)

    monkeypatch.setattr(smtplib.SMTP, "connect", counted)
    with post_office() as office:
        use_smtp(settings, office)
        deliver(world.now)
        assert len(office.letters) == 5
    assert len(opened) == 1
