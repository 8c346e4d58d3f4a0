from __future__ import annotations

import pytest

from cases.models import Case, Referral
from tests.workflows.steps.site import Site
from tests.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def site(world: World) -> Site:
    return Site(world)


@pytest.fixture
def case(world: World) -> Case:
    return world.submitted()


@pytest.fixture
def referral(world: World, case: Case) -> Referral:
    """Out to the executive board, the university, a person who sees no case, and Kårservice by mail."""
    return world.refer(case)
