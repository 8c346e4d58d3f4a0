"""The pages that are written from the code say what the code says."""

from __future__ import annotations

from pathlib import Path

from config.options import BASE_DIR, OPTIONS
from scripts.dependencies_page import REASONS, read_requirements
from scripts.registry_hosts import faults
from scripts.settings_page import settings_page


def test_the_page_of_settings_is_in_step_with_the_list() -> None:
    assert (BASE_DIR / "docs" / "settings.md").read_text() == settings_page(), "run: make docs"


def test_no_variable_is_read_beside_the_list() -> None:
    """A variable that is named in the code of the product and not declared would be without a default and a word."""
    sources = [
        path
        for room in ("cases", "config", "notifications", "workflows")
        for path in (BASE_DIR / room).rglob("*.py")
    ]
    reading = ("os.environ[", "os.environ.get(", "os.getenv(")
    readers = {
        path.relative_to(BASE_DIR) for path in sources if any(words in path.read_text() for words in reading)
    }
    assert readers <= {Path("config/test_settings.py")}


def test_every_variable_has_our_prefix() -> None:
    assert {name for name in OPTIONS if not name.startswith("SAMVERKA_")} == {"DATABASE_URL"}


def test_the_page_of_dependencies_lists_every_package_at_its_version() -> None:
    page = (BASE_DIR / "docs" / "dependencies.md").read_text()
    wanted = read_requirements(BASE_DIR / "requirements.txt") + read_requirements(
        BASE_DIR / "requirements-dev.txt"
    )
    assert len(wanted) > 80
    assert [one.name for one in wanted if f"| {one.name} | {one.version} | " not in page] == [], (
        "run: make docs"
    )


def test_every_package_of_our_own_choice_has_a_reason_and_no_reason_is_left_over() -> None:
    wanted = read_requirements(BASE_DIR / "requirements-dev.txt")
    assert {one.name for one in wanted if not one.needed_by} == set(REASONS)


def test_no_file_names_a_package_registry() -> None:
    assert faults() == []
