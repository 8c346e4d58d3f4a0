"""Registry numbers: every party's own pattern, gapless, never reused (M1)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from cases.errors import AlreadyDone, InvalidInput
from cases.models import Organisation, RegistryNumber
from cases.register import register_case
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def register(world: World, slug: str = "lk", now: dt.datetime | None = None) -> RegistryNumber:
    return register_case(
        case=world.submitted(),
        organisation=world.organisations[slug],
        actor=world.person(f"reg-{slug}"),
        now=now or world.tick(),
    )


def test_each_party_numbers_in_its_own_pattern(world: World) -> None:
    assert register(world, "lk").text == "KS 2021-00001"
    assert register(world, "liu").text == "LiU-2021-00001"


def test_the_count_begins_anew_with_the_swedish_year(world: World) -> None:
    assert register(world).text == "KS 2021-00001"
    new_year_in_sweden = dt.datetime(2021, 12, 31, 23, 30, tzinfo=dt.UTC)
    assert register(world, now=new_year_in_sweden).text == "KS 2022-00001"


def test_a_pattern_without_a_year_counts_on(world: World) -> None:
    Organisation.objects.filter(slug="lk").update(registry_pattern="{series}-{n}", registry_series="109")
    world.organisations["lk"].refresh_from_db()
    assert register(world).text == "109-1"
    assert register(world, now=dt.datetime(2022, 5, 1, tzinfo=dt.UTC)).text == "109-2"


def test_a_number_taken_back_by_a_rollback_is_given_to_the_next(world: World) -> None:
    with transaction.atomic():
        register(world)
        transaction.set_rollback(True)
    assert register(world).text == "KS 2021-00001"


def test_a_case_is_registered_once_with_each_organisation(world: World) -> None:
    case, lk, registrar = world.submitted(), world.organisations["lk"], world.person("reg-lk")
    register_case(case=case, organisation=lk, actor=registrar, now=world.tick())
    with pytest.raises(AlreadyDone):
        register_case(case=case, organisation=lk, actor=registrar, now=world.tick())


def test_an_organisation_without_a_pattern_is_told_to_get_one(world: World) -> None:
    Organisation.objects.filter(slug="lk").update(registry_pattern="")
    world.organisations["lk"].refresh_from_db()
    with pytest.raises(InvalidInput):
        register(world)


def test_a_party_that_keeps_no_register_here_is_not_asked_to_register(world: World) -> None:
    Organisation.objects.filter(slug="liu").update(registry_pattern="")
    case = world.submitted()
    world.advance(case, to="register")
    assert [item.party.slug for item in world.open_items(case, "register") if item.party] == ["lk"]
