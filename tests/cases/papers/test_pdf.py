"""The PDF: what it claims, what it is built of, that it is the same each time, and that no label is false."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cases.papers import pdf as press
from cases.papers.paper import Paragraph, Section
from cases.papers.pdf import PressFailed, pdf_of
from tests.cases.papers.reading import AT, everything, headings, pdf_from, short, tags


@pytest.fixture(scope="module")
def made() -> pikepdf.Pdf:
    return pdf_from(pdf_of(everything(), at=AT))


def test_it_claims_pdf_a_2a_and_pdf_ua_1(made: pikepdf.Pdf) -> None:
    claims = made.open_metadata()
    assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("2", "A")
    assert claims["pdfuaid:part"] == "1"
    assert made.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1


def test_it_says_its_title_language_and_that_it_is_tagged(made: pikepdf.Pdf) -> None:
    assert str(made.Root.Lang) == "sv-SE"
    assert made.Root.MarkInfo.Marked
    assert made.Root.ViewerPreferences.DisplayDocTitle
    claims = made.open_metadata()
    assert claims["dc:title"] == "Samverkansrådets sammanträde"
    assert claims["dc:creator"] == ["Samverkansrådet"]
    assert claims["pdf:Keywords"] == "Protokoll, KS 2021-00001"
    assert claims["xmp:CreateDate"] == "2014-04-30T09:30:00+00:00"


def test_an_english_paper_says_so() -> None:
    made = pdf_from(pdf_of(everything(language="en"), at=AT))
    assert str(made.Root.Lang) == "en-GB"


def fonts_of(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary)
        and thing.get("/Type") == "/Font"
        and "/DescendantFonts" not in thing
    ]


def test_every_font_is_in_the_file(made: pikepdf.Pdf) -> None:
    fonts = fonts_of(made)
    assert fonts
    for font in fonts:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()), font


def test_items_of_minutes_are_headings_and_outline_in_order(made: pikepdf.Pdf) -> None:
    assert headings(made) == [
        ("/H1", "§ 12 Reversed mentorship"),
        ("/H2", "Beslut"),
        ("/H2", "Reservation"),
        ("/H1", "Ändringar"),
        ("/H1", "Justering"),
        ("/H1", "Bilagor"),
    ]
    with made.open_outline() as outline:
        assert [item.title for item in outline.root[:1]] == [headings(made)[0][1]]


def test_every_kind_of_block_has_its_tags(made: pikepdf.Pdf) -> None:
    kinds = [tag for tag, _title in tags(made)]
    assert kinds.count("/L") == 3
    assert kinds.count("/LI") == 5
    assert kinds.count("/Table") == 2
    assert kinds.count("/THead") == 2
    assert kinds.count("/TH") == 3 + 5
    assert kinds.count("/TR") == 3 + 2
    assert kinds.count("/Caption") == 1
    assert kinds.count("/BlockQuote") == 1
    assert kinds.count("/Title") == 1
    assert "/Figure" not in kinds


def test_a_new_page_where_the_paper_says_so(made: pikepdf.Pdf) -> None:
    assert len(made.pages) == 2


def test_the_same_paper_and_moment_give_the_same_bytes() -> None:
    assert pdf_of(everything(), at=AT) == pdf_of(everything(), at=AT)
    assert pdf_of(everything(), at=AT) != pdf_of(everything(), at=AT + dt.timedelta(seconds=1))


def test_markup_in_the_text_is_text() -> None:
    markup = r'#panic("x") #read("paper.typ") = *b* _i_ `c` $x$ @ref <l> // \ -- ~ "q" https://x.example'
    made = pdf_from(pdf_of(short(markup), at=AT))
    assert headings(made)[0][1] == f"Rubrik {markup}"
    assert made.open_metadata()["dc:title"] == markup


def test_characters_without_a_shape_are_replaced_visibly_and_told_of() -> None:
    plain = pdf_from(pdf_of(everything(sections=(Section("Hej 中"), Section("", (Paragraph("x"),)))), at=AT))
    assert headings(plain)[0] == ("/H1", "Hej \ufffd")
    without = pdf_from(pdf_of(everything(sections=(Section("Hej z"), Section("", (Paragraph("x"),)))), at=AT))
    paragraphs = [[tag for tag, _title in tags(pdf)].count("/P") for pdf in (plain, without)]
    assert paragraphs[0] == paragraphs[1] + 1


@pytest.mark.parametrize(
    "text", ["😀", "👩\u200d🔬", "\ue000", "\U0010fffd", "中" * 400, "\ufdfa", "e\u20dd", "𓀀"]
)
def test_no_script_breaks_a_paper(text: str) -> None:
    assert len(pdf_from(pdf_of(short(f"Hej {text} då"), at=AT)).pages) >= 1


@pytest.mark.parametrize(
    "text", ["שלום", "العربية", "Ελληνικά", "кириллица", "Đặng", "ǅ ẞ ł ő ž", "→ ✓ ☐ § –"]
)
def test_scripts_that_the_fonts_have_are_kept(text: str) -> None:
    assert headings(pdf_from(pdf_of(short(text), at=AT)))[0][1] == f"Rubrik {text}"


def test_a_font_that_is_missing_is_an_error_and_no_other_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "paper.typ"
    template.write_text(
        press.TEMPLATE.read_text("utf-8").replace("Libertinus Serif", "Nosuch Serif"), "utf-8"
    )
    monkeypatch.setattr(press, "TEMPLATE", template)
    with pytest.raises(PressFailed, match="nosuch serif"):
        pdf_of(everything(), at=AT)


def test_a_fault_of_the_template_is_not_blamed_on_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "paper.typ"
    template.write_text("= A document without a title\n", "utf-8")
    monkeypatch.setattr(press, "TEMPLATE", template)
    with pytest.raises(PressFailed, match="title"):
        pdf_of(everything(), at=AT)
