"""H7: reporting back to the council."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.values.reporting import ReportingKind, ReportingSchedule

START = date(2021, 8, 31)
MEETINGS = [date(2022, 2, 1), date(2021, 8, 1), START, date(2021, 11, 9), date(2022, 2, 1)]


def due(words: str, until: date | None = date(2023, 12, 31)) -> list[str]:
    return [day.isoformat() for day in ReportingSchedule.parse(words).due_dates(START, until, MEETINGS)]


@pytest.mark.parametrize(
    "words",
    [
        "Fortlöpande",
        "Fortlöpande.",
        " FORTLÖPANDE ",
        "löpande",
        "Löpande.",
        "vid varje möte",
        "continuously",
        "Kontinuerligt",
    ],
)
def test_continuous_is_due_at_every_later_meeting_of_the_council(words: str) -> None:
    assert ReportingSchedule.parse(words).kind is ReportingKind.CONTINUOUS
    assert due(words) == ["2021-11-09", "2022-02-01"]


@pytest.mark.parametrize(
    ("words", "last_day"),
    [
        ("Hösten 2022.", "2022-11-30"),
        ("Våren 2023", "2023-05-31"),
        ("Senast den 31 december 2022", "2022-12-31"),
    ],
)
def test_a_named_time_is_due_on_its_last_day(words: str, last_day: str) -> None:
    assert ReportingSchedule.parse(words).kind is ReportingKind.ONCE
    assert due(words) == [last_day]


def test_two_named_times_are_two_reports() -> None:
    assert due("Våren och hösten 2022") == ["2022-05-31", "2022-11-30"]
    assert due("Hösten 2021. Slutrapport våren 2023.") == ["2021-11-30", "2023-05-31"]


def test_a_named_time_without_an_end_has_no_due_day() -> None:
    schedule = ReportingSchedule.parse("tidigast våren 2023")
    assert schedule.kind is ReportingKind.ONCE
    assert list(schedule.due_dates(START, None)) == []


@pytest.mark.parametrize(
    ("words", "kind", "months"),
    [
        ("årligen", ReportingKind.YEARLY, 12),
        ("Årligen.", ReportingKind.YEARLY, 12),
        ("en gång per år", ReportingKind.YEARLY, 12),
        ("1 gång/år", ReportingKind.YEARLY, 12),
        ("minst en gång om året", ReportingKind.YEARLY, 12),
        ("once a year", ReportingKind.YEARLY, 12),
        ("var 12:e månad", ReportingKind.YEARLY, 12),
        ("halvårsvis", ReportingKind.HALF_YEARLY, 6),
        ("två gånger per år", ReportingKind.HALF_YEARLY, 6),
        ("två gånger årligen", ReportingKind.HALF_YEARLY, 6),
        ("2 ggr/år", ReportingKind.HALF_YEARLY, 6),
        ("en gång per termin", ReportingKind.HALF_YEARLY, 6),
        ("half-yearly", ReportingKind.HALF_YEARLY, 6),
        ("var tredje månad", ReportingKind.INTERVAL_MONTHS, 3),
        ("var 3:e månad", ReportingKind.INTERVAL_MONTHS, 3),
        ("varje kvartal", ReportingKind.INTERVAL_MONTHS, 3),
        ("quarterly", ReportingKind.INTERVAL_MONTHS, 3),
        ("varannan månad", ReportingKind.INTERVAL_MONTHS, 2),
        ("månadsvis", ReportingKind.INTERVAL_MONTHS, 1),
        ("vartannat år", ReportingKind.INTERVAL_MONTHS, 24),
    ],
)
def test_recurring_words_have_an_interval_in_months(words: str, kind: ReportingKind, months: int) -> None:
    schedule = ReportingSchedule.parse(words)
    assert (schedule.kind, schedule.months, schedule.words) == (kind, months, words)


def test_recurring_reports_fall_whole_months_after_the_start() -> None:
    assert due("halvårsvis") == ["2022-02-28", "2022-08-31", "2023-02-28", "2023-08-31"]
    assert due("årligen") == ["2022-08-31", "2023-08-31"]


def test_a_yearly_report_in_a_season_falls_on_the_last_day_of_that_season() -> None:
    assert due("varje vår") == ["2022-05-31", "2023-05-31"]
    assert due("årligen i mars") == ["2022-03-31", "2023-03-31"]
    assert due("varje vinter", until=date(2024, 12, 31)) == ["2022-02-28", "2023-02-28", "2024-02-29"]


def test_a_recurrence_can_be_confined_by_its_words() -> None:
    assert due("årligen 2021-2022", until=None) == ["2022-08-31"]
    assert due("löpande t.o.m. 2021", until=None) == ["2021-11-09"]
    assert due("årligen från och med 2023") == ["2023-08-31"]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "vid behov",
        "en gång",
        "Ingen återrapportering",
        "inte årligen",
        "fem gånger per år",
        "flera gånger per år",
        "Löpande, minst en gång per år",
        "Hösten 2022, därefter löpande",
        "Senast våren 2023, därefter årligen",
        "Fortlöpande " * 30,
    ],
)
def test_what_is_not_certain_is_unknown_and_never_due(words: str) -> None:
    schedule = ReportingSchedule.parse(words)
    assert schedule.kind is ReportingKind.UNKNOWN
    assert schedule.words == words.strip()
    assert list(schedule.due_dates(START, None, MEETINGS)) == []
    assert schedule.next_due(START, start=START, meetings=MEETINGS) is None


def test_next_due_is_the_first_one_later_than_the_day() -> None:
    yearly, season = ReportingSchedule.parse("årligen"), ReportingSchedule.parse("Våren 2023")
    assert yearly.next_due(date(2022, 8, 31), start=START) == date(2023, 8, 31)
    assert yearly.next_due(date(2022, 8, 30), start=START) == date(2022, 8, 31)
    assert yearly.next_due(date(2022, 8, 31), start=START, until=date(2023, 8, 30)) is None
    assert season.next_due(date(2023, 5, 30), start=START) == date(2023, 5, 31)
    assert season.next_due(date(2023, 5, 31), start=START) is None
    assert ReportingSchedule.parse("Fortlöpande").next_due(START, start=START) is None


def test_the_end_of_the_calendar_ends_the_recurrence() -> None:
    assert list(ReportingSchedule.parse("varje vår").due_dates(date(2098, 6, 1), None)) == [date(2099, 5, 31)]
    assert list(ReportingSchedule.parse("årligen").due_dates(date(9997, 3, 1), None)) == [
        date(9998, 3, 1),
        date(9999, 3, 1),
    ]


@given(
    st.sampled_from(
        ["månadsvis", "varje kvartal", "halvårsvis", "årligen", "vartannat år", "varje höst", "Hösten 2022"]
    ),
    st.dates(date(1990, 1, 1), date(2050, 1, 1)),
    st.integers(0, 4000),
)
def test_due_days_rise_and_stay_within_their_bounds(words: str, start: date, days: int) -> None:
    until = start + timedelta(days=days)
    schedule = ReportingSchedule.parse(words)
    found = list(islice(schedule.due_dates(start, until), 200))
    assert all(one < other for one, other in pairwise(found))
    assert all(day <= until for day in found)
    assert schedule.kind is ReportingKind.ONCE or all(day >= start for day in found)


def test_a_long_phrase_that_would_borrow_a_year_stays_within_bounds() -> None:
    words = "x" * 185 + ". Hösten 2022"
    assert due(words) == ["2022-11-30"]


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(
                ["våren", "hösten", "2022", "och", ",", ".", "årligen", "löpande", "var", "tredje", "månad"]
            )
        ).map(" ".join),
    )
)
def test_any_text_is_read_without_error(words: str) -> None:
    assert ReportingSchedule.parse(words).words == words.strip()
