"""The page of dates in words: its groups, and one row for every step and pause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.access import Access
from cases.models import Person, Role
from workflows import policy
from workflows.case_acts import was_reminded_lately
from workflows.date_board import day_of
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.views.presenters.ball import marks_of, names_text, role_text, with_party
from workflows.views.presenters.days import day_text, due_state
from workflows.working_days import add_working_days, working_days_between

Item = dict[str, Any]

#: How many weeks after this one the third group holds.
WEEKS_NEXT = 2


def friday(today: dt.date) -> dt.date:
    """The last day of the working week that the day lies in, or that follows when it is a day off."""
    working = add_working_days(today, 0)
    return working + dt.timedelta(days=max(0, 4 - working.weekday()))


def groups(rows: Iterable[Item], today: dt.date) -> list[Item]:
    """The rows by when they are due, without the groups that are empty."""
    this_week = friday(today)
    soon = this_week + dt.timedelta(weeks=WEEKS_NEXT)
    found: list[Item] = [
        {"id": "forsenade", "title": _("Försenade"), "rows": []},
        {"id": "veckan", "title": _("I dag och den här veckan"), "rows": []},
        {"id": "tva-veckor", "title": _("De närmaste två veckorna"), "rows": []},
        {"id": "senare", "title": _("Senare"), "rows": []},
    ]
    for row in rows:
        day = row["day"]
        number = 0 if row["late"] else 1 if day <= this_week else 2 if day <= soon else 3
        found[number]["rows"].append(row)
    return [group for group in found if group["rows"]]


def _late_text(due: dt.date, today: dt.date) -> str:
    """How far over its time a step is; empty when it is not, and when no working day has passed."""
    days = working_days_between(due, today) if due < today else 0
    if days < 1:
        return ""
    return ngettext("%(n)s arbetsdag över", "%(n)s arbetsdagar över", days) % {"n": days}


def _about_case(item: WorkItem) -> Item:
    return {
        "item": item,
        "case": item.case,
        "partnership": item.case.partnership.label,
        "url": reverse("case", args=[item.case_id]),
    }


def _whose(item: WorkItem) -> str:
    """The role, with the party that it is done for; within the party itself, with the body."""
    if item.party is None or (item.internal_to_id is not None and item.body is not None):
        return role_text(item)
    return _("%(role)s, %(party)s") % {"role": Role(item.role).label, "party": item.party.short_name}


def row_of(
    item: WorkItem, access: Access, *, now: dt.datetime, today: dt.date, holders: Mapping[str, list[Person]]
) -> Item:
    """An open step, or a pause: a quiet row that says until when it waits."""
    day = day_of(item)
    row = {**_about_case(item), "title": item.title, "day": day, "late": False}
    if not item.open:
        return {**row, "quiet": True, "until": _("Väntar till %(day)s") % {"day": day_text(day)}}
    yours = policy.waits_for(access, item)
    may_remind = not yours and not was_reminded_lately(item, now)
    if may_remind and policy.may(access, Action.REMIND, item.case):
        row["remind_url"] = reverse("case-remind", args=[item.case_id, item.pk])
    return {
        **row,
        "late": day < today,
        "due": day_text(day),
        "due_state": due_state(day, today),
        "late_text": _late_text(day, today),
        "who": item.owner.name if item.owner is not None else names_text(holders.get(item.holder_key, [])),
        "whose": _whose(item),
        "yours": yours,
        "marks": marks_of(item),
    }


def party_row(item: WorkItem) -> Item:
    """Another party's work within itself: that it goes on, and nothing more."""
    return {**_about_case(item), "who": with_party(item.party)}
