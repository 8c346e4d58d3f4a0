"""Random legal people reach the end of every case, and nothing that must hold breaks; broken things are told."""

from __future__ import annotations

import random

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, CaseStatus, Conflict, Meeting, Organisation, RegistryCounter
from cases.reference import load_reference
from tests.workflows.meetings.hall import Hall, build_hall
from tests.world import START, build_world
from workflows.demo.chooser import Chooser
from workflows.demo.directory import Directory
from workflows.demo.invariants import check_case, check_register
from workflows.demo.meeting_invariants import check_meetings
from workflows.demo.walk import Walker
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def rules_broken(case: Case) -> set[str]:
    return {violation.rule for violation in check_case(case.pk, Directory(), START)}


@pytest.mark.long_walk
def test_eight_cases_end_without_a_violation(capsys: pytest.CaptureFixture[str]) -> None:
    # ``manage.py simulate --cases 200`` walks as far as one has time for; this many belong in every run of the tests.
    call_command("simulate", cases=8, seed=5, database=True)
    printed = capsys.readouterr().out
    assert "Violations: 0" in printed
    assert Case.objects.exclude(status=CaseStatus.CLOSED).count() == 0
    assert Case.objects.count() >= 6


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


@pytest.mark.long_walk
def test_a_violation_ends_the_command_with_an_error() -> None:
    load_reference()
    # A counter that no number was ever given from: the next number leaves a gap before it.
    for organisation in Organisation.objects.exclude(registry_pattern=""):
        RegistryCounter.objects.create(organisation=organisation, year=2021, last=3)
    with pytest.raises(CommandError, match="the register has no gap") as caught:
        call_command("simulate", cases=6, seed=2, database=True)
    assert caught.value.returncode == 1


def settled_at_a_meeting() -> tuple[Hall, Case, Meeting]:
    hall = build_hall()
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(hall.take_up(meeting, case))
    return hall, case, meeting


def test_a_meeting_that_went_its_way_breaks_nothing() -> None:
    hall, case, _meeting = settled_at_a_meeting()
    assert [str(found) for found in check_case(case.pk, Directory(), hall.world.now)] == []
    assert [str(found) for found in check_meetings()] == []


def test_a_gap_between_paragraphs_is_told() -> None:
    _hall, _case, meeting = settled_at_a_meeting()
    meeting.items.update(paragraph=2)
    assert {violation.rule for violation in check_meetings()} == {"paragraphs have no gap"}


def test_a_changed_event_of_a_meeting_is_told() -> None:
    _hall, _case, meeting = settled_at_a_meeting()
    meeting.events.filter(seq=2).update(data={"title": "En annan punkt"})
    assert {violation.rule for violation in check_meetings()} == {"a meeting's chain holds"}


def test_a_paragraph_with_another_outcome_than_its_deliberation_is_told() -> None:
    _hall, case, _meeting = settled_at_a_meeting()
    case.deliberations.update(outcome="hear_again")
    assert rules_broken(case) >= {"a paragraph has its deliberation's outcome"}


def test_a_decision_without_a_quorum_is_told() -> None:
    _hall, case, _meeting = settled_at_a_meeting()
    case.deliberations.update(members=9)
    assert rules_broken(case) == {"a quorum held for what was decided"}


def test_a_casting_vote_without_a_tie_is_told() -> None:
    world = build_world()
    case = world.submitted()
    world.advance(case, to="agreement_need")
    case.deliberations.update(casting_vote=True)
    assert rules_broken(case) == {"a casting vote breaks a tie"}


def test_a_vote_of_somebody_with_a_conflict_is_told() -> None:
    world = build_world()
    case = world.submitted()
    world.advance(case, to="agreement_need")
    voter = world.person("mem-lk")
    Conflict.objects.create(
        case=case, body=world.council, person=voter, reason="Leder enheten.", declared_at=START
    )
    assert rules_broken(case) == {"nobody votes in a case of conflict"}


def test_what_waits_for_a_body_and_cannot_be_put_on_an_agenda_is_told() -> None:
    hall = build_hall()
    (case,) = hall.waiting()
    hall.called([case])
    hall.body.meetings.update(status="cancelled")
    WorkItem.objects.filter(case=case, open=True).update(body=hall.world.board)
    assert "what waits for a body can be put on an agenda" in rules_broken(case)
