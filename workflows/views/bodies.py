"""A body: its members and their periods, what it deliberates on, and when it meets (U6, H8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.access import Access
from cases.errors import NotFound
from cases.models import Body, Case, Deliberation, Role, RoleHolding
from workflows.meeting_lists import coming_meetings, held_meetings, usual_days
from workflows.meeting_policy import may_plan
from workflows.meetings.agenda import Waiting, matters_waiting
from workflows.middleware import SignedInRequest
from workflows.views.errors import answers_domain_errors
from workflows.views.presenters.days import day_text, due_state
from workflows.views.presenters.meetings import meeting_row

Item = dict[str, Any]
#: The order in which members stand.
_RANK = {Role.STEERING_CHAIR: 0, Role.SECRETARY: 2}


@require_safe
@answers_domain_errors
def body(request: SignedInRequest, *, slug: str) -> HttpResponse:
    """One body. Who sits in it is for everybody who has signed in, its cases for those who may see them."""
    row = Body.objects.select_related("organisation", "partnership").filter(slug=slug).first()
    if row is None:
        raise NotFound()
    today = timezone.localdate()
    holdings = list(
        RoleHolding.objects.current(today)
        .filter(body=row)
        .select_related("person__organisation", "represents", "deputy_for")
        .order_by("deputy_order", "person__name", "pk")
    )
    days = usual_days(row, today)
    meetings = _meetings(row, request.access, today)
    free = [day for day in days if day > today and day not in meetings.pop("taken", set())]
    context = {
        "body": row,
        "facts": [
            {"label": _("Slag"), "text": row.get_kind_display()},
            _belongs_to(row),
            {"label": _("Uppgift"), "text": row.about},
        ],
        "members": _members_table(holdings),
        "deliberations": _deliberations(row, request.access),
        "meetings": [day_text(day) for day in days],
        **meetings,
        **_offers(row, request.access, free),
        "breadcrumbs": _way_here(row),
    }
    return render(request, "workflows/bodies/page.html", context)


def _belongs_to(row: Body) -> Item:
    if row.partnership is not None:
        return {
            "label": _("Samarbete"),
            "text": row.partnership.label,
            "url": reverse("partnership", args=[row.partnership.slug]),
        }
    return {
        "label": _("Organisation"),
        "text": row.organisation.label if row.organisation is not None else "",
    }


def _way_here(row: Body) -> list[dict[str, str]]:
    way = [{"label": _("Samarbeten"), "url": reverse("partnerships")}]
    if row.partnership is not None:
        way.append(
            {"label": row.partnership.label, "url": reverse("partnership", args=[row.partnership.slug])}
        )
    return [*way, {"label": row.label}]


def _period(holding: RoleHolding) -> str:
    first = day_text(holding.valid_from)
    if holding.valid_until is None:
        return _("Från %(first)s") % {"first": first}
    return _("%(first)s till och med %(last)s") % {"first": first, "last": day_text(holding.valid_until)}


def _members_table(holdings: Iterable[RoleHolding]) -> Item | None:
    """The members, the chair first, ordinary ones before deputies."""
    rows = sorted(holdings, key=lambda row: (row.deputy_for_id is not None, _RANK.get(Role(row.role), 1)))
    if not rows:
        return None
    name, role, party, period = _("Namn"), _("Roll"), _("Part"), _("Period")
    return {
        "columns": [{"label": label} for label in (name, role, party, period)],
        "rows": [
            {
                "cells": [
                    {"label": name, "text": row.person.name, "sub": row.person.title},
                    {
                        "label": role,
                        "text": row.get_role_display(),
                        "sub": _("ersättare för %(name)s") % {"name": row.deputy_for.name}
                        if row.deputy_for
                        else "",
                    },
                    {"label": party, "text": _party_of(row)},
                    {"label": period, "text": _period(row)},
                ]
            }
            for row in rows
        ],
    }


def _party_of(row: RoleHolding) -> str:
    if row.represents is not None:
        return row.represents.label
    return row.person.organisation.label if row.person.organisation is not None else ""


def _deliberations(row: Body, access: Access) -> list[Item]:
    """The deliberations that are going on, in cases that the reader sees."""
    seen = Case.objects.visible_to(access).open()
    running = (
        Deliberation.objects.filter(body=row, concluded_at__isnull=True, case__in=seen)
        .filter(access.internal_filter("party"))
        .select_related("case")
        .order_by("opened_at")[:50]
    )
    return [
        {
            "title": found.case.title,
            "number": found.case.number,
            "url": reverse("case", args=[found.case_id]),
            "since": day_text(timezone.localtime(found.opened_at).date()),
        }
        for found in running
    ]


def _meetings(row: Body, access: Access, today: dt.date) -> Item:
    """What those who see the body see of its meetings: coming and held ones, and what waits for the body."""
    if not access.sees_body(row):
        return {"sees_meetings": False}
    coming = coming_meetings(row)
    return {
        "sees_meetings": True,
        "coming": [meeting_row(meeting) for meeting in coming],
        "held": [meeting_row(meeting) for meeting in held_meetings(row)],
        "waiting": [_waiting_row(found, today) for found in matters_waiting(row, access)],
        "taken": {meeting.day for meeting in coming},
    }


def _waiting_row(found: Waiting, today: dt.date) -> Item:
    due = found.item.due_on
    return {
        "number": found.case.number,
        "title": found.case.title,
        "url": reverse("case", args=[found.case.pk]),
        "due": day_text(due) if due is not None else "",
        "due_state": due_state(due, today),
        "tabled_until": day_text(found.tabled_until) if found.tabled_until is not None else "",
        "shows_due": due is not None and due != found.tabled_until,
    }


def _offers(row: Body, access: Access, days: Iterable[dt.date]) -> Item:
    """For those who plan the body's meetings: the button, and the usual days that are free."""
    if not may_plan(access, row):
        return {}
    url = reverse("meeting-plan", args=[row.slug])
    return {
        "actions": [{"label": _("Planera möte"), "url": url, "icon": "plus"}],
        "suggestions": [{"text": day_text(day), "url": f"{url}?dag={day.isoformat()}"} for day in days],
    }


urlpatterns = [path("organ/<slug:slug>/", body, name="body")]
