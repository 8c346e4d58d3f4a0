"""What vague words are taken to mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.values.vague_date import VagueDate
from workflows.views.presenters.days import day_text


def understood_date(date: VagueDate) -> str:
    """The interval that the words cover, as a sentence; nothing is invented (H4)."""
    first, last = date.first, date.last
    if first is not None and last is not None:
        if first == last:
            return _("Tolkas som %(day)s.") % {"day": day_text(first)}
        return _("Tolkas som %(first)s till %(last)s.") % {"first": day_text(first), "last": day_text(last)}
    if first is not None:
        return _("Tolkas som tidigast %(day)s.") % {"day": day_text(first)}
    if last is not None:
        return _("Tolkas som senast %(day)s.") % {"day": day_text(last)}
    return _("Går inte att tolka som en tid. Orden sparas som de är.")
