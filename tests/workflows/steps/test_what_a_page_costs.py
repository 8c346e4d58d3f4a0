"""The statements that each page makes: a known number, the same however much there is in the database."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, FundingLine, Organisation, ResponsibleUnit, Role, Unit
from tests.workflows.steps.site import reach, url_of
from tests.world import World

#: Six are the page's frame: session, person, roles, the person's organisation and task count, and the step itself.
#: The rest is what the person reads beside the form.
STEP_COSTS = {
    "agreement_need": 13,
    "answer": 10,
    "closing_report": 11,
    "compile_referral": 13,
    "complete": 18,
    "conclude": 15,
    "decide": 20,
    "draft_agreement": 13,
    "prepare": 21,
    "referral_answer": 14,
    "register": 13,
    "report": 10,
    "review_agreement": 14,
    "screen": 12,
    "sign": 17,
    "statement": 13,
    "vote": 16,
}
PAGE_COSTS = {
    "/samarbeten/": 9,
    "/samarbeten/lk-liu/": 17,
    "/organ/samverkansradet/": 13,
    "/organ/ks-lk/": 12,
    "/konto/": 8,
    "/konto/delegera/": 7,
    "/forslag/nytt/": 14,
}


def statements_of(world: World, by: str, url: str) -> list[str]:
    """The statements of one page, opened by a person who has signed in already."""
    client = Client()
    client.force_login(world.person(by), backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(world.tick(), tick=False), CaptureQueriesContext(connection) as statements:
        assert client.get(url).status_code == 200
    return [statement["sql"] for statement in statements]


def make_everything_larger(world: World, *cases: Case) -> None:
    """More cases, colleagues, units and organisations than the world begins with, and more rows in the cases."""
    lk = world.organisations["lk"]
    for number in range(5):
        world.add_person(f"more-{number}", "lk")
        for role in (Role.REGISTRAR, Role.CONTACT_PERSON, Role.LEGAL_COUNSEL, Role.SIGNATORY):
            world.give(f"more-{number}", role, lk)
        world.give(f"more-{number}", Role.COORDINATOR, world.partnership)
        world.give(f"more-{number}", Role.SECRETARY, world.council)
        Unit.objects.create(organisation=lk, name=f"Enhet {number}")
        Organisation.objects.create(
            name=f"Bolag {number}", short_name=f"B{number}", slug=f"b{number}", kind="company"
        )
        world.submitted()
        for case in cases:
            ResponsibleUnit.objects.create(
                case=case, organisation=lk, name=f"LK (Enhet {number})", order=number + 10
            )
            FundingLine.objects.create(
                case=case, source="Egna medel", amount=Decimal(1000), year=2021 + number
            )


@pytest.mark.parametrize(("step", "cost"), STEP_COSTS.items())
def test_a_step_s_page_costs_the_same_in_a_larger_world(world: World, step: str, cost: int) -> None:
    item = reach(world, step)
    who = world.holder_of(item)
    small = statements_of(world, who, url_of(item))
    make_everything_larger(world, item.case)
    large = statements_of(world, who, url_of(item))
    assert (len(small), len(large)) == (cost, cost), "\n".join(large)


@pytest.mark.parametrize(("url", "cost"), PAGE_COSTS.items())
def test_a_page_costs_the_same_in_a_larger_world(world: World, url: str, cost: int) -> None:
    world.submitted()
    small = statements_of(world, "coordinator", url)
    make_everything_larger(world)
    large = statements_of(world, "coordinator", url)
    assert (len(small), len(large)) == (cost, cost), "\n".join(large)


@pytest.mark.parametrize(("page", "cost"), [("", 16), ("lamna-in/", 10), ("slang/", 6)])
def test_a_draft_s_page_costs_the_same_in_a_larger_world(world: World, page: str, cost: int) -> None:
    draft = world.draft()
    FundingLine.objects.create(case=draft, source="Egna medel", amount=Decimal(1000), year=2021)
    small = statements_of(world, "proposer", f"/forslag/{draft.pk}/{page}")
    make_everything_larger(world, draft)
    large = statements_of(world, "proposer", f"/forslag/{draft.pk}/{page}")
    assert (len(small), len(large)) == (cost, cost), "\n".join(large)
