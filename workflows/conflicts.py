"""Who has said that they may not take part in a case (jäv), for those who would act in somebody else's stead.

Reached as ``workflows.delegation.conflicts_of``; it stands here so that the policy can ask it, too.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Deliberation, Vote, VoteChoice


def declared_in(person_id: int) -> models.QuerySet[Vote]:
    """The person's own statements that they may not take part, which still count: of a case's latest deliberation."""
    later = Deliberation.objects.filter(
        case=OuterRef("deliberation__case"), number__gt=OuterRef("deliberation__number")
    )
    return Vote.objects.filter(
        # Said by a deputy for the member it binds both: either may have been the one who has the interest.
        Q(member_id=person_id) | Q(cast_by_id=person_id),
        Q(deliberation__concluded_at__isnull=True) | ~Exists(later),
        choice=VoteChoice.RECUSED,
    )


def declared_cases(person_id: int) -> models.QuerySet[Vote, int]:
    """The keys of the cases in which the person has declared a conflict of interest, to be used within a statement."""
    return declared_in(person_id).values_list("deliberation__case_id", flat=True)


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
