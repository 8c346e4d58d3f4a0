"""Delegating and leaving a role, at the same moment as somebody does something else: one outcome, and nobody slips by."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.access import access_of
from cases.errors import AlreadyDone, DomainError, InvalidInput
from cases.history import verify_case
from cases.models import Delegation, Role, RoleHolding
from cases.roles import give_role
from tests.together import at_once, outcomes
from tests.world import World, build_world
from workflows import inbox
from workflows.delegation import delegate
from workflows.hand_over import hand_back_ended
from workflows.models import WorkItem
from workflows.roles import end_role_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    world = build_world()
    world.add_person("stand-in", "lk", full_name="Stina Stand-In")
    return world


def test_a_delegation_posted_twice_is_one(world: World) -> None:
    one, same, to = world.person("coordinator"), world.person("coordinator"), world.person("stand-in")
    now = world.tick()
    first, last = now.date(), now.date() + dt.timedelta(days=9)
    done, refused = outcomes(
        at_once(
            lambda: delegate(actor=one, to=to, roles=None, valid_from=first, valid_until=last, now=now),
            lambda: delegate(actor=same, to=to, roles=None, valid_from=first, valid_until=last, now=now),
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    assert Delegation.objects.count() == RoleHolding.objects.filter(delegation__isnull=False).count() == 1


def test_two_who_name_each_other_at_once_do_not_make_a_circle(world: World) -> None:
    world.give("stand-in", Role.REGISTRAR, world.organisations["lk"])
    one, other = world.person("coordinator"), world.person("stand-in")
    now = world.tick()
    day = now.date()
    done, refused = outcomes(
        at_once(
            lambda: delegate(actor=one, to=other, roles=None, valid_from=day, valid_until=day, now=now),
            lambda: delegate(actor=other, to=one, roles=None, valid_from=day, valid_until=day, now=now),
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [InvalidInput]


def test_a_role_given_while_everything_is_delegated_is_delegated_too(world: World) -> None:
    one, to, same = world.person("coordinator"), world.person("stand-in"), world.person("coordinator")
    now = world.tick()
    day = now.date()
    done, refused = outcomes(
        at_once(
            lambda: delegate(actor=one, to=to, roles=None, valid_from=day, valid_until=day, now=now),
            lambda: give_role(
                person=same, role=Role.REGISTRAR, scope=world.organisations["lk"], valid_from=day
            ),
        )
    )
    assert (len(done), refused) == (2, [])
    held = access_of(world.person("stand-in"), on=day)
    assert held.holds(Role.REGISTRAR)
    assert held.holds(Role.COORDINATOR)


def test_leaving_a_role_against_taking_a_task_leaves_the_task_with_the_role(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    item = world.open_items(case)[0]
    holding = RoleHolding.objects.get(person=world.person("coordinator"), role=Role.COORDINATOR)
    now, person = world.tick(), world.person("coordinator")
    _done, refused = outcomes(
        at_once(
            lambda: inbox.claim(item_id=item.pk, actor=person, now=now),
            lambda: end_role_now(holding=holding, now=now),
        )
    )
    assert all(isinstance(error, DomainError) for error in refused), refused
    item.refresh_from_db()
    assert (item.owner, item.holder_key, item.open) == (None, item.role_key, True)
    case.refresh_from_db()
    assert list(verify_case(case)) == []


def test_two_workers_hand_a_task_back_once(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    RoleHolding.objects.filter(person=world.person("coordinator")).update(valid_until=world.now.date())
    now = world.tick(days=1)
    done, refused = outcomes(at_once(lambda: hand_back_ended(now), lambda: hand_back_ended(now), behind=case))
    assert (sorted(done), refused) == ([0, 1], [])
    assert case.events.filter(kind="handed_back").count() == 1
    assert WorkItem.objects.get(pk=item.pk).owner is None
    case.refresh_from_db()
    assert list(verify_case(case)) == []


def test_handing_back_against_doing_the_task_leaves_it_done(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    item.refresh_from_db()
    screen, usual = world.usual(item)
    RoleHolding.objects.filter(person=world.person("coordinator")).update(valid_until=world.now.date())
    tonight, tomorrow, person = world.now, world.now + dt.timedelta(days=1), world.person("coordinator")
    outcomes(
        at_once(
            lambda: screen(item_id=item.pk, actor=person, now=tonight, **usual),
            lambda: hand_back_ended(tomorrow),
            behind=case,
        )
    )
    item.refresh_from_db()
    given_back = case.events.filter(kind="handed_back").exists()
    assert given_back == (item.owner_id is None)
    case.refresh_from_db()
    assert list(verify_case(case)) == []
