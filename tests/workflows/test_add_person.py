"""``manage.py add_person``: the administrator's way to let somebody in and give them a role."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.access import access_of
from cases.models import Person, RoleHolding
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def add(*arguments: str) -> str:
    out = StringIO()
    call_command("add_person", *arguments, stdout=out)
    return out.getvalue()


def test_a_new_person_is_added_with_a_role(world: World) -> None:
    add(
        "Ny.Person@linkoping.se",
        "--name",
        "Ny Person",
        "--organisation",
        "lk",
        "--role",
        "registrar",
        "--at",
        "organisation:lk",
    )
    person = Person.objects.get(email="ny.person@linkoping.se")
    assert person.has_usable_password()
    assert access_of(person).partnership_ids == {world.partnership.pk}


def test_somebody_who_is_there_gets_one_more_role(world: World) -> None:
    address = world.person("coordinator").email
    add(
        address,
        "--role",
        "secretary",
        "--at",
        "body:samverkansradet",
        "--from",
        "2026-01-01",
        "--until",
        "2026-12-31",
    )
    assert RoleHolding.objects.filter(person__email=address).count() == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ingen@linkoping.se"], "--name"),
        (["ingen@linkoping.se", "--name", "X", "--organisation", "okänd"], "organisation 'okänd'"),
        (
            ["coordinator@linkoping.example", "--role", "secretary", "--at", "organisation:lk"],
            "cannot be held",
        ),
        (["coordinator@linkoping.example", "--role", "secretary", "--at", "rådet"], "--at"),
        (
            [
                "coordinator@linkoping.example",
                "--role",
                "contact_person",
                "--at",
                "organisation:lk",
                "--area",
                "x/y",
            ],
            "--area",
        ),
        (
            [
                "coordinator@linkoping.example",
                "--role",
                "registrar",
                "--at",
                "organisation:lk",
                "--deputy-for",
                "x@y.z",
            ],
            "--deputy-for",
        ),
        (
            [
                "coordinator@linkoping.example",
                "--role",
                "coordinator",
                "--at",
                "partnership:lk-liu",
                "--from",
                "2020-01-01",
            ],
            "already",
        ),
    ],
)
def test_what_does_not_hold_is_said_and_nothing_is_written(
    world: World, arguments: list[str], said: str
) -> None:
    before = Person.objects.count(), RoleHolding.objects.count()
    with pytest.raises(CommandError, match=said):
        add(*arguments)
    assert (Person.objects.count(), RoleHolding.objects.count()) == before
