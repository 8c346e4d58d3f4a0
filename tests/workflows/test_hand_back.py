"""When a role ends, what its holder had taken goes back by itself: to the role, to the seat's deputy, or to be told of."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import access_of
from cases.history import verify_case
from cases.models import Case, Role, RoleHolding, VoteChoice
from cases.roles import end_role
from notifications.models import Message
from notifications.worker import Worker
from tests.notifications.post import expand, forget, told
from tests.world import World, build_world
from workflows import case_acts, inbox, policy
from workflows.delegation import delegate
from workflows.hand_over import hand_back_ended
from workflows.models import WorkItem
from workflows.roles import end_role_now, make_inactive

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def taken(world: World, name: str = "coordinator") -> tuple[Case, WorkItem]:
    """A case whose first task the person has taken."""
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person(name), now=world.tick())
    item.refresh_from_db()
    return case, item


def holding(world: World, name: str) -> RoleHolding:
    return RoleHolding.objects.of(world.person(name)).ordinary().get()


def colleague(world: World) -> None:
    world.add_person("colleague", "lk", full_name="Kim Colleague")
    world.give("colleague", Role.COORDINATOR, world.partnership)


def test_a_taken_task_goes_back_to_the_role_when_its_taker_leaves_the_role(world: World) -> None:
    colleague(world)
    case, item = taken(world)
    assert end_role_now(holding=holding(world, "coordinator"), now=world.tick()) == 1
    item.refresh_from_db()
    assert (item.owner, item.holder_key, item.status, item.open) == (None, item.role_key, "NEW", True)
    event = case.events.get(kind="handed_back")
    assert (event.actor, event.data["before"], event.data["reason"]) == (
        None,
        world.people_ids["coordinator"],
        "role_ended",
    )
    expand(world.now)
    assert told("handed_back", case) == [("Kim Colleague", "task", item.pk)]
    case.refresh_from_db()
    assert list(verify_case(case)) == []


def test_who_has_left_the_role_cannot_do_the_task_even_before_it_is_handed_back(world: World) -> None:
    case, item = taken(world)
    end_role(holding(world, "coordinator"), last_day=world.now.date())
    tomorrow = world.now.date() + dt.timedelta(days=1)
    item.case = case
    assert policy.may_step(access_of(world.person("coordinator"), on=world.now.date()), item, case)
    assert not policy.may_step(access_of(world.person("coordinator"), on=tomorrow), item, case)


def test_the_worker_hands_back_on_the_day_after_the_last(world: World) -> None:
    colleague(world)
    case, item = taken(world)
    end_role(holding(world, "coordinator"), last_day=world.now.date())
    worker = Worker(clock=lambda: world.now, rng=Random(1))
    worker.until_idle()
    assert not case.events.filter(kind="handed_back").exists()
    world.tick(days=1)
    worker.until_idle()
    assert case.events.filter(kind="handed_back").count() == 1
    assert Message.objects.filter(event__kind="handed_back", status="sent").count() == 1
    item.refresh_from_db()
    assert item.owner is None


def test_it_is_done_once(world: World) -> None:
    colleague(world)
    case, _item = taken(world)
    end_role_now(holding=holding(world, "coordinator"), now=world.tick())
    assert hand_back_ended(world.tick()) == 0
    assert case.events.filter(kind="handed_back").count() == 1


def test_nothing_is_handed_back_while_everybody_is_in_their_role(world: World) -> None:
    case, item = taken(world)
    assert hand_back_ended(world.tick()) == 0
    item.refresh_from_db()
    assert item.owner == world.person("coordinator")
    assert not case.events.filter(kind="handed_back").exists()


def test_what_was_given_to_somebody_in_the_same_role_elsewhere_is_theirs(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("clerk-lk"),
        reason="Hinner inte.",
        now=world.tick(),
    )
    assert hand_back_ended(world.tick()) == 0
    world.act(case, "screen", by="clerk-lk")
    assert case.events.filter(kind="screened").exists()


def test_a_person_who_has_left_the_house_keeps_nothing(world: World) -> None:
    colleague(world)
    case, item = taken(world)
    assert make_inactive(person=world.person("coordinator"), now=world.tick()) == 1
    item.refresh_from_db()
    assert item.owner is None
    assert case.events.get(kind="handed_back").data["reason"] == "inactive"


def test_what_a_stand_in_had_taken_goes_back_when_the_role_ends_for_both(world: World) -> None:
    world.add_person("stand-in", "lk")
    day = world.now.date()
    delegate(
        actor=world.person("coordinator"),
        to=world.person("stand-in"),
        roles=None,
        valid_from=day,
        valid_until=day + dt.timedelta(days=30),
        now=world.tick(),
    )
    _case, item = taken(world, "stand-in")
    assert end_role_now(holding=holding(world, "coordinator"), now=world.tick(days=2)) == 1
    item.refresh_from_db()
    assert item.owner is None


def test_the_coordinators_hear_of_a_task_that_nobody_holds_the_role_of(world: World) -> None:
    case = world.submitted()
    item = next(
        item for item in world.advance(case, to="register") if item.party == world.organisations["lk"]
    )
    inbox.claim(item_id=item.pk, actor=world.person("reg-lk"), now=world.tick())
    forget()
    end_role_now(holding=holding(world, "reg-lk"), now=world.tick())
    expand(world.now)
    assert told("role_empty", case) == [("Kajsa Coordinator", "unattended", item.pk)]
    assert told("handed_back", case) == []


def test_of_a_party_s_own_step_only_the_party_s_coordinator_hears(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = world.item_of(case, "decide", "board-lk")
    inbox.claim(item_id=item.pk, actor=world.person("board-lk"), now=world.tick())
    forget()
    end_role_now(holding=holding(world, "board-lk"), now=world.tick())
    expand(world.now)
    assert told("role_empty", case) == [("Klara Clerk", "unattended", item.pk)]
    assert set(Message.objects.values_list("recipient__organisation__slug", flat=True)) == {"lk"}


def test_the_reporter_s_task_goes_back_when_the_reporter_leaves_the_house(world: World) -> None:
    world.add_person("reporter", "liu")
    case = world.submitted()
    world.advance(case, to="prepare")
    world.act(case, "prepare", reporter=world.person("reporter"))
    item = world.advance(case, to="report")[0]
    forget()
    make_inactive(person=world.person("reporter"), now=world.tick())
    expand(world.now)
    assert told("role_empty", case) == [("Kajsa Coordinator", "unattended", item.pk)]
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("proposer"),
        reason="Slutat.",
        now=world.tick(),
    )
    assert hand_back_ended(world.tick()) == 0


# Votes


def voting(world: World) -> tuple[Case, WorkItem]:
    """A case that is voted on, and the vote of mem-lk."""
    case = world.submitted()
    world.advance(case, to="vote")
    return case, world.item_of(case, "vote", "mem-lk")


def deputy(world: World, name: str, order: int) -> None:
    if name not in world.people_ids:
        world.add_person(name, "lk")
    world.give(
        name,
        Role.STEERING_MEMBER,
        world.council,
        represents=world.organisations["lk"],
        deputy_for=world.person("mem-lk"),
        deputy_order=order,
    )


def test_a_vote_passes_to_the_first_deputy_who_can_cast_it(world: World) -> None:
    deputy(world, "second", 2)
    deputy(world, "proposer", 0)
    deputy(world, "chair", 1)
    case, item = voting(world)
    assert end_role_now(holding=holding(world, "mem-lk"), now=world.tick()) == 1
    item.refresh_from_db()
    assert item.owner == world.person("second")
    vote = world.do(item, by="second")
    assert (vote.member, vote.cast_by) == (world.person("mem-lk"), world.person("second"))
    assert case.events.get(kind="vote_cast", actor=vote.cast_by).on_behalf_of == world.person("mem-lk")


def test_a_deputy_with_a_conflict_of_interest_is_passed_over(world: World) -> None:
    deputy(world, "first", 0)
    deputy(world, "second", 1)
    case, _item = voting(world)
    world.do(world.item_of(case, "vote", "mem-lk"), by="first", choice=VoteChoice.RECUSED, reasons="Jäv.")
    world.advance(case, to="conclude")
    world.act(
        case,
        "conclude",
        outcome="table",
        reasons="Mer tid.",
        tabled_until=(world.now.date() + dt.timedelta(days=9)),
    )
    world.wait_for_timer(case)
    item = world.item_of(case, "vote", "mem-lk")
    # The deputy's conflict of interest stands in the new deliberation too.
    end_role_now(holding=holding(world, "mem-lk"), now=world.tick())
    item.refresh_from_db()
    assert item.owner == world.person("second")


def test_a_vote_without_a_deputy_is_left_and_the_council_s_own_are_told_once(world: World) -> None:
    case, item = voting(world)
    forget()
    assert end_role_now(holding=holding(world, "mem-lk"), now=world.tick()) == 0
    hand_back_ended(world.tick())
    item.refresh_from_db()
    assert (item.owner, item.open) == (world.person("mem-lk"), True)
    assert case.events.filter(kind="seat_empty").count() == 1
    expand(world.now)
    assert told("seat_empty", case) == [
        ("Carin Chair", "unattended", item.pk),
        ("Sven Secretary", "unattended", item.pk),
    ]
    item.case = case
    assert not policy.may_step(access_of(world.person("mem-lk"), on=world.now.date()), item, case)


def test_a_vote_that_a_stand_in_was_given_comes_back_to_the_member(world: World) -> None:
    deputy(world, "stand-in", 0)
    case, item = voting(world)
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("stand-in"),
        reason="Semester.",
        now=world.tick(),
    )
    stand_in = RoleHolding.objects.get(person=world.person("stand-in"))
    assert end_role_now(holding=stand_in, now=world.tick()) == 1
    item.refresh_from_db()
    assert item.owner == world.person("mem-lk")


# What it costs


def test_looking_for_what_has_ended_is_one_statement_however_many_tasks(world: World) -> None:
    for _ in range(4):
        taken(world)
    with CaptureQueriesContext(connection) as captured:
        assert hand_back_ended(world.tick()) == 0
    assert len(captured) == 1


def test_a_case_costs_the_same_however_many_of_its_tasks_go_back(world: World) -> None:
    costs = []
    for number in (1, 2):
        case = world.submitted()
        items = world.advance(case, to="register")[:number]
        for item in items:
            name = "reg-lk" if item.party == world.organisations["lk"] else "reg-liu"
            inbox.claim(item_id=item.pk, actor=world.person(name), now=world.tick())
        RoleHolding.objects.filter(role=Role.REGISTRAR).update(valid_until=world.now.date())
        world.tick(days=1)
        with CaptureQueriesContext(connection) as captured:
            assert hand_back_ended(world.now) == number
        costs.append(len(captured))
        RoleHolding.objects.filter(role=Role.REGISTRAR).update(valid_until=None)
    # One more statement for each: whether its owner is still in the role, and giving it back.
    assert costs[1] - costs[0] <= 3
