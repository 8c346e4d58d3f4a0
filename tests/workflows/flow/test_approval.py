"""Every party's own chain of decisions."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.errors import InvalidInput, NotAllowed, NotFound
from cases.models import (
    DecisionOutcome,
    Role,
)
from tests.workflows.flow.state import end_of, steps
from tests.world import World
from workflows import case_acts, inbox
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def test_each_partys_chain_has_as_many_steps_as_its_profile_says(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.advance(case, to="sign")
    decided = case.decisions.order_by("party__slug", "pk").values_list("party__slug", "step", "is_final")
    assert list(decided) == [("liu", "rektor", True), ("lk", "tjansteskrivelse", False), ("lk", "ks", True)]


def test_a_chain_step_refers_back_to_an_earlier_step_of_its_own_chain(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    world.act(
        case,
        "decide",
        by="board-lk",
        outcome=DecisionOutcome.REFER_BACK,
        reasons="Komplettera.",
        refer_back_to="tjansteskrivelse",
    )
    assert world.item_of(case, "decide", "clerk-lk").data["index"] == 0


def test_a_chain_step_cannot_refer_back_where_its_profile_does_not_let_it(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    with pytest.raises(InvalidInput) as refusal:
        world.act(
            case, "decide", by="clerk-lk", outcome=DecisionOutcome.REFER_BACK, reasons="?", refer_back_to="ks"
        )
    assert refusal.value.field == "refer_back_to"


def test_a_tabled_chain_step_wakes_on_its_day(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    day = (world.now + dt.timedelta(days=14)).date()
    world.act(
        case, "decide", by="clerk-lk", outcome=DecisionOutcome.TABLE, reasons="Semester.", tabled_until=day
    )
    assert len(world.open_items(case, "decide")) == 1
    world.wait_for_timer(case)
    assert world.item_of(case, "decide", "clerk-lk").open


def test_one_partys_rejection_ends_the_case_and_the_other_partys_open_step(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REJECT, reasons="Ingen finansiering.")
    assert end_of(case) == ("closed", "rejected")
    cancelled = case.events.get(kind="steps_cancelled")
    assert cancelled.data["step"] == "decide"


def test_only_the_step_that_decides_for_the_party_can_reject(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "decide", by="clerk-lk", outcome=DecisionOutcome.REJECT, reasons="Nej.")
    assert refusal.value.field == "outcome"


def test_referred_back_to_the_joint_preparation_everything_is_decided_in_a_new_round(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REFER_BACK, reasons="Se över målen.")
    assert steps(case) == ["prepare"]
    case.refresh_from_db()
    assert case.round == 2
    assert end_of(world.finish(case)) == ("closed", "completed")


def test_the_other_party_may_not_know_of_a_partys_internal_step(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    item = world.item_of(case, "decide", "clerk-lk")
    with pytest.raises(NotFound):
        world.do(item, by="decider-liu")


def test_a_partys_internal_step_leaves_no_trace_in_the_order_of_lists(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    case.refresh_from_db()
    before = case.updated_at
    world.act(case, "decide", by="clerk-lk")
    case.refresh_from_db()
    assert case.updated_at == before
    world.act(case, "decide", by="board-lk")
    case.refresh_from_db()
    assert case.updated_at > before


def test_a_task_that_only_the_proposer_could_do_can_be_given_to_another_at_the_same_party(
    world: World,
) -> None:
    case = world.submitted(by="board-lk")
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = next(i for i in world.open_items(case, "decide") if i.party == world.organisations["lk"])
    world.add_person("director-lk", "lk")
    world.give("director-lk", Role.DECISION_MAKER, world.organisations["lk"])
    with pytest.raises(NotAllowed):
        world.do(item, by="board-lk")
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("director-lk"),
        reason="Eget förslag.",
        now=world.tick(),
    )
    assert world.do(WorkItem.objects.get(pk=item.pk), by="director-lk").is_final


def test_a_deputy_who_has_claimed_the_task_still_acts_for_the_one_they_stand_in_for(world: World) -> None:
    world.add_person("vice", "lk")
    world.give("vice", Role.DECISION_MAKER, world.board, deputy_for=world.person("board-lk"))
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = world.item_of(case, "decide", "board-lk")
    inbox.claim(item_id=item.pk, actor=world.person("vice"), now=world.tick())
    decision = world.do(WorkItem.objects.get(pk=item.pk), by="vice")
    assert decision.on_behalf_of == world.person("board-lk")
