"""`make docs`: write the pages that follow from the code."""

from __future__ import annotations

from scripts.dependencies_page import dependencies_page
from scripts.project_files import ROOT
from scripts.settings_page import settings_page


def main() -> None:
    (ROOT / "docs" / "settings.md").write_text(settings_page())
    (ROOT / "docs" / "dependencies.md").write_text(dependencies_page())


if __name__ == "__main__":
    main()
