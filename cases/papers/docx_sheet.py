"""The Word sheet that papers are written on: styles, language, running header, page numbers, and bytes that repeat."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from typing import Final, cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from cases.papers.paper import Language, Paper, one_line
from cases.papers.words import press_words

LOCALES: Final[dict[Language, str]] = {"sv": "sv-SE", "en": "en-GB"}
INK, QUIET = RGBColor(0, 0, 0), RGBColor(0x55, 0x55, 0x55)
TEXT_WIDTH: Final = Cm(15)
#: The longest text that a property of a Word file may hold.
PROPERTY_LENGTH: Final = 255
#: What a zip file can say at the earliest: the time of its parts tells nothing.
NO_TIME: Final = (1980, 1, 1, 0, 0, 0)

# Names of the styles that are ours, beside Word's own.
FACT, DECISION, TABLE_TEXT, SIGNATURE, NOTE = "Fact", "Decision", "Table Text", "Signature Line", "Note"


def new_sheet(paper: Paper, *, at: dt.datetime) -> Document:
    """An empty document for the paper, A4, with everything but its content."""
    sheet = docx.Document(io.BytesIO(_styled_sheet()))
    _set_language(sheet, paper.language)
    _set_page(sheet, paper)
    _set_properties(sheet, paper, at)
    return sheet


@cache
def _styled_sheet() -> bytes:
    """A sheet with our styles and nothing else. Setting them takes longer than writing most papers: once in a process."""
    sheet = docx.Document()
    _set_styles(sheet)
    saved = io.BytesIO()
    sheet.save(saved)
    return saved.getvalue()


def bytes_of(sheet: Document) -> bytes:
    """The file. Its parts carry no time, so that the same content gives the same bytes."""
    written, made = io.BytesIO(), io.BytesIO()
    sheet.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(made, "w") as repeated:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, NO_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            repeated.writestr(part, parts.read(name))
    return made.getvalue()


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of the ``w`` namespace with attributes of the same."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return cast("BaseOxmlElement", made)


def border(side: str, *, size: int = 4, color: str = "auto", space: int = 0) -> BaseOxmlElement:
    """A line on one side of a paragraph, a cell or a table; its size in eighths of a point."""
    return element(side, val="single", sz=str(size), space=str(space), color=color)


# Styles


def _set_styles(sheet: Document) -> None:
    _dress(sheet, "Normal", size=11, after=7)
    _dress(sheet, "Title", size=20, bold=True, after=16)
    _dress(sheet, "Heading 1", size=14, bold=True, before=20, after=6)
    _dress(sheet, "Heading 2", size=11.5, bold=True, before=14, after=4)
    _dress(sheet, "Heading 3", size=11, italic=True, before=12, after=4)
    _dress(sheet, "List Bullet", after=3)
    _dress(sheet, "List Number", after=3)
    _dress(sheet, "Caption", size=9.5, bold=True, before=8, after=4).paragraph_format.keep_with_next = True
    _dress(sheet, "Quote", size=10.5).paragraph_format.left_indent = Cm(0.8)
    _dress(sheet, "Header", size=9, color=QUIET, after=0)
    _dress(sheet, "Footer", size=9, color=QUIET, after=0)
    _dress(sheet, TABLE_TEXT, size=9.5, before=2, after=2)
    _dress(sheet, NOTE, size=9, color=QUIET)
    fact = _dress(sheet, FACT, size=9.5, after=2).paragraph_format
    fact.left_indent, fact.first_line_indent = Cm(3), Cm(-3)
    fact.tab_stops.add_tab_stop(Cm(3))
    decision = _dress(sheet, DECISION)
    decision.paragraph_format.left_indent = Cm(0.5)
    _add_border(decision, border("left", size=16, color="555555", space=9))
    signature = _dress(sheet, SIGNATURE, after=0)
    signature.paragraph_format.right_indent = Cm(7)
    signature.paragraph_format.keep_with_next = True


def _dress(
    sheet: Document,
    name: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    color: RGBColor = INK,
    before: float = 0,
    after: float = 7,
) -> ParagraphStyle:
    known = name in [style.name for style in sheet.styles]
    style = cast(
        "ParagraphStyle",
        sheet.styles[name] if known else sheet.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH),
    )
    if not known:
        style.base_style = sheet.styles["Normal"]
    if size is not None:
        style.font.size = Pt(size)
    style.font.bold, style.font.italic = bold, italic
    style.font.color.rgb = color
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    if name == "Title":
        for line in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(line)
    return style


def _add_border(style: ParagraphStyle, line: BaseOxmlElement) -> None:
    borders = element("pBdr")
    borders.append(line)
    properties = style.element.get_or_add_pPr()
    # The schema has an order: borders come before spacing and indents.
    first = next((part for part in properties if part.tag in (qn("w:spacing"), qn("w:ind"))), None)
    if first is not None:
        first.addprevious(borders)
    else:
        properties.append(borders)


# The sheet


def _set_language(sheet: Document, language: Language) -> None:
    locale = LOCALES[language]
    for name in sheet.styles.element.iter(qn("w:lang")):
        name.set(qn("w:val"), locale)
    for name in sheet.settings.element.iter(qn("w:themeFontLang")):
        name.set(qn("w:val"), locale)


def _set_page(sheet: Document, paper: Paper) -> None:
    section = sheet.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(3)
    section.top_margin, section.bottom_margin = Cm(3.1), Cm(2.9)
    section.header_distance, section.footer_distance = Cm(1.6), Cm(1.4)
    # The first page names the sender on the page itself.
    section.different_first_page_header_footer = True
    running = section.header.paragraphs[0]
    _at_both_ends(running)
    right = " · ".join(part for part in (one_line(paper.kind), one_line(paper.number)) if part)
    running.add_run(f"{one_line(paper.sender)}\t{right}")
    for footer in (section.first_page_footer, section.footer):
        _fill_footer(footer, paper)


def _at_both_ends(paragraph: WordParagraph) -> None:
    """Let a tab lead to the right edge, and to nowhere before."""
    stops = paragraph.paragraph_format.tab_stops
    style = cast("ParagraphStyle", paragraph.style)
    for stop in list(style.paragraph_format.tab_stops):
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _fill_footer(footer: _Footer, paper: Paper) -> None:
    paragraph = footer.paragraphs[0]
    _at_both_ends(paragraph)
    paragraph.add_run(f"{one_line(paper.footer)}\t")
    before, _mark, rest = press_words(paper.language).page.partition("{page}")
    between, _mark, after = rest.partition("{pages}")
    paragraph.add_run(before)
    _add_field(paragraph, "PAGE")
    paragraph.add_run(between)
    _add_field(paragraph, "NUMPAGES")
    paragraph.add_run(after)


def _add_field(paragraph: WordParagraph, name: str) -> None:
    """A field that Word works out. The name is ours: no text of people becomes a field."""
    field = element("fldSimple", instr=name)
    shown = paragraph.add_run("1")
    field.append(shown._r)
    paragraph._p.append(field)


def _set_properties(sheet: Document, paper: Paper, at: dt.datetime) -> None:
    core = sheet.core_properties
    core.title = paper.name[:PROPERTY_LENGTH]
    core.author = core.last_modified_by = one_line(paper.sender)[:PROPERTY_LENGTH]
    core.subject = one_line(paper.kind)[:PROPERTY_LENGTH]
    core.keywords = core.identifier = one_line(paper.number)[:PROPERTY_LENGTH]
    core.comments = ""
    core.language = LOCALES[paper.language]
    core.created = core.modified = at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    core.revision = 1
    # The template's preview picture is of another document.
    package = sheet.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
