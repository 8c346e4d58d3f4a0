"""Who can help a late step along: not do it, but ask what hinders, remind, hand it over or put the case on hold.

They hear of it when it escalates, beside those whom it waits for. What is internal to a party stays within it.
"""

from __future__ import annotations

import datetime as dt

from cases.access import Access
from cases.models import Case, Role, RoleHolding
from cases.models.roles import ScopeKind, role_key
from workflows.models import WorkItem
from workflows.policy import Action


def helper_keys(item: WorkItem, case: Case) -> list[str]:
    """The role keys under which people can help: the partnership's coordinator; for a vote and its conclusion also the
    body's chair and secretary; for a step internal to a party that party's own coordinator and nobody else."""
    if item.internal_to_id is not None:
        return [role_key(Role.COORDINATOR, ScopeKind.ORGANISATION, item.internal_to_id)]
    keys = [role_key(Role.COORDINATOR, ScopeKind.PARTNERSHIP, case.partnership_id)]
    if item.step in (Action.VOTE, Action.CONCLUDE) and item.body_id is not None:
        keys += [
            role_key(role, ScopeKind.BODY, item.body_id) for role in (Role.STEERING_CHAIR, Role.SECRETARY)
        ]
    return keys


def helpers(item: WorkItem, case: Case, *, on: dt.date) -> list[int]:
    """The people who can help on the day, in a steady order. One statement."""
    held = RoleHolding.objects.current(on).filter(key__in=helper_keys(item, case), person__is_active=True)
    return sorted(set(held.values_list("person_id", flat=True)))


def helps_as(access: Access, item: WorkItem, case: Case) -> str:
    """The role in which the person can help with the item; empty when they cannot or may not know of it."""
    if not access.sees(case) or not access.sees_internal(item.internal_to_id):
        return ""
    return next((key.partition("@")[0] for key in helper_keys(item, case) if key in access.keys), "")
