"""A meeting in the fixture world: the council and the executive board deal with their matters at meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.models import (
    AgendaItem,
    Body,
    Case,
    DeliberationOutcome,
    Meeting,
    Person,
    Role,
    Seat,
    VoteChoice,
)
from tests.world import PROFILE, World, build_world
from workflows.meetings import agenda, attendance, minutes, notice, plan, session, votes
from workflows.models import WorkItem
from workflows.steps.vote import Ballot

MEETING_PROFILE = PROFILE.replace(
    "deliberation: {quorum: 0.5, rule: simple}",
    "deliberation: {quorum: 0.5, rule: simple, procedure: meeting}",
).replace(
    "kind: decide, role: decision_maker, body: ks-lk,",
    "kind: decide, role: decision_maker, body: ks-lk, deliberation: {procedure: meeting},",
)


class Hall:
    """The council's meetings, in the words of a meeting."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.body: Body = world.council

    def person(self, name: str) -> Person:
        return self.world.person(name)

    def waiting(self, count: int = 1) -> list[Case]:
        """Cases that wait for the council."""
        cases = [self.world.submitted(title=f"Förslag {n}") for n in range(1, count + 1)]
        for case in cases:
            self.world.advance(case, to="at_meeting")
        return cases

    def planned(self, **delta: Any) -> Meeting:
        """A meeting of the body, two weeks from now."""
        start = (self.world.now + dt.timedelta(**(delta or {"days": 14}))).replace(hour=9, minute=0)
        when = plan.When(start, start + dt.timedelta(hours=2), "Stadshuset, Eken")
        return plan.plan_meeting(
            body=self.body, actor=self.person("secretary"), when=when, now=self.world.tick()
        )

    def called(self, cases: list[Case]) -> Meeting:
        """A meeting with the cases on its agenda, to which everybody has been called."""
        meeting = self.planned()
        agenda.put_on_agenda(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            case_ids=[case.pk for case in cases],
            now=self.world.tick(),
        )
        return notice.send_notice(
            meeting_id=meeting.pk, actor=self.person("secretary"), now=self.world.tick()
        )

    def opened(self, cases: list[Case], *, absent: tuple[str, ...] = ()) -> Meeting:
        """The meeting, open, everybody there but those who are absent."""
        meeting = self.called(cases)
        self.world.now = meeting.starts_at
        self.call_the_roll(meeting, absent=absent)
        return session.open_meeting(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            chair=self.person("chair"),
            secretary=self.person("secretary"),
            now=self.world.tick(minutes=1),
        )

    def call_the_roll(self, meeting: Meeting, *, absent: tuple[str, ...] = ()) -> None:
        away = {self.world.people_ids[name] for name in absent}
        seats = [seat.pk for seat in meeting.seats.all() if seat.member_id not in away]
        attendance.set_presence_of_all(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            seat_ids=seats,
            now=self.world.tick(minutes=1),
        )

    def seat(self, meeting: Meeting, name: str) -> Seat:
        return meeting.seats.get(member=self.world.people_ids[name])

    def take_up(self, meeting: Meeting, case: Case) -> AgendaItem:
        return session.take_up(
            meeting_id=meeting.pk,
            item_id=meeting.items.get(case=case).pk,
            actor=self.person("secretary"),
            now=self.world.tick(minutes=1),
        )

    def vote(
        self, item: AgendaItem, name: str, choice: VoteChoice, *, reasons: str = "", amendment: str = ""
    ) -> Any:
        return votes.vote_at_meeting(
            meeting_id=item.meeting_id,
            item_id=item.pk,
            actor=self.person(name),
            ballot=Ballot(choice, reasons, amendment),
            now=self.world.tick(minutes=1),
        )

    def settle(
        self,
        item: AgendaItem,
        outcome: DeliberationOutcome = DeliberationOutcome.RECOMMEND,
        *,
        by: str = "secretary",
        **values: Any,
    ) -> AgendaItem:
        return session.settle_case(
            meeting_id=item.meeting_id,
            item_id=item.pk,
            actor=self.person(by),
            settlement=session.Settlement(outcome, **values),
            now=self.world.tick(minutes=1),
        )

    def close(self, meeting: Meeting, *, adjusters: tuple[str, ...] = ("mem-lk", "mem-liu")) -> Meeting:
        session.appoint_adjusters(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            people=[self.person(name) for name in adjusters],
            now=self.world.tick(minutes=1),
        )
        return session.close_meeting(
            meeting_id=meeting.pk, actor=self.person("secretary"), now=self.world.tick(minutes=1)
        )

    def adjust(self, meeting: Meeting, *names: str) -> Meeting:
        """Make the minutes, and let the adjusters adjust them."""
        made = minutes.make_minutes(
            meeting_id=meeting.pk, actor=self.person("secretary"), now=self.world.tick(minutes=1)
        )
        for name in names or ("mem-lk", "mem-liu"):
            meeting = minutes.adjust_minutes(
                meeting_id=meeting.pk,
                actor=self.person(name),
                sha256=made.sha256,
                now=self.world.tick(minutes=1),
            )
        return meeting

    def step_of(self, case: Case) -> list[str]:
        """The steps that are open in the case."""
        rows = WorkItem.objects.filter(case=case, open=True).order_by("pk")
        return list(dict.fromkeys(rows.values_list("step", flat=True)))


def build_hall() -> Hall:
    """The world with bodies that meet; the board of the municipality has members of its own."""
    world = build_world(profile=MEETING_PROFILE)
    return Hall(world)


def seat_the_board(hall: Hall) -> None:
    """Give the municipality's executive board a chair, two members and a secretary."""
    world = hall.world
    for name, role in (
        ("ks-chair", Role.STEERING_CHAIR),
        ("ks-one", Role.STEERING_MEMBER),
        ("ks-two", Role.STEERING_MEMBER),
        ("ks-secretary", Role.SECRETARY),
    ):
        world.add_person(name, "lk")
        world.give(name, role, world.board)
