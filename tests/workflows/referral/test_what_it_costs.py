"""As many statements with sixty recipients as with twelve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Referral, Role
from tests.workflows.referral.asking import answer, asked
from tests.world import World, build_world
from workflows import case_acts
from workflows.referral_acts import close_referral
from workflows.referral_sending import Recipient
from workflows.steps.referral import answer_as_recipient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return build_world()


def statements(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def many(world: World, number: int) -> list[Recipient]:
    """So many recipients, a third each: people, people for the board's like, and outsiders by mail."""
    found = [Recipient(body=world.board), Recipient(organisation=world.organisations["liu"])]
    for n in range((number - 2) // 2):
        name = f"asked-{number}-{n}"
        world.add_person(name, None)
        found.append(Recipient(person=world.person(name)))
    found += [
        Recipient(name=f"Instans {n}", email=f"i{n}@instans.example") for n in range(number - len(found))
    ]
    return found


def of_each_size(world: World, measure: Callable[[Case, list[Recipient]], int]) -> list[int]:
    costs = []
    for number in (12, 60):
        case = world.submitted()
        recipients = many(world, number)
        world.advance(case, to="prepare")
        costs.append(measure(case, recipients))
    return costs


def test_sending(world: World) -> None:
    few, many_ = of_each_size(
        world, lambda case, recipients: statements(lambda: world.refer(case, *recipients))
    )
    assert few == many_


def test_closing(world: World) -> None:
    def measure(case: Case, recipients: list[Recipient]) -> int:
        world.refer(case, *recipients)
        coordinator = world.person("coordinator")
        return statements(lambda: close_referral(case_id=case.pk, actor=coordinator, now=world.tick()))

    few, many_ = of_each_size(world, measure)
    assert few == many_


def test_the_end_of_the_case(world: World) -> None:
    def measure(case: Case, recipients: list[Recipient]) -> int:
        world.refer(case, *recipients)
        coordinator = world.person("coordinator")
        return statements(
            lambda: case_acts.cancel(case_id=case.pk, actor=coordinator, reason="Slut.", now=world.tick())
        )

    few, many_ = of_each_size(world, measure)
    assert few == many_


def test_an_answer_from_outside(world: World) -> None:
    def measure(case: Case, recipients: list[Recipient]) -> int:
        outside = world.refer(case, *recipients).recipients.filter(kind="outside")[0]
        return statements(
            lambda: answer_as_recipient(
                recipient_id=outside.pk,
                actor=None,
                digest=outside.token_digest,
                after=0,
                answer=answer(),
                now=world.tick(),
            )
        )

    few, many_ = of_each_size(world, measure)
    assert few == many_


@pytest.mark.parametrize("page", ["case", "compile", "prepare", "manage"])
def test_the_pages(world: World, page: str) -> None:
    def measure(case: Case, recipients: list[Recipient]) -> int:
        referral = world.refer(case, *recipients)
        for outside in referral.recipients.filter(kind="outside"):
            answer_as_recipient(
                recipient_id=outside.pk,
                actor=None,
                digest=outside.token_digest,
                after=0,
                answer=answer(),
                now=world.tick(),
            )
        url = address(world, case, referral, page)
        client = Client()
        client.force_login(world.person("coordinator"), backend="django.contrib.auth.backends.ModelBackend")
        with time_machine.travel(world.tick(), tick=False):
            return statements(lambda: client.get(url))

    few, many_ = of_each_size(world, measure)
    assert few == many_


def address(world: World, case: Case, referral: Referral, page: str) -> str:
    if page == "case":
        return f"/arenden/{case.pk}/"
    if page == "manage":
        return f"/arenden/{case.pk}/remiss/instans/{asked(referral, 'body').pk}/"
    if page == "compile":
        close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
        return f"/uppgifter/{world.open_items(case, 'compile_referral')[0].pk}/"
    return f"/uppgifter/{world.open_items(case, 'prepare')[0].pk}/"


def test_the_form_to_send_one(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="prepare")

    def measure() -> int:
        client = Client()
        client.force_login(world.person("coordinator"), backend="django.contrib.auth.backends.ModelBackend")
        with time_machine.travel(world.tick(), tick=False):
            return statements(lambda: client.get(f"/arenden/{case.pk}/remiss/ny/"))

    few = measure()
    for n in range(30):
        world.add_person(f"more-{n}", "liu")
        world.give(f"more-{n}", Role.CONTACT_PERSON, world.organisations["liu"])
    assert measure() == few
