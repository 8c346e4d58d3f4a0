"""What a delegation gives, written out as role holdings, so that access, policy, inbox and mail need ask nothing more.

A delegated holding is what two periods have in common: the delegation's, and the one in which the person holds the
role themselves. :func:`fit` keeps it so, whatever is given, ended or delegated, in a handful of statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from cases.models import Case, CaseStatus, Delegation, Person, Role, RoleHolding
from cases.models.roles import ScopeKind, role_key

Period = tuple[dt.date, dt.date]
#: What tells one delegated holding from another.
Identity = tuple[int | None, str, dt.date]


def lock_people(*ids: int) -> list[Person]:
    """The people, whose roles and delegations nobody else changes until the transaction ends; in order of key.

    The weaker lock: what merely names the person in another row need not wait.
    """
    return list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def common(delegation: Delegation, holding: RoleHolding) -> Period | None:
    """The days of the delegation on which the holding is in force; None when there are none."""
    first = max(delegation.valid_from, holding.valid_from)
    last = delegation.last_day
    if holding.valid_until is not None:
        last = min(last, holding.valid_until)
    return (first, last) if first <= last else None


def fit(person: Person) -> None:
    """Let what the person has delegated be what they hold and have delegated: no role more, no day more, none less.

    Deputies' holdings are never passed on: only what is held in the person's own right. To be called while the
    person is locked. At most six statements, and one for who has delegated nothing.
    """
    delegations = list(Delegation.objects.standing().filter(person=person).order_by("pk"))
    if not delegations:
        return
    own = list(RoleHolding.objects.of(person).ordinary())
    own_keys = {holding.key for holding in own}
    wanted: dict[Identity, RoleHolding] = {}
    for delegation in delegations:
        carried = list(_delegated(delegation, own))
        if delegation.all_roles and not any(_is_whole(row, delegation) for row in carried):
            carried += _proposals(delegation)
        for row in carried:
            # Two holdings of one role may begin before the delegation does: the longer one counts.
            twin = wanted.get(_identity(row))
            if twin is None or _last(row) > _last(twin):
                wanted[_identity(row)] = row
    present = {_identity(row): row for row in RoleHolding.objects.filter(delegation__in=delegations)}
    moved = []
    for key in wanted.keys() & present.keys():
        if present[key].valid_until != wanted[key].valid_until:
            present[key].valid_until = wanted[key].valid_until
            moved.append(present[key])
    RoleHolding.objects.filter(
        pk__in=[
            row.pk
            for key, row in present.items()
            # A proposal that was passed on by itself stays so when it is closed.
            if key not in wanted and (row.role != Role.PROPOSER or row.key in own_keys)
        ]
    ).delete()
    RoleHolding.objects.bulk_create([row for key, row in wanted.items() if key not in present])
    RoleHolding.objects.bulk_update(moved, ["valid_until"])


def _identity(row: RoleHolding) -> Identity:
    return row.delegation_id, row.key, row.valid_from


def _last(row: RoleHolding) -> dt.date:
    return row.valid_until or dt.date.max


def _delegated(delegation: Delegation, own: Iterable[RoleHolding]) -> Iterator[RoleHolding]:
    for holding in own:
        if delegation.all_roles or holding.key == delegation.role_key:
            period = common(delegation, holding)
            if period is not None:
                yield _passed_on(delegation, holding, period)


def _passed_on(delegation: Delegation, holding: RoleHolding, period: Period) -> RoleHolding:
    return RoleHolding(
        person_id=delegation.to_id,
        deputy_for_id=delegation.person_id,
        delegation=delegation,
        role=holding.role,
        organisation_id=holding.organisation_id,
        body_id=holding.body_id,
        partnership_id=holding.partnership_id,
        case_id=holding.case_id,
        area_id=holding.area_id,
        represents_id=holding.represents_id,
        valid_from=period[0],
        valid_until=period[1],
        key=holding.key,
    )


def _is_whole(row: RoleHolding, delegation: Delegation) -> bool:
    return (row.valid_from, row.valid_until) == (delegation.valid_from, delegation.last_day)


def _proposals(delegation: Delegation) -> Iterator[RoleHolding]:
    """The person's running proposals, delegated one by one: for who holds no role that would carry the delegation."""
    running = Case.objects.filter(created_by_id=delegation.person_id).exclude(
        status__in=[CaseStatus.DRAFT, CaseStatus.CLOSED]
    )
    for case_id in running.order_by("pk").values_list("pk", flat=True):
        yield RoleHolding(
            person_id=delegation.to_id,
            deputy_for_id=delegation.person_id,
            delegation=delegation,
            role=Role.PROPOSER,
            case_id=case_id,
            valid_from=delegation.valid_from,
            valid_until=delegation.last_day,
            key=role_key(Role.PROPOSER, ScopeKind.CASE, case_id),
        )


def cut_off(delegation: Delegation) -> None:
    """Let what an ended delegation gave end with it. Two statements."""
    RoleHolding.objects.filter(delegation=delegation, valid_from__gt=delegation.last_day).delete()
    RoleHolding.objects.filter(delegation=delegation, valid_until__gt=delegation.last_day).update(
        valid_until=delegation.last_day
    )


def may_receive(to: Person, holding: RoleHolding, *, person: Person, seats: Iterable[RoleHolding]) -> bool:
    """Whether the role can pass to the other: to a colleague, or within the body to who sits for the same party.

    :param seats: what the other holds at bodies, in any capacity.
    """
    if person.organisation_id is not None and person.organisation_id == to.organisation_id:
        return True
    return holding.body_id is not None and any(
        seat.body_id == holding.body_id
        and (
            holding.represents_id is None or holding.represents_id in (seat.represents_id, to.organisation_id)
        )
        for seat in seats
    )
