"""When something is reported back to the council: "Fortlöpande", "Våren 2023", "årligen" (H7).

The words are kept. A schedule that cannot be read with certainty has the kind `UNKNOWN` and no due day at
all, and a person has to say what it means.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Final

from cases.values.vague_date import MAX_WORDS, VagueDate

_CONTINUOUS: Final = 0
_YEAR: Final = 12


class ReportingKind(StrEnum):
    """How often; the values are stored."""

    CONTINUOUS = "continuous"
    ONCE = "once"
    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    INTERVAL_MONTHS = "interval_months"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportingSchedule:
    """Somebody's words for when to report, and what can be derived from them.

    `months` is the interval of the recurring kinds. `season` is the part of the year in which a yearly
    report falls ("varje vår"). `dates` are the times named by `ONCE`, nearly always one; `limit` is the
    time that a recurrence is confined to ("årligen t.o.m. 2024").
    """

    words: str
    kind: ReportingKind
    months: int | None = None
    season: str = ""
    dates: tuple[VagueDate, ...] = ()
    limit: VagueDate = field(default_factory=VagueDate.missing)

    @classmethod
    def parse(cls, words: str | None) -> ReportingSchedule:
        """Read Swedish or English words, tolerant of case, spacing and a final full stop. Never raises."""
        kept = (words or "").strip()
        unknown = cls(kept, ReportingKind.UNKNOWN)
        plain = " ".join(kept.casefold().split())
        if len(kept) > MAX_WORDS or _DENIED.search(plain):
            return unknown
        frequencies, season = _frequencies(plain)
        if not frequencies:
            dates = _named_dates(kept)
            return cls(kept, ReportingKind.ONCE, dates=dates) if dates else unknown
        limit = VagueDate.parse(kept)
        months = frequencies.pop()
        if frequencies or months is None or (limit.is_dated and not _is_confined(plain, limit)):
            return unknown
        return cls(
            kept,
            _kind_of(months),
            months or None,
            season,
            (),
            limit if limit.is_dated else VagueDate.missing(),
        )

    def due_dates(self, start: date, until: date | None, meetings: Sequence[date] = ()) -> Iterator[date]:
        """The days on which a report is due, in order, none later than `until`.

        Continuous: every meeting of the council after `start`. Recurring: whole months after `start` (31
        January and one month is the last of February), or the last day of the season in every year, from
        `start` on. Once: the last day of the time that was named, wherever `start` lies; none if the words
        leave it open ("tidigast våren 2023"). Without `until` the recurring kinds go on to the end of the
        calendar: take as many as are needed.
        """
        last = min((day for day in (until, self.limit.last) if day), default=date.max)
        for due in self._all_due(start, meetings):
            if due > last:
                return
            if self.limit.first is None or due >= self.limit.first:
                yield due

    def next_due(
        self, after: date, *, start: date, until: date | None = None, meetings: Sequence[date] = ()
    ) -> date | None:
        """The first due day later than `after`; None if there is none, or none yet as no council meeting is
        set.
        """
        return next((due for due in self.due_dates(start, until, meetings) if due > after), None)

    def _all_due(self, start: date, meetings: Sequence[date]) -> Iterator[date]:
        if self.kind is ReportingKind.CONTINUOUS:
            yield from sorted({meeting for meeting in meetings if meeting > start})
        elif self.kind is ReportingKind.ONCE:
            yield from sorted({named.last for named in self.dates if named.last})
        elif self.season:
            yield from _ends_of_season(self.season, start)
        elif self.months:
            yield from _every_months(self.months, start)


def _every_months(months: int, start: date) -> Iterator[date]:
    for nth in count(1):
        years, month = divmod(start.month - 1 + nth * months, 12)
        year = start.year + years
        if year > date.max.year:
            return
        yield date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _ends_of_season(season: str, start: date) -> Iterator[date]:
    # A winter that ends in the first year began in the year before.
    for year in count(start.year - 1):
        due = VagueDate.parse(f"{season} {year}").last
        if due is None:  # beyond the years that words can name
            return
        if due >= start:
            yield due


def _kind_of(months: int) -> ReportingKind:
    named = {_CONTINUOUS: ReportingKind.CONTINUOUS, 6: ReportingKind.HALF_YEARLY, _YEAR: ReportingKind.YEARLY}
    return named.get(months, ReportingKind.INTERVAL_MONTHS)


_DENIED: Final = re.compile(r"\b(?:inte|ej|inga|ingen|inget|not|no|never|aldrig)\b")
# "Våren 2023, därefter årligen" and "årligen samt våren 2023" are two things at once.
_TWO_THINGS: Final = re.compile(
    r"\b(?:därefter|sedan|sen|först|samt|plus|then|thereafter|first|och(?! (?:med|framåt))|and)\b"
)


def _is_confined(plain: str, limit: VagueDate) -> bool:
    """Whether a time beside a frequency says how long it goes on: an open end, or whole years."""
    if _TWO_THINGS.search(plain):
        return False
    if limit.first is None or limit.last is None:
        return True
    return (limit.first.month, limit.first.day) == (1, 1) and (limit.last.month, limit.last.day) == (12, 31)


_BETWEEN_DATES: Final = re.compile(
    r"[.;]\s+(?=[^\W\d])|,\s+(?=[^\W\d])|\s+(?:och(?! (?:med|framåt)\b)|samt|and)\s+"
)
_A_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def _named_dates(kept: str) -> tuple[VagueDate, ...]:
    """Every time that is named, each with its own words: "våren och hösten 2022" is two reports."""
    dates: list[VagueDate] = []
    year = ""
    for piece in reversed([piece.strip() for piece in _BETWEEN_DATES.split(kept)]):
        year = next(iter(_A_YEAR.findall(piece)), year)
        named = VagueDate.parse(piece)
        if not named.is_dated and year and len(piece) + len(year) < MAX_WORDS:
            named = VagueDate.parse(f"{piece} {year}")
        if named.is_dated:
            dates.append(named)
    return tuple(reversed(dates))


_NUMBERS: Final = {
    "en": 1,
    "once": 1,
    "två": 2,
    "two": 2,
    "twice": 2,
    "tre": 3,
    "three": 3,
    "fyra": 4,
    "four": 4,
    "fem": 5,
    "sex": 6,
    "six": 6,
    "annan": 2,
    "annat": 2,
    "other": 2,
    "second": 2,
    "tredje": 3,
    "third": 3,
    "fjärde": 4,
    "fourth": 4,
    "femte": 5,
    "fifth": 5,
    "sjätte": 6,
    "sixth": 6,
}
_PERIODS: Final = {
    "månad": 1,
    "month": 1,
    "kvartal": 3,
    "quarter": 3,
    "tertial": 4,
    "halvår": 6,
    "termin": 6,
    "half-year": 6,
    "år": _YEAR,
    "year": _YEAR,
    "annual": _YEAR,
}
_NUMBER: Final = rf"(?P<number>{'|'.join(_NUMBERS)}|[1-9][0-9]?)"
_PERIOD: Final = rf"(?P<period>{'|'.join(_PERIODS)})"


def _number(found: re.Match[str]) -> int:
    return _NUMBERS.get(found["number"]) or int(found["number"])


def _times_a_year(found: re.Match[str]) -> int | None:
    return _YEAR // _number(found) if _YEAR % _number(found) == 0 else None


# Tried in this order, each on what the ones before it left: "två gånger årligen" is no "årligen". None: no
# whole months.
_FREQUENCIES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int | None]], ...]] = tuple(
    (re.compile(pattern), months)
    for pattern, months in (
        (
            (
                r"\b(?:(?:fort)?löpande|kontinuerligt?|continuous(?:ly)?"
                r"|vid (?:varje|alla) (?:möten?|sammanträden?)|at (?:every|each) meeting)\b"
            ),
            lambda _found: _CONTINUOUS,
        ),
        (
            (
                rf"\b{_NUMBER}(?: ?(?:gånger|gång|ggr|times))? ?(?:per |om |/ ?|i |a |varje )?"
                r"(?:året|årligen|år|yearly|year)\b"
            ),
            _times_a_year,
        ),
        (
            rf"\b(?:vart?|every) ?{_NUMBER}(?::[ae]|rd|th|nd)? {_PERIOD}s?\b",
            lambda found: _number(found) * _PERIODS[found["period"]],
        ),
        (
            (
                rf"\b(?:en gång (?:per|i|om) |1 gång (?:per |/)|once a |varje |per |every |each )"
                rf"{_PERIOD}(?:en|et)?\b"
            ),
            lambda found: _PERIODS[found["period"]],
        ),
        (rf"\b{_PERIOD}(?:svis|svist|ligen|ly)\b", lambda found: _PERIODS[found["period"]]),
    )
)
_TIMES: Final = re.compile(r"\b(?:gånger|ggr|times)\b")
_YEARLY_IN: Final = re.compile(
    r"\b(?:varje|every|each) (?P<season>vår|sommar|höst|vinter|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:årligen|varje år|yearly|annually|every year),? (?:på |i |under |in )(?P<part>[^\W\d]+)"
)


def _frequencies(plain: str) -> tuple[set[int | None], str]:
    """The different intervals in months that the words name, and the season of a yearly one."""
    rest, season, found = plain, "", set[int | None]()
    yearly = _YEARLY_IN.search(rest)
    if yearly and VagueDate.parse(f"{yearly['season'] or yearly['part']} 2000").is_dated:
        season = yearly["season"] or yearly["part"]
        found.add(_YEAR)
        rest = rest.replace(yearly[0], " ")
    for pattern, months in _FREQUENCIES:
        found.update(months(match) for match in pattern.finditer(rest))
        rest = pattern.sub(" ", rest)
    if _TIMES.search(rest):  # "flera gånger per år": the number was not understood
        found.add(None)
    return found, season
