"""Hand-over by itself: what somebody had taken goes back when they no longer hold the role that it came by.

Run by the worker once a day, and at once when a role or a delegation is ended. Many may run it at the same time: each
case is handled under its lock, each task by compare-and-set, and what has been handed back is no longer found.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from viewflow.workflow.status import STATUS

from cases.access import access_of
from cases.models import Person, RoleHolding
from cases.models.roles import CASE_ROLES, person_key
from workflows import policy
from workflows.act import Act, acting_by_itself
from workflows.conflicts import conflicts_of
from workflows.models import WorkItem

logger = logging.getLogger(__name__)

#: Why a task changed hands by itself, as the history keeps it.
ROLE_ENDED, INACTIVE = "role_ended", "inactive"


def hand_back_ended(now: dt.datetime, *, people: Collection[int] | None = None) -> int:
    """Hand back every open task whose owner is no longer in its role, of these people or of all. Returns how many.

    A case that fails is logged with its number, without its content, and tried again the next time.
    """
    moved = 0
    candidates = _perhaps_ended(timezone.localtime(now).date(), people)
    for case_id in candidates.order_by("case_id").values_list("case_id", flat=True).distinct():
        try:
            moved += _hand_back_in(case_id, people, now)
        except Exception as error:  # one broken case must not hold up the others
            logger.error("hand-back failed", extra={"case": case_id, "error": type(error).__name__})
    return moved


def _perhaps_ended(on: dt.date, people: Collection[int] | None) -> models.QuerySet[WorkItem]:
    """Open tasks of somebody who is inactive, or who does not hold the very role on the date.

    A few of them are in order all the same, such as what was given to somebody in the same role elsewhere at the
    party; the policy tells them apart.
    """
    held = RoleHolding.objects.current(on).filter(person=OuterRef("owner"), key=OuterRef("role_key"))
    own = Q(role__in=[role.value for role in CASE_ROLES], case__created_by=F("owner"))
    items = WorkItem.objects.open().filter(owner__isnull=False)
    if people is not None:
        items = items.filter(owner__in=people)
    return items.filter(Q(owner__is_active=False) | ~Q(Exists(held)) & ~own)


def _hand_back_in(case_id: int, people: Collection[int] | None, now: dt.datetime) -> int:
    """The same for one case, under its lock."""
    with acting_by_itself(case_id=case_id, now=now) as act:
        found = _perhaps_ended(act.today, people).filter(case_id=case_id).select_related("owner")
        items = [item for item in found.order_by("pk") if _has_ended(item, act)]
        moved = [_hand_back(act, item) for item in items]
        _tell_of_empty_roles(act, [item for item in moved if item is not None and item.owner_id is None])
    return len([item for item in moved if item is not None])


def _has_ended(item: WorkItem, act: Act) -> bool:
    item.case = act.case
    assert item.owner is not None
    if not item.owner.is_active:
        return True
    return not policy.is_still_in_role(access_of(item.owner, on=act.today), item, act.case)


def _hand_back(act: Act, item: WorkItem) -> WorkItem | None:
    """Give the task back to its role, or a vote to the seat's next deputy; None when somebody was first."""
    if item.step == policy.Action.VOTE:
        return _pass_on_vote(act, item)
    return item if _pass_to(act, item, None) else None


def _pass_to(act: Act, item: WorkItem, to: Person | None) -> bool:
    before = item.owner
    assert before is not None
    given = WorkItem.objects.filter(pk=item.pk, open=True, owner=before).update(
        owner=to,
        holder_key=item.role_key if to is None else person_key(to.pk),
        status=STATUS.NEW if to is None else STATUS.ASSIGNED,
        assigned=None if to is None else act.now,
    )
    if not given:
        return False
    item.owner = to
    act.record(
        "handed_back",
        internal_to=item.internal_to_id,
        item=item.pk,
        items=[item.pk],
        step=item.step,
        before=before.pk,
        to=None if to is None else to.pk,
        reason=ROLE_ENDED if before.is_active else INACTIVE,
    )
    return True


# Votes


def _pass_on_vote(act: Act, item: WorkItem) -> WorkItem | None:
    """A vote goes to the seat's first deputy who may cast it. Without one it is left, and the body's own are told once."""
    deputy = _deputy_for_seat(act, item)
    if deputy is not None:
        return item if _pass_to(act, item, deputy) else None
    if not act.case.events.filter(kind="seat_empty", data__item=item.pk).exists():
        act.record(
            "seat_empty", item=item.pk, items=[item.pk], step=item.step, member=item.data.get("member")
        )
    return None


def _deputy_for_seat(act: Act, item: WorkItem) -> Person | None:
    """The called member, if the seat is theirs still; else the first deputy in order who may cast the vote.

    Who may: has no vote of their own in the deliberation, and no interest in the matter.
    """
    member_id = item.data.get("member")
    seats = RoleHolding.objects.current(act.today).filter(key=item.role_key, person__is_active=True)
    own = seats.ordinary().filter(person_id=member_id).select_related("person")
    deputies = seats.filter(deputy_for_id=member_id).deputies_first_to_last().select_related("person")
    voting = WorkItem.objects.filter(
        case=act.case, step=policy.Action.VOTE, data__deliberation=item.data["deliberation"]
    ).exclude(pk=item.pk)
    taken = {pk for pair in voting.values_list("owner_id", "done_by_id") for pk in pair}
    candidates = [seat.person for seat in [*own, *deputies] if seat.person_id not in taken]
    barred = _barred(candidates, act)
    return next((person for person in candidates if person.pk not in barred), None)


def _barred(people: list[Person], act: Act) -> set[int]:
    return {person.pk for person in people if conflicts_of(person.pk, [act.case.pk])}


# Roles that nobody holds


def _tell_of_empty_roles(act: Act, items: list[WorkItem]) -> None:
    """Say of the tasks that now wait for a role that nobody holds. One statement."""
    if not items:
        return
    held = set(
        RoleHolding.objects.current(act.today)
        .filter(key__in={item.role_key for item in items}, person__is_active=True)
        .values_list("key", flat=True)
    )
    for item in items:
        if item.role_key not in held:
            act.record(
                "role_empty",
                internal_to=item.internal_to_id,
                item=item.pk,
                items=[item.pk],
                step=item.step,
            )
