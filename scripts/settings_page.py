"""docs/settings.md, written from the list in `config.options`, so that the two cannot differ."""

from __future__ import annotations

from typing import Any, Final

from config.options import SECTIONS, ByMode, Option

_INTRODUCTION: Final = """\
# Settings

Everything that an installation can choose is a variable of the environment, or a line `NAME=value` in the file
`samverka.env` in the folder of the project; the environment wins over the file. Every variable has a default, except
those that production must be told: it refuses to start without them and says which. A value can be kept in a file of
its own: give the file's path in the variable's name followed by `_FILE`, as in `SAMVERKA_SECRET_KEY_FILE`.

This page is written by `make docs` from the list in `config/options.py`.
"""


def settings_page() -> str:
    """The whole page as Markdown."""
    parts = [_INTRODUCTION]
    for section in SECTIONS:
        parts.append(f"\n## {section.title}\n\n| variable | kind | default | meaning |\n|---|---|---|---|\n")
        parts.extend(_row(option) for option in section.options)
    return "".join(parts)


def _row(option: Option) -> str:
    kind = " or ".join(f"`{choice}`" for choice in option.choices) or option.kind.value
    cells = (f"`{option.name}`", kind, _default(option.default), option.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _default(default: Any) -> str:
    if not isinstance(default, ByMode):
        return _words(default)
    named = "; ".join(f"{mode}: {_words(value)}" for mode, value in default.modes.items())
    return f"{_words(default.otherwise)}; {named}"


def _words(value: Any) -> str:
    match value:
        case None | "" | ():
            return "none"
        case bool():
            return "`true`" if value else "`false`"
        case tuple():
            return f"`{','.join(value)}`"
        case str() if value.startswith("only-for-the-test-suite"):
            return "a fixed one"
        case _:
            return f"`{value}`"
