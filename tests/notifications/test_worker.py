"""The worker as a process: killed in the middle, two at once, told to end."""

import datetime as dt
import os
import signal
from random import Random

import pytest
from django.utils import timezone

from cases.models import Case, Role
from notifications.delivery import LEASE
from notifications.models import Message, OutboxEntry
from notifications.worker import Worker
from tests.notifications.post import crowd, expand, post_office, worker_process
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    world = build_world()
    # The workers' clock is the real one: a task of long ago would be late, and be told as such.
    world.now = timezone.now() - dt.timedelta(days=1)
    crowd(world, Role.COORDINATOR, world.partnership, 11)
    world.submitted()
    return world


def test_a_worker_killed_in_the_middle_of_a_mail_loses_nothing(world: World) -> None:
    with post_office(hold=True) as office:
        with worker_process(office=office) as killed:
            assert office.in_hand.wait(timeout=90), killed.communicate(timeout=5)
            os.kill(killed.pid, signal.SIGKILL)
            assert killed.wait(timeout=30) == -signal.SIGKILL
        in_hand = Message.objects.get(status="sending")
        assert office.ids == []
        assert office.seen == [in_hand.message_id]
        with worker_process("--once", office=office, ahead=LEASE + dt.timedelta(seconds=5)) as fresh:
            assert fresh.wait(timeout=120) == 0
        expected = sorted(Message.objects.values_list("message_id", flat=True))
        assert len(expected) == 12
        assert sorted(office.ids) == expected
        assert office.seen.count(in_hand.message_id) == 2
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}
    in_hand.refresh_from_db()
    assert in_hand.attempts == 2


def test_two_workers_at_once_send_each_mail_once(world: World) -> None:
    """The post office answers nobody until both have a mail in hand: they do work at the same time."""
    # Expanded beforehand: a worker that finds the one entry in the other's hands has nothing else to do, and ends.
    expand(timezone.now())
    with post_office(meet=2) as office:
        with worker_process("--once", office=office) as one, worker_process("--once", office=office) as other:
            assert one.wait(timeout=120) == 0
            assert other.wait(timeout=120) == 0
        assert len(office.ids) == 12
        assert sorted(office.ids) == sorted(Message.objects.values_list("message_id", flat=True))
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}
    assert OutboxEntry.objects.get().status == "expanded"


def test_a_worker_told_to_end_finishes_its_mail_and_leaves_the_rest_queued(world: World) -> None:
    with post_office(meet=2) as office, worker_process(office=office) as worker:
        assert office.in_hand.wait(timeout=90), worker.communicate(timeout=5)
        worker.send_signal(signal.SIGTERM)
        office.let_go()
        assert worker.wait(timeout=60) == 0
        assert len(office.ids) == 1
    assert sorted(set(Message.objects.values_list("status", flat=True))) == ["queued", "sent"]
    assert Message.objects.filter(status="sent").count() == 1


def test_a_round_lets_time_move_cases_and_tells_of_it(world: World) -> None:
    case = Case.objects.get()
    world.advance(case, to="decide")
    until = (world.now + dt.timedelta(days=30)).date()
    world.act(case, "decide", by="decider-liu", outcome="table", reasons="Mer tid.", tabled_until=until)
    expand(timezone.now())
    Message.objects.all().delete()
    world.tick(days=31)
    Worker(clock=lambda: world.now, rng=Random(1)).until_idle()
    woken = world.open_items(case, "decide")
    assert any(item.party == world.organisations["liu"] for item in woken)
    sent = Message.objects.filter(status="sent", kind="task")
    assert list(sent.values_list("recipient__name", flat=True)) == ["Decider-Liu"]


def test_rounds_end_when_nothing_is_due(world: World, mailoutbox: list[object]) -> None:
    worker = Worker(clock=lambda: world.now, rng=Random(1))
    assert worker.until_idle() == 1 + 12
    assert worker.until_idle() == 0
    assert len(mailoutbox) == 12


def test_a_worker_told_to_stop_begins_nothing(world: World) -> None:
    worker = Worker(clock=lambda: world.now, rng=Random(1))
    worker.stop.set()
    worker.forever()
    assert Message.objects.count() == 0
