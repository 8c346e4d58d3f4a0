"""The list of cases: those that the person sees, narrowed by filters, the latest changed first."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.access import Access
from cases.models import Case, CaseStatus
from workflows.forms.case_filter import CaseFilterForm
from workflows.middleware import SignedInRequest
from workflows.queries import CasePage, Cursor, filter_cases, page_of_cases, partnerships_with_cases
from workflows.views.addresses import list_address
from workflows.views.errors import answers_domain_errors
from workflows.views.presenters.ball import ball_in_brief
from workflows.views.presenters.content import status_tag
from workflows.views.presenters.days import day_text, due_state

Item = dict[str, Any]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)
_PLACE = re.compile(r"[0-9]{1,16}-[0-9]{1,18}")


def cursor_text(case: Case) -> str:
    """The case's place in the list, for an address: microseconds of its last change, and its key."""
    return f"{(case.updated_at - _EPOCH) // _TICK}-{case.pk}"


def read_cursor(query: QueryDict) -> Cursor | None:
    """The place that the address asks for; None at the top of the list and for what is no place."""
    for name, backwards in (("after", False), ("before", True)):
        moment, _dash, key = query.get(name, "").partition("-")
        if _PLACE.fullmatch(f"{moment}-{key}"):
            return Cursor(_EPOCH + int(moment) * _TICK, int(key), backwards)
    return None


def _address(query: QueryDict, **changes: str | None) -> str:
    return list_address("cases", query, **changes)


def _numbers(case: Case, access: Access) -> str:
    """The registry numbers, that of the reader's own party first."""
    rows = sorted(
        case.registry_numbers.all(),
        key=lambda row: (row.organisation_id not in access.own_organisation_ids, row.pk),
    )
    return " · ".join(row.text for row in rows)


def _row(case: Case, access: Access, today: dt.date) -> Item:
    ball = ball_in_brief(case, case.unfinished, access, today=today)  # type: ignore[attr-defined]
    return {
        "case": case,
        "url": reverse("proposal-edit" if case.is_draft else "case", args=[case.pk]),
        "numbers": _numbers(case, access),
        "tag": status_tag(case),
        "ball": ball.lines if case.status == CaseStatus.OPEN else [],
        "due": day_text(ball.due) if ball.due is not None else "",
        "due_state": due_state(ball.due, today),
    }


def _quick(query: QueryDict, form: CaseFilterForm) -> list[Item]:
    """The short cuts above the filters: everything, one's own, what is late, what rests."""
    asked = form.cleaned_data if form.is_valid() else {}
    held = CaseStatus.ON_HOLD.value
    here = next(
        (name for name in ("mine", "overdue") if asked.get(name)), asked.get("status") == held and "held"
    )
    cleared: dict[str, str | None] = {"mine": None, "overdue": None}
    if asked.get("status") == held:
        cleared["status"] = None
    tabs = [
        (False, _("Alla"), {}),
        ("mine", _("Mina förslag"), {"mine": "on"}),
        ("overdue", _("Försenade"), {"overdue": "on"}),
        ("held", _("Vilande"), {"status": held}),
    ]
    return [
        {"label": label, "url": _address(query, **{**cleared, **changes}), "current": key == here}
        for key, label, changes in tabs
    ]


@require_safe
@answers_domain_errors
def list_cases(request: SignedInRequest) -> HttpResponse:
    """The visible cases that the filters leave, a page at a time."""
    access, today = request.access, timezone.localdate()
    form = CaseFilterForm(request.GET, partnerships=partnerships_with_cases(access))
    if form.is_valid():
        found = filter_cases(access, form.filters(today))
        page = page_of_cases(found, read_cursor(request.GET), today=today)
    else:
        page = CasePage([], has_previous=False, has_next=False)
    rows = [_row(case, access, today) for case in page.cases]
    columns = [_("Ärende"), _("Läge"), _("Vem har bollen?"), _("Senast"), _("Ändrat")]
    context = {
        "form": form,
        "active": [
            {"label": label, "url": _address(request.GET, **{name: None})} for name, label in form.active()
        ],
        "quick": _quick(request.GET, form),
        "narrowed": any(value for value in request.GET.values()),
        "columns": [{"label": label} for label in columns],
        "rows": rows,
        "page": page,
        "previous_url": _address(request.GET, before=cursor_text(page.cases[0])) if page.cases else "",
        "next_url": _address(request.GET, after=cursor_text(page.cases[-1])) if page.cases else "",
    }
    return render(request, "workflows/case_list.html", context)
