"""What happened and who is to hear of it are written together, or not at all."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.history import Recorder
from cases.models import Case, CaseEvent
from notifications.models import Message, OutboxEntry
from tests.notifications.post import deliver, expand
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def test_an_act_leaves_an_entry_for_what_concerns_somebody(world: World) -> None:
    case = world.submitted()
    assert list(OutboxEntry.objects.values_list("event__kind", "status")) == [("steps_opened", "queued")]
    assert OutboxEntry.objects.values_list("event__case_id", flat=True).get() == case.pk


def test_an_act_that_is_rolled_back_tells_nobody(world: World, mailoutbox: list[object]) -> None:
    with transaction.atomic():
        world.submitted()
        transaction.set_rollback(True)
    assert OutboxEntry.objects.count() == 0
    expand(world.now)
    deliver(world.now)
    assert mailoutbox == []


def test_a_draft_concerns_nobody_but_its_author(world: World) -> None:
    world.draft()
    assert OutboxEntry.objects.count() == 0


def test_an_act_of_many_events_costs_one_statement(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    before = OutboxEntry.objects.count()
    with CaptureQueriesContext(connection) as captured:
        world.act(case, "conclude", outcome="recommend")
    assert sum("notifications_" in query["sql"] for query in captured) == 1
    assert OutboxEntry.objects.count() - before == 2


def test_an_act_that_concerns_nobody_costs_no_statement(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    with CaptureQueriesContext(connection) as captured:
        world.act(case, "statement", by="contact-lk")
    assert not [query for query in captured if "notifications_" in query["sql"]]


def test_five_hundred_events_cost_one_statement_too(world: World) -> None:
    case = Case.objects.get(pk=world.submitted().pk)
    item = world.open_items(case)[0]
    OutboxEntry.objects.all().delete()
    recorder = Recorder(case=case, actor=world.person("proposer"), now=world.tick())
    for _ in range(500):
        recorder.record("reminded", item=item.pk, items=[item.pk], step=item.step)
    with CaptureQueriesContext(connection) as captured:
        recorder.flush()
    assert sum("notifications_" in query["sql"] for query in captured) == 1
    assert OutboxEntry.objects.count() == 500


def test_neither_entries_nor_messages_hold_what_the_case_says(world: World) -> None:
    case = world.submitted(title="Hemligt hemligt hemligt")
    expand(world.now)
    row = Message.objects.values().get()
    assert "Hemligt" not in str(row)
    assert "Hemligt" not in str(OutboxEntry.objects.values().get())
    assert row["case_id"] == case.pk


def test_the_history_remains_whole_and_in_order(world: World) -> None:
    case = world.submitted()
    world.finish(case)
    last = CaseEvent.objects.filter(case=case).latest("seq")
    assert OutboxEntry.objects.filter(event__case=case).count() < last.seq
    assert OutboxEntry.objects.filter(created_at__gt=last.at + dt.timedelta(seconds=1)).count() == 0
