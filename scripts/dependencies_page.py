"""docs/dependencies.md: every part from others, its version, licence (from the installed metadata) and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Final

from scripts.project_files import ROOT

_INTRODUCTION: Final = """\
# Parts from others

Written by `make docs` from the requirements files and the metadata of the installed packages. The product itself is
AGPL-3.0-or-later, since its workflow engine is.
"""
# Why we chose what we ask for ourselves; the rest is there because one of these needs it.
REASONS: Final = {
    "aiosmtpd": "A real mail server on the loopback address, for tests of delivery",
    "axe-playwright-python": "Accessibility rules, run on every page in the browser tests",
    "css-inline": "Puts the style sheet of a mail where mail programs read it",
    "django": "The web framework; a version with long support",
    "django-anymail": "Mail through any provider, and what comes back from it",
    "django-axes": "A pause after failed sign-ins",
    "django-csp": "The Content-Security-Policy of every answer",
    "django-guardian": "Rights at a scope: organisation, body, partnership, and single cases",
    "django-stubs": "Types of Django, for the type checker",
    "django-stubs-ext": "Lets Django's classes say in running code what they hold, as the type checker asks",
    "django-viewflow": "The workflow engine (BPMN)",
    "djlint": "Checks the templates",
    "environs": "Reads settings from the environment",
    "granian": "The web server",
    "holidays": "Public holidays of Sweden, for deadlines in working days",
    "hypothesis": "Tests over many inputs that nobody thought of",
    "icalendar": "Calendar invitations to meetings",
    "mypy": "Checks the types",
    "pikepdf": "Looks inside the PDF files that we make, in tests",
    "playwright": "Drives a real browser in tests",
    "polib": "Compiles the translations, so that running needs no GNU gettext",
    "psycopg": "Speaks to PostgreSQL",
    "puremagic": "Tells from its content what an uploaded file is",
    "pydantic": "Reads process profiles and says exactly what is wrong in one",
    "pytest": "Runs the tests",
    "pytest-django": "Database and client for tests",
    "pytest-randomly": "Shuffles the tests, so that none leans on another",
    "pytest-timeout": "Ends a test that hangs",
    "pytest-xdist": "Runs tests side by side",
    "python-docx": "Documents that parties can go on writing in their word processor",
    "pyyaml": "Reads process profiles and reference data",
    "ruff": "Checks and formats the code",
    "time-machine": "Moves the clock in tests",
    "tqdm": "Shows how far a long command has come",
    "typst": "Sets documents as PDF/A with tags, without system libraries",
    "types-pyyaml": "Types of PyYAML, for the type checker",
    "uv": "Writes the requirements files with their hashes",
    "whitenoise": "Serves static files, compressed and named after their content",
}
# Classifiers about licences in general, which do not say which one it is.
_NO_LICENCES: Final = frozenset({"OSI Approved", "DFSG approved"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One pinned package; `needed_by` is empty when we ask for it ourselves."""

    name: str
    version: str
    marker: str
    needed_by: tuple[str, ...]


def dependencies_page() -> str:
    """The whole page as Markdown. Raises `KeyError` for a package of our own choice without a reason."""
    runtime = read_requirements(ROOT / "requirements.txt")
    names = {requirement.name for requirement in runtime}
    extra = [one for one in read_requirements(ROOT / "requirements-dev.txt") if one.name not in names]
    return (
        _INTRODUCTION
        + _table("To run it", runtime)
        + _table("To test and check it", extra)
        + "\nStyle sheets, scripts and fonts in `static/vendor/` have their licences beside them.\n"
    )


def read_requirements(path: Path) -> list[Requirement]:
    """The pinned packages of a requirements file made by uv, with what its comments say of who asked for them."""
    found = []
    for block in re.split(r"\n(?=[a-z0-9])", path.read_text()):
        match = re.match(r"(?P<name>[a-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))?", block)
        if not match:
            continue
        askers = re.findall(r"^ +#(?: via(?!$))? +(?!via$)([a-z0-9._-]+(?: \(.*\))?)$", block, re.MULTILINE)
        ours = any(asker.startswith("samverka ") for asker in askers)
        marker = (match["marker"] or "").strip()
        found.append(Requirement(match["name"], match["version"], marker, () if ours else tuple(askers)))
    return found


def _table(title: str, requirements: list[Requirement]) -> str:
    rows = "".join(
        f"| {one.name} | {one.version} | {_licence(one)} | {_reason(one)} |\n"
        for one in sorted(requirements, key=lambda one: (bool(one.needed_by), one.name))
    )
    return f"\n## {title}\n\n| name | version | licence | why |\n|---|---|---|---|\n{rows}"


def _reason(requirement: Requirement) -> str:
    if requirement.needed_by:
        return "Needed by " + ", ".join(requirement.needed_by)
    return REASONS[requirement.name]


def _licence(requirement: Requirement) -> str:
    try:
        found = metadata(requirement.name)
    except PackageNotFoundError:
        # The requirements are for every system, and this one is not for the system that the page was written on.
        return (
            f"(only where {requirement.marker.replace('|', '/')})"
            if requirement.marker
            else "(not installed)"
        )
    return _licence_of(found)


def _licence_of(found: PackageMetadata) -> str:
    if "License-Expression" in found:
        return found["License-Expression"]
    classifiers = [
        str(line) for line in found.get_all("Classifier") or [] if str(line).startswith("License ::")
    ]
    names = [
        name for name in (line.rpartition(" :: ")[2] for line in classifiers) if name not in _NO_LICENCES
    ]
    if names:
        return ", ".join(names)
    words = "".join(found.get_all("License") or []).strip() or _licence_text(found)
    return words.partition("\n")[0] or "(see the package)"


def _licence_text(found: PackageMetadata) -> str:
    """The text of the licence in the package, for one that does not say its name."""
    package = distribution(str(found["Name"]))
    for file in package.files or ():
        if file.name.upper().startswith(("LICENSE", "LICENCE")):
            return file.read_text().strip()
    return ""
