"""The words that the presses themselves put on a paper, in the paper's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from cases.papers.paper import Column, Language, Paper, Table

#: What stands for a character that the built-in fonts have no shape for.
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class PressWords:
    """In ``page``, ``{page}`` and ``{pages}`` stand for the numbers."""

    page: str
    attachments: str
    marks_removed: str
    marks_added: str


def press_words(language: Language) -> PressWords:
    """The words in the language."""
    with translation.override(language):
        return PressWords(
            page=_("Sida {page} av {pages}"),
            attachments=_("Bilagor"),
            marks_removed=_("Genomstruket är borttaget."),
            marks_added=_("Understruket är tillagt."),
        )


def attachment_table(paper: Paper) -> Table:
    """The paper's attachments as a table. What none of them has gets no column."""
    with translation.override(paper.language):
        columns = [
            (Column(_("Nummer")), [row.label for row in paper.attachments]),
            (Column(_("Handling"), wide=True), [row.title for row in paper.attachments]),
            (Column(_("Dnr")), [row.registry_number for row in paper.attachments]),
            (Column(_("Datum")), [row.date for row in paper.attachments]),
            (Column(_("Anmärkning"), wide=True), [row.note for row in paper.attachments]),
        ]
    used = [(column, cells) for column, cells in columns if any(cell.strip() for cell in cells)]
    return Table(
        "", tuple(column for column, _cells in used), tuple(zip(*(c for _c, c in used), strict=True))
    )


def replaced_note(language: Language, characters: Collection[str]) -> str:
    """The sentence that tells which characters were replaced, each with its number and name in Unicode."""
    named = ", ".join(_named(character) for character in sorted(characters))
    with translation.override(language):
        return _("Tecken som inte kan återges i detta format har ersatts med %(mark)s: %(characters)s.") % {
            "mark": REPLACEMENT,
            "characters": named,
        }


def _named(character: str) -> str:
    number = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{number} ({name})" if name else number
