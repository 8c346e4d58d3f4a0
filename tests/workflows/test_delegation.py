"""Delegation: who may be asked, for how long, and what the other may then do, and not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from cases.access import access_of
from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound
from cases.models import Delegation, Person, Role, RoleHolding, VoteChoice
from cases.roles import end_role, give_role
from tests.world import World, build_world
from workflows import case_acts, inbox, policy
from workflows.act import access_for
from workflows.delegation import Delegated, conflicts_of, delegate, end_delegation, set_absence
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    world.add_person("stand-in", "lk", full_name="Stina Stand-In")
    return world


def today(world: World) -> dt.date:
    return world.now.date()


def let(world: World, person: str, to: str, *, days: int = 10, first: int = 0, **options: Any) -> Delegated:
    """Let one act for the other from ``first`` days from now, for so many days; in everything unless said otherwise."""
    begin = today(world) + dt.timedelta(days=first)
    options.setdefault("roles", None)
    options.setdefault("valid_from", begin)
    options.setdefault("valid_until", begin + dt.timedelta(days=days - 1))
    return delegate(actor=world.person(person), to=world.person(to), now=world.tick(), **options)


def refused(world: World, *args: str, **options: Any) -> dict[str, str]:
    """The refusal's messages by field."""
    with pytest.raises(InvalidInput) as error:
        let(world, *args, **options)
    assert not Delegation.objects.exists()
    return {name: str(text) for name, text in error.value.errors.items()}


def key_of(world: World, name: str) -> str:
    return RoleHolding.objects.of(world.person(name)).ordinary().get().key


def may(world: World, name: str, item: WorkItem, *, days: int = 0) -> bool:
    """Whether the person may do the task so many days from now."""
    access = access_of(world.person(name), on=today(world) + dt.timedelta(days=days))
    return policy.may_step(access, item, item.case)


# Whom, and for how long


def test_what_is_delegated_is_held_for_the_period_in_the_other_s_name(world: World) -> None:
    delegation = let(world, "coordinator", "stand-in", days=10).delegations[0]
    row = RoleHolding.objects.get(delegation=delegation)
    assert (row.person, row.deputy_for) == (world.person("stand-in"), world.person("coordinator"))
    assert row.key == key_of(world, "coordinator")
    assert (row.valid_from, row.valid_until) == (today(world), today(world) + dt.timedelta(days=9))


def test_nobody_delegates_to_themselves(world: World) -> None:
    assert set(refused(world, "coordinator", "coordinator")) == {"to"}


def test_who_is_no_longer_active_cannot_be_asked(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["stand-in"]).update(is_active=False)
    assert refused(world, "coordinator", "stand-in") == {
        "to": "Stina Stand-In är inte längre aktiv. Välj någon annan."
    }


@pytest.mark.parametrize("to", ["reg-liu", "outsider"])
def test_everything_goes_to_a_colleague_only(world: World, to: str) -> None:
    assert set(refused(world, "coordinator", to)) == {"to"}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"days": 0}, "valid_until"),
        ({"first": -10, "days": 10}, "valid_until"),
        ({"days": 366}, "valid_until"),
        ({"roles": []}, "roles"),
        ({"roles": ["coordinator@partnership:999"]}, "roles"),
    ],
    ids=["backwards", "over already", "more than a year", "no role", "not one's own"],
)
def test_a_delegation_that_does_not_hold_says_why_at_the_field(
    world: World, options: dict[str, Any], field: str
) -> None:
    assert set(refused(world, "coordinator", "stand-in", **options)) == {field}


def test_a_year_is_the_longest(world: World) -> None:
    assert let(world, "coordinator", "stand-in", days=365).delegations


def test_it_begins_today_at_the_earliest(world: World) -> None:
    delegation = let(world, "coordinator", "stand-in", first=-5, days=10).delegations[0]
    assert delegation.valid_from == today(world)


def test_two_cannot_stand_in_for_each_other_in_the_same_days(world: World) -> None:
    world.give("stand-in", Role.REGISTRAR, world.organisations["lk"])
    let(world, "coordinator", "stand-in", days=10)
    with pytest.raises(InvalidInput) as error:
        let(world, "stand-in", "coordinator", first=9, days=10)
    assert set(error.value.errors) == {"to"}
    assert let(world, "stand-in", "coordinator", first=10, days=10).delegations


def test_the_same_twice_is_one(world: World) -> None:
    let(world, "coordinator", "stand-in", days=10)
    with pytest.raises(AlreadyDone):
        let(world, "coordinator", "stand-in", days=10)
    with pytest.raises(InvalidInput):
        let(world, "coordinator", "stand-in", days=20)
    assert Delegation.objects.count() == 1


def test_who_holds_nothing_and_has_proposed_nothing_has_nothing_to_delegate(world: World) -> None:
    assert set(refused(world, "proposer", "stand-in")) == {"roles"}


def test_what_one_was_delegated_cannot_be_delegated_on(world: World) -> None:
    let(world, "coordinator", "stand-in")
    with pytest.raises(InvalidInput) as error:
        let(world, "stand-in", "clerk-lk", roles=[key_of(world, "coordinator")])
    assert set(error.value.errors) == {"roles"}
    with pytest.raises(InvalidInput):
        let(world, "stand-in", "clerk-lk")


def test_who_has_a_vote_of_their_own_cannot_be_given_another_s(world: World) -> None:
    assert refused(world, "chair", "mem-lk") == {
        "to": "Mem-Lk har en egen röst i Samverkansrådet och kan inte rösta för någon annan."
    }


def test_a_seat_passes_to_who_sits_for_the_same_party_only(world: World) -> None:
    world.add_person("guest", None)
    world.give("guest", Role.SECRETARY, world.council)
    seat = [key_of(world, "mem-liu")]
    assert set(refused(world, "mem-liu", "guest", roles=seat)) == {"to"}
    world.give(
        "guest", Role.SECRETARY, world.council, represents=world.organisations["liu"], valid_from=today(world)
    )
    assert let(world, "mem-liu", "guest", roles=seat).delegations


# By whom


def test_an_administrator_does_it_for_who_cannot(world: World) -> None:
    person = world.person("coordinator")
    done = delegate(
        actor=world.person("administrator"),
        person=person,
        to=world.person("stand-in"),
        roles=None,
        valid_from=today(world),
        valid_until=today(world),
        now=world.tick(),
    )
    assert (done.delegations[0].person, done.delegations[0].created_by) == (
        person,
        world.person("administrator"),
    )


def test_an_administrator_does_not_give_themselves_anybody_s_roles(world: World) -> None:
    world.give("administrator", Role.SECRETARY, world.council)
    with pytest.raises(NotAllowed):
        delegate(
            actor=world.person("administrator"),
            person=world.person("coordinator"),
            to=world.person("administrator"),
            roles=None,
            valid_from=today(world),
            valid_until=today(world),
            now=world.tick(),
        )


@pytest.mark.parametrize("actor", ["coordinator", "stand-in", "chair"])
def test_nobody_else_delegates_or_ends_what_is_another_s(world: World, actor: str) -> None:
    with pytest.raises(NotFound):
        delegate(
            actor=world.person(actor),
            person=world.person("clerk-lk"),
            to=world.person("stand-in"),
            roles=None,
            valid_from=today(world),
            valid_until=today(world),
            now=world.tick(),
        )
    delegation = let(world, "clerk-lk", "stand-in").delegations[0]
    with pytest.raises(NotFound):
        end_delegation(delegation_id=delegation.pk, actor=world.person(actor), now=world.tick())


# What it gives


def test_the_other_does_the_tasks_in_the_period_and_not_a_day_longer(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    let(world, "coordinator", "stand-in", first=2, days=3)
    assert [may(world, "stand-in", item, days=day) for day in range(7)] == [False] * 2 + [True] * 3 + [
        False
    ] * 2
    assert all(may(world, "coordinator", item, days=day) for day in range(7))


def test_the_history_names_both(world: World) -> None:
    case = world.submitted()
    let(world, "coordinator", "stand-in")
    inbox.claim(item_id=world.open_items(case)[0].pk, actor=world.person("stand-in"), now=world.tick())
    world.act(case, "screen", by="stand-in")
    case_acts.hold(case_id=case.pk, actor=world.person("stand-in"), reason="Väntar.", now=world.tick())
    for kind in ("claimed", "screened", "held"):
        event = case.events.get(kind=kind)
        assert (event.actor, event.on_behalf_of) == (world.person("stand-in"), world.person("coordinator")), (
            kind
        )
    item = WorkItem.objects.get(case=case, step="screen")
    assert (item.done_by, item.done_for) == (world.person("stand-in"), world.person("coordinator"))


def test_who_holds_the_role_too_acts_in_their_own_right(world: World) -> None:
    world.give("stand-in", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    let(world, "coordinator", "stand-in")
    world.act(case, "screen", by="stand-in")
    assert case.events.get(kind="screened").on_behalf_of is None


def test_a_delegated_vote_is_the_member_s(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    let(world, "mem-lk", "stand-in")
    vote = world.do(world.item_of(case, "vote", "mem-lk"), by="stand-in")
    assert (vote.member, vote.cast_by) == (world.person("mem-lk"), world.person("stand-in"))
    assert case.events.get(kind="vote_cast").on_behalf_of == world.person("mem-lk")


def test_a_deputy_in_one_role_does_not_do_what_came_by_another(world: World) -> None:
    world.give("coordinator", Role.REGISTRAR, world.organisations["lk"])
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    item.refresh_from_db()
    registrar = RoleHolding.objects.get(person=world.person("coordinator"), role=Role.REGISTRAR).key
    let(world, "coordinator", "stand-in", roles=[registrar])
    access = access_of(world.person("stand-in"), on=today(world))
    assert not may(world, "stand-in", item)
    assert list(WorkItem.objects.for_user(access)) == []
    world.add_person("other", "lk")
    let(world, "coordinator", "other", roles=[item.role_key])
    assert may(world, "other", item)
    assert list(WorkItem.objects.for_user(access_of(world.person("other"), on=today(world)))) == [item]


def test_one_s_own_proposal_is_answered_for_by_a_deputy_in_everything_only(world: World) -> None:
    world.give("proposer", Role.SECRETARY, world.council)
    world.add_person("clerk", "lk")
    case = world.submitted()
    case_acts.ask_proposer(case_id=case.pk, actor=world.person("coordinator"), text="?", now=world.tick())
    item = world.open_items(case, "answer")[0]
    let(world, "proposer", "clerk", roles=[key_of(world, "proposer")])
    let(world, "proposer", "stand-in")
    assert (may(world, "clerk", item), may(world, "stand-in", item)) == (False, True)
    assert case in type(case).objects.visible_to(access_of(world.person("stand-in"), on=today(world)))
    world.do(item, by="stand-in", answer="Tolv.")
    assert case.events.get(kind="question_answered").on_behalf_of == world.person("proposer")


def test_who_holds_no_role_delegates_their_proposals_and_no_more(world: World) -> None:
    case, draft = world.submitted(), world.draft()
    let(world, "proposer", "stand-in")
    later = world.submitted()
    access = access_for(world.person("stand-in"), world.now)
    assert set(type(case).objects.visible_to(access)) == {case, later}
    assert not access.sees(draft)
    assert not access.own_organisation_ids
    assert policy.may(access, policy.Action.WITHDRAW, later)
    case_acts.withdraw(case_id=later.pk, actor=world.person("stand-in"), reason="Fel.", now=world.tick())
    assert later.events.get(kind="withdrawn").on_behalf_of == world.person("proposer")


def test_nobody_judges_a_proposal_of_the_one_they_stand_in_for(world: World) -> None:
    case = world.submitted(by="coordinator")
    item = world.open_items(case)[0]
    let(world, "coordinator", "stand-in")
    assert not may(world, "stand-in", item)
    assert not policy.may(access_for(world.person("stand-in"), world.now), policy.Action.CANCEL, case)


# Roles that come and go meanwhile


def test_a_role_that_one_gets_later_is_delegated_too_when_everything_is(world: World) -> None:
    world.add_person("clerk", "lk")
    let(world, "coordinator", "stand-in", days=10)
    let(world, "coordinator", "clerk", days=10, roles=[key_of(world, "coordinator")])
    give_role(
        person=world.person("coordinator"),
        role=Role.REGISTRAR,
        scope=world.organisations["lk"],
        valid_from=today(world) + dt.timedelta(days=3),
        valid_until=today(world) + dt.timedelta(days=5),
    )
    row = RoleHolding.objects.get(role=Role.REGISTRAR, deputy_for=world.person("coordinator"))
    assert row.person == world.person("stand-in")
    assert (row.valid_from, row.valid_until) == (
        today(world) + dt.timedelta(days=3),
        today(world) + dt.timedelta(days=5),
    )


def test_what_is_delegated_of_a_role_ends_with_the_role(world: World) -> None:
    let(world, "coordinator", "stand-in", days=10)
    holding = RoleHolding.objects.of(world.person("coordinator")).get()
    last = today(world) + dt.timedelta(days=4)
    end_role(holding, last_day=last)
    assert RoleHolding.objects.get(delegation__isnull=False).valid_until == last


def test_a_role_is_delegated_for_the_days_on_which_it_is_held(world: World) -> None:
    first = today(world) + dt.timedelta(days=4)
    world.add_person("newcomer", "lk")
    world.give("newcomer", Role.REGISTRAR, world.organisations["lk"], valid_from=first)
    let(world, "newcomer", "stand-in", days=10)
    row = RoleHolding.objects.get(delegation__isnull=False)
    assert (row.valid_from, row.valid_until) == (first, today(world) + dt.timedelta(days=9))


def test_ending_a_delegation_ends_it_now_and_hands_back_what_was_taken(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    delegation = let(world, "coordinator", "stand-in", days=10).delegations[0]
    inbox.claim(item_id=item.pk, actor=world.person("stand-in"), now=world.tick(days=2))
    end_delegation(delegation_id=delegation.pk, actor=world.person("coordinator"), now=world.tick())
    item.refresh_from_db()
    assert (item.owner, item.holder_key) == (None, item.role_key)
    assert not may(world, "stand-in", item)
    assert RoleHolding.objects.get(delegation=delegation).valid_until == today(world) - dt.timedelta(days=1)
    with pytest.raises(AlreadyDone):
        end_delegation(delegation_id=delegation.pk, actor=world.person("coordinator"), now=world.tick())
    assert let(world, "coordinator", "stand-in", days=10).delegations


# Conflicts of interest


def recuse(world: World, name: str) -> Any:
    """A case in which the member has declared a conflict of interest, that now waits to be concluded."""
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by=name, choice=VoteChoice.RECUSED, reasons="Min bror ansvarar.")
    world.advance(case, to="conclude")
    return case


def test_a_conflict_of_interest_binds_who_acts_for_somebody(world: World) -> None:
    world.give("mem-lk", Role.SECRETARY, world.board)
    case = recuse(world, "mem-lk")
    RoleHolding.objects.filter(person=world.person("mem-lk"), body=world.council).delete()
    let(world, "chair", "mem-lk")
    item = world.open_items(case, "conclude")[0]
    assert conflicts_of(world.people_ids["mem-lk"], [case.pk]) == {case.pk}
    assert not may(world, "mem-lk", item)
    with pytest.raises(NotAllowed, match="jäv"):
        world.do(item, by="mem-lk")
    assert item not in WorkItem.objects.for_user(access_of(world.person("mem-lk"), on=today(world)))
    assert may(world, "chair", item)


def test_the_cases_that_the_other_may_not_touch_are_told(world: World) -> None:
    case = recuse(world, "mem-lk")
    RoleHolding.objects.filter(person=world.person("mem-lk"), body=world.council).delete()
    assert let(world, "chair", "mem-lk").not_in_cases == {case.pk}


def test_a_delegation_of_nothing_but_a_conflicted_case_is_refused(world: World) -> None:
    case = recuse(world, "mem-lk")
    give_role(person=world.person("stand-in"), role=Role.REPORTER, scope=case, valid_from=today(world))
    assert refused(world, "stand-in", "mem-lk", roles=[key_of(world, "stand-in")]) == {
        "to": f"Mem-Lk har anmält jäv i {case.number} och kan inte ersätta någon där."
    }


def test_a_conflict_of_interest_stands_in_later_deliberations(world: World) -> None:
    case = recuse(world, "mem-lk")
    world.act(case, "conclude", outcome="prepare_again", reasons="Mer underlag.")
    assert conflicts_of(world.people_ids["mem-lk"], [case.pk]) == {case.pk}
    world.advance(case, to="vote")
    assert conflicts_of(world.people_ids["mem-lk"], [case.pk]) == {case.pk}


# Absence


def test_absence_and_delegation_are_one_act(world: World) -> None:
    first, last = today(world), today(world) + dt.timedelta(days=20)
    set_absence(
        actor=world.person("coordinator"),
        absent_from=first,
        absent_until=last,
        to=world.person("stand-in"),
        now=world.tick(),
    )
    assert world.person("coordinator").is_absent(last)
    assert Delegation.objects.get().valid_until == last


def test_an_absence_whose_stand_in_is_refused_is_not_kept(world: World) -> None:
    with pytest.raises(InvalidInput) as error:
        set_absence(
            actor=world.person("coordinator"),
            absent_from=today(world),
            absent_until=today(world),
            to=world.person("reg-liu"),
            now=world.tick(),
        )
    assert set(error.value.errors) == {"to"}
    assert world.person("coordinator").absent_from is None


# What it costs


def test_delegating_costs_the_same_however_many_roles_and_tasks(world: World) -> None:
    costs = []
    world.submitted()
    for to, roles in (("stand-in", []), ("clerk-lk", [Role.REGISTRAR, Role.LEGAL_COUNSEL, Role.SIGNATORY])):
        for role in roles:
            world.give("coordinator", role, world.organisations["lk"])
            world.submitted()
        with CaptureQueriesContext(connection) as captured:
            let(world, "coordinator", to)
        costs.append(len(captured))
        end_delegation(
            delegation_id=Delegation.objects.latest("pk").pk,
            actor=world.person("coordinator"),
            now=world.tick(),
        )
    assert costs[0] == costs[1]


# What the database keeps


@pytest.mark.parametrize(
    "broken",
    [
        {"to_id": models.F("person_id")},
        {"valid_until": dt.date(2000, 1, 1)},
        {"ended_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=["to oneself", "backwards", "ended by nobody"],
)
def test_the_database_keeps_a_delegation_in_order(world: World, broken: dict[str, Any]) -> None:
    let(world, "coordinator", "stand-in")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.update(**broken)


def test_a_delegated_holding_is_always_somebody_s(world: World) -> None:
    let(world, "coordinator", "stand-in")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHolding.objects.filter(delegation__isnull=False).update(deputy_for=None)
