"""What papers are tested with: one that has everything, and readers of the files that the presses make."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import docx
import pikepdf
from docx.document import Document
from docx.table import Table as WordTable

from cases.papers.paper import (
    Attachment,
    Column,
    Differences,
    Fact,
    Listing,
    Paper,
    Paragraph,
    Quotation,
    Resolution,
    Section,
    Signature,
    Signatures,
    Table,
    Words,
)

AT = dt.datetime(2014, 4, 30, 9, 30, tzinfo=dt.UTC)

VOTES = Table(
    "Omröstning",
    (Column("Ledamot", wide=True), Column("Röst"), Column("Röster", numeric=True)),
    (("Anna Andersson", "Ja", "1"), ("Bo Berg", "Nej", "1")),
)


def everything(**changes: Any) -> Paper:
    """Minutes of one item in which every kind of block stands."""
    fields: dict[str, Any] = {
        "kind": "Protokoll",
        "title": "Samverkansrådets sammanträde",
        "sender": "Samverkansrådet",
        "number": "KS 2021-00001",
        "facts": (Fact("Datum", "30 april 2014"), Fact("Plats", "")),
        "sections": (
            Section("", (Paragraph("Inledning."),)),
            Section(
                "Reversed mentorship",
                (
                    Paragraph("Första stycket.\n\nAndra stycket\npå två rader."),
                    Listing(("En punkt", "En punkt till")),
                    Listing(("Först", "Sedan"), numbered=True),
                    Listing(("Åter först",), numbered=True),
                ),
                sign="§ 12",
            ),
            Section(
                "Beslut", (Resolution("Förslaget tillstyrks.", "Rådet beslutar följande."), VOTES), level=2
            ),
            Section("Reservation", (Quotation("Vi yrkade avslag.", "Bo Berg"),), level=2),
            Section(
                "Ändringar",
                (Differences((Words("same", "Varje "), Words("removed", "höst"), Words("added", "vår"))),),
            ),
            Section(
                "Justering",
                (Signatures((Signature("Carin Chair", "Ordförande"), Signature("Bo Berg", "", "4 maj"))),),
                new_page=True,
            ),
        ),
        "attachments": (Attachment("Bilaga 1", "Avtalet", "KS 2021-00001", "1 april 2014", "PDF"),),
        "footer": "Utskrift ur Samverka",
    }
    return Paper(**(fields | changes))


def short(text: str) -> Paper:
    """A paper with the text in its title, its sender, a heading, a paragraph, a table and its footer."""
    return Paper(
        kind="PM",
        title=text,
        sender=text,
        number=text,
        facts=(Fact("Datum", text),),
        sections=(
            Section(f"Rubrik {text}", (Paragraph(text), Table(text, (Column("Namn"),), ((text,),)))),
            Section("", (Differences((Words("added", text),)), Signatures((Signature(text, text, text),)))),
        ),
        footer=text,
    )


# PDF


def pdf_from(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def tags(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """The tags of the document in reading order, each with its title where it has one."""
    yield from _tags(pdf.Root.StructTreeRoot.K)


def _tags(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from _tags(part)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S), str(node.get("/T", ""))
        if "/K" in node:
            yield from _tags(node.K)


def headings(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    return [(tag, title) for tag, title in tags(pdf) if tag in {"/H1", "/H2", "/H3"}]


# Word


def word_from(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def word_texts(document: Document) -> Iterator[str]:
    """The text of the paragraphs and cells, in order."""
    for part in document.iter_inner_content():
        if isinstance(part, WordTable):
            for row in part.rows:
                yield from (cell.text for cell in row.cells)
        else:
            yield part.text


def styled(document: Document) -> list[tuple[str, str]]:
    """The paragraphs with the names of their styles."""
    return [(str(part.style.name), part.text) for part in document.paragraphs if part.style is not None]
