"""What a paper can be, and how plain text becomes paragraphs."""

from __future__ import annotations

import pytest

from cases.papers.paper import Column, Fact, Paper, Section, Table, cleaned, paragraphs
from tests.cases.papers.reading import everything


def test_no_heading_skips_a_level() -> None:
    with pytest.raises(ValueError, match="Beslut"):
        everything(sections=(Section("Ärende"), Section("Beslut", level=3)))


def test_the_first_heading_is_of_the_first_level() -> None:
    with pytest.raises(ValueError, match="Ärende"):
        everything(sections=(Section(""), Section("Ärende", level=2)))


def test_a_row_has_as_many_cells_as_the_table_has_columns() -> None:
    with pytest.raises(ValueError, match="cells"):
        Table("", (Column("Namn"), Column("Röst")), (("Anna",),))


def test_blank_lines_part_paragraphs_and_line_breaks_part_lines() -> None:
    assert list(paragraphs("  Ett\n  \n\n Två \noch tre\n")) == [["Ett"], ["Två", "och tre"]]
    assert list(paragraphs(" \n\n ")) == []


def test_what_cannot_be_printed_is_removed_everywhere_and_nothing_else() -> None:
    paper = Paper("PM\x00", "T\u202eitel", "S\ufffe", facts=(Fact("Dnr\x1b", "1\r\n2\t3"),))
    assert cleaned(paper) == Paper("PM", "Titel", "S", facts=(Fact("Dnr", "1\n2\t3"),))


@pytest.mark.parametrize(
    ("title", "kind", "name"), [("Avtal", "PM", "Avtal"), (" ", "PM", "PM"), ("", "", "–")]
)
def test_a_paper_is_always_called_something(title: str, kind: str, name: str) -> None:
    assert everything(title=title, kind=kind).name == name
