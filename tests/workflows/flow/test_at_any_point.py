"""What can be done at any open point, and what nobody can."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.access import access_of
from cases.errors import AlreadyDone, NotAllowed, NotFound, WrongState
from cases.models import (
    Case,
    DeliberationOutcome,
    Role,
    RoleHolding,
)
from cases.roles import give_role
from tests.workflows.flow.state import end_of, steps
from tests.world import FIRST_DAY, World
from workflows import case_acts, inbox
from workflows.models import WorkItem
from workflows.steps.screen import ScreenOutcome

pytestmark = pytest.mark.django_db


def test_a_proposer_withdraws_until_the_parties_begin_to_decide(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    case_acts.withdraw(case_id=case.pk, actor=world.person("proposer"), reason="", now=world.tick())
    assert end_of(case) == ("closed", "withdrawn")
    other = world.submitted()
    world.advance(other, to="decide")
    with pytest.raises(WrongState):
        case_acts.withdraw(case_id=other.pk, actor=world.person("proposer"), reason="", now=world.tick())


def test_a_case_on_hold_has_no_open_task_and_resumes_with_its_days_left(world: World) -> None:
    case = world.submitted()
    before = world.open_items(case)[0].due_on
    case_acts.hold(
        case_id=case.pk, actor=world.person("coordinator"), reason="Inväntar budget.", now=world.tick()
    )
    assert steps(case) == []
    item = WorkItem.objects.get(case=case, step="screen")
    with pytest.raises(WrongState):
        world.do(item, by="coordinator")
    case_acts.resume(case_id=case.pk, actor=world.person("coordinator"), now=world.tick(days=14))
    after = world.open_items(case)[0].due_on
    assert before is not None
    assert after is not None
    assert (after - before).days == 14


def test_a_timer_does_not_move_a_case_on_hold(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    day = (world.now + dt.timedelta(days=3)).date()
    world.act(case, "conclude", outcome=DeliberationOutcome.TABLE, reasons="?", tabled_until=day)
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Vilar.", now=world.tick())
    from workflows.timers import fire_due_timers

    assert fire_due_timers(world.tick(days=10)) == 0
    case_acts.resume(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    assert fire_due_timers(world.tick()) == 1


def test_a_question_to_the_proposer_is_a_task_beside_the_others(world: World) -> None:
    case = world.submitted()
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    assert steps(case) == ["screen", "answer"]
    world.act(case, "answer")
    assert steps(case) == ["screen"]
    assert case.questions.get().answer == "Tolv studenter."


def test_a_question_left_open_does_not_keep_the_case_from_ending(world: World) -> None:
    case = world.submitted()
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Nej.")
    assert not WorkItem.objects.filter(case=case, open=True).exists()


def test_a_task_done_is_not_done_again(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.do(item, by="coordinator")
    with pytest.raises(AlreadyDone):
        world.do(item, by="coordinator")


def test_nobody_screens_a_proposal_of_their_own(world: World) -> None:
    case = world.submitted(by="coordinator")
    with pytest.raises(NotAllowed):
        world.act(case, "screen", by="coordinator")


def test_somebody_outside_learns_not_even_that_the_task_exists(world: World) -> None:
    case = world.submitted()
    with pytest.raises(NotFound):
        world.do(world.open_items(case)[0], by="outsider")


def test_a_role_that_has_ended_lets_nobody_act(world: World) -> None:
    case = world.submitted()
    RoleHolding.objects.filter(person=world.person("coordinator")).update(valid_until=dt.date(2021, 1, 1))
    with pytest.raises(NotFound):
        world.do(world.open_items(case)[0], by="coordinator")


def test_a_task_is_claimed_released_and_handed_over(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    with pytest.raises(AlreadyDone):
        inbox.claim(item_id=item.pk, actor=world.person("colleague"), now=world.tick())
    inbox.release(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    inbox.hand_over(
        item_id=item.pk, actor=world.person("coordinator"), to=world.person("colleague"), now=world.tick()
    )
    item.refresh_from_db()
    assert item.owner == world.person("colleague")
    world.do(item, by="colleague")


def test_a_running_case_keeps_the_profile_version_it_began_with(world: World) -> None:
    from tests.world import PROFILE
    from workflows.profiles import load_profile

    case = world.submitted()
    changed = PROFILE.replace("id: rektor, title: Rektor", "id: dekan, title: Dekan")
    load_profile(changed, filename="lk-liu.yaml", now=world.tick())
    other = world.submitted()
    assert {case.processes.get().profile_version.number, other.processes.get().profile_version.number} == {
        1,
        2,
    }
    world.advance(case, to="sign")
    assert "rektor" in set(case.decisions.values_list("step", flat=True))


def test_a_role_given_twice_from_the_same_day_is_refused(world: World) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        give_role(
            person=world.person("coordinator"),
            role=Role.COORDINATOR,
            scope=world.partnership,
            valid_from=FIRST_DAY,
        )


def test_whoever_takes_over_the_proposers_task_sees_the_case(world: World) -> None:
    world.add_person("colleague", "lk")
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Mer.")
    item = world.open_items(case)[0]
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("colleague"),
        reason="Föräldraledig.",
        now=world.tick(),
    )
    assert Case.objects.visible_to(access_of(world.person("colleague"), on=world.now.date())).get() == case
    world.do(WorkItem.objects.get(pk=item.pk), by="colleague")
