"""Whatever the papers name exists: paths, commands, make targets, settings, Python names, links, words of the pages."""

from __future__ import annotations

import pydoc
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import get_commands

from config.options import BASE_DIR, OPTIONS

ROOMS = ("benchmarks", "cases", "config", "notifications", "scripts", "tests", "workflows")
FOLDERS = (*ROOMS, ".ci", "docs", "fixtures", "locale", "static", "templates")
PAPERS = sorted(
    [*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md"), *(BASE_DIR / "fixtures").rglob("*.md")]
)
# Variables of the tools beside the product, each with the file that reads it.
READ_ELSEWHERE = {
    "SAMVERKA_CHROMIUM": "scripts/equipment.py",
    "SAMVERKA_DEMO_DATABASE_URL": "scripts/serve_demo.py",
    "TEST_DATABASE_URL": "scripts/equipment.py",
}

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ITALICS = re.compile(r"\*([^*]+)\*")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"\.?[\w*-]+(?:[./][\w*.-]+)*/?")
_NAME = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)")
_MODULE = re.compile(r"python3? -m ([a-z_.]+)")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
_SETTING = re.compile(r"\b((?:SAMVERKA|TEST)_[A-Z_]*[A-Z]|DATABASE_URL)\b")


def _id(paper: Path) -> str:
    return str(paper.relative_to(BASE_DIR))


def _prose(paper: Path) -> str:
    """The text without fenced blocks, which hold shell and other languages."""
    return _FENCE.sub("", paper.read_text("utf-8"))


def _code(paper: Path) -> Iterator[str]:
    yield from _CODE.findall(_prose(paper))


def _said_as_code(paper: Path) -> str:
    """Everything that is to be typed: code in the text, and the fenced blocks."""
    text = paper.read_text("utf-8")
    return "\n".join([*_CODE.findall(_FENCE.sub("", text)), *_FENCE.findall(text)])


def _is_path(words: str) -> bool:
    if not _PATH.fullmatch(words):
        return False
    first = words.split("/")[0]
    return first in FOLDERS if "/" in words else (BASE_DIR / words).suffix in {".md", ".toml", ".txt"}


def _missing_paths(words: Iterable[str], beside: Path) -> set[str]:
    """The paths that are neither in the tree nor, for a bare file name, beside the paper."""
    paths = {word for word in words if _is_path(word)}
    return {path for path in paths if not any(BASE_DIR.glob(path)) and not (beside / path).exists()}


def _anchors(paper: Path) -> set[str]:
    """The anchors of the headings, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(paper), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def _is_importable(name: str) -> bool:
    return pydoc.locate(name) is not None


def test_there_are_papers_to_look_at() -> None:
    assert {"README.md", "docs/index.md", "docs/administration.md"} <= {_id(paper) for paper in PAPERS}


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_paths_of_the_tree_exist(paper: Path) -> None:
    assert _missing_paths(_code(paper), paper.parent) == set()


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_python_names_exist(paper: Path) -> None:
    names = {word for word in _code(paper) if _NAME.fullmatch(word) and not (BASE_DIR / word).exists()}
    assert {name for name in names if not _is_importable(name)} == set()


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_commands_exist(paper: Path) -> None:
    text = _said_as_code(paper)
    assert set(_COMMAND.findall(text)) - set(get_commands()) - {"help"} == set()
    modules = {name for name in _MODULE.findall(text) if name.split(".")[0] in {*ROOMS, "granian", "pytest"}}
    assert {name for name in modules if find_spec(name) is None} == set()


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_make_targets_exist(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (BASE_DIR / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(_TARGET.findall(_said_as_code(paper))) - targets == set()


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_settings_exist(paper: Path) -> None:
    named = {
        name.removesuffix("_FILE")
        for name in _SETTING.findall(paper.read_text("utf-8"))
        if name not in OPTIONS
    }
    beside = {name for name, path in READ_ELSEWHERE.items() if name in (BASE_DIR / path).read_text("utf-8")}
    assert {name for name in named - set(OPTIONS) - beside if not hasattr(settings, name)} == set()


@pytest.mark.parametrize("paper", PAPERS, ids=_id)
def test_links_lead_somewhere(paper: Path) -> None:
    broken = set()
    for link in _LINK.findall(_prose(paper)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (paper.parent / path).resolve() if path else paper
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.add(link)
    assert broken == set()


def _swedish_words() -> str:
    """Everything that a page may say in Swedish, in one text: the texts stand in the code."""
    code = [path for room in ROOMS if room != "tests" for path in (BASE_DIR / room).rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in [*code, *(BASE_DIR / "templates").rglob("*.html")])


def _english_words() -> str:
    """Everything that a page may say in English."""
    catalogue = polib.pofile(str(BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    return "\n".join(text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values()))


@pytest.mark.parametrize(("guide", "words"), [("sv.md", _swedish_words), ("en.md", _english_words)])
def test_the_guides_quote_words_that_stand_on_the_pages(guide: str, words: Callable[[], str]) -> None:
    text = (
        (BASE_DIR / "docs" / "user" / guide)
        .read_text("utf-8")
        .replace("*kursiv stil*", "")
        .replace("*italics*", "")
    )
    quoted = {" ".join(quote.split()).rstrip(" …") for quote in _ITALICS.findall(text.replace("**", ""))}
    said = words().lower()
    assert len(quoted) > 30
    assert {quote for quote in quoted if quote.lower() not in said} == set()


def test_what_is_not_there_is_found() -> None:
    beside = BASE_DIR / "docs"
    assert _missing_paths(["cases/nothing.py", "cases/access.py", "docs/*.md", "workflows/"], beside) == {
        "cases/nothing.py"
    }
    assert not _is_importable("cases.access.nothing_of_the_kind")
    assert _is_importable("cases.access.Access.sees")
