"""Delegation: a person lets a colleague act for them, in everything or in some roles, for a period.

What is given is written out as role holdings (:mod:`cases.delegations`); who may do it stands in
:data:`workflows.policy.PERSON_RULES`. See docs/decisions/0011-delegation-is-a-holding.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.delegations import cut_off, fit, lock_people, may_receive
from cases.errors import AlreadyDone, InvalidInput, Message, NotFound
from cases.models import Case, Delegation, Person, RoleHolding
from cases.models.roles import VOTING_ROLES, ScopeKind, person_key
from workflows import hand_over, policy
from workflows.act import access_for
from workflows.conflicts import conflicts_of
from workflows.models import WorkItem
from workflows.policy import PersonAction

__all__ = [
    "Delegated",
    "conflicts_of",
    "delegate",
    "end_delegation",
    "receivers",
    "roles_to_delegate",
    "set_absence",
]


@dataclass(frozen=True)
class Delegated:
    """What came of it: one delegation for each role, or one for all; and the cases that the other may not touch."""

    delegations: list[Delegation]
    not_in_cases: frozenset[int]


def roles_to_delegate(person: Person, *, first: dt.date, last: dt.date) -> models.QuerySet[RoleHolding]:
    """The roles that the person holds in their own right on some day of the period."""
    return (
        RoleHolding.objects.of(person)
        .ordinary()
        .filter(valid_from__lte=last)
        .filter(models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=first))
    )


def receivers(person: Person, *, on: dt.date) -> models.QuerySet[Person]:
    """Who can be asked: the person's colleagues, and those who hold something at a body where the person does."""
    bodies = RoleHolding.objects.current(on).of(person).ordinary().filter(body__isnull=False)
    near = models.Q(
        pk__in=RoleHolding.objects.current(on).filter(body__in=bodies.values("body")).values("person")
    )
    if person.organisation_id is not None:
        near |= models.Q(organisation_id=person.organisation_id)
    return Person.objects.filter(near, is_active=True).exclude(pk=person.pk).order_by("name", "pk")


@transaction.atomic
def delegate(
    *,
    actor: Person,
    to: Person,
    roles: Collection[str] | None,
    valid_from: dt.date,
    valid_until: dt.date,
    reason: str = "",
    person: Person | None = None,
    now: dt.datetime,
) -> Delegated:
    """Let ``to`` act for the person (the actor, unless an administrator does it for somebody) in the period.

    :param roles: role keys; None for everything that the person does, roles that they get meanwhile included.

    It begins today at the earliest. Raises InvalidInput with the rule at its field, NotFound or NotAllowed for who may
    not, AlreadyDone when the same has been delegated already. A constant number of statements.
    """
    person = person or actor
    policy.require_for_person(access_for(actor, now), PersonAction.DELEGATE, person.pk, gains_id=to.pk)
    today = timezone.localtime(now).date()
    _check_period(valid_from, valid_until, today)
    valid_from = max(valid_from, today)
    if to.pk == person.pk:
        raise InvalidInput({"to": _("Ingen kan vara sin egen ersättare. Välj någon annan.")})
    people = {found.pk: found for found in lock_people(person.pk, to.pk)}
    person, to = people[person.pk], people[to.pk]
    own = list(roles_to_delegate(person, first=valid_from, last=valid_until).select_related("body"))
    chosen = own if roles is None else _chosen(own, roles)
    _check_receiver(person, to, chosen, everything=roles is None, first=valid_from, last=valid_until)
    keys = [""] if roles is None else sorted(set(roles))
    _check_others(person, to, keys, valid_from, valid_until)
    not_in_cases = _check_conflicts(person, to, chosen, everything=roles is None)
    delegations = Delegation.objects.bulk_create(
        [
            Delegation(
                person=person,
                to=to,
                role_key=key,
                valid_from=valid_from,
                valid_until=valid_until,
                reason=reason,
                created_by=actor,
                created_at=now,
            )
            for key in keys
        ]
    )
    fit(person)
    if not RoleHolding.objects.filter(delegation__in=delegations).exists():
        raise InvalidInput(
            {"roles": _("Det finns inga roller eller pågående förslag att delegera under perioden.")}
        )
    return Delegated(delegations, not_in_cases)


def _check_period(first: dt.date, last: dt.date, today: dt.date) -> None:
    if last < first:
        raise InvalidInput({"valid_until": _("Sista dagen kan inte ligga före den första.")})
    if last < today:
        raise InvalidInput(
            {"valid_until": _("Perioden har redan gått. Välj en sista dag som ligger framåt i tiden.")}
        )
    if last >= _a_year_after(max(first, today)):
        raise InvalidInput(
            {"valid_until": _("En delegering kan gälla högst ett år. Förnya den när det behövs.")}
        )


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the leap day
        return dt.date(day.year + 1, 3, 1)


def _chosen(own: list[RoleHolding], keys: Collection[str]) -> list[RoleHolding]:
    """The person's own holdings at the keys; what they hold for somebody else is not theirs to pass on."""
    if not keys:
        raise InvalidInput({"roles": _("Välj minst en roll.")})
    if not set(keys) <= {holding.key for holding in own}:
        raise InvalidInput(
            {
                "roles": _(
                    "Du kan bara delegera roller som innehas under perioden, och inte roller som innehas för någon annan."
                )
            }
        )
    return [holding for holding in own if holding.key in keys]


def _check_receiver(
    person: Person, to: Person, chosen: list[RoleHolding], *, everything: bool, first: dt.date, last: dt.date
) -> None:
    words = {"name": to.name}
    if not to.is_active:
        raise InvalidInput({"to": _("%(name)s är inte längre aktiv. Välj någon annan.") % words})
    seats = list(
        RoleHolding.objects.of(to)
        .filter(body__isnull=False, valid_from__lte=last)
        .filter(models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=first))
    )
    colleagues = person.organisation_id is not None and person.organisation_id == to.organisation_id
    if everything and not colleagues:
        raise InvalidInput(
            {
                "to": _(
                    "%(name)s hör inte till samma organisation. Välj en kollega, eller delegera bara roller i ett organ."
                )
                % words
            }
        )
    if not all(may_receive(to, holding, person=person, seats=seats) for holding in chosen):
        raise InvalidInput(
            {"to": _("%(name)s hör varken till samma organisation eller till samma part i organet.") % words}
        )
    voting = {holding.body_id: holding.body for holding in chosen if holding.role in VOTING_ROLES}
    for seat in seats:
        if seat.role in VOTING_ROLES and seat.deputy_for_id is None and seat.body_id in voting:
            raise InvalidInput(
                {
                    "to": _("%(name)s har en egen röst i %(body)s och kan inte rösta för någon annan.")
                    % {**words, "body": voting[seat.body_id]}
                }
            )


def _check_others(person: Person, to: Person, keys: list[str], first: dt.date, last: dt.date) -> None:
    """No circle, and nothing twice: what stands between the two in the same days. One statement."""
    pair = models.Q(person=person, to=to) | models.Q(person=to, to=person)
    for other in Delegation.objects.standing().overlapping(first, last).filter(pair):
        if other.person_id == to.pk:
            raise InvalidInput(
                {
                    "to": _("%(name)s har delegerat till den som ska ersättas under samma tid.")
                    % {"name": to.name}
                }
            )
        if other.role_key in keys or other.all_roles:
            if (other.valid_from, other.valid_until) == (first, last) and other.role_key in keys:
                raise AlreadyDone(_("Delegeringen är redan gjord."))
            message: Message = _(
                "%(name)s är redan ersättare under en del av perioden. Avsluta den delegeringen först."
            ) % {"name": to.name}
            raise InvalidInput({"to": message})


def _check_conflicts(
    person: Person, to: Person, chosen: list[RoleHolding], *, everything: bool
) -> frozenset[int]:
    """The cases with a task for the person in which the other has a conflict of interest and so may not act.

    Refused only when the delegation comes to nothing else: roles held at such cases alone. Two statements.
    """
    waiting = (
        models.Q(holder_key=person_key(person.pk))
        if everything
        else models.Q(holder_key=person_key(person.pk), role_key__in=[holding.key for holding in chosen])
    )
    waiting |= models.Q(holder_key__in=[holding.key for holding in chosen])
    tasks = list(WorkItem.objects.open().filter(waiting).values_list("case_id", "step"))
    of_cases = {holding.case_id for holding in chosen if holding.case_id is not None}
    declared = conflicts_of(to.pk, {case for case, _step in tasks} | of_cases, own=False)
    judging = {case for case, step in tasks if not policy.RULES[policy.Action(step)].own}
    theirs = conflicts_of(to.pk, judging)
    limited = not everything and all(holding.scope_kind is ScopeKind.CASE for holding in chosen)
    if limited and of_cases <= declared:
        numbers = ", ".join(case.number for case in Case.objects.filter(pk__in=of_cases).order_by("pk"))
        raise InvalidInput(
            {
                "to": _("%(name)s har anmält jäv i %(cases)s och kan inte ersätta någon där.")
                % {"name": to.name, "cases": numbers}
            }
        )
    return declared | theirs


@transaction.atomic
def _end(delegation_id: int, actor: Person, now: dt.datetime) -> Delegation:
    delegation = Delegation.objects.filter(pk=delegation_id).select_related("person", "to").first()
    if delegation is None:
        raise NotFound()
    policy.require_for_person(access_for(actor, now), PersonAction.END_DELEGATION, delegation.person_id)
    lock_people(delegation.person_id, delegation.to_id)
    ended = Delegation.objects.standing().filter(
        pk=delegation_id, valid_until__gte=timezone.localtime(now).date()
    )
    if not ended.update(ended_at=now, ended_by=actor):
        raise AlreadyDone(_("Delegeringen är redan avslutad."))
    delegation.ended_at, delegation.ended_by = now, actor
    cut_off(delegation)
    return delegation


def end_delegation(*, delegation_id: int, actor: Person, now: dt.datetime) -> Delegation:
    """End a delegation at once: the other acts for the person no more, and what they had taken goes back to the role.

    Raises NotFound for who may not, AlreadyDone when it is over. The tasks are handed back case by case, afterwards.
    """
    delegation = _end(delegation_id, actor, now)
    hand_over.hand_back_ended(now, people=[delegation.to_id])
    return delegation


@transaction.atomic
def set_absence(
    *,
    actor: Person,
    absent_from: dt.date | None,
    absent_until: dt.date | None,
    to: Person | None = None,
    now: dt.datetime,
) -> Delegated | None:
    """Say when one is away, and let somebody act in everything meanwhile: both or neither."""
    if to is not None and absent_from is None:
        raise InvalidInput({"absent_from": _("Ange från vilken dag du är frånvarande.")})
    if to is not None and absent_until is None:
        raise InvalidInput({"absent_until": _("Ange sista dagen för att kunna utse en ersättare.")})
    Person.objects.filter(pk=actor.pk).update(absent_from=absent_from, absent_until=absent_until)
    actor.absent_from, actor.absent_until = absent_from, absent_until
    if to is None or absent_from is None or absent_until is None:
        return None
    try:
        return delegate(
            actor=actor, to=to, roles=None, valid_from=absent_from, valid_until=absent_until, now=now
        )
    except AlreadyDone:  # the same page sent twice
        return None
    except InvalidInput as error:
        names = {"valid_from": "absent_from", "valid_until": "absent_until", "roles": "to"}
        raise InvalidInput({names.get(name, name): text for name, text in error.errors.items()}) from error


def given_and_received(person: Person, *, on: dt.date) -> tuple[list[Delegation], list[Delegation]]:
    """The person's delegations that last or are to come: those they gave, and those they were given. One statement."""
    both = models.Q(person=person) | models.Q(to=person)
    rows: Iterable[Delegation] = (
        Delegation.objects.standing().filter(both, valid_until__gte=on).select_related("person", "to")
    )
    found = list(rows)
    return [row for row in found if row.person_id == person.pk], [
        row for row in found if row.to_id == person.pk
    ]
