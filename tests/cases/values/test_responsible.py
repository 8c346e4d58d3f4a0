"""H5: who is responsible, as the action plan writes it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.values.responsible import Responsible, ResponsiblePart, parse_responsible

ORGANISATIONS = {"LK": "LK", "Linköpings kommun": "LK", "LiU": "LiU", "Linköpings universitet": "LiU"}


def read(text: str) -> Responsible:
    return parse_responsible(text, organisations=ORGANISATIONS)


def named(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.organisation, part.units) for part in read(text).parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "LK (Hållbarhetsenheten/ Näringsliv och tillväxt) LiU (TEMA Teknik- och Social förändring)",
            [
                ("LK", ("Hållbarhetsenheten", "Näringsliv och tillväxt")),
                ("LiU", ("TEMA Teknik- och Social förändring",)),
            ],
        ),
        (
            "LK (Miljö- och samhällsbyggnadsförvaltningen) LiU (Tema Teknik- och Social förändring)",
            [
                ("LK", ("Miljö- och samhällsbyggnadsförvaltningen",)),
                ("LiU", ("Tema Teknik- och Social förändring",)),
            ],
        ),
        ("Kårservice, LK (Kommunikationsstaben)", [("Kårservice", ()), ("LK", ("Kommunikationsstaben",))]),
        (
            "LK (Kommunikationsstaben) LiU (Studentavdelningen (SA))",
            [("LK", ("Kommunikationsstaben",)), ("LiU", ("Studentavdelningen (SA)",))],
        ),
        (
            "LK (Linköpings Science Park) LiU (Samverkansenheten).",
            [("LK", ("Linköpings Science Park",)), ("LiU", ("Samverkansenheten",))],
        ),
        (
            "LK (Näringsliv och tillväxt) LiU (Samverkansenheten)",
            [("LK", ("Näringsliv och tillväxt",)), ("LiU", ("Samverkansenheten",))],
        ),
        (
            "LK (LiSP+ Näringsliv och tillväxt) LiU (Samverkansenheten)",
            [("LK", ("LiSP", "Näringsliv och tillväxt")), ("LiU", ("Samverkansenheten",))],
        ),
        (
            "LK (Utbildnings- och arbetsmarknadsförvaltningen) LiU (TEMA Barn)",
            [("LK", ("Utbildnings- och arbetsmarknadsförvaltningen",)), ("LiU", ("TEMA Barn",))],
        ),
        (
            "LK (Utbildningsförvaltningen) LiU (Planerings- och ekonomiavdelningen)",
            [("LK", ("Utbildningsförvaltningen",)), ("LiU", ("Planerings- och ekonomiavdelningen",))],
        ),
        (
            (
                "LK (Social- och omsorgsförvaltningen) "
                "LiU (Aktuella forskarlag, institutioner eller centrubildningar)"
            ),
            [
                ("LK", ("Social- och omsorgsförvaltningen",)),
                ("LiU", ("Aktuella forskarlag, institutioner eller centrubildningar",)),
            ],
        ),
    ],
)
def test_the_ten_lines_of_the_action_plan(text: str, parts: list[tuple[str, tuple[str, ...]]]) -> None:
    assert named(text) == parts
    assert read(text).unparsed == ""


def test_a_clear_reading_needs_no_person() -> None:
    result = read("LK (Kommunikationsstaben) LiU (TEMA Barn)")
    assert not result.needs_a_person
    assert result.parts[1] == ResponsiblePart(
        "LiU", ("TEMA Barn",), "LiU (TEMA Barn)", certain=True, known=True
    )


def test_an_organisation_that_is_not_known_is_kept_and_flagged() -> None:
    result = read("Kårservice, LK (Kommunikationsstaben)")
    assert [part.known for part in result.parts] == [False, True]
    assert result.parts[0].organisation == "Kårservice"
    assert result.needs_a_person


def test_several_things_in_one_phrase_are_no_certain_unit() -> None:
    result = read("LiU (Aktuella forskarlag, institutioner eller centrubildningar)")
    assert not result.parts[0].certain
    assert result.needs_a_person


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("linköpings  KOMMUN (Staben)", [("LK", ("Staben",))]),
        ("LK och LiU", [("LK", ()), ("LiU", ())]),
        ("LK/LiU", [("LK", ()), ("LiU", ())]),
        ("LK LiU (X)", [("LK", ()), ("LiU", ("X",))]),
        ("LK (A) samt LiU (B).", [("LK", ("A",)), ("LiU", ("B",))]),
        ("Kårservice och LK (A)", [("Kårservice", ()), ("LK", ("A",))]),
        ("Näringsliv och tillväxt", [("Näringsliv och tillväxt", ())]),
        ("Barn/unga", [("Barn/unga", ())]),
        ("LiU (ISV, APS; TEMA/HU + BKV)", [("LiU", ("ISV", "APS", "TEMA", "HU", "BKV"))]),
        ("LK (integration/segregation)", [("LK", ("integration/segregation",))]),
        ("LiU/ TEMA Barn", [("LiU", ("TEMA Barn",))]),
        ("LK Kommunikationsstaben (Press)", [("LK", ("Kommunikationsstaben", "Press"))]),
        ("", []),
        (" , ", []),
    ],
)
def test_other_ways_to_write_it(text: str, parts: list[tuple[str, tuple[str, ...]]]) -> None:
    assert named(text) == parts


@pytest.mark.parametrize("text", ["LiU/ TEMA Barn", "LK Kommunikationsstaben", "Kårservice LK (A)"])
def test_a_guess_is_marked(text: str) -> None:
    assert not read(text).parts[0].certain


@pytest.mark.parametrize(
    ("text", "parts", "unparsed"),
    [
        ("LK (Staben", [("LK", ())], "(Staben"),
        ("LK (A) (B)", [("LK", ("A",))], "(B)"),
        ("(A) LK", [("LK", ())], "(A)"),
        ("LK)", [("LK", ())], ")"),
        ("LK () LiU (B)", [("LK", ()), ("LiU", ("B",))], "()"),
    ],
)
def test_what_cannot_be_read_is_kept_as_the_rest(
    text: str, parts: list[tuple[str, tuple[str, ...]]], unparsed: str
) -> None:
    assert named(text) == parts
    assert read(text).unparsed == unparsed
    assert read(text).needs_a_person


PIECES = st.sampled_from(
    [
        "LK",
        "LiU",
        "Linköpings kommun",
        "Kårservice",
        "TEMA Barn",
        "A",
        "b",
        "Social- och x",
        "(SA)",
        "(",
        ")",
        "((",
        ", ",
        "/ ",
        "/",
        "+",
        "+ ",
        "; ",
        ". ",
        ".",
        "&",
        " ",
        "\t",
        "\xa0",
        " och ",
        " samt ",
        "och ",
    ]
)
SEPARATORS = set(",;./+&")


def content(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace() and c not in SEPARATORS)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)))
def test_no_character_is_dropped_or_added(text: str) -> None:
    result = read(text)
    kept = "".join(part.text for part in result.parts) + result.unparsed
    assert content(kept) == content(text)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)))
def test_the_units_of_a_part_stand_in_its_text(text: str) -> None:
    for part in read(text).parts:
        assert all(not content(unit) - content(part.text) for unit in part.units)
        assert all(unit for unit in part.units)
        assert part.organisation


def test_a_long_text_is_read_without_delay() -> None:
    # Far above what a field takes. Reading that grew with the cube of the length took minutes on this.
    result = read("x - " * 5_000)
    assert len(result.parts) == 1
