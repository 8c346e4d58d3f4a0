"""H4: the words are kept, the interval is only what they say."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases.values.vague_date import VagueDate, VagueDateError


def interval(words: str) -> tuple[str | None, str | None]:
    read = VagueDate.parse(words)
    return (
        read.first.isoformat() if read.first else None,
        read.last.isoformat() if read.last else None,
    )


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        # as the municipal action plan writes them
        ("Oktober 2021", "2021-10-01", "2021-10-31"),
        ("Januari 2022", "2022-01-01", "2022-01-31"),
        ("augusti 2021", "2021-08-01", "2021-08-31"),
        ("Hösten 2021", "2021-09-01", "2021-11-30"),
        ("Hösten 2022.", "2022-09-01", "2022-11-30"),
        ("Våren 2023", "2023-03-01", "2023-05-31"),
        ("Hösten 2021. Pilot genomförs våren 2022.", "2021-09-01", "2021-11-30"),
        ("2021-2024", "2021-01-01", "2024-12-31"),
        # seasons
        ("sommaren 2022", "2022-06-01", "2022-08-31"),
        ("vintern 2021/2022", "2021-12-01", "2022-02-28"),
        ("vintern 2023/24", "2023-12-01", "2024-02-29"),
        ("vintern 2021", "2021-12-01", "2022-02-28"),
        ("Autumn 2021", "2021-09-01", "2021-11-30"),
        ("Fall 2021", "2021-09-01", "2021-11-30"),
        ("in the spring of 2023", "2023-03-01", "2023-05-31"),
        ("hösten -21", "2021-09-01", "2021-11-30"),
        ("ho\u0308sten 2021", "2021-09-01", "2021-11-30"),
        ("hösten\u00a02021", "2021-09-01", "2021-11-30"),
        # days
        ("2021-10-05", "2021-10-05", "2021-10-05"),
        ("20211005", "2021-10-05", "2021-10-05"),
        ("den 30 april 2014", "2014-04-30", "2014-04-30"),
        ("30/4 2014", "2014-04-30", "2014-04-30"),
        ("30/4-2014", "2014-04-30", "2014-04-30"),
        ("3/4/2014", "2014-04-03", "2014-04-03"),
        ("30.4.2014", "2014-04-30", "2014-04-30"),
        ("30 jul 2021", "2021-07-30", "2021-07-30"),
        ("April 30, 2014", "2014-04-30", "2014-04-30"),
        ("the 30th of April 2014", "2014-04-30", "2014-04-30"),
        ("1–15 mars 2022", "2022-03-01", "2022-03-15"),
        # months, quarters, weeks, halves
        ("2021-10", "2021-10-01", "2021-10-31"),
        ("februari 2024", "2024-02-01", "2024-02-29"),
        ("okt '21", "2021-10-01", "2021-10-31"),
        ("kvartal 3 2022", "2022-07-01", "2022-09-30"),
        ("Q3 2022", "2022-07-01", "2022-09-30"),
        ("2022-Q3", "2022-07-01", "2022-09-30"),
        ("tredje kvartalet 2022", "2022-07-01", "2022-09-30"),
        ("3:e kvartalet 2022", "2022-07-01", "2022-09-30"),
        ("tertial 2 2022", "2022-05-01", "2022-08-31"),
        ("V. 12 2022", "2022-03-21", "2022-03-27"),
        ("vecka 12 2022", "2022-03-21", "2022-03-27"),
        ("vecka 53 2020", "2020-12-28", "2021-01-03"),
        ("v. 12-14, 2022", "2022-03-21", "2022-04-10"),
        ("2022-W12", "2022-03-21", "2022-03-27"),
        ("första halvåret 2022", "2022-01-01", "2022-06-30"),
        ("andra halvåret 2022", "2022-07-01", "2022-12-31"),
        ("second half of 2022", "2022-07-01", "2022-12-31"),
        # terms and academic years
        ("HT21", "2021-08-15", "2021-12-31"),
        ("VT 2022", "2022-01-01", "2022-06-15"),
        ("höstterminen 2021", "2021-08-15", "2021-12-31"),
        ("läsåret 2021/22", "2021-08-15", "2022-06-15"),
        # years and parts of them
        ("2021", "2021-01-01", "2021-12-31"),
        ("under 2022", "2022-01-01", "2022-12-31"),
        ("Start 2022", "2022-01-01", "2022-12-31"),
        ("2021–2024", "2021-01-01", "2024-12-31"),
        ("2021-22", "2021-01-01", "2022-12-31"),
        ("1999/00", "1999-01-01", "2000-12-31"),
        ("början av 2022", "2022-01-01", "2022-04-30"),
        ("mitten av 2022", "2022-05-01", "2022-08-31"),
        ("i slutet av 2022", "2022-09-01", "2022-12-31"),
        ("mid-2022", "2022-05-01", "2022-08-31"),
        ("mitten av oktober 2021", "2021-10-11", "2021-10-20"),
        ("slutet av februari 2024", "2024-02-21", "2024-02-29"),
        ("slutet av vintern 2021", "2022-02-01", "2022-02-28"),
        ("senhösten 2021", "2021-11-01", "2021-11-30"),
        ("sen höst 2021", "2021-11-01", "2021-11-30"),
        ("årsskiftet 2021/2022", "2021-12-31", "2022-01-01"),
        # joined
        ("oktober 2021 – mars 2022", "2021-10-01", "2022-03-31"),
        ("oktober–december 2021", "2021-10-01", "2021-12-31"),
        ("november–februari 2022", "2021-11-01", "2022-02-28"),
        ("oktober 2021 – mars", "2021-10-01", "2022-03-31"),
        ("1/3–15/4 2022", "2022-03-01", "2022-04-15"),
        ("från 2021 till 2024", "2021-01-01", "2024-12-31"),
        ("HT21–VT22", "2021-08-15", "2022-06-15"),
        ("våren eller hösten 2022", "2022-03-01", "2022-11-30"),
        ("mars/april 2022", "2022-03-01", "2022-04-30"),
        ("2021-10-01–2022-03-31", "2021-10-01", "2022-03-31"),
        # open ends
        ("tidigast våren 2023", "2023-03-01", None),
        ("inte före 2023", "2023-01-01", None),
        ("fr.o.m. hösten 2021", "2021-09-01", None),
        ("sen hösten 2021", "2021-09-01", None),
        ("våren 2023 eller senare", "2023-03-01", None),
        ("2021 och framåt", "2021-01-01", None),
        ("2021–", "2021-01-01", None),
        ("efter sommaren 2022", "2022-09-01", None),
        ("senast 31 december 2022", None, "2022-12-31"),
        ("Senast den 31 december 2022", None, "2022-12-31"),
        ("t.o.m. 2024", None, "2024-12-31"),
        ("by March 2022", None, "2022-03-31"),
        ("31 december 2022 at the latest", None, "2022-12-31"),
        ("före 2023", None, "2022-12-31"),
        ("tidigast våren 2023, senast hösten 2024", "2023-03-01", "2024-11-30"),
    ],
)
def test_words_become_the_interval_that_they_say(words: str, first: str | None, last: str | None) -> None:
    assert interval(words) == (first, last)
    assert VagueDate.parse(words).words == words


@pytest.mark.parametrize(
    "words",
    [
        "Fortlöpande",
        "hösten",
        "30 april",
        "löpande under avtalsperioden",
        "Agenda 2030",
        "Klimatneutrala Linköping 2030",
        "KS 2021-00123",
        "KS 2021-2024",
        "Dnr 109-489/2014",
        "2000 studenter",
        "2021:3",
        "jul 2021",  # Christmas or July
        "före jul 2022",
        "midsommaren 2022",
        "i alla fall 2021",
        "läsåret 2021",
        "hösten 2021/2022",
        "inte hösten 2021",
        "31 februari 2022",
        "13/13 2022",
        "vecka 53 2022",
        "2024-2021",
        "mars 2022 – oktober 2021",
        "vintern 2021/2023",
        "2022-13",
        "kvartal 5 2022",
        "fjärde tertialet 2022",
        "2021/23",
        "15–1 mars 2022",
        "våren 22222",
        "9999-12-31",
        "–",
    ],
)
def test_what_the_words_do_not_say_is_never_invented(words: str) -> None:
    read = VagueDate.parse(words)
    assert (read.first, read.last, read.is_dated) == (None, None, False)
    assert read.words == words
    assert not read.is_missing


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n\t"])
def test_nothing_said_is_missing(nothing: str | None) -> None:
    assert VagueDate.parse(nothing) == VagueDate.missing()
    assert VagueDate.missing().is_missing
    assert not VagueDate.missing().is_dated


def test_only_white_space_around_the_words_is_removed() -> None:
    assert VagueDate.parse("  Hösten  2021 . \n").words == "Hösten  2021 ."
    assert str(VagueDate.parse(" Hösten 2021")) == "Hösten 2021"


def test_sorting_is_by_time_with_undated_last() -> None:
    words = ["Fortlöpande", "våren 2023", "2021", "senast 31 mars 2022", "", "januari 2021", "tidigast 2021"]
    ordered = sorted(map(VagueDate.parse, words), key=lambda read: read.sort_key)
    assert [read.words for read in ordered] == [
        "januari 2021",
        "2021",
        "tidigast 2021",
        "senast 31 mars 2022",
        "våren 2023",
        "",
        "Fortlöpande",
    ]


def test_words_are_bounded_with_a_message_in_swedish() -> None:
    assert VagueDate.parse(" " + "x" * 200 + " ").words == "x" * 200
    with pytest.raises(VagueDateError) as refused, translation.override("sv"):
        VagueDate.parse("x" * 201)
    assert isinstance(refused.value, ValueError)
    assert refused.value.code == "too_long"
    assert str(refused.value) == "Tidsangivelsen är för lång. Skriv den med högst 200 tecken."


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(VagueDateError) as refused:
        VagueDate("x", date(2022, 1, 2), date(2022, 1, 1))
    assert refused.value.code == "reversed"


PIECES = st.sampled_from(
    [
        "hösten",
        "våren",
        "vintern",
        "oktober",
        "mars",
        "jul",
        "halvårsskiftet",
        "halvåret",
        "andra",
        "kvartal",
        "Q3",
        "v.",
        "HT",
        "VT",
        "2021",
        "2022",
        "2024",
        "21",
        "30",
        "31",
        "4",
        "12",
        "53",
        "99",
        "-",
        "–",
        "/",
        ".",
        ",",
        ":",
        "’",
        "'",
        "och",
        "till",
        "eller",
        "från",
        "tidigast",
        "senast",
        "efter",
        "före",
        "inte",
        "början",
        "av",
        "slutet",
        "den",
        "\xa0",
        "Dnr",
        "KS",
        "(",
        ")",
    ]
)


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(PIECES, max_size=12).map(" ".join),
        st.lists(PIECES, max_size=12).map("".join),
    )
)
def test_any_text_is_read_without_error_and_kept(words: str) -> None:
    words = words[:200]
    read = VagueDate.parse(words)
    assert read.words == words.strip()
    assert not (read.first and read.last) or read.first <= read.last
    assert VagueDate.parse(read.words) == read


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    months = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ]
    written = [
        day.isoformat(),
        f"{day.day}/{day.month} {day.year}",
        f"den {day.day} {months[day.month - 1]} {day.year}",
        f"Startar {day.day} {months[day.month - 1]} {day.year}, om allt går väl.",
    ]
    assert {(read.first, read.last) for read in map(VagueDate.parse, written)} == {(day, day)}


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_range_of_two_days_has_them_as_its_ends(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert VagueDate.parse(f"{first} – {last}") == VagueDate(f"{first} – {last}", first, last)
    assert first == last or not VagueDate.parse(f"{last} – {first}").is_dated
