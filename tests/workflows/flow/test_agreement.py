"""The separate agreement: needed or not, reviewed, signed by all or by none."""

from __future__ import annotations

import pytest

from cases.errors import InvalidInput
from cases.models import (
    ReviewOutcome,
)
from tests.workflows.flow.state import end_of, steps
from tests.world import World
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def test_changes_requested_in_review_lead_to_a_new_version(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    world.act(
        case,
        "review_agreement",
        by="counsel-lk",
        outcome=ReviewOutcome.CHANGES,
        comment="Ange studenternas försäkring.",
    )
    world.act(case, "review_agreement", by="counsel-liu")
    assert steps(case) == ["draft_agreement"]
    world.advance(case, to="decide")
    assert list(case.agreement.versions.values_list("number", flat=True)) == [1, 2]


def test_without_need_of_an_agreement_the_parties_decide_at_once_and_nobody_signs(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="agreement_need")
    world.act(case, "agreement_need", needed=False, reason="Ingår i ramavtalet.")
    world.advance(case, to="report")
    assert not WorkItem.objects.filter(case=case, step="sign").exists()


def test_a_refused_signature_leads_back_to_the_agreement_and_both_or_none_have_signed(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="sign")
    world.act(case, "sign", by="sign-lk")
    world.act(case, "sign", by="sign-liu", signed=False, refusal_reason="Fel part angiven.")
    assert steps(case) == ["draft_agreement"]
    case.agreement.refresh_from_db()
    assert case.agreement.in_force_since is None
    assert end_of(world.finish(case)) == ("closed", "completed")
    case.agreement.refresh_from_db()
    assert case.agreement.in_force_since is not None


def test_what_is_signed_is_what_was_shown(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="sign")
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "sign", by="sign-lk", checksum="0" * 64)
    assert refusal.value.field == "checksum"
