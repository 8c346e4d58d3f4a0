"""What every test stands on: the database of the run, folders of its own, and a real browser where one is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as project_settings
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from scripts.equipment import find_chromium, in_ci

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# No deadline: the first example pays for connections and imports, and shared machines are uneven.
hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if in_ci() else "dev")


@pytest.hookimpl(trylast=True)  # after the shuffling
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the browser's driver keeps an event loop, which Django takes for asynchronous code."""
    items.sort(key=_uses_browser)


def pytest_itemcollected(item: pytest.Item) -> None:
    if _uses_browser(item):
        item.add_marker(pytest.mark.browser)


def _uses_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
    testrun_uid: str,
) -> None:
    """A database of this run alone: two runs on one machine do not meet. SQLite's is a file: threads share it."""
    database = project_settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    if database["ENGINE"].endswith("sqlite3"):
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        test["NAME"] = f"{test.get('NAME') or 'test_samverka'}_{testrun_uid[:8]}"


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    """Uploads and mail of a test go to its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SAMVERKA_MAILBOX_DIR = tmp_path / "mailbox"


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium. Without one the browser tests are left out, except in CI, where that is a failure."""
    found = find_chromium()
    if found is None:
        message = "no Chromium found: install one or name it in SAMVERKA_CHROMIUM"
        if in_ci():
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for the run; a test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            yield browser
            browser.close()
