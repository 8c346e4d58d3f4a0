"""A paper: what a memo, a report, a notice or minutes say, before it is known whether they become PDF or Word.

All text is plain. Nothing in it is ever read as the language of a press: ``#``, ``*`` and ``$`` are printed as they
stand. A blank line parts paragraphs, a line break breaks a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, Literal, TypeVar

from cases.values.text import without_invisible

T = TypeVar("T")

Language = Literal["sv", "en"]

#: Code points that are no characters: XML cannot hold the last two of the first plane, and none has a shape.
_NO_CHARACTERS: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_BLANK_LINES: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
MOST_LEVELS: Final = 3
#: What stands where nothing was said.
NOTHING: Final = "–"


# What stands in a section


@dataclass(frozen=True)
class Paragraph:
    """Running text; a blank line begins a new paragraph."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Points, numbered or not. A line break within a point breaks the line."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table. ``wide`` columns share the room that the others leave; figures stand to the right."""

    label: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Table:
    """Votes, attendance, money. The caption may be empty; the row of labels is repeated on every page."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a table's rows have as many cells as it has columns")


@dataclass(frozen=True)
class Resolution:
    """What is proposed or decided, word for word, set off from what surrounds it.

    ``lead`` is the sentence before it ("Kommunstyrelsen beslutar följande.").
    """

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Quotation:
    """The words of others: a reservation, a special statement, an answer. ``by`` says whose."""

    text: str
    by: str = ""


@dataclass(frozen=True)
class Words:
    """A run of text that was kept, added or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Differences:
    """What changed in a text, in reading order. The presses explain the marks."""

    words: tuple[Words, ...]


@dataclass(frozen=True)
class Signature:
    """Somebody who signs or has adjusted. Without ``when`` there is a line to write on."""

    name: str
    role: str = ""
    when: str = ""


@dataclass(frozen=True)
class Signatures:
    """Those who sign, two beside each other."""

    lines: tuple[Signature, ...]


Block = Paragraph | Listing | Table | Resolution | Quotation | Differences | Signatures


# The paper


@dataclass(frozen=True)
class Section:
    """A part under a heading. ``sign`` is the number of an item of minutes, "§ 12", and stands before its heading,
    so that a reader can go from item to item. Without heading and sign it is text before the first heading.
    """

    heading: str
    blocks: tuple[Block, ...] = ()
    level: int = 1
    sign: str = ""
    new_page: bool = False

    @property
    def has_heading(self) -> bool:
        return bool(self.heading.strip() or self.sign.strip())


@dataclass(frozen=True)
class Fact:
    """A row of what the paper says of itself: "Dnr", "Datum", "Handläggare". An empty value is printed as such."""

    label: str
    value: str


@dataclass(frozen=True)
class Attachment:
    """A document that goes with the paper (M6). ``note`` says its format, its pages or that it is internal."""

    label: str
    title: str
    registry_number: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """What a paper says. ``number`` is the registry number, or what else it is known by, on every page."""

    kind: str
    title: str
    sender: str
    language: Language = "sv"
    number: str = ""
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    footer: str = ""

    def __post_init__(self) -> None:
        above = 0
        for section in self.sections:
            if not section.has_heading:
                continue
            # PDF/UA: who navigates by headings must not fall through a level that is not there.
            if not 1 <= section.level <= min(above + 1, MOST_LEVELS):
                raise ValueError(f"heading {section.heading!r} skips a level")
            above = section.level

    @property
    def name(self) -> str:
        """What the paper is called where it must be called something: its title, without one its kind."""
        return one_line(self.title) or one_line(self.kind) or NOTHING


# Its text


def printable(text: str) -> str:
    """The text without what cannot be seen or printed: control characters, direction marks, what is no character."""
    return _NO_CHARACTERS.sub("", without_invisible(text))


def cleaned(value: T) -> T:
    """The same paper, or part of one, with every text made printable."""
    made: Any = value
    if isinstance(value, str):
        made = printable(value)
    elif isinstance(value, tuple):
        made = tuple(cleaned(part) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
    return made  # type: ignore[no-any-return]


def paragraphs(text: str) -> Iterator[list[str]]:
    """The paragraphs of a text, each as its lines."""
    for paragraph in _BLANK_LINES.split(text.strip()):
        if paragraph.strip():
            yield [line.strip() for line in paragraph.split("\n")]


def one_line(text: str) -> str:
    """The text on one line, for titles and headings."""
    return " ".join(text.split())
