"""What a saved paper is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.papers.names import as_attachment, file_name
from cases.papers.paper import Paper


@pytest.mark.parametrize(
    ("paper", "version", "name"),
    [
        (Paper("PM", "Reversed mentorship", "LK", number="KS 2021-00001"), 1, "PM KS 2021-00001 Reversed mentorship.pdf"),
        (Paper("PM", "Avtal", "", number="109-489/2014"), 2, "PM 109-489-2014 v2 Avtal.pdf"),
        (Paper("Tjänsteutlåtande", 'Vad är "KTH": \\ <b>?', ""), 1, "Tjänsteutlåtande Vad är -KTH- - -b-.pdf"),
        (Paper("", "..", ""), 1, "–.pdf"),
    ],
)  # fmt: skip
def test_it_says_what_it_is_of_which_case(paper: Paper, version: int, name: str) -> None:
    assert file_name(paper, "pdf", version=version) == name


def test_the_header_has_the_name_in_ascii_and_as_it_is() -> None:
    assert as_attachment("Tjänsteutlåtande – 1.pdf") == (
        'attachment; filename="Tjansteutlatande _ 1.pdf"; '
        "filename*=UTF-8''Tj%C3%A4nsteutl%C3%A5tande%20%E2%80%93%201.pdf"
    )


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_the_header_or_the_folder(kind: str, number: str, title: str) -> None:
    name = file_name(Paper(kind, title, "", number=number), "docx")
    assert name.endswith(".docx")
    assert len(name) <= 105
    assert not set(name) & set('/\\:*?"<>|\r\n\x00')
    assert not name.startswith(".")
    header = as_attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
