"""The read model of the page of dates: what is to be done by when in all cases that a person sees.

Two streams run together in the order of their dates: open steps by the day they are due, and pauses by the day they
end. Each is read from a partial index of its own, a page at a time, in one statement however much there is.
What is internal to another party is in neither: that a party decides at all is read by
:meth:`DateBoard.other_parties`, as the case page tells it, without a date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from viewflow.workflow.status import STATUS

from cases.access import Access
from cases.models import Case, CaseStatus
from workflows.models import WorkItem
from workflows.queries import PAGE_ROWS

#: Parties at work in their own chains that the page names before it leads to the list of cases.
PARTIES_SHOWN = 25
#: Up to so many cases are few: their items are found by case.
FEW_CASES = 1000


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


@dataclass
class DateBoard:
    """What one person, with these filters, may read of the dates. A constant number of statements: four at most."""

    access: Access
    filters: DateFilters

    @cached_property
    def _cases(self) -> models.QuerySet[Case]:
        cases = Case.objects.visible_to(self.access).filter(status=CaseStatus.OPEN)
        if self.filters.partnership_id is not None:
            cases = cases.filter(partnership_id=self.filters.partnership_id)
        return cases

    @cached_property
    def _of_visible_case(self) -> Q | Exists:
        """Whether an item is of an open case that the person sees and the filters leave. One statement, once.

        Of few cases the items are found by their case. Of many, the items are read in their own order and each is asked
        for its case, which soon gives a page of them. Either would take long where the other belongs.
        """
        few = list(self._cases.values_list("pk", flat=True)[: FEW_CASES + 1])
        if len(few) <= FEW_CASES:
            return Q(case_id__in=few)
        return Exists(self._cases.filter(pk=OuterRef("case_id")))

    def page(self, place: DatePlace | None = None, *, rows: int = PAGE_ROWS) -> DatePage:
        """One page, the earliest day first. One row more than shown tells whether more follow: nothing is counted."""
        backwards = place is not None and place.backwards
        found = [*self._steps(place, rows + 1), *self._pauses(place, rows + 1)]
        found.sort(key=lambda item: (day_of(item), item.pk), reverse=backwards)
        more, found = len(found) > rows, found[:rows]
        if backwards:
            return DatePage(found[::-1], has_previous=more, has_next=True)
        return DatePage(found, has_previous=place is not None, has_next=more)

    def other_parties(self) -> list[WorkItem]:
        """One item for each case and other party at work in its own chain: who, and nothing of how far it has come.

        One more than :data:`PARTIES_SHOWN` at most. There is nothing to say of their dates or roles.
        """
        if self.filters.overdue or self.filters.role:
            return []
        items = WorkItem.objects.filter(
            self._of_visible_case, internal_to__isnull=False, finished__isnull=True
        ).exclude(internal_to_id__in=sorted(self.access.own_organisation_ids))
        if self.filters.party_id is not None:
            items = items.filter(internal_to_id=self.filters.party_id)
        if self.filters.step:
            items = items.filter(step=self.filters.step)
        # A chain is at one step at a time, so that a party has one row in a case.
        ordered = items.select_related("case__partnership", "party").order_by("case_id", "internal_to_id")
        return list(ordered[: PARTIES_SHOWN + 1])

    def _visible(self) -> models.QuerySet[WorkItem]:
        """The items that the filters leave, those internal to other parties left out."""
        items = WorkItem.objects.filter(self._of_visible_case, self.access.internal_filter())
        if self.filters.party_id is not None:
            items = items.filter(party_id=self.filters.party_id)
        if self.filters.step:
            items = items.filter(step=self.filters.step)
        if self.filters.role:
            items = items.filter(role=self.filters.role)
        return items

    def _steps(self, place: DatePlace | None, rows: int) -> list[WorkItem]:
        items = self._visible().filter(open=True)
        if self.filters.overdue:
            items = items.filter(due_on__lt=self.filters.today)
        if place is None:
            return _read(items, ("due_on", "pk"), rows)
        # The day is said twice, so that the index is entered at it and not read from its end.
        if place.backwards:
            earlier = Q(due_on__lt=place.day) | Q(due_on=place.day, pk__lt=place.item_id)
            return _read(items.filter(earlier, due_on__lte=place.day), ("-due_on", "-pk"), rows)
        later = Q(due_on__gt=place.day) | Q(due_on=place.day, pk__gt=place.item_id)
        return _read(items.filter(later, due_on__gte=place.day), ("due_on", "pk"), rows)

    def _pauses(self, place: DatePlace | None, rows: int) -> list[WorkItem]:
        """Pauses and tabled steps. All of one day end at the same hour, so that their order by hour is that by day."""
        if self.filters.overdue:
            return []
        items = self._visible().filter(status=STATUS.SCHEDULED)
        if place is None:
            return _read(items, ("scheduled", "pk"), rows)
        first, last = _midnight(place.day), _midnight(place.day + dt.timedelta(days=1))
        if place.backwards:
            earlier = Q(scheduled__lt=first) | Q(scheduled__lt=last, pk__lt=place.item_id)
            return _read(items.filter(earlier, scheduled__lt=last), ("-scheduled", "-pk"), rows)
        later = Q(scheduled__gte=last) | Q(scheduled__gte=first, pk__gt=place.item_id)
        return _read(items.filter(later, scheduled__gte=first), ("scheduled", "pk"), rows)


def _read(found: models.QuerySet[WorkItem], order: tuple[str, str], rows: int) -> list[WorkItem]:
    """The first of them in the order, with what a row shows. One statement."""
    first = found.order_by(*order).values("pk")[:rows]
    items = WorkItem.objects.filter(pk__in=first).order_by(*order)
    return list(items.select_related("case__partnership", "owner", "party", "body"))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
