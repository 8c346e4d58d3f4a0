"""Whatever people write, both presses make a paper of it, and Word gives every word back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cases.papers.docx import docx_of
from cases.papers.paper import one_line, printable
from cases.papers.pdf import pdf_of
from tests.cases.papers.reading import AT, headings, pdf_from, short, word_from, word_texts

#: Everything but lone surrogates, which no text that came in by UTF-8 can hold, and often what is special somewhere.
anything = st.text() | st.lists(
    st.sampled_from(
        [*"#*@\\$<>[]{}\"'`_~=-+/&;%", "\x00", "\n\n", "\u202e", "א", "ع", "😀", "\ue000", "å", " "]
    )
).map("".join)
plain = st.text(st.characters(min_codepoint=32, max_codepoint=126))


@given(anything)
def test_any_text_becomes_a_pdf(text: str) -> None:
    assert pdf_from(pdf_of(short(text), at=AT)).open_metadata()["pdfaid:part"] == "2"


@given(plain)
def test_plain_text_is_in_the_pdf_as_it_was_written(text: str) -> None:
    assert headings(pdf_from(pdf_of(short(text), at=AT)))[0][1] == one_line(f"Rubrik {text}")


@given(anything)
def test_any_text_comes_back_from_word(text: str) -> None:
    words = printable(text).split()
    document = word_from(docx_of(short(text), at=AT))
    # Sender, kind, fact, title, heading, paragraph, caption, column and cell, difference and its note, signature.
    expected = [
        *words, "PM", "Datum", *(words or ["–"]), *(words or ["PM"]), "Rubrik",
        *words, *words, *words, "Namn", *words, *words, "Understruket", "är", "tillagt.", *words, *words, *words,
    ]  # fmt: skip
    assert " ".join(word_texts(document)).split() == expected
