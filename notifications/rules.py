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

from cases.models import CaseEvent, PartnershipParty, Person, Question, Role, RoleHolding
from notifications.models import Kind
from workflows.models import WorkItem
from workflows.policy import RULES as POLICY
from workflows.policy import Action

#: A person and the task that it is about, when it is about one.
Heard = tuple[int, int | None]


@dataclass(frozen=True)
class Recipient:
    """Somebody who is to hear of an event. ``item_id`` is the task that it is about, if any."""

    person_id: int
    language: str
    kind: Kind
    item_id: int | None = None


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    ``only`` narrows it to events whose data say so. ``weight`` is for progress: of one act's events the
    proposer hears of the weightiest, since one mail tells what the act came to.
    """

    kind: Kind
    audience: Callable[[CaseEvent, dt.date], Iterable[Heard]]
    only: Callable[[CaseEvent], bool] = lambda event: True
    weight: int = 0


# Audiences


def _holders(items: Sequence[WorkItem], on: dt.date) -> set[Heard]:
    """Everybody who can act on the items: a person and that person's deputies, or all who hold the role.

    Two statements at most, however many items and people.
    """
    by_key: dict[str, list[int]] = {}
    for item in items:
        by_key.setdefault(item.holder_key, []).append(item.pk)
    owners = {
        int(key.removeprefix("person:")): ids for key, ids in by_key.items() if key.startswith("person:")
    }
    roles = {key: ids for key, ids in by_key.items() if not key.startswith("person:")}
    heard: set[Heard] = {(owner, item) for owner, ids in owners.items() for item in ids}
    current = RoleHolding.objects.current(on)
    if owners:
        deputies = current.filter(deputy_for_id__in=owners).values_list("person_id", "deputy_for_id")
        heard |= {(person, item) for person, owner in deputies if owner is not None for item in owners[owner]}
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


# The table


def _outcome_in(*outcomes: str) -> Callable[[CaseEvent], bool]:
    return lambda event: event.data.get("outcome") in outcomes


def _is_shared(event: CaseEvent) -> bool:
    return event.internal_to_id is None


def _had_an_owner(event: CaseEvent) -> bool:
    return event.data.get("before") is not None and event.data["before"] != event.data["to"]


RULES: dict[str, Rule] = {
    # A new task: also one that was reassigned, woken or resumed, since all of those open steps.
    "steps_opened": Rule(Kind.TASK, those_who_can_act),
    "handed_over": Rule(Kind.TASK, those_who_can_act),
    "reminded": Rule(Kind.REMINDER, those_who_can_act),
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
}


def telling(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """Those of one act's events that somebody hears of; no statement.

    Of the events that tell the proposer how it goes only the weightiest is kept, the last of equals, and none
    when the act also gives the proposer the task to complete the proposal: that mail says why.
    """
    ruled = [(event, RULES[event.kind]) for event in events if event.kind in RULES]
    chosen = [(event, rule) for event, rule in ruled if rule.only(event)]
    progress = [(rule.weight, event.seq, event) for event, rule in chosen if rule.kind is Kind.PROGRESS]
    returned = any(
        event.kind == "steps_opened" and event.data["step"] == Action.COMPLETE for event, _rule in chosen
    )
    weightiest = max(progress)[2] if progress and not returned else None
    return [event for event, rule in chosen if rule.kind is not Kind.PROGRESS or event is weightiest]


def recipients(event: CaseEvent, now: dt.datetime) -> list[Recipient]:
    """Who is to hear of the event, one for each person and task, in a steady order.

    Four statements at most, whatever the number of people.
    """
    rule = RULES.get(event.kind)
    if rule is None or not rule.only(event):
        return []
    on = timezone.localtime(now).date()
    hears_own = event.kind == "steps_opened"
    heard = {
        (person, item) for person, item in rule.audience(event, on) if hears_own or person != event.actor_id
    }
    people = {person for person, _item in heard}
    if event.internal_to_id is not None:
        people = _of_the_party(people, event.internal_to_id, on)
    languages = dict(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", "language"))
    return [
        Recipient(person_id=person, language=languages[person], kind=rule.kind, item_id=item)
        for person, item in sorted(heard, key=lambda pair: (pair[0], pair[1] or 0))
        if person in languages
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
