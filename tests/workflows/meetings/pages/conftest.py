"""The hall, and a browser without scripts for each of its people, at the hall's own time."""

from __future__ import annotations

import pytest

from tests.workflows.meetings.hall import Hall
from tests.workflows.steps.site import Site


@pytest.fixture
def site(hall: Hall) -> Site:
    return Site(hall.world)
