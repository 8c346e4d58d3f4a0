from __future__ import annotations

import pytest

from tests.workflows.steps.site import Site
from tests.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def site(world: World) -> Site:
    return Site(world)
