"""Giving and ending roles: the holding, its scope group, and the group's guardian grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cases import delegations
from cases.access import SEES_PARTNERSHIP
from cases.errors import InvalidInput
from cases.models import Body, Case, FocusArea, Organisation, Partnership, Person, Role, RoleHolding
from cases.models.grants import PartnershipGroupGrant
from cases.models.roles import ROLE_SCOPES, ScopeKind

Scope = Organisation | Body | Partnership | Case | None


def _scope_columns(scope: Scope) -> dict[str, Any]:
    if scope is None:
        return {}
    return {type(scope)._meta.model_name or "": scope}


@transaction.atomic
def give_role(
    *,
    person: Person,
    role: Role,
    scope: Scope,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    area: FocusArea | None = None,
    represents: Organisation | None = None,
    deputy_for: Person | None = None,
    deputy_order: int = 0,
) -> RoleHolding:
    """Let the person hold the role at the scope for the period, and see what the role sees (DOMAIN.md section 7).

    Whoever acts for the person in everything gets it, too, for as long as both periods last.
    Raises :class:`InvalidInput` when the role cannot be held at such a scope.
    """
    kind = ScopeKind.ALL if scope is None else ScopeKind(type(scope)._meta.model_name or "")
    if kind not in ROLE_SCOPES[role]:
        raise InvalidInput({"role": _("Rollen kan inte innehas där.")})
    holding = RoleHolding(
        person=person,
        role=role,
        area=area,
        represents=represents,
        deputy_for=deputy_for,
        deputy_order=deputy_order,
        valid_from=valid_from,
        valid_until=valid_until,
        **_scope_columns(scope),
    )
    if deputy_for is None:
        delegations.lock_people(person.pk)
    holding.save()
    if deputy_for is None:
        delegations.fit(person)
    if kind is not ScopeKind.CASE:
        group, created = Group.objects.get_or_create(name=holding.key)
        person.groups.add(group)
        if created:
            grant_group(group=group, role=role, scope=scope, area=area)
    return holding


def give_case_role(*, people: Iterable[Person], role: Role, case: Case, valid_from: dt.date) -> None:
    """Let several people hold a role at one case, those who hold it already left as they are. Two statements."""
    wanted = {person.pk: person for person in people}
    held = RoleHolding.objects.filter(case=case, role=role, person__in=wanted, valid_until__isnull=True)
    for pk in held.values_list("person_id", flat=True):
        del wanted[pk]
    holdings = [
        RoleHolding(person=person, role=role, case=case, valid_from=valid_from) for person in wanted.values()
    ]
    for holding in holdings:
        holding.key = holding.make_key()
    RoleHolding.objects.bulk_create(holdings)


@transaction.atomic
def end_role(holding: RoleHolding, *, last_day: dt.date) -> None:
    """Let the holding end after the day. The grant ends with it: access counts only current holdings.

    What was delegated of it ends on the same day. Tasks that the person has taken are handed back by
    :func:`workflows.roles.end_role_now`, or by the worker.
    """
    if last_day < holding.valid_from:
        raise InvalidInput({"valid_until": _("Slutdagen kan inte ligga före första dagen.")})
    delegations.lock_people(holding.person_id)
    holding.valid_until = last_day
    holding.save(update_fields=["valid_until", "key"])
    if holding.deputy_for_id is None:
        delegations.fit(holding.person)


def partnerships_of_scope(scope: Scope) -> models.QuerySet[Partnership]:
    """The partnerships that a scope is part of: itself, its body's, or those its organisation is a party of."""
    if isinstance(scope, Partnership):
        return Partnership.objects.filter(pk=scope.pk)
    if isinstance(scope, Organisation):
        return Partnership.objects.filter(parties=scope)
    if isinstance(scope, Body):
        return Partnership.objects.filter(
            models.Q(pk=scope.partnership_id) | models.Q(parties=scope.organisation_id)
        ).distinct()
    return Partnership.objects.none()


def grant_group(*, group: Group, role: Role, scope: Scope, area: FocusArea | None = None) -> None:
    """Give the scope group what its role sees, as guardian grants on partnerships."""
    if role not in SEES_PARTNERSHIP or area is not None:
        return
    permission = Permission.objects.get(content_type__app_label="cases", codename="view_cases")
    PartnershipGroupGrant.objects.bulk_create(
        [
            PartnershipGroupGrant(permission=permission, group=group, content_object=partnership)
            for partnership in partnerships_of_scope(scope)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def sync_grants() -> int:
    """Work every scope group's grants out anew, after partnerships, parties or bodies changed. Returns the groups."""
    seen: set[str] = set()
    PartnershipGroupGrant.objects.all().delete()
    for holding in RoleHolding.objects.select_related("organisation", "body", "partnership", "area").exclude(
        case__isnull=False
    ):
        if holding.key in seen:
            continue
        seen.add(holding.key)
        group, _created = Group.objects.get_or_create(name=holding.key)
        grant_group(
            group=group,
            role=Role(holding.role),
            scope=holding.organisation or holding.body or holding.partnership,
            area=holding.area,
        )
    return len(seen)


@transaction.atomic
def sync_memberships(*, on: dt.date) -> tuple[int, int]:
    """Let everybody be in the scope groups of the roles that they hold on the date, and in no others of them.

    The house's own rules ask the holdings themselves; this keeps what guardian and Django answer in step with them.
    Run by the worker once a day. Returns how many memberships were added and removed; a constant number of statements.
    """
    through = Person.groups.through
    scope_groups = dict(Group.objects.filter(name__contains="@").values_list("name", "pk"))
    held = RoleHolding.objects.current(on).filter(case__isnull=True).values_list("person_id", "key")
    wanted = {(person, scope_groups[key]) for person, key in held if key in scope_groups}
    rows = through.objects.filter(group_id__in=scope_groups.values()).values_list(
        "pk", "person_id", "group_id"
    )
    present = {(person, group): pk for pk, person, group in rows}
    missing, surplus = wanted - set(present), set(present) - wanted
    # Another worker may do the same at this moment: in one order, and what is there already is passed over.
    through.objects.bulk_create(
        [through(person_id=person, group_id=group) for person, group in sorted(missing)],
        ignore_conflicts=True,
    )
    through.objects.filter(pk__in=[present[pair] for pair in surplus]).delete()
    return len(missing), len(surplus)
