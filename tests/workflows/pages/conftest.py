"""A world, and a browserless visitor for each of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World, build_world

Visit = Callable[[str], Client]


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def visit(world: World) -> Visit:
    """A client in which the named person has signed in."""

    def visitor(name: str) -> Client:
        client = Client()
        client.force_login(world.person(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return visitor
