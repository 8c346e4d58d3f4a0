"""What people do at meetings, as a walk tries it: each act with the refusals that the rules foresee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from cases.errors import AlreadyDone, DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from cases.models import (
    AgendaItem,
    AgendaStatus,
    Body,
    DeliberationOutcome,
    DeputyCall,
    Meeting,
    MeetingStatus,
    Person,
    Response,
    Role,
    Seat,
    StatementKind,
    VoteChoice,
)
from cases.models.meetings import BEFORE_MEETING
from workflows.demo import wording
from workflows.demo.chooser import Chooser
from workflows.demo.directory import Directory
from workflows.demo.variants import refer_back_targets
from workflows.meetings import agenda, attendance, dispatch, minutes, notice, plan, session, votes
from workflows.meetings.rules import rules_of
from workflows.models import WorkItem
from workflows.steps.vote import Ballot


@dataclass
class Doing:
    """An act about to be tried: its name, what it does, the refusals that the rules foresee, and how far time goes first.

    ``conflict``: whether somebody's access changes with it.
    """

    name: str
    act: Callable[[dt.datetime], Any]
    refusals: tuple[type[DomainError], ...] = ()
    not_before: dt.datetime | None = None
    conflict: bool = False
    cases: list[int] = field(default_factory=list)


class MeetingActs:
    """Everything that can be done at the meetings of one body, each as something to be tried."""

    def __init__(self, body: Body, directory: Directory, chooser: Chooser, now: dt.datetime) -> None:
        self.body = body
        self.directory = directory
        self.chooser = chooser
        self.now = now
        self.keepers = directory.at_body(body.pk, Role.SECRETARY, Role.STEERING_CHAIR)
        self.secretary = self.keepers[0]

    def _coming(self) -> models.QuerySet[Meeting]:
        return self.body.meetings.filter(status__in=BEFORE_MEETING).order_by("starts_at")

    def _actor(self, item: AgendaItem | None = None) -> Person:
        """Somebody who runs the meeting: neither the proposer of the matter in hand nor somebody with a conflict in it."""
        out: set[int] = set()
        if item is not None and item.case is not None:
            conflicted = item.case.conflicts.filter(body=self.body)
            out = {item.case.created_by_id, *conflicted.values_list("person_id", flat=True)}
        able = [person for person in self.keepers if person.pk not in out]
        return self.directory.person(self.chooser.pick(able or self.keepers).pk)

    def plan(self) -> Doing:
        last = self.body.meetings.exclude(status=MeetingStatus.CANCELLED).order_by("-starts_at").first()
        begins = self.now + dt.timedelta(days=self.chooser.pick([7, 14, 21]))
        if last is not None and last.ends_at >= begins - dt.timedelta(hours=3):
            begins = last.ends_at + dt.timedelta(days=1)
        when = plan.When(begins, begins + dt.timedelta(hours=2), "Stadshuset")
        return Doing(
            "plan meeting",
            lambda now: plan.plan_meeting(body=self.body, actor=self._actor(), when=when, now=now),
        )

    def put(self, meeting: Meeting, case_ids: list[int]) -> Doing:
        return Doing(
            "put on agenda",
            lambda now: agenda.put_on_agenda(
                meeting_id=meeting.pk, actor=self._actor(), case_ids=case_ids, now=now
            ),
            cases=case_ids,
        )

    def call(self, meeting: Meeting) -> Doing:
        if meeting.starts_at <= self.now:
            return self.change(meeting)
        return Doing(
            "send notice",
            lambda now: notice.send_notice(meeting_id=meeting.pk, actor=self._actor(), now=now),
            (InvalidInput,) if not meeting.items.exists() else (),
        )

    def change(self, meeting: Meeting) -> Doing:
        latest = self.body.meetings.order_by("-ends_at").values_list("ends_at", flat=True).first()
        begins = max(self.now, latest or self.now) + dt.timedelta(days=2)
        when = plan.When(begins, begins + dt.timedelta(hours=2), "Universitetet")
        return Doing(
            "move meeting",
            lambda now: plan.change_meeting(meeting_id=meeting.pk, actor=self._actor(), when=when, now=now),
        )

    def cancel(self, meeting: Meeting) -> Doing:
        return Doing(
            "cancel meeting",
            lambda now: plan.cancel_meeting(
                meeting_id=meeting.pk, actor=self._actor(), reason="För få ärenden.", now=now
            ),
            cases=list(meeting.items.filter(case__isnull=False).values_list("case_id", flat=True)),
        )

    def free_item(self, meeting: Meeting) -> Doing:
        return Doing(
            "add free item",
            lambda now: agenda.add_free_item(
                meeting_id=meeting.pk, actor=self._actor(), title="Föregående protokoll", now=now
            ),
        )

    def reports(self, meeting: Meeting) -> Doing | None:
        if not agenda.reports_waiting(self.body).exists():
            return None
        return Doing(
            "add delegated",
            lambda now: agenda.add_delegated_reports(meeting_id=meeting.pk, actor=self._actor(), now=now),
        )

    def remove(self, meeting: Meeting) -> Doing | None:
        item = meeting.items.filter(status=AgendaStatus.WAITING).last()
        if item is None:
            return None
        return Doing(
            "remove item",
            lambda now: agenda.remove_item(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(), now=now
            ),
            cases=[item.case_id] if item.case_id else [],
        )

    def move(self, meeting: Meeting) -> Doing | None:
        item = meeting.items.last()
        if item is None:
            return None
        return Doing(
            "move item",
            lambda now: agenda.move_item(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(), up=True, now=now
            ),
        )

    def answer(self, meeting: Meeting) -> Doing | None:
        calls = DeputyCall.objects.filter(seat__meeting=meeting, response=Response.WAITING)
        people = [seat.member_id for seat in meeting.seats.all()] + [call.deputy_id for call in calls] * 3
        person = self.directory.person(self.chooser.pick(people))
        accept = not self.chooser.chance(3)
        return Doing(
            "answer notice",
            lambda now: attendance.answer_notice(meeting_id=meeting.pk, actor=person, accept=accept, now=now),
            (AlreadyDone, NotAllowed),
        )

    def roll_all(self, meeting: Meeting) -> Doing:
        seats = [seat.pk for seat in meeting.seats.all()]
        return Doing(
            "call the roll",
            lambda now: attendance.set_presence_of_all(
                meeting_id=meeting.pk, actor=self._actor(), seat_ids=seats, now=now
            ),
            not_before=meeting.starts_at,
        )

    def roll_some(self, meeting: Meeting) -> Doing:
        """Only some have come, perhaps too few."""
        seats = [seat.pk for seat in meeting.seats.all() if not self.chooser.chance(3)]
        return Doing(
            "call the roll, some away",
            lambda now: attendance.set_presence_of_all(
                meeting_id=meeting.pk, actor=self._actor(), seat_ids=seats, now=now
            ),
            not_before=meeting.starts_at,
        )

    def open_if_there(self, meeting: Meeting) -> Doing | None:
        there = [seat for seat in meeting.seats.all() if seat.is_present]
        another = self.body.meetings.filter(status=MeetingStatus.OPEN).exists()
        if another or meeting.starts_at > self.now or not there:
            return None
        doing = self.open(meeting)
        if len(there) < rules_of(self.body).members_needed(meeting.seats.count()):
            doing.refusals = (InvalidInput,)
        return doing

    def open(self, meeting: Meeting) -> Doing:
        there = [seat.serving_id for seat in meeting.seats.all() if seat.is_present and seat.serving_id]
        presiding = self.directory.person(self.chooser.pick(there))
        return Doing(
            "open meeting",
            lambda now: session.open_meeting(
                meeting_id=meeting.pk, actor=self._actor(), chair=presiding, secretary=self.secretary, now=now
            ),
        )

    def come_or_go(self, meeting: Meeting) -> Doing:
        seat = self.chooser.pick(list(meeting.seats.all()))
        return Doing(
            "leave" if seat.is_present else "arrive",
            lambda now: attendance.set_presence(
                meeting_id=meeting.pk,
                seat_id=seat.pk,
                actor=self._actor(),
                present=not seat.is_present,
                now=now,
            ),
            (InvalidInput,),
        )

    def appoint(self, meeting: Meeting) -> Doing:
        wanted = rules_of(self.body).adjusters
        able = [
            s.serving_id for s in meeting.seats.all() if s.arrived_at and s.serving_id != meeting.secretary_id
        ]
        people = [self.directory.person(pk) for pk in able[:wanted] if pk is not None]
        return Doing(
            "appoint adjusters",
            lambda now: session.appoint_adjusters(
                meeting_id=meeting.pk, actor=self._actor(), people=people, now=now
            ),
        )

    def take_up(self, meeting: Meeting, item: AgendaItem) -> Doing:
        return Doing(
            "take up",
            lambda now: session.take_up(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(item), now=now
            ),
            (WrongState,) if item.case_id and not self._still_waits(item) else (),
            cases=[item.case_id] if item.case_id else [],
        )

    def take_up_any(self, meeting: Meeting) -> Doing | None:
        waiting = list(meeting.items.filter(status=AgendaStatus.WAITING))
        return self.take_up(meeting, self.chooser.pick(waiting)) if waiting else None

    def _still_waits(self, item: AgendaItem) -> bool:
        return agenda.waiting_items(self.body).filter(case=item.case_id, case__status="open").exists()

    def put_back(self, meeting: Meeting, item: AgendaItem) -> Doing:
        return Doing(
            "put back",
            lambda now: session.put_back(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(), now=now
            ),
        )

    def vote(self, meeting: Meeting, item: AgendaItem) -> Doing | None:
        assert item.deliberation is not None
        assert item.case is not None
        out = {
            item.case.created_by_id,
            *item.case.conflicts.filter(body=self.body).values_list("person_id", flat=True),
        }
        there = [s.serving_id for s in meeting.seats.all() if s.is_present and s.serving_id not in out]
        deputies = self.directory.at_body(self.body.pk, Role.STEERING_MEMBER)
        able = [pk for pk in there if pk is not None]
        person = self.directory.person(self.chooser.pick(able * 4 + [deputy.pk for deputy in deputies]))
        choice = self.chooser.weighted(
            [
                (5, VoteChoice.FOR),
                (3, VoteChoice.FOR_AMENDED),
                (3, VoteChoice.AGAINST),
                (1, VoteChoice.ABSTAIN),
            ]
        )
        amendment = (
            wording.amended(item.deliberation.proposed_text) if choice == VoteChoice.FOR_AMENDED else ""
        )
        foreseen: tuple[type[DomainError], ...] = (
            (AlreadyDone,) if person.pk in able else (NotAllowed, AlreadyDone)
        )
        if item.deliberation.voting_closed_at is not None or item.case.is_closed:
            foreseen = (DomainError,)
        return Doing(
            f"vote {choice} at meeting",
            lambda now: votes.vote_at_meeting(
                meeting_id=meeting.pk,
                item_id=item.pk,
                actor=person,
                ballot=Ballot(choice, "", amendment),
                now=now,
            ),
            foreseen,
            cases=[item.case.pk],
        )

    def declare(self, meeting: Meeting) -> Doing | None:
        """Somebody declares a conflict, as long as enough are left who can decide."""
        rows = meeting.items.filter(case__isnull=False, status__in=[AgendaStatus.WAITING, AgendaStatus.OPEN])
        items = list(rows.select_related("case"))
        if not items:
            return None
        item = self.chooser.pick(items)
        assert item.case is not None
        seats: list[Seat] = list(meeting.seats.all())
        if item.case.is_closed or (item.case.conflicts.filter(body=self.body).count() + 1) * 3 > len(seats):
            return None
        seat = self.chooser.pick(seats)
        person = self.directory.person(seat.serving_id or seat.member_id)
        noted = meeting.is_open and self.chooser.chance(2)
        return Doing(
            "declare conflict",
            lambda now: votes.declare_conflict(
                meeting_id=meeting.pk,
                item_id=item.pk,
                actor=self._actor() if noted else person,
                person=person if noted else None,
                reason="Jag leder den enhet som berörs.",
                now=now,
            ),
            (AlreadyDone,),
            conflict=True,
            cases=[item.case.pk],
        )

    def close_ballot(self, meeting: Meeting, item: AgendaItem) -> Doing:
        return Doing(
            "close ballot",
            lambda now: votes.close_ballot(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(item), now=now
            ),
            (AlreadyDone, WrongState),
        )

    def settle(self, meeting: Meeting, item: AgendaItem, outcome: DeliberationOutcome) -> Doing:
        assert item.deliberation is not None
        assert item.case is not None
        votes_hidden = item.deliberation.closed_ballot and item.deliberation.takes_votes
        if votes_hidden and item.deliberation.votes.exists():
            return self.close_ballot(meeting, item)
        given: dict[str, Any] = {}
        if outcome == DeliberationOutcome.RECOMMEND_AMENDED:
            given["decision_text"] = wording.amended(item.deliberation.proposed_text)
        if outcome == DeliberationOutcome.TABLE:
            later = (
                self._coming()
                .filter(starts_at__gt=max(meeting.starts_at, self.now + dt.timedelta(days=1)))
                .first()
            )
            if later is not None and not self.chooser.chance(3):
                given["tabled_to"] = later.pk
            else:
                given["tabled_until"] = (self.now + dt.timedelta(days=20)).date()
        if outcome == DeliberationOutcome.PREPARE_AGAIN and item.deliberation.party_id is not None:
            work = WorkItem.objects.select_related("process").get(
                case=item.case, step="decide", open=True, body=self.body
            )
            given["refer_back_to"] = self.chooser.pick(["", *refer_back_targets(work)])
        settlement = session.Settlement(outcome, reasons="Mötet fann skäl till det.", **given)
        return Doing(
            f"settle {outcome}",
            lambda now: session.settle_case(
                meeting_id=meeting.pk,
                item_id=item.pk,
                actor=self._actor(item),
                settlement=settlement,
                now=now,
            ),
            cases=[item.case.pk],
        )

    def settle_other(self, meeting: Meeting, item: AgendaItem) -> Doing:
        return Doing(
            "settle other",
            lambda now: session.settle_other(
                meeting_id=meeting.pk, item_id=item.pk, actor=self._actor(), decision_text="Noteras.", now=now
            ),
        )

    # Ending

    def close(self, meeting: Meeting) -> Doing:
        if meeting.adjusters.count() < rules_of(self.body).adjusters:
            return self.appoint(meeting)
        rest = meeting.items.filter(status=AgendaStatus.WAITING, case__isnull=False)
        return Doing(
            "close meeting",
            lambda now: session.close_meeting(meeting_id=meeting.pk, actor=self._actor(), now=now),
            cases=list(rest.values_list("case_id", flat=True)),
        )

    def adjusting(self, meeting: Meeting) -> Doing | None:
        """Minutes are made now and then; a member states something to them; the adjusters adjust."""
        made = minutes.newest_minutes(meeting)
        settled = list(meeting.items.filter(deliberation__votes__isnull=False).distinct())
        if settled and self.chooser.chance(2):
            return self._statement(self.chooser.pick(settled))
        if made is None:
            if not self.chooser.chance(3):
                return None
            return Doing(
                "make minutes",
                lambda now: minutes.make_minutes(meeting_id=meeting.pk, actor=self._actor(), now=now),
            )
        waiting = meeting.adjusters.filter(adjusted_at=None).first()
        if waiting is None:
            return None
        adjuster = self.directory.person(waiting.person_id)
        return Doing(
            "adjust minutes",
            lambda now: minutes.adjust_minutes(
                meeting_id=meeting.pk, actor=adjuster, sha256=made.sha256, now=now
            ),
        )

    def _statement(self, item: AgendaItem) -> Doing:
        assert item.deliberation is not None
        vote = self.chooser.pick(list(item.deliberation.votes.all()))
        person = self.directory.person(vote.cast_by_id)
        kind = self.chooser.pick(list(StatementKind))
        return Doing(
            f"{kind} at meeting",
            lambda now: votes.make_statement(
                deliberation_id=vote.deliberation_id, actor=person, kind=kind, text="Min mening.", now=now
            ),
            # Who had a conflict of interest does not see the case this way while it is open, and took no part in it.
            (NotAllowed, NotFound, WrongState)
            if vote.choice == VoteChoice.RECUSED
            else (NotAllowed, WrongState),
            cases=[item.case_id] if item.case_id else [],
        )

    def post(self, meeting: Meeting) -> Doing:
        def act(now: dt.datetime) -> None:
            minutes.post_minutes(meeting_id=meeting.pk, actor=self._actor(), now=now)
            dispatch.dispatch_extracts(meeting_id=meeting.pk, actor=self._actor(), now=now)

        return Doing(
            "post and dispatch",
            act,
            cases=[pk for pk in meeting.items.values_list("case_id", flat=True) if pk is not None],
        )
