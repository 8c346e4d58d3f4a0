from __future__ import annotations

from typing import Any

import pytest

from tests.notifications.meetings.council import Council, build_council


@pytest.fixture
def council(db: None, settings: Any) -> Council:
    settings.ROOT_URLCONF = "tests.notifications.meetings.addresses"
    return build_council()
