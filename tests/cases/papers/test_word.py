"""The Word file: real styles, a language, tables that say their headings, page numbers, and the same bytes each time."""

from __future__ import annotations

import time_machine
from docx.oxml.ns import qn

from cases.papers.docx import docx_of
from cases.papers.paper import Section
from tests.cases.papers.reading import AT, everything, styled, word_from, word_texts


def test_every_part_has_its_style() -> None:
    assert styled(word_from(docx_of(everything(), at=AT))) == [
        ("Normal", "Samverkansrådet"),
        ("Normal", "Protokoll"),
        ("Fact", "Datum\t30 april 2014"),
        ("Fact", "Plats\t–"),
        ("Title", "Samverkansrådets sammanträde"),
        ("Normal", "Inledning."),
        ("Heading 1", "§ 12 Reversed mentorship"),
        ("Normal", "Första stycket."),
        ("Normal", "Andra stycket\npå två rader."),
        ("List Bullet", "En punkt"),
        ("List Bullet", "En punkt till"),
        ("List Number", "Först"),
        ("List Number", "Sedan"),
        ("List Number", "Åter först"),
        ("Heading 2", "Beslut"),
        ("Normal", "Rådet beslutar följande."),
        ("Decision", "Förslaget tillstyrks."),
        ("Caption", "Omröstning"),
        ("Normal", ""),
        ("Heading 2", "Reservation"),
        ("Quote", "Vi yrkade avslag."),
        ("Quote", "Bo Berg"),
        ("Heading 1", "Ändringar"),
        ("Normal", "Varje höstvår"),
        ("Note", "Genomstruket är borttaget. Understruket är tillagt."),
        ("Heading 1", "Justering"),
        ("Signature Line", ""),
        ("Signature Line", "Carin Chair"),
        ("Signature Line", "Ordförande"),
        ("Signature Line", "4 maj"),
        ("Signature Line", "Bo Berg"),
        ("Heading 1", "Bilagor"),
        ("Normal", ""),
    ]


def test_a_table_s_first_row_is_its_heading_and_is_repeated() -> None:
    votes, attachments = word_from(docx_of(everything(), at=AT)).tables
    assert [[cell.text for cell in row.cells] for row in votes.rows] == [
        ["Ledamot", "Röst", "Röster"],
        ["Anna Andersson", "Ja", "1"],
        ["Bo Berg", "Nej", "1"],
    ]
    for table in (votes, attachments):
        assert [len(list(row._tr.iter(qn("w:tblHeader")))) for row in table.rows][:2] == [1, 0]
    (caption,) = votes._tbl.iter(qn("w:tblCaption"))
    assert caption.get(qn("w:val")) == "Omröstning"


def test_each_numbered_list_begins_at_one() -> None:
    document = word_from(docx_of(everything(), at=AT))
    numbered = [part for part in document.paragraphs if part.style and part.style.name == "List Number"]
    used = [int(tag.get(qn("w:val"))) for part in numbered for tag in part._p.iter(qn("w:numId"))]
    assert used[0] == used[1] != used[2]
    numbering = document.part.numbering_part.element
    for number in set(used):
        (start,) = numbering.num_having_numId(number).iter(qn("w:startOverride"))
        assert start.get(qn("w:val")) == "1"


def test_the_language_is_the_papers() -> None:
    for language, locale in (("sv", "sv-SE"), ("en", "en-GB")):
        document = word_from(docx_of(everything(language=language), at=AT))
        assert document.core_properties.language == locale
        assert {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))} == {locale}


def test_it_says_what_it_is_and_when_it_was_made() -> None:
    told = word_from(docx_of(everything(), at=AT)).core_properties
    assert (told.title, told.author, told.subject) == (
        "Samverkansrådets sammanträde",
        "Samverkansrådet",
        "Protokoll",
    )
    assert told.created == told.modified == AT
    assert told.comments == ""


def test_a_title_longer_than_a_property_holds_is_whole_in_the_text() -> None:
    document = word_from(docx_of(everything(title="Samverkan " * 60), at=AT))
    assert len(document.core_properties.title) == 255
    assert dict(styled(document))["Title"] == ("Samverkan " * 60).strip()


def test_every_page_has_its_number_and_the_following_ones_say_whose_they_are() -> None:
    (section,) = word_from(docx_of(everything(), at=AT)).sections
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == "Samverkansrådet\tProtokoll · KS 2021-00001"
    for footer in (section.footer, section.first_page_footer):
        fields = [tag.get(qn("w:instr")) for tag in footer.paragraphs[0]._p.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert footer.paragraphs[0].text.startswith("Utskrift ur Samverka\tSida ")


def test_what_changed_is_marked_by_more_than_words() -> None:
    document = word_from(docx_of(everything(), at=AT))
    (changed,) = [part for part in document.paragraphs if part.text == "Varje höstvår"]
    assert [(bool(run.font.strike), bool(run.font.underline)) for run in changed.runs] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_text_that_looks_like_a_field_is_text() -> None:
    field = '{ INCLUDETEXT "c:\\\\secret.txt" } «MERGEFIELD» <w:fldSimple w:instr="DATE"/>'
    document = word_from(docx_of(everything(sections=(Section(field),)), at=AT))
    assert ("Heading 1", field) in styled(document)
    assert not list(document.element.body.iter(qn("w:fldSimple")))


def test_the_same_paper_gives_the_same_bytes_on_another_day() -> None:
    with time_machine.travel("2021-01-01T08:00:00Z"):
        one = docx_of(everything(), at=AT)
    with time_machine.travel("2022-02-02T09:00:00Z"):
        assert docx_of(everything(), at=AT) == one


def test_nothing_of_the_paper_is_left_out() -> None:
    text = "\n".join(word_texts(word_from(docx_of(everything(), at=AT))))
    for words in ("Bilaga 1", "Avtalet", "1 april 2014", "Bo Berg", "§ 12"):
        assert words in text
