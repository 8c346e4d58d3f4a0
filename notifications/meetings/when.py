"""When a meeting is, as people write it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.letters import day_in_words


def _clock(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "H.i")


def _day(moment: dt.datetime) -> str:
    return day_in_words(timezone.localtime(moment).date())


def moment_in_words(start: dt.datetime) -> str:
    """The day and the hour of the beginning: "måndag 14 mars 2022 kl. 09.00"."""
    return _("%(day)s kl. %(start)s") % {"day": _day(start), "start": _clock(start)}


def span_in_words(start: dt.datetime, end: dt.datetime) -> str:
    """The day and the hours: "måndag 14 mars 2022 kl. 09.00–11.00"."""
    return _("%(day)s kl. %(start)s–%(end)s") % {
        "day": _day(start),
        "start": _clock(start),
        "end": _clock(end),
    }
