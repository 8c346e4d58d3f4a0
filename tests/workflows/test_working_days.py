"""Swedish working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.working_days import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
COUNTS = st.integers(-300, 300)


@pytest.mark.parametrize(
    "day",
    [
        # Good Friday, Easter Monday, Ascension Day, Midsummer Eve of each year
        *("2021-04-02", "2021-04-05", "2021-05-13", "2021-06-25"),
        *("2022-04-15", "2022-04-18", "2022-05-26", "2022-06-24"),
        *("2023-04-07", "2023-04-10", "2023-05-18", "2023-06-23"),
        *("2024-03-29", "2024-04-01", "2024-05-09", "2024-06-21"),
        *("2025-04-18", "2025-04-21", "2025-05-29", "2025-06-20"),
        *("2026-04-03", "2026-04-06", "2026-05-14", "2026-06-19"),
        # New Year, Epiphany, 1 May, National Day, Christmas and New Year's Eve on weekdays
        *("2021-01-01", "2021-01-06", "2021-12-24", "2021-12-31"),
        *("2022-01-06", "2022-06-06", "2022-12-26"),
        *("2023-01-06", "2023-05-01", "2023-06-06", "2023-12-25", "2023-12-26"),
        *("2024-05-01", "2024-06-06", "2024-12-24", "2024-12-25", "2024-12-26", "2024-12-31"),
        *("2025-01-01", "2025-01-06", "2025-06-06", "2025-12-24", "2025-12-31"),
        *("2026-01-01", "2026-01-06", "2026-05-01", "2026-12-24", "2026-12-25", "2026-12-31"),
        # a Saturday and a Sunday
        *("2022-10-01", "2022-10-02"),
    ],
)
def test_holidays_the_three_eves_and_weekends_are_no_working_days(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2021-04-01",  # Maundy Thursday
        "2021-04-30",  # Walpurgis Night
        "2021-05-14",  # the squeeze day after Ascension Day
        "2021-05-24",  # Whit Monday, abolished in 2005
        "2021-11-05",  # the day before All Saints' Day
        "2021-06-24",
        "2021-06-28",
        "2022-12-23",
        "2022-12-27",
        "2023-01-05",
        "2026-01-02",
    ],
)
def test_half_days_and_squeeze_days_are_working_days(day: str) -> None:
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2021-04-01", 1, "2021-04-06"),  # over Easter
        ("2022-04-13", 3, "2022-04-20"),
        ("2024-03-28", 1, "2024-04-02"),
        ("2021-12-23", 1, "2021-12-27"),  # over Christmas
        ("2023-12-22", 2, "2023-12-28"),
        ("2024-12-23", 3, "2025-01-02"),
        ("2025-12-30", 2, "2026-01-05"),
        ("2022-06-23", 1, "2022-06-27"),  # over midsummer
        ("2026-06-18", 1, "2026-06-22"),
        ("2022-10-01", 1, "2022-10-03"),  # from a Saturday
        ("2022-10-03", 0, "2022-10-03"),
        ("2022-10-01", 0, "2022-10-03"),
        ("2021-04-06", -1, "2021-04-01"),
        ("2022-10-02", -1, "2022-09-30"),
    ],
)
def test_adding_working_days_passes_over_the_others(start: str, days: int, expected: str) -> None:
    assert add_working_days(date.fromisoformat(start), days) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("year", "weekdays", "holidays_on_weekdays"),
    # Counted by hand: Monday to Friday in the year, and those of them that are holidays or eves.
    [(2021, 261, 8), (2022, 260, 7), (2023, 260, 9), (2024, 262, 11), (2025, 261, 12), (2026, 261, 10)],
)
def test_a_year_has_its_weekdays_but_for_the_holidays_among_them(
    year: int, weekdays: int, holidays_on_weekdays: int
) -> None:
    counted = working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
    assert counted == weekdays - holidays_on_weekdays


@given(DAYS, COUNTS)
def test_the_answer_is_always_a_working_day(start: date, days: int) -> None:
    assert is_working_day(add_working_days(start, days))


@given(DAYS, COUNTS)
def test_from_a_working_day_adding_and_taking_away_are_inverse(start: date, days: int) -> None:
    first = add_working_days(start, 0)
    assert add_working_days(add_working_days(first, days), -days) == first
    assert working_days_between(first, add_working_days(first, days)) == days


@given(DAYS, COUNTS, st.integers(0, 30), st.integers(0, 30))
def test_a_later_start_or_more_days_never_give_an_earlier_day(
    start: date, days: int, later: int, more: int
) -> None:
    assert add_working_days(start, days) <= add_working_days(start + timedelta(days=later), days)
    if days > 0 or days + more < 0:
        assert add_working_days(start, days) <= add_working_days(start, days + more)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_counts_of_adjoining_spans_add_up(start: date, one: int, other: int) -> None:
    middle = start + timedelta(days=one)
    end = middle + timedelta(days=other)
    assert working_days_between(start, middle) + working_days_between(middle, end) == working_days_between(
        start, end
    )


@given(DAYS)
def test_no_days_lie_between_a_day_and_itself(day: date) -> None:
    assert working_days_between(day, day) == 0
