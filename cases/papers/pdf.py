"""A paper as PDF/A-2a and PDF/UA-1, for the archive and for everybody: tagged, with its fonts, the same bytes each time.

Typst refuses to write a label that the file does not deserve. The two things that the text itself can do wrong, a
character without a shape in the built-in fonts and one of Unicode's private area, are replaced visibly and told of at
the end of the paper.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, assert_never

import typst

from cases.papers.paper import (
    NOTHING,
    Block,
    Differences,
    Listing,
    Paper,
    Paragraph,
    Quotation,
    Resolution,
    Section,
    Signatures,
    Table,
    cleaned,
    one_line,
    paragraphs,
)
from cases.papers.words import REPLACEMENT, attachment_table, press_words, replaced_note

STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
TEMPLATE: Final = Path(__file__).with_name("paper.typ")
REGIONS: Final = {"sv": "se", "en": "gb"}

#: What Typst says of text that PDF/A or PDF/UA cannot hold, with the text as Rust writes it.
_REFUSED: Final = re.compile(
    r'^error: PDF/[^`\n]*(?:the text|codepoint) `"((?:\\.[^"\\]*|[^"\\])*)"`', re.MULTILINE
)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
#: Compilations before the last resort: each tells of everything that it met, which is nearly always all.
_ATTEMPTS: Final = 3


class PressFailed(Exception):
    """The paper could not be made, which is the template's fault and never that of its text."""


def pdf_of(paper: Paper, *, at: dt.datetime) -> bytes:
    """The paper as a PDF that says it was made at that moment. The same paper and moment give the same bytes."""
    paper = cleaned(paper)
    refused: set[str] = set()
    for _attempt in range(_ATTEMPTS):
        try:
            return _compiled(_data(paper, refused), at)
        except typst.TypstError as error:
            found = set(_refused_in(error.diagnostic)) - refused
            if not found:
                raise PressFailed(error.message) from error
            refused |= found
    return _compiled(_data(paper, refused | _beyond_latin(paper)), at)


def _compiled(data: dict[str, Any], at: dt.datetime) -> bytes:
    compiler = typst.Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(data)},
    )
    made, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp())
    )
    if warnings:
        # A font that is missing, pages that do not settle: only warnings to Typst, another paper to the reader.
        raise PressFailed("; ".join(warning.message for warning in warnings))
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts that Typst brings along, and no others: the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


# What cannot be printed


def _refused_in(diagnostic: str) -> Iterator[str]:
    for text in _REFUSED.findall(diagnostic):
        yield from (c for c in _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if not c.isascii())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _beyond_latin(paper: Paper) -> set[str]:
    """The paper's characters outside the Latin blocks and usual punctuation, which the fonts are known to have."""
    latin = {chr(code) for code in (*range(0x250), *range(0x2010, 0x2028))}
    return {character for text in _texts(_data(paper, set())) for character in text} - latin


def _without(value: Any, refused: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(refused)
    if isinstance(value, dict):
        return {key: _without(part, refused) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, refused) for part in value]
    return value


# The paper as the template reads it


def _data(paper: Paper, refused: set[str]) -> dict[str, Any]:
    words = press_words(paper.language)
    data = {
        "lang": paper.language,
        "region": REGIONS[paper.language],
        "name": paper.name,
        "kind": one_line(paper.kind),
        "sender": one_line(paper.sender),
        "number": one_line(paper.number),
        "keywords": [text for text in (one_line(paper.kind), one_line(paper.number)) if text],
        "facts": [
            {"label": one_line(fact.label), "value": fact.value.strip() or NOTHING} for fact in paper.facts
        ],
        "sections": [_section(section) for section in paper.sections],
        "attachments": _block(attachment_table(paper)) if paper.attachments else None,
        "footer": one_line(paper.footer),
        "words": {
            "page": words.page,
            "attachments": words.attachments,
            "removed": words.marks_removed,
            "added": words.marks_added,
        },
        "note": "",
    }
    shown = refused - {REPLACEMENT}
    if shown:
        data = _without(data, {ord(character): REPLACEMENT for character in shown})
        data["note"] = replaced_note(paper.language, shown)
    return data


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": one_line(section.heading),
        "sign": one_line(section.sign),
        "level": section.level,
        "new_page": section.new_page,
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"type": "paragraph", "text": list(paragraphs(text))}
        case Listing(items, numbered):
            return {"type": "listing", "items": [item.strip() for item in items], "numbered": numbered}
        case Table(caption, columns, rows):
            return {
                "type": "table",
                "caption": one_line(caption),
                "columns": [
                    {"label": one_line(column.label), "numeric": column.numeric, "wide": column.wide}
                    for column in columns
                ],
                "rows": [[cell.strip() for cell in row] for row in rows],
            }
        case Resolution(text, lead):
            return {"type": "resolution", "text": list(paragraphs(text)), "lead": list(paragraphs(lead))}
        case Quotation(text, by):
            return {"type": "quotation", "text": list(paragraphs(text)), "by": one_line(by)}
        case Differences(words):
            return {"type": "differences", "words": [{"kind": run.kind, "text": run.text} for run in words]}
        case Signatures(lines):
            return {
                "type": "signatures",
                "lines": [
                    {"name": one_line(line.name), "role": one_line(line.role), "when": one_line(line.when)}
                    for line in lines
                ],
            }
        case _:
            assert_never(block)
