"""Who is away, until when, and who stands in meanwhile, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.models import Person
from workflows.views.presenters.days import day_text


def away_text(person: Person) -> str:
    """Until when a person who is away says to be away."""
    if person.absent_until is None:
        return _("Frånvarande tills vidare.")
    return _("Frånvarande till och med %(day)s.") % {"day": day_text(person.absent_until)}


def named_with_absence(person: Person, on: dt.date) -> str:
    """The name, and until when they are away, on one line."""
    if not person.is_absent(on):
        return person.name
    if person.absent_until is None:
        return _("%(name)s (frånvarande tills vidare)") % {"name": person.name}
    return _("%(name)s (frånvarande till och med %(day)s)") % {
        "name": person.name,
        "day": day_text(person.absent_until),
    }


def absence_note(waited_for: Sequence[Person], stand_ins: Sequence[Person], on: dt.date) -> str:
    """A sentence or two when all of those whom a task waits for are away; empty as long as one of them is there."""
    if not waited_for or not all(person.is_absent(on) for person in waited_for):
        return ""
    note = away_text(waited_for[0]) if len(waited_for) == 1 else _("Alla är frånvarande.")
    if not stand_ins:
        return note
    names = ", ".join(dict.fromkeys(person.name for person in stand_ins))
    return _("%(away)s Ersätts av %(names)s.") % {"away": note, "names": names}
