"""Reading the interval out of words such as "Hösten 2021" or "oktober 2021 – mars 2022" (H4).

A text is scanned for the first *unit* (a day, month, season, quarter, week, term, year ...). A unit may
name its year, or borrow the year of a unit that it is joined to ("oktober–december 2021", "vår och sommar
2022"). Words before or after may open an end ("tidigast", "senast", "från", "eller senare"). What is not
certainly a time is left unread: a bare number is a year only in the company of words that say so, since
"Agenda 2030" and "KS 2021-00123" are no dates.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Final, NamedTuple

Interval = tuple[date | None, date | None]
_UNREAD: Final[Interval] = (None, None)


class _Span(NamedTuple):
    first: date
    last: date


# Raises ValueError for what the calendar does not have (31 February, week 53 of most years).
_InYear = Callable[[int], _Span]


class _Unit(NamedTuple):
    end: int
    year: int | None
    in_year: _InYear


class _Bound(Enum):
    FROM = "from"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"


_MONTH_NAMES: Final = (
    "januari january jan|februari february feb|mars march mar|april apr|maj may|juni june jun|juli july|"
    "augusti august aug|"
    "september sept sep|oktober october okt oct|november nov|december dec"
)
_MONTHS: Final = {
    name: i for i, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
_SEASONS: Final = {
    "vår": 3,
    "spring": 3,
    "sommar": 6,
    "summer": 6,
    "höst": 9,
    "autumn": 9,
    "fall": 9,
    "vint": 12,
    "wint": 12,
}
_ORDINALS: Final = {
    "första": 1,
    "first": 1,
    "andra": 2,
    "second": 2,
    "tredje": 3,
    "third": 3,
    "fjärde": 4,
    "fourth": 4,
}

_Y: Final = r"(?:19|20)[0-9]{2}"
_YEAR: Final = rf"(?P<year>{_Y})(?![0-9])"
# The year after a unit, if it is there: "2021", "av 2021", ", 2021", "-2021", "'21", " -21".
_THEN_YEAR: Final = (
    rf"(?:(?:\s*,?\s*(?:(?:av|of|år|in)\s+)?|[/-]){_YEAR}|(?:\s*['’]|\s+-)(?P<yy>[0-9]{{2}})(?![0-9]))?"
)
_MONTH_CHOICE: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH: Final = rf"(?P<month>{_MONTH_CHOICE})\b\.?"
# "jul" by itself is Christmas in Swedish, but beside a day it is July.
_MONTH_OF_DAY: Final = rf"(?P<month>{_MONTH_CHOICE}|jul)\b\.?"
_DASH: Final = r"\s*[-–—]\s*"
_PART: Final = (
    r"(?:(?:(?P<early>början|(?:beginning|start)(?=\s+of)|tidigt?|early)|(?P<middle>mitten|middle|mid)"
    r"|(?P<late>slutet|end(?=\s+of)|sent|late|sen(?=\s+(?:vår|sommar|höst|vinter)\b)))(?:\s+(?:av|på|of))?(?:\s+(?:the|år))?[\s-]+)?"
)
_NTH: Final = rf"(?P<nth>{'|'.join(_ORDINALS)}|[1-4](?=:[ae]\b|st\b|nd\b|rd\b|th\b))(?::[ae]|st|nd|rd|th)?\s+"


def _months(year: int, month: int, count: int) -> _Span:
    end = month + count - 1
    last_year, last_month = year + (end - 1) // 12, (end - 1) % 12 + 1
    return _Span(
        date(year, month, 1), date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    )


def _days(year: int, month: int, first: int, last: int) -> _Span:
    return _Span(date(year, month, first), date(year, month, last))


def _part_of(found: re.Match[str], month: int, count: int) -> _InYear:
    """The beginning, middle or end of some months: a third of them, or of one month days 1-10, 11-20 and
    the rest.
    """
    part = 0 if found["early"] else 1 if found["middle"] else 2 if found["late"] else None
    if part is None:
        return lambda year: _months(year, month, count)
    if count > 1:
        begin, third = month - 1 + part * count // 3, count // 3
        return lambda year: _months(year + begin // 12, begin % 12 + 1, third)
    return lambda year: _days(
        year, month, (1, 11, 21)[part], (10, 20, calendar.monthrange(year, month)[1])[part]
    )


def _read_iso(found: re.Match[str]) -> _InYear:
    month, day = int(found["month"]), found["day"]
    return lambda year: _days(year, month, int(day), int(day)) if day else _months(year, month, 1)


def _read_day(found: re.Match[str]) -> _InYear:
    name = found["month"].lower().rstrip(".")
    month = int(name) if name.isdigit() else _MONTHS.get(name, 7)
    first = int(found["day"])
    last = int(found.groupdict().get("to") or first)
    return lambda year: _days(year, month, first, last)


def _read_month(found: re.Match[str]) -> _InYear:
    return _part_of(found, _MONTHS[found["month"].lower()], 1)


def _read_season(found: re.Match[str]) -> _InYear:
    month = next(month for name, month in _SEASONS.items() if found["season"].lower().startswith(name))
    if found["latter"]:
        return lambda year: _months(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return _part_of(found, month, 3)


def _read_week(found: re.Match[str]) -> _InYear:
    first = int(found["week"])
    last = int(found.groupdict().get("to") or first)
    return lambda year: _Span(date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7))


def _read_share(found: re.Match[str]) -> _InYear:
    """A numbered quarter, third or half of the year."""
    groups = found.groupdict()
    number_word = (groups.get("nth") or groups.get("number") or "").lower()
    number = _ORDINALS.get(number_word) or int(number_word)
    kind = found["kind"].lower()
    count = 3 if kind.startswith(("q", "k")) else 4 if kind.startswith("t") else 6
    if number * count > 12:
        raise ValueError("no such part of a year")
    return lambda year: _months(year, (number - 1) * count + 1, count)


def _read_term(found: re.Match[str]) -> _InYear:
    if found["term"].lower().startswith(("v", "spring")):
        return lambda year: _Span(date(year, 1, 1), date(year, 6, 15))
    return lambda year: _Span(date(year, 8, 15), date(year, 12, 31))


def _read_year(found: re.Match[str]) -> _InYear:
    return _part_of(found, 1, 12)


def _later_year(found: re.Match[str]) -> int:
    year, to = int(found["year"]), found["to"]
    later = int(to) if len(to) == 4 else year - year % 100 + int(to) + (100 if to == "00" else 0)
    if later <= year:
        raise ValueError("ends before it begins")
    return later


def _read_years(found: re.Match[str]) -> _InYear:
    later = _later_year(found)
    if found["slash"] and later != int(found["year"]) + 1:
        raise ValueError("not two years in a row")
    return lambda year: _Span(date(year, 1, 1), date(later, 12, 31))


def _read_over_new_year(found: re.Match[str]) -> _InYear:
    if _later_year(found) != int(found["year"]) + 1:
        raise ValueError("not two years in a row")
    kind = found["kind"].lower()
    if kind.startswith("årsskifte"):
        return lambda year: _Span(date(year, 12, 31), date(year + 1, 1, 1))
    if kind.startswith(("vint", "wint")):
        return lambda year: _months(year, 12, 3)
    return lambda year: _Span(date(year, 8, 15), date(year + 1, 6, 15))


# In each pattern "year" or "yy" is the year that the unit names. Of several that fit at one place the
# longest is taken, and of those the first.
_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _InYear]], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (rf"(?P<year>{_Y})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-9]{{2}}))?(?![0-9])", _read_iso),
        (rf"(?P<year>{_Y})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])", _read_iso),
        (
            (
                rf"(?:den\s+|the\s+)?(?P<day>[0-9]{{1,2}})(?::[ae]|st|nd|rd|th)?(?:{_DASH}(?P<to>[0-9]{{1,2}})(?::[ae]|st|nd|rd|th)?)?"
                rf"\s+(?:of\s+)?{_MONTH_OF_DAY}{_THEN_YEAR}"
            ),
            _read_day,
        ),
        (rf"{_MONTH}\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+){_YEAR}", _read_day),
        (rf"(?:den\s+)?(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})(?![0-9]){_THEN_YEAR}", _read_day),
        (rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}", _read_day),
        (rf"{_PART}{_MONTH}{_THEN_YEAR}", _read_month),
        (
            (
                rf"{_PART}(?P<latter>sen)?(?P<season>vår(?:en)?|sommar(?:en)?|höst(?:en)?|vinter|vintern|spring|summer|autumn|winter"
                rf"|(?<!alla )(?<!i )(?<!så )fall)\b{_THEN_YEAR}"
            ),
            _read_season,
        ),
        (
            rf"(?:v\.?|w|vecka|veckorna|weeks?)\s*(?P<week>[0-9]{{1,2}})(?:{_DASH}(?P<to>[0-9]{{1,2}}))?(?![0-9]){_THEN_YEAR}",
            _read_week,
        ),
        (rf"(?P<year>{_Y})[\s-]?(?:v\.?|w|vecka|week)\s?(?P<week>[0-9]{{1,2}})(?![0-9])", _read_week),
        (
            rf"(?P<kind>q|kv\.?|kvartal|quarter|tertial|halvår|h(?=[12]))\s*(?P<number>[1-4])(?![0-9]){_THEN_YEAR}",
            _read_share,
        ),
        (rf"(?P<year>{_Y})[\s-]?(?P<kind>q|h)(?P<number>[1-4])(?![0-9])", _read_share),
        (rf"{_NTH}(?P<kind>kvartalet|quarter|tertialet|halvåret|half)\b{_THEN_YEAR}", _read_share),
        (rf"(?P<term>ht|vt)[\s-]?(?:{_YEAR}|['’]?(?P<yy>[0-9]{{2}})(?![0-9]))?", _read_term),
        (
            rf"(?P<term>höstterminen|vårterminen|(?:autumn|fall|spring)\s+(?:term|semester))\b{_THEN_YEAR}",
            _read_term,
        ),
        (rf"(?P<year>{_Y})(?:{_DASH}|\s?(?P<slash>/)\s?)(?P<to>{_Y}|[0-9]{{2}})(?![0-9])", _read_years),
        (
            (
                r"(?P<kind>vintern|winter|årsskiftet|läsåret|(?:the\s+)?academic\s+year)\s+"
                rf"(?P<year>{_Y})(?:{_DASH}|\s?/\s?)(?P<to>{_Y}|[0-9]{{2}})(?![0-9])"
            ),
            _read_over_new_year,
        ),
        (rf"{_PART}{_YEAR}", _read_year),
    )
)


def _words(*alternatives: str, before: str = r"(?:^|(?<=\W))", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(alternatives)}){after}", re.IGNORECASE)


_LITTLE: Final = r"(?:[\s:]+(?:i|in|under|during|den|the|på|vid|at|of|år))*[\s:]*$"
_BEFORE: Final = (
    (
        _words(
            "tidigast",
            "(?:inte|ej) (?:förrän|före)",
            "not (?:before|until)",
            "no earlier than",
            after=_LITTLE,
        ),
        _Bound.FROM,
    ),
    (
        _words(
            "från(?: och med)?", r"fr\.? ?o\.? ?m\.?", "sedan", "sen", "since", "from", "as of", after=_LITTLE
        ),
        _Bound.FROM,
    ),
    (
        _words("senast", "(?:inte|ej) efter", "not? later than", "by", "not after", after=_LITTLE),
        _Bound.UNTIL,
    ),
    (
        _words("till(?: och med)?", r"t\.? ?o\.? ?m\.?", "until", "up to", "through", after=_LITTLE),
        _Bound.UNTIL,
    ),
    (_words("före", "innan", "before", "prior to", after=_LITTLE), _Bound.BEFORE),
    (_words("efter", "after", after=_LITTLE), _Bound.AFTER),
)
_DONE: Final = r"(?=\s*(?:[.,;)!]|$))"
_AFTERWARDS: Final = (
    (
        _words(
            "tidigast", "at the earliest", "(?:eller|or) (?:senare|later)", before=r"\s*[,(]?\s*", after=_DONE
        ),
        _Bound.FROM,
    ),
    (
        _words("(?:och )?framåt", "och därefter", "(?:and )?onwards?", "[-–—]", before=r"\s*", after=_DONE),
        _Bound.FROM,
    ),
    (
        _words(
            "senast", "at the latest", "(?:eller|or) (?:tidigare|earlier)", before=r"\s*[,(]?\s*", after=_DONE
        ),
        _Bound.UNTIL,
    ),
)
_DENIED: Final = _words("inte", "ej", "not", "aldrig", "never", after=_LITTLE)
_RANGE: Final = re.compile(
    rf"{_DASH}|\s+(?:till(?: och med)?|t\.? ?o\.? ?m\.?|to|until|through)\s+", re.IGNORECASE
)
_LIST: Final = re.compile(r"\s?/\s?|\s+(?:och|samt|eller|and|or)\s+", re.IGNORECASE)

# A bare year needs company on both sides: nothing, a full stop, or words that are said of time.
_YEAR_MAY_FOLLOW: Final = re.compile(
    r"(?:^|[.;:,(]\s*|(?<!\w)(?:under|i|in|during|år|året|year|hela|helåret|kalenderåret|om|av|of|från|from"
    r"|fr\.? ?o\.? ?m\.?|med|sedan|since|till|to|until|t\.? ?o\.? ?m\.?|och|and|eller|or|senast|tidigast"
    r"|före|förrän|innan|efter|before|after|by|than|ca|cirka|circa|omkring|runt|around|about|preliminärt"
    r"|troligen|sannolikt|start|startar|startade|starts|started|startat|börjar|början|klart?|färdigt?|planeras|planerat|planerad)[\s:]+)$",
    re.IGNORECASE,
)
_MAY_FOLLOW_YEAR: Final = re.compile(
    r"\s*(?:$|[.,;:!?)(])|\s?[-–—/](?![^\W\d_])|\s+(?:och|and|eller|or|till|to|until|t\.? ?o\.? ?m|efter"
    r"|after|om|if|enligt|då|när|when|vid|at|preliminärt|start\w*|senast|tidigast|framåt|onwards?)\b",
    re.IGNORECASE,
)
_INSIDE_SOMETHING: Final = re.compile(r"(?:\w|[0-9][-–—/.:])$")
_NUMBERED_SERIES: Final = re.compile(r"\b(?:[Dd]nr|[Dd]iarienummer|[Aa]genda|[A-ZÅÄÖ]{1,4})[\s:.]*$")
_GOES_ON: Final = re.compile(r"\w|[-–—/.:][0-9]")


def read_interval(words: str) -> Interval:
    """First and last day of the first dated phrase; None for an end that the words leave open or do not
    tell.
    """
    phrases = _phrases(unicodedata.normalize("NFC", words))
    try:
        first, last = next(phrases, _UNREAD)
        if first and not last:  # "tidigast våren 2023, senast hösten 2024"
            also_first, also_last = next(phrases, _UNREAD)
            last = None if also_first else also_last
    except ValueError:
        # Something that looks like a date but is none ("31 februari 2022"): nothing near it can be trusted.
        return _UNREAD
    return _UNREAD if first and last and first > last else (first, last)


def _phrases(text: str) -> Iterator[Interval]:
    """The dated phrases in order, each with the ends that the words around it leave open."""
    position = 0
    while position < len(text):
        before = text[:position]
        unit = None if _INSIDE_SOMETHING.search(before[-2:]) else _unit_at(text, position)
        if unit is None:
            position += 1
            continue
        span, end, is_range = _joined(text, unit)
        if span and not _GOES_ON.match(text, end) and not _DENIED.search(before):
            yield _bounded(span, is_range, before=before, after=text[end:])
        position = end


def _unit_at(text: str, position: int, *, joined: bool = False) -> _Unit | None:
    matches = [(found, reader) for pattern, reader in _READERS if (found := pattern.match(text, position))]
    if not matches:
        return None
    found, reader = max(matches, key=lambda match: match[0].end())
    groups = found.groupdict()
    if reader is _read_year and not _is_a_year(found, joined):
        return None
    if reader in (_read_year, _read_years, _read_iso) and not groups.get("day") and _in_a_series(found):
        return None
    year = (
        int(groups["year"]) if groups.get("year") else 2000 + int(groups["yy"]) if groups.get("yy") else None
    )
    return _Unit(found.end(), year, reader(found))


def _in_a_series(found: re.Match[str]) -> bool:
    return bool(_NUMBERED_SERIES.search(found.string[: found.start()]))


def _is_a_year(found: re.Match[str], joined: bool) -> bool:
    if not _MAY_FOLLOW_YEAR.match(found.string, found.end()):
        return False
    in_part = found["early"] or found["middle"] or found["late"]
    return joined or bool(in_part) or bool(_YEAR_MAY_FOLLOW.search(found.string[: found.start()]))


def _joined(text: str, unit: _Unit) -> tuple[_Span | None, int, bool]:
    """The days of the unit together with those it is joined to, where they end in the text, and whether it
    is a range.
    """
    spans, end, year, is_range = [unit], unit.end, unit.year, False
    while joiner := (_RANGE.match(text, end) or _LIST.match(text, end)):
        following = _unit_at(text, joiner.end(), joined=True)
        bare_year = following is not None and following.end - joiner.end() == 4
        if following is None or ("/" in joiner[0] and bare_year):  # "hösten 2021/2022" may mean either
            break
        is_range = is_range or joiner.re is _RANGE
        spans.append(following)
        end, year = following.end, year or following.year
    if year is None:
        return None, end, is_range
    return _hull(spans), end, is_range


def _hull(units: list[_Unit]) -> _Span:
    """From the first to the last day of units of which at least one names its year; the others borrow it."""
    named = next(i for i, unit in enumerate(units) if unit.year is not None)
    year = units[named].year or 0
    anchor = span = units[named].in_year(year)
    for unit in reversed(units[:named]):  # "november–februari 2022" begins in 2021
        earlier = unit.in_year(year)
        earlier = earlier if earlier.first <= anchor.last else unit.in_year(year - 1)
        span = _Span(min(span.first, earlier.first), max(span.last, earlier.last))
    for unit in units[named + 1 :]:  # "oktober 2021 – mars" ends in 2022
        later = unit.in_year(unit.year or year)
        if later.last < anchor.first:
            if unit.year is not None:
                raise ValueError("ends before it begins")
            later = unit.in_year(year + 1)
        span = _Span(min(span.first, later.first), max(span.last, later.last))
    if span.first > span.last:
        raise ValueError("ends before it begins")
    return span


def _bounded(span: _Span, is_range: bool, *, before: str, after: str) -> Interval:
    bound = next((bound for pattern, bound in _BEFORE if pattern.search(before)), None)
    bound = bound or next((bound for pattern, bound in _AFTERWARDS if pattern.match(after)), None)
    day = timedelta(days=1)
    if bound is _Bound.FROM and not is_range:  # "från 2021 till 2024" has both ends
        return span.first, None
    if bound is _Bound.AFTER:
        return span.last + day, None
    if bound is _Bound.UNTIL:
        return None, span.last
    if bound is _Bound.BEFORE:
        return None, span.first - day
    return span
