"""Conflicts of interest (jäv): declaring them, and whom they keep out of what (section 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from cases.models import Case, Conflict, Person, RoleHolding, Vote
from cases.models.roles import VOTING_ROLES

if TYPE_CHECKING:
    from workflows.act import Act


def conflicted_in(case_id: int, body_id: int) -> frozenset[int]:
    """The people who have a conflict of interest in the case as seen from the body. One statement."""
    return frozenset(
        Conflict.objects.filter(case_id=case_id, body_id=body_id).values_list("person_id", flat=True)
    )


def reasons_in(case_id: int, body_id: int) -> dict[int, str]:
    """By person, the reason for their conflict of interest in the case as seen from the body. One statement."""
    return dict(Conflict.objects.filter(case_id=case_id, body_id=body_id).values_list("person_id", "reason"))


def has_conflict(person_id: int, case_id: int, body_id: int) -> bool:
    """Whether the person has declared one."""
    return Conflict.objects.filter(person_id=person_id, case_id=case_id, body_id=body_id).exists()


def declare(act: Act, *, body_id: int, person: Person, reason: str, internal_to: int | None = None) -> bool:
    """Write the conflict down, once. Returns whether it is new. The act's transaction holds the case's lock."""
    _row, created = Conflict.objects.get_or_create(
        case=act.case,
        body_id=body_id,
        person=person,
        defaults={"reason": reason, "declared_at": act.now},
    )
    if created:
        act.record("conflict_declared", internal_to=internal_to, body=body_id, person=person.pk)
    return created


def deputies_of(member_id: int, body_id: int, on: dt.date) -> list[int]:
    """The member's deputies in the body, in the order in which they step in."""
    holdings = (
        RoleHolding.objects.current(on)
        .filter(body_id=body_id, role__in=VOTING_ROLES, deputy_for_id=member_id, person__is_active=True)
        .order_by("deputy_order", "pk")
    )
    return list(dict.fromkeys(holdings.values_list("person_id", flat=True)))


def next_deputy(
    *,
    member_id: int,
    body_id: int,
    case: Case,
    deliberation_id: int | None,
    passed: Iterable[int],
    on: dt.date,
) -> int | None:
    """The first of the member's deputies who can serve in the case: no conflict, no vote of their own, not the proposer."""
    out = set(passed) | conflicted_in(case.pk, body_id) | {case.created_by_id}
    if deliberation_id is not None:
        votes = Vote.objects.filter(deliberation_id=deliberation_id)
        out |= set(votes.values_list("cast_by_id", flat=True)) | set(
            votes.values_list("member_id", flat=True)
        )
    ordinary = set(
        RoleHolding.objects.current(on)
        .ordinary()
        .filter(body_id=body_id, role__in=VOTING_ROLES)
        .values_list("person_id", flat=True)
    )
    return next(
        (deputy for deputy in deputies_of(member_id, body_id, on) if deputy not in out | ordinary), None
    )


def declared_cases(person_id: int) -> models.QuerySet[Conflict, int]:
    """The keys of the cases in which the person has declared a conflict of interest, to be used within a statement."""
    return Conflict.objects.filter(person_id=person_id).values_list("case_id", flat=True)


def conflicts_of(person_id: int, case_ids: Iterable[int], *, own: bool = True) -> frozenset[int]:
    """Those of the cases in which the person has a conflict of interest: declared, or the proposal is their own.

    :param own: whether a proposal of the person's own counts; the policy asks that itself, step by step. One statement.
    """
    wanted = sorted(set(case_ids))
    if not wanted:
        return frozenset()
    conflicted = Q(pk__in=declared_cases(person_id))
    if own:
        conflicted |= Q(created_by_id=person_id)
    return frozenset(Case.objects.filter(conflicted, pk__in=wanted).values_list("pk", flat=True))
