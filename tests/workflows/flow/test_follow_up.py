"""Reports by the schedule in the proposal's own words."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workflows.flow.state import steps
from tests.world import World

pytestmark = pytest.mark.django_db


def test_continuous_reporting_asks_before_every_council_meeting(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="report")
    first = world.open_items(case, "report")[0]
    world.act(case, "report")
    world.advance(case, to="report")
    second = world.open_items(case, "report")[0]
    assert (first.due_on, second.due_on) == (dt.date(2021, 9, 15), dt.date(2021, 11, 15))


def test_a_report_due_in_a_season_is_asked_for_once(world: World) -> None:
    case = world.submitted(reporting_words="Våren 2023.")
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].due_on == dt.date(2023, 5, 31)
    world.act(case, "report")
    assert steps(case) == ["closing_report"]


def test_the_named_reporter_is_asked_and_not_the_proposer(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="prepare")
    world.act(case, "prepare", reporter=world.person("contact-liu"))
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].owner == world.person("contact-liu")


def test_without_readable_words_the_council_hears_at_every_meeting(world: World) -> None:
    case = world.submitted(reporting_words="när det passar")
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].due_on == dt.date(2021, 9, 15)
