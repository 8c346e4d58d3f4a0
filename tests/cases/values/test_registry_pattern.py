"""M1: every party registers under its own number in its own pattern."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.values.registry_pattern import (
    RegistryNumber,
    RegistryNumberError,
    RegistryPattern,
    RegistryPatternError,
)


@pytest.mark.parametrize(
    ("pattern", "series", "year", "n", "written"),
    [
        ("Dnr {series}-{n}/{year}", "109", 2014, 489, "Dnr 109-489/2014"),
        ("{series}-{n}/{year}", "109", 2014, 489, "109-489/2014"),
        ("KS {year}-{n:05}", None, 2021, 123, "KS 2021-00123"),
        ("KS {year}-{n:05}", None, 2021, 123456, "KS 2021-123456"),
        ("V-{year}-{n:04}", None, 2026, 7, "V-2026-0007"),
        ("LiU-{year:02}/{n}", None, 2005, 1, "LiU-05/1"),
        ("{n}{year}", None, 2021, 5, "52021"),
        ("{series} {n:03}", "ÄÖ.1-b", None, 12, "ÄÖ.1-b 012"),
        ("{series}{year}-{n}", "KS2", 2021, 1, "KS22021-1"),
    ],
)
def test_a_number_is_written_and_read_back(
    pattern: str, series: str | None, year: int | None, n: int, written: str
) -> None:
    registry = RegistryPattern(pattern)
    assert registry.format(series=series, year=year, n=n) == written
    assert registry.parse(written) == RegistryNumber(series, year, n)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "no_number"),
        ("KS {year}", "no_number"),
        ("{number}", "unknown_field"),
        ("{n.real}{n}", "unknown_field"),
        ("{0}-{n}", "unknown_field"),
        ("{n}-{n}", "twice"),
        ("{n", "braces"),
        ("n}", "braces"),
        ("{{n}}", "braces"),
        ("{{{n}", "braces"),
        ("{}-{n}", "braces"),
        ("{n!r}", "format"),
        ("{n:5}", "format"),
        ("{n:013}", "format"),
        ("{n:>5}", "format"),
        ("{year:04}-{n}", "format"),
        ("{series:3}-{n}", "format"),
        ("{n:{year}}", "format"),
        (" {n}", "spacing"),
        ("{n}\n", "spacing"),
        ("a\u202e{n}", "spacing"),
        ("x" * 58 + "{n}", "too_long"),
        ("{series}{n}", "ambiguous"),
        ("{n}{series}", "ambiguous"),
        ("{series}1{n}", "ambiguous"),
        ("{series}{year}{n}", "ambiguous"),
    ],
)
def test_an_unusable_pattern_is_refused_with_its_reason(pattern: str, code: str) -> None:
    with pytest.raises(RegistryPatternError) as refused:
        RegistryPattern(pattern)
    assert refused.value.code == code


def test_the_reason_names_the_unknown_field() -> None:
    with pytest.raises(
        RegistryPatternError, match=r"Fältet \{löpnr\} finns inte\. Använd \{n\}, \{year\} och \{series\}\."
    ):
        RegistryPattern("{löpnr}")


def test_a_pattern_tells_which_parts_it_has() -> None:
    with_year, without = RegistryPattern("{series}-{n}/{year}"), RegistryPattern("{n:04}")
    assert (with_year.has_year, with_year.has_series) == (True, True)
    assert (without.has_year, without.has_series) == (False, False)
    assert without.format(n=1, year=2021, series="KS") == "0001"
    assert str(without) == "{n:04}"


@pytest.mark.parametrize(
    ("pattern", "series", "year", "n", "code"),
    [
        ("{n}", None, None, 0, "n"),
        ("{n}", None, None, -1, "n"),
        ("{year}-{n}", None, None, 1, "year"),
        ("{year}-{n}", None, 21, 1, "year"),
        ("{year:02}-{n}", None, 1999, 1, "year"),
        ("{year:02}-{n}", None, 2100, 1, "year"),
        ("{series}-{n}", None, None, 1, "series"),
        ("{series}-{n}", "", None, 1, "series"),
        ("{series}-{n}", "KS-", None, 1, "series"),
        ("{series}-{n}", "K\nS", None, 1, "series"),
        ("{series}-{n}", "{n}", None, 1, "series"),
        ("{series}-{n}", "x" * 31, None, 1, "series"),
    ],
)
def test_parts_that_cannot_be_written_are_refused(
    pattern: str, series: str | None, year: int | None, n: int, code: str
) -> None:
    with pytest.raises(RegistryNumberError) as refused:
        RegistryPattern(pattern).format(series=series, year=year, n=n)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KS 2021-123",
        "KS 2021-00000",
        "KS 2021-000123",
        "KS 1000-00123",
        "ks 2021-00123",
        "KS 2021-00123 ",
        "KS 2021-0012٣",
    ],
)
def test_a_number_in_another_shape_is_not_read(text: str) -> None:
    with pytest.raises(RegistryNumberError) as refused:
        RegistryPattern("KS {year}-{n:05}").parse(text)
    assert refused.value.code == "mismatch"


LITERALS = st.text("KSabÅ019 -/.:(%\\+*", max_size=4)
FIELDS = st.permutations(
    [
        st.sampled_from(["{n}", "{n:02}", "{n:05}"]),
        st.sampled_from(["{year}", "{year:02}"]),
        st.just("{series}"),
    ]
)


@st.composite
def patterns(draw: st.DrawFn, *, with_year: bool = False) -> RegistryPattern:
    fields = [draw(field) for field in draw(FIELDS)]
    kept = [
        f for f in fields if f.startswith("{n") or (with_year and f.startswith("{y")) or draw(st.booleans())
    ]
    text = draw(LITERALS) + "".join(field + draw(LITERALS) for field in kept)
    try:
        return RegistryPattern(text.strip())
    except RegistryPatternError as refused:
        assume(refused.code != "ambiguous")  # refused on purpose; any other reason is a failure
        raise


SERIES = st.from_regex(r"[A-ZÅÄÖ0-9]([A-Z0-9 ./:+-]{0,8}[A-Z0-9])?", fullmatch=True)
YEARS = st.integers(2000, 2099)
NUMBERS = st.integers(1, 10**7)


@given(patterns(), SERIES, YEARS, NUMBERS)
def test_every_number_of_every_pattern_is_read_back(
    registry: RegistryPattern, series: str, year: int, n: int
) -> None:
    written = registry.format(series=series, year=year, n=n)
    expected = RegistryNumber(series if registry.has_series else None, year if registry.has_year else None, n)
    assert registry.parse(written) == expected


@given(patterns(with_year=True), SERIES, st.tuples(YEARS, NUMBERS), st.tuples(YEARS, NUMBERS))
def test_different_years_or_numbers_never_look_alike(
    registry: RegistryPattern, series: str, one: tuple[int, int], other: tuple[int, int]
) -> None:
    written = [registry.format(series=series, year=year, n=n) for year, n in (one, other)]
    assert (written[0] == written[1]) == (one == other)


@given(
    st.one_of(
        st.text(max_size=70),
        st.lists(st.sampled_from(["{n}", "{", "}", "{year}", "a", "-", "1"])).map("".join),
    )
)
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        registry = RegistryPattern(text)
    except RegistryPatternError:
        return
    assert registry.parse(registry.format(n=3, year=2021, series="KS")).n == 3


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    registry = RegistryPattern("{series}-{n}/{year}")
    try:
        number = registry.parse(text)
    except RegistryNumberError:
        return
    assert registry.format(n=number.n, year=number.year, series=number.series) == text
