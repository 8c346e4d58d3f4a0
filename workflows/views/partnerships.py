"""The partnerships: purpose, parties, people, and the portfolio that the reader may see (U1-U3, U7, U9, H2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases.access import Access
from cases.errors import NotFound
from cases.models import (
    Body,
    Case,
    CaseStatus,
    FocusArea,
    Goal,
    Organisation,
    Partnership,
    Role,
    RoleHolding,
    Stage,
)
from cases.models.case import VISIBLE_STAGES
from workflows.middleware import SignedInRequest
from workflows.proposals import partnerships_open_to
from workflows.views.errors import answers_domain_errors
from workflows.views.presenters.days import day_text

Item = dict[str, Any]
#: The stages of the portfolio's columns: the five, and what has ended.
_COLUMNS: tuple[Stage, ...] = (*VISIBLE_STAGES, Stage.CLOSED)


def validity_text(partnership: Partnership) -> str:
    """For how long the partnership binds its parties (U9)."""
    first, last = partnership.valid_from, partnership.valid_until
    if first is not None and last is not None:
        return _("%(first)s till och med %(last)s") % {"first": day_text(first), "last": day_text(last)}
    if first is not None:
        return _("Från %(first)s, tills det sägs upp") % {"first": day_text(first)}
    if last is not None:
        return _("Till och med %(last)s") % {"last": day_text(last)}
    return ""


def validity_tag(partnership: Partnership) -> Item:
    """Whether the partnership is in force today."""
    today = timezone.localdate()
    if partnership.valid_from is None or partnership.valid_from > today:
        return {"kind": "neutral", "text": _("Inte i kraft ännu")}
    if partnership.valid_until is not None and partnership.valid_until < today:
        return {"kind": "neutral", "text": _("Har upphört")}
    return {"kind": "success", "text": _("Gäller")}


@require_safe
@answers_domain_errors
def list_partnerships(request: SignedInRequest) -> HttpResponse:
    """Every partnership, with how many running cases the reader sees in each."""
    partnerships = Partnership.objects.prefetch_related(
        models.Prefetch("parties", Organisation.objects.order_by("party_rows__order"))
    )
    seen = Case.objects.visible_to(request.access).open().order_by()
    counts: dict[int, int] = dict(seen.values_list("partnership_id").annotate(n=models.Count("pk")))
    cards = [
        {
            "title": row.label,
            "url": reverse("partnership", args=[row.slug]),
            "kind": row.get_kind_display(),
            "parties": list(row.parties.all()),
            "tag": validity_tag(row),
            "validity": validity_text(row),
            "cases": ngettext("%(n)s pågående ärende", "%(n)s pågående ärenden", counts.get(row.pk, 0))
            % {"n": counts.get(row.pk, 0)},
        }
        for row in partnerships
    ]
    return render(request, "workflows/partnerships/list.html", {"cards": cards})


@require_safe
@answers_domain_errors
def partnership(request: SignedInRequest, *, slug: str) -> HttpResponse:
    """One partnership. Its basic facts are for everybody who has signed in, its cases for those who may see them."""
    row = Partnership.objects.filter(slug=slug).first()
    if row is None:
        raise NotFound()
    parties = list(Organisation.objects.filter(party_rows__partnership=row).order_by("party_rows__order"))
    areas = list(row.areas.prefetch_related("goals"))
    counts = _counts(row, request.access)
    may_propose = row in partnerships_open_to(request.user, timezone.now())
    context = {
        "partnership": row,
        "tags": [validity_tag(row)],
        "parties": parties,
        "facts": _facts(row),
        "areas": [_area(area, counts) for area in areas],
        "overarching": list(Goal.objects.filter(pk__in=row.overarching_goals.values("pk"))),
        "portfolio": _portfolio(row, areas, counts),
        "bodies": list(Body.objects.filter(partnership=row).order_by("name")),
        "contacts": _contacts(parties, areas),
        "coordinators": _holders(Role.COORDINATOR, partnership=row),
        "new_url": f"{reverse('proposal-new')}?samarbete={row.slug}" if may_propose else "",
        "breadcrumbs": [{"label": _("Samarbeten"), "url": reverse("partnerships")}, {"label": row.label}],
    }
    return render(request, "workflows/partnerships/page.html", context)


def _facts(row: Partnership) -> list[Item]:
    notice = row.notice_months
    months = ngettext("%(n)s månad", "%(n)s månader", notice or 0) % {"n": notice}
    return [
        {"label": _("Slag"), "text": row.get_kind_display()},
        {"label": _("Gäller"), "text": validity_text(row)},
        {"label": _("Undertecknat"), "text": day_text(row.signed_on) if row.signed_on is not None else ""},
        {"label": _("Uppsägningstid"), "text": months if notice is not None else ""},
    ]


# The portfolio


def _counts(row: Partnership, access: Access) -> dict[tuple[int | None, str], int]:
    """How many submitted cases the reader sees, by area and stage. One statement."""
    seen = Case.objects.visible_to(access).filter(partnership=row).exclude(status=CaseStatus.DRAFT)
    found = seen.order_by().values_list("area_id", "stage").annotate(n=models.Count("pk"))
    return {(area_id, stage): n for area_id, stage, n in found}


def _address(row: Partnership, stage: Stage, area: FocusArea | None) -> str:
    where: dict[str, str] = {"partnership": str(row.pk)}
    where |= {"status": CaseStatus.CLOSED.value} if stage is Stage.CLOSED else {"stage": stage.value}
    if area is not None:
        where["area"] = str(area.pk)
    return f"{reverse('cases')}?{urlencode(where)}"


def _portfolio(
    row: Partnership, areas: Iterable[FocusArea], counts: Mapping[tuple[int | None, str], int]
) -> Item | None:
    """A table of areas and stages; None when the reader sees no case."""
    if not counts:
        return None
    lines: list[tuple[str, FocusArea | None, list[int]]] = [
        (area.label, area, [counts.get((area.pk, stage), 0) for stage in _COLUMNS]) for area in areas
    ]
    loose = [counts.get((None, stage), 0) for stage in _COLUMNS]
    if any(loose):
        lines.append((_("Utan område"), None, loose))
    area_label, total_label = _("Område"), _("Summa")
    rows = [
        {
            "cells": [
                {"label": area_label, "text": name},
                *(
                    {
                        "label": stage.label,
                        "text": n or "",
                        "numeric": True,
                        "url": _address(row, stage, area) if n and area is not None else "",
                    }
                    for stage, n in zip(_COLUMNS, numbers, strict=True)
                ),
                {"label": total_label, "text": sum(numbers), "numeric": True},
            ]
        }
        for name, area, numbers in lines
    ]
    columns = [{"label": area_label}, *({"label": stage.label, "numeric": True} for stage in _COLUMNS)]
    return {
        "columns": [*columns, {"label": total_label, "numeric": True}],
        "rows": rows,
        "url": f"{reverse('cases')}?{urlencode({'partnership': row.pk})}",
    }


def _area(area: FocusArea, counts: Mapping[tuple[int | None, str], int]) -> Item:
    n = sum(counts.get((area.pk, stage), 0) for stage in VISIBLE_STAGES)
    return {
        "row": area,
        "goals": list(area.goals.all()),
        "cases": ngettext("%(n)s pågående ärende", "%(n)s pågående ärenden", n) % {"n": n},
    }


# The people


def _holders(role: Role, **scope: Any) -> list[RoleHolding]:
    current = RoleHolding.objects.current(timezone.localdate())
    return list(
        current.filter(role=role, **scope)
        .select_related("person__organisation", "deputy_for", "area")
        .order_by("deputy_order", "person__name")
    )


def _contacts(parties: Iterable[Organisation], areas: Iterable[FocusArea]) -> list[Item]:
    """The contact persons of each party, with the areas that they are for (U7)."""
    parties = list(parties)
    known = {None, *(area.pk for area in areas)}
    held = [
        holding
        for holding in _holders(Role.CONTACT_PERSON, organisation__in=parties)
        if holding.area_id in known
    ]
    return [
        {"party": party, "tone": tone, "people": [row for row in held if row.organisation_id == party.pk]}
        for tone, party in enumerate(parties, 1)
    ]


urlpatterns = [
    path("samarbeten/", list_partnerships, name="partnerships"),
    path("samarbeten/<slug:slug>/", partnership, name="partnership"),
]
