"""A step costs a small constant number of statements, whatever the size of the database (speed by design)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import access_of
from cases.models import Role
from tests.world import World, build_world
from workflows.models import WorkItem

# A transaction of its own each, so that BEGIN and COMMIT are counted as they run.
pytestmark = pytest.mark.django_db(transaction=True)


def cost(world: World, item: WorkItem, by: str, **choices: Any) -> int:
    function, usual = world.usual(item)
    actor, now = world.person(by), world.tick()
    with CaptureQueriesContext(connection) as captured:
        function(item_id=item.pk, actor=actor, now=now, **(usual | choices))
    return len(captured)


def plain_step(world: World) -> int:
    case = world.submitted()
    world.advance(case, to="decide")
    return cost(world, world.item_of(case, "decide", "clerk-lk"), "clerk-lk")


def test_a_plain_step_takes_at_most_twelve_statements_with_everything_that_belongs_to_it() -> None:
    assert plain_step(build_world()) <= 12


def test_a_step_costs_the_same_in_a_full_database() -> None:
    world = build_world()
    first = plain_step(world)
    for _ in range(4):
        world.advance(world.submitted(), to="vote")
    assert plain_step(world) == first


def test_calling_the_members_costs_the_same_for_three_and_for_thirty() -> None:
    few, many = build_world(), None
    case = few.submitted()
    few.advance(case, to="prepare")
    with_three = cost(few, few.open_items(case)[0], "coordinator")
    many = few
    for number in range(27):
        many.add_person(f"more-{number}", "liu")
        many.give(f"more-{number}", Role.STEERING_MEMBER, many.council, represents=many.organisations["liu"])
    case = many.submitted()
    many.advance(case, to="prepare")
    assert cost(many, many.open_items(case)[0], "coordinator") == with_three
    assert len(many.open_items(case, "vote")) == 30


def test_the_inbox_is_one_statement_however_many_keys_and_tasks() -> None:
    world = build_world()
    for _ in range(5):
        world.submitted()
    access = access_of(world.person("coordinator"), on=world.now.date())
    with CaptureQueriesContext(connection) as captured:
        found = list(WorkItem.objects.for_user(access))
    assert (len(captured), len(found)) == (1, 5)


def test_the_inbox_is_in_order_of_due_date_and_holds_what_waits_for_ones_roles_and_oneself() -> None:
    world = build_world()
    first, second = world.submitted(), world.submitted()
    world.tick(days=30)
    third = world.submitted()
    access = access_of(world.person("coordinator"), on=world.now.date())
    assert [item.case for item in WorkItem.objects.for_user(access)] == [first, second, third]
    assert not WorkItem.objects.for_user(access_of(world.person("reg-lk"), on=world.now.date())).exists()


def test_the_inbox_reads_an_index_and_not_the_table() -> None:
    world = build_world()
    world.submitted()
    access = access_of(world.person("coordinator"), on=world.now.date())
    plan = WorkItem.objects.for_user(access).explain()
    assert "item_inbox" in plan or connection.vendor == "postgresql"
