"""What an administrator sees of the outbox, and can do about it."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import CaseEvent
from notifications.health import UNSENT_TOO_LONG, WAITED_TOO_LONG, outbox_health, outbox_state
from notifications.models import Message, OutboxEntry
from notifications.pruning import KEEP_ENTRIES, KEEP_MESSAGES, prune
from tests.notifications.post import deliver, expand
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    world.submitted()
    expand(world.now)
    return world


def outbox(*arguments: Any) -> str:
    out = StringIO()
    call_command("outbox", *[str(argument) for argument in arguments], stdout=out)
    return out.getvalue()


def fail() -> Message:
    Message.objects.update(status="failed", next_attempt_at=None, attempts=25, last_error="SMTPDataError 451")
    return Message.objects.get()


def test_the_status_counts_by_state_and_lists_the_failures(world: World) -> None:
    message = fail()
    shown = outbox()
    assert "1 failed" in shown
    assert "1 expanded" in shown
    assert f"failed {message.pk}: task, 25 attempts, SMTPDataError 451" in shown


def test_the_status_can_be_read_by_a_program(world: World) -> None:
    told = json.loads(outbox("status", "--json"))
    assert told["messages"] == {"queued": 1}
    assert told["events"] == {"expanded": 1}
    assert told["ok"] is False  # it was written in 2021
    assert told["oldest_due_seconds"] > 3600


def test_a_failed_message_is_sent_again_on_request(world: World, mailoutbox: list[object]) -> None:
    message = fail()
    assert outbox("retry", message.pk) == "1 queued again\n"
    deliver(timezone.now())
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("sent", 1)
    assert len(mailoutbox) == 1


def test_everything_that_failed_is_tried_again_on_request(world: World) -> None:
    fail()
    OutboxEntry.objects.update(status="failed", expanded_at=None)
    assert outbox("retry", "--all") == "2 queued again\n"


def test_retry_wants_to_know_what(world: World) -> None:
    with pytest.raises(CommandError):
        outbox("retry")


def test_a_message_is_dropped_on_request(world: World) -> None:
    message = Message.objects.get()
    assert outbox("drop", message.pk) == "1 dropped\n"
    message.refresh_from_db()
    assert (message.status, message.drop_reason) == ("dropped", "by_hand")
    assert deliver(world.now) == 0


def test_what_was_sent_cannot_be_dropped_or_sent_again(world: World) -> None:
    deliver(world.now)
    message = Message.objects.get()
    assert outbox("drop", message.pk) == "0 dropped\n"
    assert outbox("retry", message.pk) == "0 queued again\n"


def test_an_idle_outbox_is_well(world: World) -> None:
    deliver(world.now)
    assert outbox_health() == (
        True,
        "oldest due 0 s, oldest unsent 0 s, 0 events and 0 messages waiting, 0 failed",
    )


def test_an_outbox_that_nobody_empties_is_not_well(world: World) -> None:
    assert outbox_state(world.now + WAITED_TOO_LONG - dt.timedelta(seconds=1)).ok
    assert not outbox_state(world.now + WAITED_TOO_LONG).ok


def test_an_event_that_nobody_expands_is_not_well(world: World) -> None:
    deliver(world.now)
    world.submitted()
    assert not outbox_state(world.now + WAITED_TOO_LONG).ok


def test_a_mail_server_that_takes_nothing_is_not_well_although_every_try_is_put_off(world: World) -> None:
    later = world.now + UNSENT_TOO_LONG
    Message.objects.update(next_attempt_at=later + dt.timedelta(minutes=1))
    assert not outbox_state(later).ok


def test_the_health_line_says_nothing_of_cases_or_people(world: World) -> None:
    well, detail = outbox_health()
    assert not well
    assert "Kajsa" not in detail
    assert "mentorship" not in detail


def test_what_is_done_and_old_is_let_go_and_the_history_stays(world: World) -> None:
    deliver(world.now)
    events = CaseEvent.objects.count()
    assert prune(now=world.now + KEEP_ENTRIES) == 0
    assert prune(now=world.now + KEEP_ENTRIES + dt.timedelta(seconds=1)) == 1
    assert prune(now=world.now + KEEP_MESSAGES + dt.timedelta(days=1)) == 1
    assert (OutboxEntry.objects.count(), Message.objects.count()) == (0, 0)
    assert CaseEvent.objects.count() == events


def test_what_waits_or_has_failed_is_never_let_go(world: World) -> None:
    case = world.submitted()
    fail()
    prune(now=world.now + KEEP_MESSAGES * 3)
    assert Message.objects.filter(status="failed").exists()
    assert OutboxEntry.objects.filter(event__case=case, status="queued").exists()


def test_letting_go_is_done_in_portions(world: World) -> None:
    for _ in range(4):
        world.submitted()
    expand(world.now)
    deliver(world.now)
    assert prune(now=world.now + KEEP_MESSAGES * 2, limit=2) == 4
    assert prune(now=world.now + KEEP_MESSAGES * 2, limit=100) == 6


def test_what_lies_long_back_is_settled_without_a_mail(world: World) -> None:
    world.submitted()
    assert "1 old events settled" in outbox("settle", "--older-than-days", "60")
    expand(timezone.now())
    assert Message.objects.count() == 1


def test_what_happened_lately_is_still_told(world: World) -> None:
    world.now = timezone.now()
    world.submitted()
    assert "0 old events settled" in outbox("settle", "--older-than-days", "60")
