"""What one may see: by role at a scope, on the day, and nothing of another party's inside."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import access_of
from cases.models import Case, PartnershipGroupGrant, Role, RoleHolding
from cases.roles import end_role, sync_grants, sync_memberships
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 9, 7)


@pytest.fixture
def world() -> World:
    return build_world()


def sees(world: World, name: str, case: Case, on: dt.date = DAY) -> bool:
    access = access_of(world.person(name), on=on)
    listed = Case.objects.visible_to(access).filter(pk=case.pk).exists()
    assert listed == access.sees(Case.objects.get(pk=case.pk)), "the list and the single rule must agree"
    return listed


@pytest.mark.parametrize(
    "name",
    [
        "coordinator",
        "auditor",
        "chair",
        "secretary",
        "mem-liu",
        "reg-lk",
        "contact-liu",
        "counsel-lk",
        "sign-liu",
        "lead-lk",
        "board-lk",
    ],
)
def test_roles_of_the_partnership_see_its_submitted_cases(world: World, name: str) -> None:
    assert sees(world, name, world.submitted())


@pytest.mark.parametrize("name", ["outsider", "administrator"])
def test_outsiders_and_administrators_see_no_case(world: World, name: str) -> None:
    assert not sees(world, name, world.submitted())


def test_a_draft_is_its_proposers_own(world: World) -> None:
    case = world.draft()
    assert sees(world, "proposer", case)
    assert not sees(world, "coordinator", case)


def test_a_contact_person_of_one_area_sees_that_areas_cases_only(world: World) -> None:
    world.add_person("growth", None)
    world.give("growth", Role.CONTACT_PERSON, world.organisations["lk"], area=world.area)
    other = world.partnership.areas.create(slug="hallbar-valfard", name="Hållbar välfärd")
    assert sees(world, "growth", world.submitted())
    assert not sees(world, "growth", world.submitted(area=other))


def test_what_a_role_sees_ends_with_the_role(world: World) -> None:
    case = world.submitted()
    holding = RoleHolding.objects.get(person=world.person("coordinator"))
    end_role(holding, last_day=dt.date(2021, 9, 10))
    assert sees(world, "coordinator", case, on=dt.date(2021, 9, 10))
    assert not sees(world, "coordinator", case, on=dt.date(2021, 9, 11))


def test_a_role_that_has_not_begun_sees_nothing(world: World) -> None:
    world.add_person("later", None)
    world.give("later", Role.AUDITOR, world.partnership, valid_from=dt.date(2022, 1, 1))
    assert not sees(world, "later", world.submitted())


def test_internal_things_are_for_the_partys_own(world: World) -> None:
    lk, liu = world.organisations["lk"].pk, world.organisations["liu"].pk
    access = access_of(world.person("board-lk"), on=DAY)
    assert access.sees_internal(lk)
    assert access.sees_internal(None)
    assert not access.sees_internal(liu)


def test_access_costs_two_statements_whatever_the_person_holds(world: World) -> None:
    for number in range(20):
        area = world.partnership.areas.create(slug=f"omrade-{number}", name=f"Område {number}")
        world.give("contact-lk", Role.CONTACT_PERSON, world.organisations["lk"], area=area)
    for name in ("outsider", "proposer", "contact-lk"):
        person = world.person(name)
        with CaptureQueriesContext(connection) as captured:
            access_of(person, on=DAY).visible_cases()
        assert len(captured) == (2 if name == "contact-lk" else 1)


def test_grants_are_given_to_groups_on_the_partnership_and_can_be_worked_out_anew(world: World) -> None:
    before = set(PartnershipGroupGrant.objects.values_list("group__name", "content_object_id"))
    assert (f"coordinator@partnership:{world.partnership.pk}", world.partnership.pk) in before
    PartnershipGroupGrant.objects.all().delete()
    sync_grants()
    assert set(PartnershipGroupGrant.objects.values_list("group__name", "content_object_id")) == before


def test_grants_do_not_grow_with_cases(world: World) -> None:
    before = PartnershipGroupGrant.objects.count(), Group.objects.count()
    for _ in range(3):
        world.submitted()
    assert (PartnershipGroupGrant.objects.count(), Group.objects.count()) == before


def test_guardian_itself_gives_the_same_answer(world: World) -> None:
    assert world.person("coordinator").has_perm("cases.view_cases", world.partnership)
    assert not world.person("outsider").has_perm("cases.view_cases", world.partnership)


def test_memberships_of_scope_groups_follow_the_periods_of_the_roles(world: World) -> None:
    end_role(RoleHolding.objects.get(person=world.person("coordinator")), last_day=dt.date(2021, 9, 10))
    assert sync_memberships(on=dt.date(2021, 9, 10)) == (0, 0)
    assert sync_memberships(on=dt.date(2021, 9, 11)) == (0, 1)
    assert not world.person("coordinator").has_perm("cases.view_cases", world.partnership)
    assert sync_memberships(on=dt.date(2021, 9, 10)) == (1, 0)
