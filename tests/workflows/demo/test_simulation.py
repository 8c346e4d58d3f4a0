"""Random legal people reach the end of every case, and nothing that must hold breaks; broken things are told."""

from __future__ import annotations

import random

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, CaseStatus, Organisation, RegistryCounter
from cases.reference import load_reference
from tests.world import START, build_world
from workflows.demo.chooser import Chooser
from workflows.demo.directory import Directory
from workflows.demo.invariants import check_case, check_register
from workflows.demo.walk import Walker
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def rules_broken(case: Case) -> set[str]:
    return {violation.rule for violation in check_case(case.pk, Directory(), START)}


def test_twenty_cases_end_without_a_violation(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("simulate", cases=20, seed=5, database=True)
    printed = capsys.readouterr().out
    assert "Violations: 0" in printed
    assert Case.objects.exclude(status=CaseStatus.CLOSED).count() == 0
    assert Case.objects.count() >= 15


def test_the_same_seed_gives_the_same_walk() -> None:
    load_reference()
    build = [Walker(random.Random(3).randrange, now=START, cases=0) for _ in range(2)]
    picks = [[walker.chooser.pick(range(1000)) for _ in range(20)] for walker in build]
    assert picks[0] == picks[1]


def test_zero_draws_the_first_option_and_a_weight_of_none_never() -> None:
    plain = Chooser(lambda _n: 0)
    assert plain.weighted([(0, "never"), (2, "first"), (1, "second")]) == "first"
    last = Chooser(lambda n: n - 1)
    assert last.weighted([(2, "first"), (1, "second"), (0, "never")]) == "second"


def test_a_task_left_open_on_a_resting_case_is_told() -> None:
    world = build_world()
    case = world.submitted()
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ON_HOLD)
    assert "no task is open on a closed or resting case" in rules_broken(case)


def test_a_case_in_which_nobody_can_act_is_told() -> None:
    world = build_world()
    case = world.submitted()
    WorkItem.objects.filter(case=case, open=True).update(open=False)
    assert "somebody can act or a timer is set" in rules_broken(case)


def test_a_task_that_waits_for_nobody_is_told() -> None:
    world = build_world()
    case = world.submitted()
    WorkItem.objects.filter(case=case, open=True).update(holder_key="coordinator@partnership:0")
    assert "every open task can be done by somebody" in rules_broken(case)


def test_a_stage_that_the_history_does_not_tell_is_told() -> None:
    world = build_world()
    case = world.submitted()
    Case.objects.filter(pk=case.pk).update(stage="agreement")
    assert "the history tells the stage" in rules_broken(case)


def test_a_gap_in_the_register_is_told() -> None:
    world = build_world()
    case = world.submitted()
    world.advance(case, to="statement")
    RegistryCounter.objects.update(last=7)
    assert {violation.rule for violation in check_register()} == {"the register's counter agrees"}
    case.registry_numbers.update(serial=7)
    assert {violation.rule for violation in check_register()} == {"the register has no gap"}


def test_a_violation_ends_the_command_with_an_error() -> None:
    load_reference()
    # A counter that no number was ever given from: the next number leaves a gap before it.
    for organisation in Organisation.objects.exclude(registry_pattern=""):
        RegistryCounter.objects.create(organisation=organisation, year=2021, last=3)
    with pytest.raises(CommandError, match="the register has no gap") as caught:
        call_command("simulate", cases=6, seed=2, database=True)
    assert caught.value.returncode == 1
