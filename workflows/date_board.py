"""The read model of the page of dates: what is to be done by when in all cases that a person sees.

Two streams run together in the order of their dates: open steps by the day they are due, and pauses by the day they
end. Each is read from a partial index of its own, a page at a time, in one statement however much there is.
What is internal to another party is in neither: that a party decides at all is read by :func:`other_parties`, as the
case page tells it, without a date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils import timezone
from viewflow.workflow.status import STATUS

from cases.access import Access
from cases.models import CaseStatus
from workflows.models import WorkItem
from workflows.queries import PAGE_ROWS

#: Parties at work in their own chains that the page names before it leads to the list of cases.
PARTIES_SHOWN = 25


@dataclass(frozen=True)
class DateFilters:
    """What the page is narrowed to. None and empty mean not at all. ``today`` decides what is overdue."""

    today: dt.date
    partnership_id: int | None = None
    party_id: int | None = None
    step: str = ""
    role: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class DatePlace:
    """A place in the order of dates: after or before the item with this day and key."""

    day: dt.date
    item_id: int
    backwards: bool = False


@dataclass(frozen=True)
class DatePage:
    """One page: steps and pauses in the order of their days."""

    items: list[WorkItem]
    has_previous: bool
    has_next: bool


def day_of(item: WorkItem) -> dt.date:
    """The day under which the item stands: when it is due, or when the pause ends."""
    if item.open:
        assert item.due_on is not None
        return item.due_on
    assert item.scheduled is not None
    return timezone.localtime(item.scheduled).date()


def _visible(access: Access, filters: DateFilters) -> models.QuerySet[WorkItem]:
    """The items of visible open cases that the filters leave, those internal to other parties left out."""
    items = WorkItem.objects.filter(access.visible_cases("case__"), access.internal_filter()).filter(
        case__status=CaseStatus.OPEN
    )
    if filters.partnership_id is not None:
        items = items.filter(case__partnership_id=filters.partnership_id)
    if filters.party_id is not None:
        items = items.filter(party_id=filters.party_id)
    if filters.step:
        items = items.filter(step=filters.step)
    if filters.role:
        items = items.filter(role=filters.role)
    return items.select_related("case__partnership", "owner", "party", "body")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _steps(access: Access, filters: DateFilters, place: DatePlace | None, rows: int) -> list[WorkItem]:
    items = _visible(access, filters).filter(open=True)
    if filters.overdue:
        items = items.filter(due_on__lt=filters.today)
    if place is None:
        return list(items.order_by("due_on", "pk")[:rows])
    if place.backwards:
        earlier = Q(due_on__lt=place.day) | Q(due_on=place.day, pk__lt=place.item_id)
        # Said twice, so that the index is entered at the day and not read from its end.
        return list(items.filter(earlier, due_on__lte=place.day).order_by("-due_on", "-pk")[:rows])
    later = Q(due_on__gt=place.day) | Q(due_on=place.day, pk__gt=place.item_id)
    return list(items.filter(later, due_on__gte=place.day).order_by("due_on", "pk")[:rows])


def _pauses(access: Access, filters: DateFilters, place: DatePlace | None, rows: int) -> list[WorkItem]:
    """Pauses and tabled steps. All of one day end at the same hour, so that their order by hour is that by day."""
    if filters.overdue:
        return []
    items = _visible(access, filters).filter(status=STATUS.SCHEDULED)
    if place is None:
        return list(items.order_by("scheduled", "pk")[:rows])
    first, last = _midnight(place.day), _midnight(place.day + dt.timedelta(days=1))
    if place.backwards:
        earlier = Q(scheduled__lt=first) | Q(scheduled__lt=last, pk__lt=place.item_id)
        return list(items.filter(earlier).order_by("-scheduled", "-pk")[:rows])
    later = Q(scheduled__gte=last) | Q(scheduled__gte=first, pk__gt=place.item_id)
    return list(items.filter(later).order_by("scheduled", "pk")[:rows])


def page_of_dates(
    access: Access, filters: DateFilters, place: DatePlace | None = None, *, rows: int = PAGE_ROWS
) -> DatePage:
    """One page, the earliest day first. Two statements; one row more than shown tells whether more follow."""
    backwards = place is not None and place.backwards
    found = [
        *_steps(access, filters, place, rows + 1),
        *_pauses(access, filters, place, rows + 1),
    ]
    found.sort(key=lambda item: (day_of(item), item.pk), reverse=backwards)
    more, found = len(found) > rows, found[:rows]
    if backwards:
        return DatePage(found[::-1], has_previous=more, has_next=True)
    return DatePage(found, has_previous=place is not None, has_next=more)


def other_parties(access: Access, filters: DateFilters) -> list[WorkItem]:
    """One item for each case and other party that is at work in its own chain: who, and nothing of how far it has come.

    One more than :data:`PARTIES_SHOWN` at most; one statement. There is nothing to say of their dates or roles.
    """
    if filters.overdue or filters.role:
        return []
    items = WorkItem.objects.filter(
        access.visible_cases("case__"),
        internal_to__isnull=False,
        finished__isnull=True,
        case__status=CaseStatus.OPEN,
    ).exclude(internal_to_id__in=sorted(access.own_organisation_ids))
    if filters.partnership_id is not None:
        items = items.filter(case__partnership_id=filters.partnership_id)
    if filters.party_id is not None:
        items = items.filter(internal_to_id=filters.party_id)
    if filters.step:
        items = items.filter(step=filters.step)
    # A chain is at one step at a time, so that a party has one row in a case.
    ordered = items.select_related("case__partnership", "party").order_by("case_id", "internal_to_id")
    return list(ordered[: PARTIES_SHOWN + 1])
