"""Times of day that the flows use."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def morning(day: dt.date) -> dt.datetime:
    """Six in the morning in Sweden: before anybody's working day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(6)))
