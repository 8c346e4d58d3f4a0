"""A paper as a Word file with real styles, so that headings, tables and language are there for who reads and edits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import assert_never

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph as WordParagraph

from cases.papers.docx_sheet import (
    DECISION,
    FACT,
    NOTE,
    SIGNATURE,
    TABLE_TEXT,
    border,
    bytes_of,
    element,
    new_sheet,
)
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
    Signature,
    Signatures,
    Table,
    Words,
    cleaned,
    one_line,
    paragraphs,
)
from cases.papers.words import PressWords, attachment_table, press_words


def docx_of(paper: Paper, *, at: dt.datetime) -> bytes:
    """The paper as a Word file that says it was made at that moment. The same paper and moment give the same bytes."""
    paper = cleaned(paper)
    sheet = new_sheet(paper, at=at)
    writer = _Writer(sheet, press_words(paper.language))
    writer.top(paper)
    for section in paper.sections:
        writer.section(section)
    if paper.attachments:
        sheet.add_heading(writer.words.attachments, level=1)
        writer.table(attachment_table(paper))
    return bytes_of(sheet)


class _Writer:
    """Writes a paper's parts on a sheet, one after the other."""

    def __init__(self, sheet: Document, words: PressWords) -> None:
        self.sheet = sheet
        self.words = words
        self.table_text: str = sheet.styles[TABLE_TEXT].style_id

    def top(self, paper: Paper) -> None:
        if paper.sender.strip():
            self.sheet.add_paragraph().add_run(one_line(paper.sender)).bold = True
        if paper.kind.strip():
            self.sheet.add_paragraph(one_line(paper.kind))
        for fact in paper.facts:
            row = self.sheet.add_paragraph(style=FACT)
            row.add_run(one_line(fact.label)).bold = True
            row.add_run(f"\t{fact.value.strip() or NOTHING}")
        self.sheet.add_paragraph(paper.name, style="Title")

    def section(self, section: Section) -> None:
        if section.has_heading:
            name = " ".join(part for part in (one_line(section.sign), one_line(section.heading)) if part)
            heading = self.sheet.add_heading(name, level=section.level)
            heading.paragraph_format.page_break_before = section.new_page or None
        elif section.new_page:
            self.sheet.add_paragraph().paragraph_format.page_break_before = True
        for block in section.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph(text):
                self.text(text)
            case Listing(items, numbered):
                self.listing(items, numbered=numbered)
            case Table():
                self.table(block)
            case Resolution(text, lead):
                self.text(lead)
                self.text(text, DECISION)
            case Quotation(text, by):
                self.text(text, "Quote")
                if by.strip():
                    self.sheet.add_paragraph(style="Quote").add_run(one_line(by)).italic = True
            case Differences(words):
                self.differences(words)
            case Signatures(lines):
                self.signatures(lines)
            case _:
                assert_never(block)

    def text(self, text: str, style: str | None = None) -> None:
        for lines in paragraphs(text):
            self.sheet.add_paragraph("\n".join(lines), style=style)

    def listing(self, items: Iterable[str], *, numbered: bool) -> None:
        number = self.new_numbering() if numbered else None
        for item in items:
            point = self.sheet.add_paragraph(
                item.strip(), style="List Bullet" if number is None else "List Number"
            )
            if number is not None:
                properties = point._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number

    def new_numbering(self) -> int:
        """A numbering that begins at one; without its own, Word would count on from the list before."""
        numbering = self.sheet.part.numbering_part.element
        style = self.sheet.styles["List Number"].element
        usual = numbering.num_having_numId(style.pPr.numPr.numId.val)
        made = numbering.add_num(usual.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def table(self, data: Table) -> None:
        if data.caption.strip():
            self.sheet.add_paragraph(one_line(data.caption), style="Caption")
        made = self.sheet.add_table(rows=1 + len(data.rows), cols=len(data.columns))
        lines = element("tblBorders")
        lines.append(border("bottom", color="B8B8B8"))
        lines.append(border("insideH", color="B8B8B8"))
        properties = made._tbl.tblPr
        look = properties.find(qn("w:tblLook"))
        assert look is not None, "the sheet's tables say how their style is used"
        look.addprevious(lines)
        if data.caption.strip():
            look.addnext(element("tblCaption", val=one_line(data.caption)))
        rows = list(made.rows)
        self.row(rows[0], [one_line(column.label) for column in data.columns], data, head=True)
        for row, cells in zip(rows[1:], data.rows, strict=True):
            self.row(row, cells, data)
        # Word joins tables that follow each other with nothing between.
        self.sheet.add_paragraph().paragraph_format.space_after = Pt(0)

    def row(self, row: _Row, cells: Iterable[str], data: Table, *, head: bool = False) -> None:
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        if head:
            # Repeated on every page, and read out as the columns' headings.
            properties.append(element("tblHeader"))
        for cell, text, column in zip(row.cells, cells, data.columns, strict=True):
            place = cell.paragraphs[0]
            # By its key: looked up by name for each of a long table's cells it would take most of the time.
            place._p.style = self.table_text
            place.add_run(text.strip()).bold = head or None
            if column.numeric:
                place.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def differences(self, words: Iterable[Words]) -> None:
        place = self.sheet.add_paragraph()
        kinds = set()
        for run in words:
            kinds.add(run.kind)
            made = place.add_run(run.text)
            made.font.strike = True if run.kind == "removed" else None
            made.font.underline = True if run.kind == "added" else None
        marks = {"removed": self.words.marks_removed, "added": self.words.marks_added}
        if kinds & set(marks):
            said = " ".join(sentence for kind, sentence in marks.items() if kind in kinds)
            self.sheet.add_paragraph(said, style=NOTE)

    def signatures(self, lines: tuple[Signature, ...]) -> None:
        """With a line to write on when somebody among them has yet to sign; who has, has the day above it."""
        ruled = any(not line.when.strip() for line in lines)
        for line in lines:
            if ruled:
                above = self.sheet.add_paragraph(one_line(line.when), style=SIGNATURE)
                above.paragraph_format.space_before = Pt(36)
                self.rule(above)
            self.sheet.add_paragraph(style=SIGNATURE).add_run(one_line(line.name)).bold = True
            for text in (line.role, "" if ruled else line.when):
                if text.strip():
                    self.sheet.add_paragraph(one_line(text), style=SIGNATURE)

    def rule(self, paragraph: WordParagraph) -> None:
        lines = element("pBdr")
        lines.append(border("bottom", space=1))
        properties = paragraph._p.get_or_add_pPr()
        spacing = properties.find(qn("w:spacing"))
        assert spacing is not None
        spacing.addprevious(lines)
