"""What must hold of deliberations and meetings after every act."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from cases.meeting_history import verify_meeting
from cases.models import (
    DECISIVE,
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Case,
    Deliberation,
    Meeting,
    MeetingStatus,
    ParagraphCounter,
    Role,
    Vote,
    VoteChoice,
)
from cases.models.meetings import BEFORE_MEETING
from workflows.act import access_for
from workflows.demo.directory import Directory
from workflows.demo.violation import Violation
from workflows.meetings.agenda import matters_waiting, waiting_items
from workflows.meetings.session import OUTCOME_OF_CHAIN
from workflows.models import WorkItem
from workflows.profile import BoundProfile, profile_of

#: The step that the flow opens when the partnership's body has concluded; none where the case ends or waits for a date.
STEP_AFTER = {
    "recommend": "agreement_need",
    "recommend_amended": "agreement_need",
    "refer_back": "complete",
    "hear_again": "statement",
    "prepare_again": "prepare",
}
YES = (VoteChoice.FOR, VoteChoice.FOR_AMENDED)


def check_deliberations(case: Case) -> Iterator[Violation]:
    """The case's deliberations: who voted, with what quorum, and where the outcome led."""
    rows = list(
        case.deliberations.select_related("agenda_item__meeting", "body").prefetch_related(
            "votes", "decision"
        )
    )
    if not rows:
        return
    profile = profile_of(case.processes.latest("pk"))
    for row in rows:
        if row.is_concluded:
            votes = list(row.votes.all())
            yield from _voters(case, row, votes)
            yield from _result(case, row, votes, profile)
            yield from _paragraph(case, row)
            yield from _leads_on(case, row)


def _voters(case: Case, row: Deliberation, votes: list[Vote]) -> Iterator[Violation]:
    conflicted = set(
        case.conflicts.filter(body=row.body_id, declared_at__lte=row.concluded_at).values_list(
            "person_id", flat=True
        )
    )
    for vote in votes:
        if vote.choice != VoteChoice.RECUSED and vote.cast_by_id in conflicted:
            yield Violation(case.pk, "nobody votes in a case of conflict", f"person {vote.cast_by_id}")
    called = {member for member, _party in row.called}
    if not {vote.member_id for vote in votes} <= called:
        yield Violation(case.pk, "every vote belongs to a called seat", f"deliberation {row.number}")
    # Who votes as a deputy has no seat of their own to vote in besides.
    seats = [vote.cast_by_id for vote in votes if vote.choice != VoteChoice.RECUSED]
    if len(seats) != len(set(seats)):
        yield Violation(case.pk, "no person votes in two seats", f"deliberation {row.number}")


def _result(case: Case, row: Deliberation, votes: list[Vote], profile: BoundProfile) -> Iterator[Violation]:
    if row.outcome not in DECISIVE:
        if row.casting_vote:
            yield Violation(case.pk, "a casting vote settles something", f"deliberation {row.number}")
        return
    rules = profile.rules_of_body(row.body_id, row.chain_step)
    out = {vote.member_id for vote in votes if vote.choice == VoteChoice.RECUSED}
    taking_part = {vote.cast_by_id for vote in votes if vote.choice != VoteChoice.RECUSED}
    if getattr(row, "agenda_item", None) is not None:
        taking_part |= _there_when_settled(row) - _kept_out(case, row)
    needed = rules.members_needed(row.members - len(out))
    if needed == 0 or len(taking_part) < needed:
        seen = f"deliberation {row.number}: {len(taking_part)} of {needed}"
        yield Violation(case.pk, "a quorum held for what was decided", seen)
    if row.casting_vote:
        in_favour = sum(vote.choice in YES for vote in votes)
        amended = sum(vote.choice == VoteChoice.FOR_AMENDED for vote in votes)
        against = sum(vote.choice == VoteChoice.AGAINST for vote in votes)
        if in_favour != against and 2 * amended != in_favour:
            yield Violation(case.pk, "a casting vote breaks a tie", f"deliberation {row.number}")


def _kept_out(case: Case, row: Deliberation) -> set[int]:
    return {
        case.created_by_id,
        *case.conflicts.filter(body=row.body_id).values_list("person_id", flat=True),
    }


def _there_when_settled(row: Deliberation) -> set[int]:
    """Who was there when the item was settled, as the meeting's own history tells it."""
    there: set[int] = set()
    item = row.agenda_item
    for event in item.meeting.events.order_by("seq"):
        match event.kind:
            case "roll_called":
                there = (there | set(event.data["arrived"])) - set(event.data["left"])
            case "arrived":
                there.add(event.data["person"])
            case "left":
                there.discard(event.data["person"])
            case "item_settled" if event.data["item"] == item.pk:
                break
    return there


def _paragraph(case: Case, row: Deliberation) -> Iterator[Violation]:
    item = getattr(row, "agenda_item", None)
    if item is None:
        if row.party_id is not None:
            yield Violation(case.pk, "a body of a chain settles at a meeting", f"deliberation {row.number}")
        return
    if item.status == AgendaStatus.DONE and item.outcome != row.outcome:
        yield Violation(case.pk, "a paragraph has its deliberation's outcome", f"item {item.pk}")
    if item.status != AgendaStatus.DONE and row.outcome != "table":
        yield Violation(case.pk, "what the meeting did not settle is left", f"item {item.pk}")
    if item.status == AgendaStatus.DONE and row.party_id is not None:
        decision = getattr(row, "decision", None)
        if decision is None or decision.outcome != OUTCOME_OF_CHAIN[row.outcome]:  # type: ignore[index]
            yield Violation(case.pk, "a body's outcome is its party's decision", f"item {item.pk}")


def _leads_on(case: Case, row: Deliberation) -> Iterator[Violation]:
    """What the conclusion opened, as the case's history tells it."""
    assert row.concluded_at is not None
    events = list(case.events.filter(at=row.concluded_at).order_by("seq"))
    told = [
        event.seq
        for event in events
        if event.kind == "deliberation_concluded" and event.data["deliberation"] == row.pk
    ]
    if row.party_id is not None or not told:
        return
    after = [event for event in events if event.seq > told[0]]
    opened = {event.data["step"] for event in after if event.kind == "steps_opened"}
    closed = any(event.kind == "closed" for event in after)
    seen = f"deliberation {row.number}: {row.outcome} opened {sorted(opened)}"
    if row.outcome in ("note", "decline"):
        if not closed:
            yield Violation(case.pk, "an outcome leads where the flow says", seen)
    elif row.outcome == "table":
        at_meeting = getattr(row, "agenda_item", None) is not None
        if opened != ({"at_meeting"} if at_meeting else set()):
            yield Violation(case.pk, "an outcome leads where the flow says", seen)
    elif opened != {STEP_AFTER[row.outcome]}:
        yield Violation(case.pk, "an outcome leads where the flow says", seen)


def check_waiting(
    case: Case, items: list[WorkItem], directory: Directory, now: dt.datetime
) -> Iterator[Violation]:
    """Whether what waits for a body stands on a coming agenda or among the matters that its secretary can choose from."""
    for item in items:
        at_meeting = item.open and (item.step == "at_meeting" or bool(item.data.get("at_meeting")))
        if not at_meeting or item.body is None:
            continue
        on_agenda = AgendaItem.objects.filter(
            case=case,
            body=item.body_id,
            status__in=[AgendaStatus.WAITING, AgendaStatus.OPEN],
            meeting__status__in=[*BEFORE_MEETING, MeetingStatus.OPEN],
        )
        if on_agenda.exists():
            continue
        keepers = directory.at_body(item.body_id or 0, Role.SECRETARY, Role.STEERING_CHAIR)
        if not waiting_items(item.body).filter(pk=item.pk).exists() or not any(
            case.pk in {one.case.pk for one in matters_waiting(item.body, access_for(keeper, now))}
            for keeper in keepers
        ):
            yield Violation(case.pk, "what waits for a body can be put on an agenda", f"item {item.pk}")


def check_meetings() -> Iterator[Violation]:
    """Every meeting's history holds; paragraphs are gapless by body and year; a settled case has one deliberation."""
    for meeting in Meeting.objects.order_by("pk"):
        for broken in verify_meeting(meeting):
            yield Violation(
                None, "a meeting's chain holds", f"meeting {meeting.pk} #{broken.seq} {broken.what}"
            )
    counters: dict[tuple[int, int | None], int] = {
        (row.body_id, row.year): row.last for row in ParagraphCounter.objects.all()
    }
    done = AgendaItem.objects.filter(status=AgendaStatus.DONE)
    given: dict[tuple[int, int | None], list[int | None]] = defaultdict(list)
    for body_id, year, paragraph in done.order_by("paragraph").values_list("body_id", "year", "paragraph"):
        given[body_id, year].append(paragraph)
    for place, numbers in given.items():
        if numbers != list(range(1, len(numbers) + 1)) or counters.get(place) != len(numbers):
            yield Violation(
                None, "paragraphs have no gap", f"{place}: {numbers}, counter {counters.get(place)}"
            )
    for item in done.filter(kind=AgendaKind.CASE).select_related("deliberation"):
        if item.deliberation is None or not item.deliberation.is_concluded:
            yield Violation(item.case_id, "a settled case has a concluded deliberation", f"item {item.pk}")
    left = AgendaItem.objects.filter(meeting__status__in=["closed", "adjusted", "posted", "cancelled"])
    for item in left.exclude(status__in=[AgendaStatus.DONE, AgendaStatus.RETURNED]):
        yield Violation(item.case_id, "nothing is left open at a meeting that is over", f"item {item.pk}")
