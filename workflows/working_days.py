"""Swedish working days, by which deadlines are counted.

Not working days: Saturdays, Sundays, the public holidays of the act (1989:253), and by explicit choice
Midsummer Eve, Christmas Eve and New Year's Eve, which the annual leave act (1977:480, section 7) puts on a
par with Sundays and on which no authority is open. Half days (the day before All Saints' Day, Maundy
Thursday, Walpurgis Night) and the squeeze day after Ascension Day are working days: nobody should miss a
deadline because their own office closed early, and somebody else's did not.

The holidays are known for 1953 to 2100; outside those years only weekends are.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
# "De facto" is the library's name for the three eves.
_CATEGORIES: Final = (holidays.PUBLIC, holidays.DE_FACTO)


# A frozen set per year, since the library's own object fills itself on lookup, which threads must not share.
@lru_cache(maxsize=256)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, expand=False, categories=_CATEGORIES))


def is_working_day(day: date) -> bool:
    """Whether authorities are open on this day."""
    return day.weekday() < _SATURDAY and day not in _holidays_of(day.year)


def add_working_days(start: date, days: int) -> date:
    """The day that lies so many working days after `start` (before it, if `days` is negative).

    `start` itself is never counted, whether it is a working day or not: one working day after a Friday, and
    after the Saturday that follows, is the Monday. Zero days after a day that is not a working day is the
    next one that is, so that the answer is always a working day. Raises `OverflowError` where the calendar
    ends.
    """
    if days == 0:
        return start if is_working_day(start) else add_working_days(start, 1)
    step = _DAY if days > 0 else -_DAY
    day, left = start, abs(days)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days forward (positive) or back (negative) `end` lies from `start`.

    `start` is not counted, `end` is if it is a working day. For a working day `d`,
    `working_days_between(d, add_working_days(d, n)) == n` for every n.
    """
    step = _DAY if end > start else -_DAY
    day, count = start, 0
    while day != end:
        day += step
        count += is_working_day(day)
    return count if end > start else -count
