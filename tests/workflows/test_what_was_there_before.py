"""Upgrading: what stood in the database before bodies had meetings and steps had timers goes on as it should."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
import time_machine
from django.apps import apps

from cases.models import Conflict, VoteChoice
from tests.world import build_world
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def test_a_conflict_of_interest_among_the_votes_becomes_one_that_stands() -> None:
    world = build_world()
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.RECUSED, reasons="Anställd i projektet.")
    Conflict.objects.all().delete()
    import_module("cases.migrations.0003_conflicts_from_votes").write_conflicts(apps, None)
    found = case.conflicts.get()
    assert (found.person, found.body, found.reason) == (
        world.person("mem-lk"),
        world.council,
        "Anställd i projektet.",
    )


def test_an_open_step_gets_the_timer_that_lies_ahead() -> None:
    world = build_world()
    case = world.submitted()
    item = world.open_items(case)[0]
    WorkItem.objects.update(timer="", timer_at=None)
    assert item.due_on is not None
    for today, timer in (
        (item.due_on - dt.timedelta(days=7), "remind"),
        (item.due_on, "escalate"),
        (item.due_on + dt.timedelta(days=60), ""),
    ):
        WorkItem.objects.update(timer="", timer_at=None)
        with time_machine.travel(dt.datetime.combine(today, dt.time(12), dt.UTC), tick=False):
            import_module("workflows.migrations.0003_timers_of_open_steps").set_timers(apps, None)
        item.refresh_from_db()
        assert item.timer == timer
