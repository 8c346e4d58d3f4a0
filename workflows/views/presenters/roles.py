"""A person's roles, deputies and delegations, as the account page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Delegation, Person, RoleHolding
from workflows.views.presenters.days import day_text

Item = dict[str, Any]


def roles_around(person: Person, *, on: dt.date) -> list[RoleHolding]:
    """The holdings, now or to come, of the person and of those who stand in for them. One statement."""
    return list(
        RoleHolding.objects.filter(Q(person=person) | Q(deputy_for=person))
        .exclude(valid_until__lt=on)
        .select_related("person", "organisation", "body", "partnership", "case", "area", "deputy_for")
        .order_by("valid_from", "pk")
    )


def place_of(row: RoleHolding) -> str:
    """Where the role is held."""
    scope = row.organisation or row.body or row.partnership or row.case
    if scope is None:
        return _("Hela systemet")
    if row.area is not None:
        return _("%(place)s, området %(area)s") % {"place": scope, "area": row.area}
    return str(scope)


def role_at(row: RoleHolding) -> str:
    """The role with where it is held."""
    return _("%(role)s, %(place)s") % {"role": row.get_role_display(), "place": place_of(row)}


def period_text(first: dt.date, last: dt.date | None) -> str:
    """From when until when, open-ended or not."""
    if last is None:
        return _("Från %(first)s") % {"first": day_text(first)}
    return _("%(first)s till och med %(last)s") % {"first": day_text(first), "last": day_text(last)}


def roles_table(rows: Iterable[RoleHolding], person: Person) -> Item | None:
    """The roles that the person holds now or later, with periods, and whom they stand in for."""
    own = [row for row in rows if row.person_id == person.pk]
    if not own:
        return None
    role, place, period = _("Roll"), _("Var"), _("Period")
    return {
        "columns": [{"label": label} for label in (role, place, period)],
        "rows": [
            {
                "cells": [
                    {
                        "label": role,
                        "text": row.get_role_display(),
                        "sub": _("ersättare för %(name)s") % {"name": row.deputy_for.name}
                        if row.deputy_for
                        else "",
                    },
                    {"label": place, "text": place_of(row)},
                    {"label": period, "text": period_text(row.valid_from, row.valid_until)},
                ]
            }
            for row in own
        ],
    }


def deputies_of(rows: Iterable[RoleHolding], person: Person, *, on: dt.date) -> list[str]:
    """Who was appointed to stand in for the person today, in order. Whom the person chose stands with the delegations."""
    standing = [
        row
        for row in rows
        if row.deputy_for_id == person.pk and row.delegation_id is None and row.valid_from <= on
    ]
    standing.sort(key=lambda row: (row.deputy_order, row.person.name, row.pk))
    return [
        _("%(name)s, som %(role)s") % {"name": row.person.name, "role": row.get_role_display().lower()}
        for row in standing
    ]


def what_is_delegated(delegation: Delegation, labels: Mapping[str, str]) -> str:
    """All roles, or the one."""
    if delegation.all_roles:
        return _("Alla roller")
    return labels.get(delegation.role_key) or _("En roll som har upphört")


def delegations_table(
    delegations: Iterable[Delegation], labels: Mapping[str, str], *, given: bool
) -> Item | None:
    """Delegations with what they are of and for how long; those that were given can be ended."""
    who = _("Ersättare") if given else _("Du ersätter")
    what, period, act = _("Gäller"), _("Period"), _("Åtgärd")
    rows = []
    for row in delegations:
        other = row.to if given else row.person
        cells: list[Item] = [
            {"label": who, "text": other.name, "sub": row.reason},
            {"label": what, "text": what_is_delegated(row, labels)},
            {"label": period, "text": period_text(row.valid_from, row.valid_until)},
        ]
        if given:
            cells.append(
                {
                    "label": act,
                    "text": _("Avsluta delegeringen till %(name)s") % {"name": other.name},
                    "url": reverse("delegation-end", args=[row.pk]),
                }
            )
        rows.append({"cells": cells})
    labels_shown = [who, what, period, act] if given else [who, what, period]
    return {"columns": [{"label": label} for label in labels_shown], "rows": rows} if rows else None
