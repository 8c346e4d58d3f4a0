"""Drafts, screening, registration, and the parties' statements."""

from __future__ import annotations

import pytest

from cases.errors import InvalidInput, NotFound
from cases.history import verify_case
from cases.models import (
    Case,
    RegistryNumber,
    Role,
)
from tests.workflows.flow.state import end_of, steps
from tests.world import World, build_world
from workflows.models import CaseProcess, WorkItem
from workflows.proposals import discard_draft, submit_proposal
from workflows.steps.screen import ScreenOutcome

pytestmark = pytest.mark.django_db


def test_a_proposal_goes_from_draft_to_closed_through_all_five_stages(world: World) -> None:
    case = world.finish(world.submitted())
    stages = [e.data["stage"] for e in case.events.filter(kind="stage_entered").order_by("seq")]
    assert stages == ["preparation", "agreement", "approval", "follow_up"]
    assert end_of(case) == ("closed", "completed")
    assert list(verify_case(case)) == []
    assert CaseProcess.objects.get(case=case).status == "DONE"
    assert not WorkItem.objects.filter(case=case, finished=None).exists()


def test_every_party_registers_the_case_under_its_own_number(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    numbers = set(RegistryNumber.objects.filter(case=case).values_list("organisation__slug", "text"))
    assert numbers == {("lk", "KS 2021-00001"), ("liu", "LiU-2021-00001")}


def test_a_partnership_of_three_parties_hears_and_asks_all_three() -> None:
    world = build_world(parties=3)
    case = world.submitted()
    assert len(world.advance(case, to="statement")) == 3
    assert len(world.advance(case, to="decide")) == 3
    assert end_of(world.finish(case)) == ("closed", "completed")


def test_a_returned_proposal_is_completed_and_screened_again(world: World) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Vilka studenter?")
    assert steps(case) == ["complete"]
    world.act(case, "complete", content=world.content(description="Studenter vid LiU."))
    assert steps(case) == ["screen"]
    case.proposal.refresh_from_db()
    assert case.proposal.description == "Studenter vid LiU."


def test_a_return_without_reasons_is_refused_and_changes_nothing(world: World) -> None:
    case = world.submitted()
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "screen", outcome=ScreenOutcome.RETURN)
    assert set(refusal.value.errors) == {"reasons"}
    assert steps(case) == ["screen"]


def test_a_declined_proposal_is_closed(world: World) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Hör till en annan plan.")
    assert end_of(case) == ("closed", "declined")
    assert steps(case) == []


def test_the_areas_own_contact_person_is_asked_where_there_is_one(world: World) -> None:
    world.add_person("growth-lk", "lk")
    world.give("growth-lk", Role.CONTACT_PERSON, world.organisations["lk"], area=world.area)
    case = world.submitted()
    world.advance(case, to="statement")
    assert world.item_of(case, "statement", "growth-lk").party == world.organisations["lk"]


def test_a_draft_is_seen_by_its_proposer_alone_and_can_be_thrown_away(world: World) -> None:
    case = world.draft()
    with pytest.raises(NotFound):
        submit_proposal(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    discard_draft(case_id=case.pk, actor=world.person("proposer"), now=world.tick())
    assert not Case.objects.filter(pk=case.pk).exists()


def test_a_staff_exchange_needs_purpose_terms_and_benefit_before_it_is_submitted(world: World) -> None:
    case = world.draft(kind="staff_exchange")
    with pytest.raises(InvalidInput) as refusal:
        submit_proposal(case_id=case.pk, actor=world.person("proposer"), now=world.tick())
    assert set(refusal.value.errors) == {"purpose", "terms", "benefit"}


def test_the_parties_keep_the_order_of_the_signed_document(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    assert [item.party.slug for item in world.open_items(case) if item.party] == ["lk", "liu"]
