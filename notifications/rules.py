"""Who hears of what: event kinds and audiences, as data. The table is :data:`RULES`.

Three rules hold for all of it: nobody hears of their own act (though of a new task that it opened for themselves, whose
link they want like anybody), nobody but a party's own people hear of what
is internal to it, and nobody hears who is no longer active. Whether a message may still go when its turn
comes is asked again, for each person, in :mod:`notifications.gate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from cases.models import (
    CaseEvent,
    PartnershipParty,
    Person,
    Question,
    ReferralRecipient,
    Role,
    RoleHolding,
)
from cases.models.roles import ScopeKind, reaches, role_key
from notifications.models import Kind
from workflows.flows.referral_branches import is_outside
from workflows.models import WorkItem
from workflows.policy import RULES as POLICY
from workflows.policy import Action

#: A person and the task that it is about, when it is about one.
Heard = tuple[int, int | None]


@dataclass(frozen=True)
class Recipient:
    """Somebody who is to hear of an event. ``item_id`` is the task that it is about, if any.

    Somebody outside who was asked in a referral has an ``outsider_id`` instead of a ``person_id``.
    """

    person_id: int | None
    language: str
    kind: Kind
    item_id: int | None = None
    outsider_id: int | None = None


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    ``only`` narrows it to events whose data say so. ``weight`` is for progress: of one act's events the
    proposer hears of the weightiest, since one mail tells what the act came to. ``outside`` is for those without
    an account; of what is about tasks, such as reminders, those outside hear without it, if the tasks are theirs.
    """

    kind: Kind
    audience: Callable[[CaseEvent, dt.date], Iterable[Heard]]
    only: Callable[[CaseEvent], bool] = lambda event: True
    weight: int = 0
    outside: Callable[[CaseEvent], Iterable[Heard]] | None = None


# Audiences


def _holders(items: Sequence[WorkItem], on: dt.date) -> set[Heard]:
    """Everybody who can act on the items: a person and that person's deputies in the role, or all who hold the role.

    Two statements at most, however many items and people.
    """
    owners: dict[int, list[WorkItem]] = {}
    roles: dict[str, list[int]] = {}
    for item in items:
        if item.owner_id is not None:
            owners.setdefault(item.owner_id, []).append(item)
        else:
            roles.setdefault(item.holder_key, []).append(item.pk)
    heard: set[Heard] = {(owner, item.pk) for owner, theirs in owners.items() for item in theirs}
    current = RoleHolding.objects.current(on)
    if owners:
        deputies = current.filter(deputy_for_id__in=owners).values_list(
            "person_id", "deputy_for_id", "key", "delegation__role_key"
        )
        heard |= {
            (person, item.pk)
            for person, owner, key, delegated in deputies
            if owner is not None
            for item in owners[owner]
            if reaches(key=key, in_all=delegated == "", role=item.role, role_key=item.role_key)
        }
    if roles:
        holders = current.filter(key__in=roles).values_list("person_id", "key")
        heard |= {(person, item) for person, key in holders for item in roles[key]}
    own = {item.pk for item in items if not POLICY[Action(item.step)].own}
    return {
        (person, item) for person, item in heard if item not in own or person != items[0].case.created_by_id
    }


def _items(event: CaseEvent) -> list[WorkItem]:
    return list(WorkItem.objects.filter(pk__in=event.data["items"]).select_related("case").order_by("pk"))


def those_who_can_act(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Everybody for whom the event's tasks wait. One that has changed hands since has an event of its own."""
    items = [item for item in _items(event) if item.assigned is None or item.assigned <= event.at]
    return _holders(items, on) if items else ()


def those_who_can_act_or_help(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Everybody for whom the late task waits, and those who can help it along, whom the event names."""
    return set(those_who_can_act(event, on)) | {
        (person, event.data["item"]) for person in event.data["helpers"]
    }


def those_who_could_act(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Everybody for whom the event's cancelled tasks waited. A step that was never open was nobody's yet.

    The proposer hears of the end of the case itself, and not also of a task that ended with it.
    """
    items = [item for item in _items(event) if item.due_on is not None]
    if not items:
        return ()
    case = event.case
    ended_now = case.is_closed and case.closed_at == event.at
    return {
        (person, item)
        for person, item in _holders(items, on)
        if not (ended_now and person == case.created_by_id)
    }


def those_who_can_give_it_to_somebody(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The coordinators whom the event's tasks concern: the partnership's, or the party's for what is internal to it."""
    return _coordinators(_items(event), on)


def coordinators_when_all_are_away(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The same for those of the event's tasks that only people wait upon who have said that they are away."""
    items = [item for item in _items(event) if item.open]
    heard = _holders(items, on) if items else set()
    away = {
        person.pk
        for person in Person.objects.filter(pk__in={pk for pk, _item in heard}, absent_from__isnull=False)
        if person.is_absent(on)
    }
    here = {item for person, item in heard if person not in away}
    unattended = [item for item in items if item.pk not in here and any(pk == item.pk for _p, pk in heard)]
    return _coordinators(unattended, on) - heard if unattended else ()


def the_body_s_own(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The secretary and the chair of the body that the event's tasks belong to; the coordinators where it has neither."""
    items = _items(event)
    seats = RoleHolding.objects.current(on).filter(
        body_id__in={item.body_id for item in items}, role__in=(Role.SECRETARY, Role.STEERING_CHAIR)
    )
    by_body = {(person, body) for person, body in seats.values_list("person_id", "body_id")}
    heard = {(person, item.pk) for item in items for person, body in by_body if body == item.body_id}
    return heard or _coordinators(items, on)


def _coordinators(items: Sequence[WorkItem], on: dt.date) -> set[Heard]:
    by_key: dict[str, list[int]] = {}
    for item in items:
        if item.internal_to_id is None:
            key = role_key(Role.COORDINATOR, ScopeKind.PARTNERSHIP, item.case.partnership_id)
        else:
            key = role_key(Role.COORDINATOR, ScopeKind.ORGANISATION, item.internal_to_id)
        by_key.setdefault(key, []).append(item.pk)
    holders = RoleHolding.objects.current(on).filter(key__in=by_key).values_list("person_id", "key")
    return {(person, item) for person, key in holders for item in by_key[key]}


def the_former_owner(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The person whose task was given to somebody else."""
    return [(event.data["before"], event.data["item"])]


def the_proposer(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The one who started the initiative."""
    return [(event.case.created_by_id, None)]


def the_asker(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The one whose question was answered."""
    asked = Question.objects.filter(pk=event.data["question"]).values_list("asked_by_id", flat=True)
    return [(person, None) for person in asked]


def the_proposer_and_those_at_work(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The proposer, and everybody who has an open task in the case."""
    items = list(WorkItem.objects.open().filter(case_id=event.case_id).select_related("case"))
    at_work = {person for person, _item in _holders(items, on)} if items else set()
    return {(person, None) for person in at_work | {event.case.created_by_id}}


def those_who_handle_the_decision(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """The proposer, the partnership's coordinators, and the parties' registrars and contact persons of the area.

    One statement.
    """
    case = event.case
    parties = PartnershipParty.objects.filter(partnership=case.partnership_id).values("organisation_id")
    of_the_parties = models.Q(organisation__in=parties)
    contact = models.Q(role=Role.CONTACT_PERSON) & (models.Q(area=case.area_id) | models.Q(area__isnull=True))
    people = (
        RoleHolding.objects.current(on)
        .filter(
            models.Q(role=Role.COORDINATOR, partnership=case.partnership_id)
            | of_the_parties & (models.Q(role=Role.REGISTRAR) | contact)
        )
        .values_list("person_id", flat=True)
    )
    return {(person, None) for person in {case.created_by_id, *people}}


def nobody(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Nobody in the house."""
    return ()


def the_coordinators(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Whoever coordinates the case's partnership."""
    key = role_key(Role.COORDINATOR, ScopeKind.PARTNERSHIP, event.case.partnership_id)
    holders = RoleHolding.objects.current(on).filter(key=key).values_list("person_id", flat=True)
    return [(person, None) for person in holders]


def _answers(event: CaseEvent) -> list[WorkItem]:
    """The tasks of those who have answered the event's referral."""
    answered = ReferralRecipient.objects.filter(
        referral=event.data["referral"], status__in=["answered", "declined"]
    ).values_list("pk", flat=True)
    tasks = WorkItem.objects.filter(
        case=event.case_id, step=Action.REFERRAL_ANSWER, data__recipient__in=list(answered)
    )
    return list(tasks.select_related("case").order_by("pk"))


def those_who_answered(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Everybody with an account who answered the referral."""
    items = _answers(event)
    return {(item.done_by_id, item.pk) for item in items if item.done_by_id is not None}


def the_one_asked(event: CaseEvent, on: dt.date) -> Iterable[Heard]:
    """Whoever can answer for the recipient that the event is about."""
    items = list(WorkItem.objects.filter(pk=event.data["item"]).select_related("case"))
    return _holders(items, on)


# Those outside: a recipient and the task that it is about.


def outsiders_of_items(event: CaseEvent) -> list[Heard]:
    """Those outside for whom the event's tasks wait, or waited."""
    if event.data.get("step") != Action.REFERRAL_ANSWER or "items" not in event.data:
        return []
    return _outside(_items(event))


def outsiders_who_answered(event: CaseEvent) -> list[Heard]:
    """Those outside who answered the referral."""
    return _outside(_answers(event))


def the_outsider(event: CaseEvent) -> list[Heard]:
    """The one that the event is about, if they are outside."""
    return [(event.data["recipient"], event.data.get("item"))]


def _outside(items: Sequence[WorkItem]) -> list[Heard]:
    return [(item.data["recipient"], item.pk) for item in items if is_outside(item)]


# The table


def _outcome_in(*outcomes: str) -> Callable[[CaseEvent], bool]:
    return lambda event: event.data.get("outcome") in outcomes


def _is_shared(event: CaseEvent) -> bool:
    return event.internal_to_id is None


def _had_an_owner(event: CaseEvent) -> bool:
    return event.data.get("before") is not None and event.data["before"] != event.data["to"]


#: What a task's holders hear, wherever they are.
_ABOUT_TASKS = frozenset({Kind.TASK, Kind.REMINDER, Kind.TASK_ENDED})

RULES: dict[str, Rule] = {
    # A new task: also one that was reassigned, woken or resumed, since all of those open steps.
    "steps_opened": Rule(Kind.TASK, those_who_can_act),
    "handed_over": Rule(Kind.TASK, those_who_can_act),
    "handed_back": Rule(Kind.TASK, those_who_can_act),
    "role_empty": Rule(Kind.UNATTENDED, those_who_can_give_it_to_somebody),
    "seat_empty": Rule(Kind.UNATTENDED, the_body_s_own),
    "reminded": Rule(Kind.REMINDER, those_who_can_act),
    # What the timers of the steps do: nobody's act, so that everybody whom it concerns hears.
    "reminded_automatically": Rule(Kind.REMINDER, those_who_can_act),
    "escalated": Rule(Kind.ESCALATION, those_who_can_act_or_help),
    "reassigned": Rule(Kind.TASK_MOVED, the_former_owner, only=_had_an_owner),
    "steps_cancelled": Rule(Kind.TASK_ENDED, those_who_could_act),
    "screened": Rule(Kind.PROGRESS, the_proposer, only=_outcome_in("return", "decline"), weight=3),
    "deliberation_concluded": Rule(Kind.PROGRESS, the_proposer, weight=3),
    "party_decided": Rule(Kind.PROGRESS, the_proposer, weight=3),
    "closed": Rule(Kind.PROGRESS, the_proposer, weight=2),
    "stage_entered": Rule(Kind.PROGRESS, the_proposer, weight=1),
    "extract_dispatched": Rule(Kind.EXTRACT, those_who_handle_the_decision),
    "question_answered": Rule(Kind.ANSWER, the_asker),
    "commented": Rule(Kind.COMMENT, the_proposer_and_those_at_work, only=_is_shared),
    "referral_answered": Rule(Kind.REFERRAL_ANSWER, the_coordinators),
    "referral_answer_corrected": Rule(Kind.REFERRAL_ANSWER, the_coordinators),
    "referral_closed": Rule(Kind.REFERRAL_CLOSED, those_who_answered, outside=outsiders_who_answered),
    "referral_compiled": Rule(Kind.REFERRAL_COMPILED, those_who_answered, outside=outsiders_who_answered),
    "referral_link_renewed": Rule(Kind.REFERRAL_LINK, nobody, outside=the_outsider),
    "extension_asked": Rule(Kind.EXTENSION_ASKED, the_coordinators),
    "extension_decided": Rule(Kind.EXTENSION_DECIDED, the_one_asked, outside=the_outsider),
}


#: What else is told of an event, beside the rule above. Whoever did it hears of this, too.
ALSO: dict[str, Rule] = {
    kind: Rule(Kind.UNATTENDED, coordinators_when_all_are_away)
    for kind in ("steps_opened", "handed_over", "handed_back")
}


def telling(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """Those of one act's events that somebody hears of; no statement.

    Of the events that tell the proposer how it goes only the weightiest is kept, the last of equals, and none
    when the act also gives the proposer the task to complete the proposal: that mail says why.
    """
    ruled = [(event, RULES[event.kind]) for event in events if event.kind in RULES]
    chosen = [(event, rule) for event, rule in ruled if rule.only(event)]
    progress = [(rule.weight, event.seq, event) for event, rule in chosen if rule.kind is Kind.PROGRESS]
    closed = any(event.kind == "referral_closed" for event, _rule in chosen)
    returned = any(
        event.kind == "steps_opened" and event.data["step"] == Action.COMPLETE for event, _rule in chosen
    )
    weightiest = max(progress)[2] if progress and not returned else None
    return [
        event
        for event, rule in chosen
        # The last answer closes its referral: the task to compile it tells the coordinator of both.
        if (rule.kind is not Kind.PROGRESS or event is weightiest)
        and not (closed and event.kind == "referral_answered")
    ]


def recipients(event: CaseEvent, now: dt.datetime) -> list[Recipient]:
    """Who is to hear of the event, one for each person and task, in a steady order.

    Eleven statements at most, whatever the number of people.
    """
    rule = RULES.get(event.kind)
    if rule is None or not rule.only(event):
        return []
    on = timezone.localtime(now).date()
    hears_own = event.kind == "steps_opened"
    heard = {
        (person, item, rule.kind)
        for person, item in rule.audience(event, on)
        if hears_own or person != event.actor_id
    }
    if event.kind in ALSO:
        also = ALSO[event.kind]
        heard |= {(person, item, also.kind) for person, item in also.audience(event, on)}
    people = {person for person, _item, _kind in heard}
    if event.internal_to_id is not None:
        people = _of_the_party(people, event.internal_to_id, on)
    languages = dict(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", "language"))
    inside = [
        Recipient(person_id=person, language=languages[person], kind=kind, item_id=item)
        for person, item, kind in sorted(heard, key=lambda told: (told[0], told[1] or 0, told[2]))
        if person in languages
    ]
    return inside + _recipients_outside(event, rule)


def _recipients_outside(event: CaseEvent, rule: Rule) -> list[Recipient]:
    """Those without an account: they are asked in a referral by mail, and hear of nothing else."""
    told = rule.outside or (outsiders_of_items if rule.kind in _ABOUT_TASKS else None)
    heard = dict(told(event)) if told is not None else {}
    if not heard:
        return []
    asked = ReferralRecipient.objects.filter(pk__in=heard).exclude(email="").order_by("pk")
    return [
        Recipient(person_id=None, language=language, kind=rule.kind, item_id=heard[pk], outsider_id=pk)
        for pk, language in asked.values_list("pk", "language")
    ]


def _of_the_party(people: set[int], party_id: int, on: dt.date) -> set[int]:
    """Those who see what is internal to the party, by the rule of :class:`cases.access.Access`."""
    return set(
        RoleHolding.objects.current(on)
        .filter(person_id__in=people)
        .filter(
            models.Q(organisation_id=party_id)
            | models.Q(represents_id=party_id)
            | models.Q(body__organisation_id=party_id)
            | models.Q(person__organisation_id=party_id)
        )
        .values_list("person_id", flat=True)
    )
