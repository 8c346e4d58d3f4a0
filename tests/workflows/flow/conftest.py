"""Every test of the flow begins with the partnership and its people."""

import pytest

from tests.world import World, build_world


@pytest.fixture
def world() -> World:
    return build_world()
