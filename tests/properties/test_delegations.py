"""Whatever is delegated, for whichever days: who may act are those who hold the role and those whom they asked.

Nobody gains what the one they stand in for does not have, and on the day after the last all is as before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.access import access_of
from cases.errors import AlreadyDone, InvalidInput
from cases.models import Case, Role, RoleHolding, VoteChoice
from tests.world import World, build_world
from workflows import policy
from workflows.delegation import conflicts_of, delegate, end_delegation
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db

DAYS = 10
PEOPLE = ("chair", "coordinator", "clerk-lk", "reg-lk", "mem-lk", "proposer")


@dataclass(frozen=True)
class Wish:
    """Somebody asks somebody, for some days; perhaps it is ended on a later day."""

    person: str
    to: str
    first: int
    days: int
    everything: bool
    ended_on: int | None


WISHES = st.lists(
    st.builds(
        Wish,
        person=st.sampled_from(PEOPLE),
        to=st.sampled_from(PEOPLE),
        first=st.integers(0, DAYS - 4),
        days=st.integers(1, 4),
        everything=st.booleans(),
        ended_on=st.none() | st.integers(0, 6),
    ),
    max_size=6,
)
#: Roles with a beginning and perhaps an end, as days from the first.
ROLES = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from([Role.COORDINATOR, Role.REGISTRAR]),
        st.integers(0, 6),
        st.none() | st.integers(6, 9),
    ),
    max_size=3,
    unique_by=lambda role: role[:3],
)


@dataclass(frozen=True)
class Granted:
    """What came of a wish, as the test keeps it for itself."""

    person: int
    to: int
    keys: frozenset[str] | None
    first: dt.date
    last: dt.date


def own_keys(world: World, name: str, day: dt.date) -> set[str]:
    return set(
        RoleHolding.objects.current(day)
        .ordinary()
        .filter(person=world.person(name))
        .values_list("key", flat=True)
    )


def carry_out(world: World, wishes: list[Wish]) -> list[Granted]:
    """Delegate what may be delegated, end what is to be ended; the clock stands at the first day meanwhile."""
    today, granted = world.now.date(), []
    for wish in wishes:
        first = today + dt.timedelta(days=wish.first)
        last = first + dt.timedelta(days=wish.days - 1)
        keys = None if wish.everything else frozenset(sorted(own_keys(world, wish.person, first))[:1])
        try:
            with transaction.atomic():
                done = delegate(
                    actor=world.person(wish.person),
                    to=world.person(wish.to),
                    roles=keys,
                    valid_from=first,
                    valid_until=last,
                    now=world.now,
                )
        except (InvalidInput, AlreadyDone):
            continue
        if wish.ended_on is not None and today + dt.timedelta(days=wish.ended_on) <= last:
            at = world.now + dt.timedelta(days=wish.ended_on)
            for row in done.delegations:
                end_delegation(delegation_id=row.pk, actor=world.person(wish.person), now=at)
            last = at.date() - dt.timedelta(days=1)
        granted.append(Granted(world.people_ids[wish.person], world.people_ids[wish.to], keys, first, last))
    return granted


def a_case(world: World) -> tuple[Case, WorkItem]:
    """A case that waits to be concluded, in which mem-lk has declared a conflict of interest."""
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.RECUSED, reasons="Min bror ansvarar.")
    item = world.advance(case, to="conclude")[0]
    item.case = case
    case.refresh_from_db()
    return case, item


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(wishes=WISHES, roles=ROLES)
def test_those_who_may_act_are_the_holders_and_their_delegates_and_nobody_else(
    wishes: list[Wish], roles: list[tuple[str, Role, int, int | None]]
) -> None:
    with transaction.atomic():
        world = build_world()
        case, item = a_case(world)
        granted = carry_out(world, wishes)
        today = world.now.date()
        lk = world.organisations["lk"]
        for name, role, begins, ends in roles:
            options = {} if ends is None else {"valid_until": today + dt.timedelta(days=ends)}
            scope = world.partnership if role is Role.COORDINATOR else lk
            if (name, role) not in {("coordinator", Role.COORDINATOR), ("reg-lk", Role.REGISTRAR)}:
                world.give(name, role, scope, valid_from=today + dt.timedelta(days=begins), **options)
        conflicted = {name for name in PEOPLE if conflicts_of(world.people_ids[name], [case.pk], own=False)}
        assert conflicted == {"mem-lk"}
        for day in (today + dt.timedelta(days=n) for n in range(DAYS)):
            now_held = {world.people_ids[name]: own_keys(world, name, day) for name in PEOPLE}
            able, does = set(), set()
            for name in PEOPLE:
                me = world.people_ids[name]
                asked = [g for g in granted if g.to == me and g.first <= day <= g.last]
                expected = set(now_held[me])
                for g in asked:
                    expected |= now_held[g.person] & (g.keys if g.keys is not None else now_held[g.person])
                access = access_of(world.person(name), on=day)
                assert {key for key in access.keys if "@case:" not in key} == expected, (name, day)
                mine = item.role_key in now_held[me]
                lent = item.role_key in expected and not mine and name not in conflicted
                if (mine or lent) and name != "proposer":
                    able.add(name)
                if policy.may_step(access, item, case):
                    does.add(name)
                if not asked:
                    assert not access.deputy_for_ids, (name, day)
            assert does == able, day
        transaction.set_rollback(True)
