"""The page of dates: what is to be done by when, by whom, in all the cases that the person sees."""

from __future__ import annotations

import datetime as dt
import re

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Stage
from workflows.date_board import PARTIES_SHOWN, DateBoard, DatePage, DatePlace, day_of
from workflows.forms.date_filter import DateFilterForm
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.queries import partnerships_with_cases, role_holders
from workflows.views.addresses import list_address
from workflows.views.errors import answers_domain_errors
from workflows.views.presenters import dates

_PLACE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([0-9]{1,18})")


def place_text(item: WorkItem) -> str:
    """The item's place among the dates, for an address: its day and its key."""
    return f"{day_of(item).isoformat()}-{item.pk}"


def read_place(query: QueryDict) -> DatePlace | None:
    """The place that the address asks for; None at the top and for what is no place."""
    for name, backwards in (("after", False), ("before", True)):
        found = _PLACE.fullmatch(query.get(name, ""))
        if found is None:
            continue
        try:
            day = dt.date.fromisoformat(found[1])
        except ValueError:
            continue
        if dt.date.min < day < dt.date.max:
            return DatePlace(day, int(found[2]), backwards)
    return None


@require_safe
@answers_domain_errors
def show_dates(request: SignedInRequest) -> HttpResponse:
    """The open steps and the pauses that the filters leave, a page at a time, by when they are due."""
    access, now, query = request.access, timezone.now(), request.GET
    today = timezone.localtime(now).date()
    form = DateFilterForm(query, partnerships=partnerships_with_cases(access))
    page, others, place = DatePage([], has_previous=False, has_next=False), [], read_place(query)
    if form.is_valid():
        board = DateBoard(access, form.filters(today))
        page = board.page(place)
        # They have no day, and stand once, at the end of the first page.
        others = board.other_parties() if place is None else []
    holders = role_holders((item for item in page.items if item.open), today)
    rows = [dates.row_of(item, access, now=now, today=today, holders=holders) for item in page.items]
    columns = [_("Steg och ärende"), _("Senast"), _("Väntar på"), _("Påminnelser")]
    context = {
        "form": form,
        "active": [
            {"label": label, "url": list_address("date-board", query, **{name: None})}
            for name, label in form.active()
        ],
        "narrowed": bool(form.active()) or not form.is_valid() or place is not None,
        "columns": [{"label": label} for label in columns],
        "groups": dates.groups(rows, today),
        "others": [dates.party_row(item) for item in others[:PARTIES_SHOWN]],
        "more_others_url": f"{reverse('cases')}?stage={Stage.APPROVAL.value}"
        if len(others) > PARTIES_SHOWN
        else "",
        "page": page,
        "previous_url": list_address("date-board", query, before=place_text(page.items[0]))
        if page.items
        else "",
        "next_url": list_address("date-board", query, after=place_text(page.items[-1])) if page.items else "",
    }
    return render(request, "workflows/date_board.html", context)
