from __future__ import annotations

import pytest

from tests.workflows.meetings.hall import Hall, build_hall


@pytest.fixture
def hall(db: None) -> Hall:
    return build_hall()
