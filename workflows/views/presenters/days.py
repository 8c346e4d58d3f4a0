"""Days and times as people read them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

#: A task is soon due from this many days before its date.
SOON_DAYS = 3


def day_text(day: dt.date) -> str:
    """The day with its month in words: 4 oktober 2021."""
    return date_format(day, "j F Y")


def moment_text(moment: dt.datetime) -> str:
    """The day and the time in Sweden: 4 oktober 2021 11:00."""
    return date_format(timezone.localtime(moment), "j F Y H:i")


def span_text(start: dt.datetime, end: dt.datetime) -> str:
    """A day with its hours in Sweden: måndag 4 oktober 2021 09:00–11:00."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    return f"{date_format(first, 'l j F Y H:i')}–{date_format(last, 'H:i')}"


def due_state(due: dt.date | None, today: dt.date) -> str:
    """``overdue``, ``soon`` or nothing, for the due component."""
    if due is None or due > today + dt.timedelta(days=SOON_DAYS):
        return ""
    return "overdue" if due < today else "soon"
