"""What must hold of every case after every act, and of the register. Asked by the simulation and by property tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import models
from django.utils import timezone
from viewflow.workflow.status import PROCESS, STATUS

from cases.history import verify_case
from cases.models import (
    APPROVING,
    Agreement,
    Case,
    CaseStatus,
    Person,
    RegistryCounter,
    RegistryNumber,
    RoleHolding,
    Stage,
    VoteChoice,
)
from cases.models.roles import VOTING_ROLES
from workflows.act import access_for
from workflows.demo.directory import Directory
from workflows.demo.meeting_invariants import check_deliberations, check_waiting
from workflows.demo.violation import Violation
from workflows.due_dates import NO_TIMER, escalation_timer, first_timer
from workflows.flows.referral_branches import is_outside
from workflows.models import CaseProcess, Timer, WorkItem
from workflows.policy import Action
from workflows.profile import profile_of

S = Stage

#: Where a case may go from each stage.
EDGES: dict[Stage, frozenset[Stage]] = {
    S.DRAFT: frozenset({S.DIALOGUE}),
    S.DIALOGUE: frozenset({S.PREPARATION, S.CLOSED}),
    S.PREPARATION: frozenset({S.DIALOGUE, S.AGREEMENT, S.CLOSED}),
    S.AGREEMENT: frozenset({S.APPROVAL, S.CLOSED}),
    S.APPROVAL: frozenset({S.PREPARATION, S.AGREEMENT, S.FOLLOW_UP, S.CLOSED}),
    S.FOLLOW_UP: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
}


#: What a closed case is still told: that a meeting's minutes were adjusted, and what its members stated to them.
AFTER_THE_END = ("extract_dispatched", "delegated_decision_reported", "statement_recorded")


def check_case(case_id: int, directory: Directory, now: dt.datetime) -> Iterator[Violation]:
    """Everything about one case."""
    case = Case.objects.select_related("partnership", "proposal").get(pk=case_id)
    for broken in verify_case(case):
        yield Violation(case.pk, "the history's chain holds", f"#{broken.seq} {broken.what}")
    yield from _stages(case)
    if case.is_draft:
        return
    items = list(WorkItem.objects.filter(case=case).select_related("process"))
    for item in items:
        item.case = case
    yield from _openness(case, items)
    yield from _timers(case, items)
    able = {item.pk: directory.who_can_do(item, now) for item in items if item.open}
    yield from _way_on(case, items, able, directory, now)
    yield from _inboxes(case, items, able, directory, now)
    yield from _votes(case)
    yield from check_deliberations(case)
    yield from check_waiting(case, items, directory, now)
    yield from _decisions(case)
    yield from _agreement(case)
    yield from _dialogue(case)


def check_register() -> Iterator[Violation]:
    """Numbers are gapless from one, for every organisation and year, and the counters agree."""
    counters = {(c.organisation_id, c.year): c.last for c in RegistryCounter.objects.all()}
    rows = RegistryNumber.objects.values("organisation_id", "year").annotate(
        number=models.Count("pk"), last=models.Max("serial"), first=models.Min("serial")
    )
    for row in rows:
        place = (row["organisation_id"], row["year"])
        if row["first"] != 1 or row["last"] != row["number"]:
            yield Violation(None, "the register has no gap", f"{place}: {row}")
        if counters.get(place) != row["last"]:
            yield Violation(None, "the register's counter agrees", f"{place}: {counters.get(place)} {row}")


def _stages(case: Case) -> Iterator[Violation]:
    stage, at, ended = (S.DRAFT if case.is_draft else S.DIALOGUE), None, False
    for event in case.events.order_by("seq"):
        if at is not None and event.at < at:
            yield Violation(case.pk, "time goes forward", f"#{event.seq} {event.kind} at {event.at}")
        at = event.at
        if ended and event.kind not in AFTER_THE_END:
            yield Violation(case.pk, "nothing happens to a closed case", f"#{event.seq} {event.kind}")
        if event.kind in ("stage_entered", "closed"):
            before = S(event.data["before"])
            to = S(event.data["stage"]) if event.kind == "stage_entered" else S.CLOSED
            if before != stage or to not in EDGES[stage]:
                yield Violation(
                    case.pk, "stages move along their edges", f"#{event.seq} {stage}/{before} -> {to}"
                )
            stage, ended = to, to is S.CLOSED
    if stage != case.stage:
        yield Violation(case.pk, "the history tells the stage", f"{stage} but {case.stage}")


def _openness(case: Case, items: list[WorkItem]) -> Iterator[Violation]:
    # A referral runs beside the main process, begun from one of its steps.
    main = CaseProcess.objects.filter(case=case, status=PROCESS.NEW, parent_task__isnull=True)
    running = main.count()
    if running != (0 if case.is_closed else 1):
        yield Violation(case.pk, "an open case has one main process running, a closed one none", str(running))
    for item in items:
        unfinished = item.status not in (STATUS.DONE, STATUS.CANCELED)
        if item.open and case.status != CaseStatus.OPEN:
            yield Violation(case.pk, "no task is open on a closed or resting case", f"{item.step} {item.pk}")
        if item.open and not unfinished:
            yield Violation(case.pk, "no finished task is open", f"{item.step} {item.pk}")
        if unfinished and case.is_closed:
            yield Violation(
                case.pk, "nothing of a closed case is unfinished", f"{item.step} {item.pk} {item.status}"
            )
        waits = unfinished and item.flow_task_type == "HUMAN" and item.status != STATUS.SCHEDULED
        if case.status == CaseStatus.OPEN and waits and not item.open:
            yield Violation(case.pk, "every waiting task of an open case is open", f"{item.step} {item.pk}")


def _timers(case: Case, items: list[WorkItem]) -> Iterator[Violation]:
    """Open steps remind at most once by themselves, then escalate at most once, and never while the case rests."""
    rules = profile_of(items[0].process).rules if items else None
    by_key = {item.pk: item for item in items}
    told: set[tuple[str, int]] = set()
    resting = False
    for event in case.events.order_by("seq"):
        if event.kind in ("held", "resumed"):
            resting = event.kind == "held"
        if event.kind not in ("reminded_automatically", "escalated"):
            continue
        item, place = by_key[event.data["item"]], f"#{event.seq} {event.kind}"
        if resting:
            yield Violation(case.pk, "no timer runs while the case rests", place)
        if (event.kind, item.pk) in told:
            yield Violation(case.pk, "a step reminds once and escalates once", place)
        if event.kind == "reminded_automatically" and ("escalated", item.pk) in told:
            yield Violation(case.pk, "a step reminds before it escalates", place)
        told.add((event.kind, item.pk))
        due = dt.date.fromisoformat(event.data["due"])
        if event.kind == "escalated" and timezone.localtime(event.at).date() <= due:
            yield Violation(case.pk, "a step escalates after it was due", place)
        if event.internal_to_id != item.internal_to_id:
            yield Violation(case.pk, "what is told of an internal step is internal", place)
    for item in items:
        if not item.open or rules is None or item.due_on is None:
            continue
        expected = (
            NO_TIMER
            if ("escalated", item.pk) in told
            else escalation_timer(rules, due_on=item.due_on)
            if item.timer != Timer.REMIND
            else first_timer(rules, opened_on=dt.date.min, due_on=item.due_on)
        )
        if (item.timer, item.timer_at) != expected:
            seen = f"{item.step} {item.pk}: {item.timer} {item.timer_at}"
            yield Violation(case.pk, "an open step's timer follows from its due date", seen)


#: For each open task the people who can do it.
Able = dict[int, list[Person]]


def _way_on(
    case: Case, items: list[WorkItem], able: Able, directory: Directory, now: dt.datetime
) -> Iterator[Violation]:
    if case.is_closed:
        return
    if case.is_on_hold:
        if not directory.who_may(Action.RESUME, case, now):
            yield Violation(case.pk, "a resting case can be resumed", "by nobody")
        return
    # A question to the proposer stands beside the way: it leads nowhere by itself. Whoever was asked from outside has
    # a link and no account.
    main = [item for item in items if item.open and item.step != Action.ANSWER and not is_outside(item)]
    for item in main:
        if not able[item.pk]:
            seen = f"{item.step} {item.pk} {item.holder_key}"
            yield Violation(case.pk, "every open task can be done by somebody", seen)
    if not main and not any(item.status == STATUS.SCHEDULED for item in items):
        yield Violation(case.pk, "somebody can act or a timer is set", f"stage {case.stage}")


def _inbox(person: Person, now: dt.datetime) -> set[int]:
    return {item.pk for item in WorkItem.objects.for_user(access_for(person, now), limit=100_000)}


def _inboxes(
    case: Case, items: list[WorkItem], able: Able, directory: Directory, now: dt.datetime
) -> Iterator[Violation]:
    waiting = [item for item in items if item.open]
    expected: dict[int, set[int]] = {}
    for item in waiting:
        for person in able[item.pk][:1]:
            expected.setdefault(person.pk, set()).add(item.pk)
    for person_id, item_ids in expected.items():
        for missing in item_ids - _inbox(directory.person(person_id), now):
            yield Violation(
                case.pk, "a task is in the inbox of who can do it", f"item {missing}, person {person_id}"
            )
    if waiting:
        item = waiting[0]
        theirs = {person.pk for person in able[item.pk]} | set(directory.candidates(item))
        other = next((person for person in directory.everybody() if person.pk not in theirs), None)
        if other is not None and item.pk in _inbox(other, now):
            yield Violation(
                case.pk, "a task is in nobody else's inbox", f"{item.step} {item.pk}, person {other.pk}"
            )


def _votes(case: Case) -> Iterator[Violation]:
    for deliberation in case.deliberations.prefetch_related("votes"):
        votes = list(deliberation.votes.all())
        if len(votes) > deliberation.members:
            yield Violation(case.pk, "no more votes than members", f"{len(votes)} of {deliberation.members}")
        if len({vote.cast_by_id for vote in votes}) != len(votes):
            yield Violation(case.pk, "nobody votes twice", f"deliberation {deliberation.number}")
        if case.created_by_id in {vote.cast_by_id for vote in votes if vote.choice != VoteChoice.RECUSED}:
            yield Violation(
                case.pk, "nobody votes on their own proposal", f"deliberation {deliberation.number}"
            )
        for vote in votes:
            if vote.choice == VoteChoice.RECUSED:
                continue  # entered for somebody who took no part
            seats = RoleHolding.objects.current(timezone.localtime(vote.cast_at).date()).filter(
                person_id=vote.cast_by_id, body_id=deliberation.body_id, role__in=VOTING_ROLES
            )
            if not seats.exists():
                yield Violation(case.pk, "who votes has a vote in the body", f"person {vote.cast_by_id}")


def _decisions(case: Case) -> Iterator[Violation]:
    finals: set[tuple[int, int]] = set()
    for decision in case.decisions.all():
        if decision.decided_by_id == case.created_by_id:
            yield Violation(case.pk, "nobody decides on their own proposal", f"decision {decision.pk}")
        if decision.is_final:
            place = (decision.party_id, decision.round)
            if place in finals:
                yield Violation(case.pk, "one final decision for each party and round", str(place))
            finals.add(place)
    if case.stage == S.FOLLOW_UP:
        approved = set(
            case.decisions.filter(is_final=True, round=case.round, outcome__in=APPROVING).values_list(
                "party_id", flat=True
            )
        )
        parties = set(case.partnership.parties.values_list("pk", flat=True))
        if approved != parties:
            yield Violation(
                case.pk, "what is followed up was approved by every party", f"{approved} of {parties}"
            )


def _agreement(case: Case) -> Iterator[Violation]:
    agreement = Agreement.objects.filter(case=case).first()
    if agreement is None:
        if case.stage in (S.APPROVAL, S.FOLLOW_UP):
            yield Violation(case.pk, "the need of an agreement was decided", case.stage)
        return
    in_force = agreement.in_force_since is not None
    if case.stage == S.FOLLOW_UP and agreement.needed != in_force:
        yield Violation(
            case.pk, "a needed agreement is in force in the follow-up", f"needed {agreement.needed}"
        )
    if in_force:
        version = agreement.versions.latest("number")
        signed = {s.party_id for s in version.signatures.all() if s.signed and s.checksum == version.checksum}
        if signed != set(case.partnership.parties.values_list("pk", flat=True)):
            yield Violation(case.pk, "both have signed, or none", f"parties {signed}")


def _dialogue(case: Case) -> Iterator[Violation]:
    if case.is_closed or case.stage == S.DIALOGUE:
        return
    process = case.processes.filter(parent_task__isnull=True).latest("pk")
    parties = set(profile_of(process).party_ids)
    if set(case.statements.values_list("party_id", flat=True)) != parties:
        yield Violation(case.pk, "every party was heard before the preparation", case.stage)
    numbered = set(case.registry_numbers.values_list("organisation_id", flat=True))
    registering = set(case.partnership.parties.exclude(registry_pattern="").values_list("pk", flat=True))
    if numbered != registering:
        yield Violation(case.pk, "every party has registered the case", f"{numbered} of {registering}")
