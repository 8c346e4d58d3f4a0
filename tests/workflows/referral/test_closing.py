"""A referral closes when the coordinator says so, when all have answered, or when its case ends (R2)."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.errors import NotAllowed, WrongState
from cases.models import Case, Referral, Stance
from tests.workflows.referral.asking import answer_outside, asked, task_of
from tests.world import World
from workflows import case_acts
from workflows.models import CaseProcess
from workflows.referral_acts import close_referral
from workflows.working_days import working_days_between


def close(world: World, case: Case, by: str = "coordinator") -> None:
    close_referral(case_id=case.pk, actor=world.person(by), now=world.tick())


def all_answer(world: World, case: Case, referral: Referral) -> None:
    for name in ("board-lk", "reg-liu", "outsider"):
        world.act(case, "referral_answer", by=name)
    answer_outside(world, referral)


def test_a_date_that_passes_closes_nothing(world: World, case: Case, referral: Referral) -> None:
    world.now += dt.timedelta(days=60)
    answer_outside(world, referral)
    referral.refresh_from_db()
    assert referral.is_open
    assert len(world.open_items(case, "referral_answer")) == 3


def test_when_all_have_answered_it_closes_by_itself_and_is_compiled(
    world: World, case: Case, referral: Referral
) -> None:
    all_answer(world, case, referral)
    referral.refresh_from_db()
    assert (referral.status, referral.closed_by) == ("compiling", None)
    assert [world.holder_of(item) for item in world.open_items(case, "compile_referral")] == ["coordinator"]


@pytest.mark.parametrize("answers", [0, 1])
def test_the_coordinator_closes_it_and_who_is_missing_is_noted(
    world: World, case: Case, referral: Referral, answers: int
) -> None:
    if answers:
        answer_outside(world, referral, stance=Stance.DECLINED, text="")
    close(world, case)
    statuses = dict(referral.recipients.values_list("kind", "status"))
    assert statuses == {
        "body": "missing",
        "organisation": "missing",
        "person": "missing",
        "outside": "declined" if answers else "missing",
    }
    event = case.events.get(kind="referral_closed")
    assert (event.data["declined"], event.data["missing"]) == (answers, 4 - answers)
    assert [item.step for item in world.open_items(case)] == ["prepare", "compile_referral"]


def test_it_is_closed_once(world: World, case: Case, referral: Referral) -> None:
    close(world, case)
    with pytest.raises(WrongState):
        close(world, case)
    with pytest.raises(NotAllowed):
        close(world, case, by="chair")


@pytest.mark.parametrize("end", ["withdraw", "cancel"])
def test_the_end_of_the_case_ends_its_referral_with_every_open_task(
    world: World, case: Case, referral: Referral, end: str
) -> None:
    answer_outside(world, referral)
    by = "proposer" if end == "withdraw" else "coordinator"
    getattr(case_acts, end)(case_id=case.pk, actor=world.person(by), reason="Slut.", now=world.tick())
    referral.refresh_from_db()
    assert referral.status == "cancelled"
    assert world.open_items(case) == []
    assert not CaseProcess.objects.filter(case=case, status="NEW").exists()
    assert dict(referral.recipients.values_list("kind", "status"))["body"] == "cancelled"
    assert asked(referral, "outside").status == "answered"


def test_the_end_of_the_case_ends_a_compilation_too(world: World, case: Case, referral: Referral) -> None:
    close(world, case)
    case_acts.cancel(case_id=case.pk, actor=world.person("coordinator"), reason="Slut.", now=world.tick())
    referral.refresh_from_db()
    assert referral.status == "cancelled"
    assert world.open_items(case) == []


def test_a_case_on_hold_rests_its_referral_and_gives_the_days_back(
    world: World, case: Case, referral: Referral
) -> None:
    coordinator = world.person("coordinator")
    outside = asked(referral, "outside")
    case_acts.hold(case_id=case.pk, actor=coordinator, reason="Paus.", now=world.tick())
    assert world.open_items(case) == []
    with pytest.raises(WrongState):
        close(world, case)
    world.now += dt.timedelta(days=14)
    case_acts.resume(case_id=case.pk, actor=coordinator, now=world.tick())
    later = asked(referral, "outside")
    task = task_of(outside)
    assert task.open
    assert working_days_between(outside.due_on, later.due_on) == 10
    assert task.due_on == later.due_on
    referral.refresh_from_db()
    assert referral.due_on == later.due_on


def test_acts_on_the_case_move_its_main_flow_and_not_the_referral(
    world: World, case: Case, referral: Referral
) -> None:
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    question = world.open_items(case, "answer")[0]
    main = CaseProcess.objects.get(case=case, parent_task__isnull=True)
    assert question.process == main


def test_those_who_wait_can_be_reminded_and_a_bodys_task_given_to_a_colleague_of_the_very_body(
    world: World, case: Case, referral: Referral
) -> None:
    coordinator = world.person("coordinator")
    for kind in ("body", "person", "outside"):
        task = task_of(asked(referral, kind))
        case_acts.remind(case_id=case.pk, item_id=task.pk, actor=coordinator, now=world.tick())
    eligible = {
        kind: list(case_acts.eligible_for(task_of(asked(referral, kind)), on=world.now.date()))
        for kind in ("body", "person", "outside")
    }
    assert eligible == {"body": [world.person("board-lk")], "person": [], "outside": []}
