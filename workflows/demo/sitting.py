"""Playing one meeting of a body: planned, called, held, its minutes adjusted and posted, each at its own hour."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from cases.models import (
    AgendaItem,
    AgendaKind,
    Body,
    DeputyCall,
    Meeting,
    Person,
    Response,
    Role,
    Seat,
    StatementKind,
    VoteChoice,
)
from cases.models.meetings import BEFORE_MEETING, HELD
from workflows.act import access_for
from workflows.demo.course import Course
from workflows.demo.directory import Directory
from workflows.demo.shapes import NearShape, SittingShape
from workflows.meetings import agenda, attendance, dispatch, minutes, notice, plan, session, votes
from workflows.meetings.rules import rules_of
from workflows.steps.vote import Ballot
from workflows.timers import due_reminders
from workflows.working_days import add_working_days

#: How many working days before a meeting the notice goes out, and before today a meeting near it is planned.
NOTICE_DAYS = 10
#: The usual days end so many calendar days before the day of loading, where the meetings near it begin.
NEAR = 75

_EXCUSES = ("Jag är på tjänsteresa.", "Jag har förhinder.", "Krockar med ett annat möte.")


@dataclass(frozen=True)
class SittingDay:
    """A body's meeting day. ``near`` is one that is placed about the day of loading."""

    shape: SittingShape
    day: dt.date
    near: NearShape | None = None


def sitting_days(shape: SittingShape, today: dt.date) -> list[SittingDay]:
    """The days on which the body meets, in order: its usual ones, and those about today."""
    last = today - dt.timedelta(days=NEAR) if shape.near else today + dt.timedelta(days=30)
    usual = sorted(
        add_working_days(dt.date.fromisoformat(f"{year}-{text}"), 0)
        for year in range(shape.first.year, last.year + 1)
        for text in shape.days
    )
    days = [SittingDay(shape, day) for day in dict.fromkeys(usual) if shape.first <= day <= last]
    about = [
        SittingDay(shape, add_working_days(today, near.days), near)
        for near in sorted(shape.near, key=lambda near: near.days)
    ]
    return days + about


class Sitting:
    """One meeting. :attr:`at` is when its next act falls; :meth:`act` does it. :attr:`woken` are the courses that it let
    go on."""

    parked = False

    def __init__(
        self,
        planned: SittingDay,
        *,
        following: dt.date | None,
        body: Body,
        directory: Directory,
        courses: Mapping[int, Course],
        now: dt.datetime,
    ) -> None:
        self._planned = planned
        self._following = following
        self._body = body
        self._directory = directory
        self._courses = courses
        self._now = now
        self._random = random.Random(f"{body.slug} {planned.day}")  # noqa: S311 the demonstration's chance
        self.woken: list[Course] = []
        self.acts = 0
        self.over = False
        self._script = self._play()
        self.at = next(self._script)

    def act(self) -> None:
        """Do what comes next at :attr:`at`."""
        self.acts += 1
        self.woken = []
        for case_id in due_reminders(self.at, limit=10_000):
            self._courses[case_id].let_time_pass(self.at)
        try:
            self.at = next(self._script)
        except StopIteration:
            self.over = True
        if self.at > self._now:
            self.over = True

    # Time

    def _on(self, day: dt.date, hour: int) -> dt.datetime:
        minute = self._random.randrange(60)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def _later(self, low: int, high: int) -> dt.datetime:
        return self.at + dt.timedelta(minutes=self._random.randrange(low, high))

    def _working_day(self, days: int) -> dt.date:
        return add_working_days(self._planned.day, days)

    @property
    def _starts_at(self) -> dt.datetime:
        time = dt.time.fromisoformat(self._planned.shape.starts)
        return timezone.make_aware(dt.datetime.combine(self._planned.day, time))

    # The script: every `yield` is a moment, and what follows it happens then.

    def _play(self) -> Iterator[dt.datetime]:
        near = self._planned.near
        early = near is not None and (near.days > -NOTICE_DAYS or bool(near.cancel))
        planned_on = self._working_day(-NOTICE_DAYS)
        if early:
            # The newest meetings were all planned a good while ago, so that matters can be tabled to them.
            planned_on = add_working_days(timezone.localtime(self._now).date(), -50)
        yield self._on(planned_on, 9)
        if not early and not self._something_waits():
            return
        meeting = self._plan()
        if early:
            yield self._on(self._working_day(-NOTICE_DAYS), 10)
        yield from self._set_agenda(meeting)
        yield self._later(5, 20)
        notice.send_notice(meeting_id=meeting.pk, actor=self._secretary, now=self.at)
        if near is not None and near.cancel:
            yield self._on(self._working_day(-3), 11)
            plan.cancel_meeting(meeting_id=meeting.pk, actor=self._secretary, reason=near.cancel, now=self.at)
            return
        yield from self._answers(meeting)
        yield from self._hold(meeting)
        yield from self._minutes(meeting)

    @property
    def _secretary(self) -> Person:
        return self._directory.at_body(self._body.pk, Role.SECRETARY)[0]

    def _waiting_cases(self) -> list[int]:
        """The cases that wait for the body's next agenda, soonest due first."""
        found = agenda.matters_waiting(self._body, access_for(self._secretary, self.at))
        courses = self._courses
        return [one.case.pk for one in found if one.case.pk in courses and courses[one.case.pk].parked]

    def _something_waits(self) -> bool:
        waits = any(one.parked and self._body.pk in one.waits_for for one in self._courses.values())
        return (waits and bool(self._waiting_cases())) or agenda.reports_waiting(self._body).exists()

    def _plan(self) -> Meeting:
        shape = self._planned.shape
        ends = self._starts_at + dt.timedelta(minutes=shape.minutes)
        when = plan.When(self._starts_at, ends, shape.place)
        return plan.plan_meeting(body=self._body, actor=self._secretary, when=when, now=self.at)

    def _set_agenda(self, meeting: Meeting) -> Iterator[dt.datetime]:
        earlier = self._body.meetings.filter(status__in=HELD, starts_at__lt=meeting.starts_at)
        last = earlier.order_by("-starts_at").first()
        title = f"Protokoll från den {date_format(last.day, 'j F Y')}" if last else "Organets arbetsformer"
        agenda.add_free_item(meeting_id=meeting.pk, actor=self._secretary, title=title, now=self.at)
        yield self._later(2, 9)
        cases = self._waiting_cases()
        if cases:
            agenda.put_on_agenda(meeting_id=meeting.pk, actor=self._secretary, case_ids=cases, now=self.at)
        if agenda.reports_waiting(self._body).exists():
            agenda.add_delegated_reports(meeting_id=meeting.pk, actor=self._secretary, now=self.at)

    # Who comes

    def _answers(self, meeting: Meeting) -> Iterator[dt.datetime]:
        """Some decline, and a deputy is called; of the meetings about today the others say that they come."""
        seats = list(meeting.seats.select_related("member"))
        rules = rules_of(self._body)
        may_decline = max(0, (len(seats) - rules.members_needed(len(seats))) // 2)
        day = self._working_day(-NOTICE_DAYS + 1)
        yield self._on(day, 8)
        for seat in seats:
            away = seat.member.is_absent(meeting.day)
            declines = may_decline > 0 and (away or self._random.randrange(7) == 0)
            may_decline -= declines
            if not declines and (self._planned.near is None or self._random.randrange(4) == 0):
                continue  # has not answered, and comes
            self._answer(meeting, seat.member, not declines)
            yield (
                self._later(3, 25)
                if timezone.localtime(self.at).hour < 15
                else self._on(add_working_days(timezone.localtime(self.at).date(), 1), 8)
            )
            if declines:
                yield from self._deputies(meeting, seat)

    def _answer(self, meeting: Meeting, person: Person, accept: bool) -> None:
        note = "" if accept else self._random.choice(_EXCUSES)
        attendance.answer_notice(
            meeting_id=meeting.pk,
            actor=self._directory.person(person.pk),
            accept=accept,
            note=note,
            now=self.at,
        )

    def _deputies(self, meeting: Meeting, seat: Seat) -> Iterator[dt.datetime]:
        """The deputies who are called one after the other, until one accepts."""
        while True:
            call = DeputyCall.objects.filter(seat=seat, response=Response.WAITING).first()
            if call is None:
                return
            deputy = self._directory.person(call.deputy_id)
            accept = self._random.randrange(4) > 0
            attendance.answer_notice(meeting_id=meeting.pk, actor=deputy, accept=accept, now=self.at)
            yield self._later(3, 25)

    # The meeting

    def _hold(self, meeting: Meeting) -> Iterator[dt.datetime]:
        yield self._starts_at
        secretary = self._secretary
        seats = list(meeting.seats.select_related("member", "serving"))
        coming = [s for s in seats if s.response != Response.DECLINED or s.serving_id is not None]
        attendance.set_presence_of_all(
            meeting_id=meeting.pk, actor=secretary, seat_ids=[seat.pk for seat in coming], now=self.at
        )
        there = [self._directory.person(seat.serving_id or seat.member_id) for seat in coming]
        chair = self._chair(there)
        yield self._later(1, 4)
        session.open_meeting(
            meeting_id=meeting.pk, actor=secretary, chair=chair, secretary=secretary, now=self.at
        )
        yield self._later(1, 3)
        adjusters = self._adjusters(coming, {chair.pk, secretary.pk})
        session.appoint_adjusters(meeting_id=meeting.pk, actor=secretary, people=adjusters, now=self.at)
        for item in meeting.items.order_by("order", "pk"):
            yield self._later(2, 7)
            yield from self._item(meeting, item, there)
        yield self._later(2, 10)
        session.close_meeting(meeting_id=meeting.pk, actor=secretary, now=self.at)

    def _chair(self, there: Sequence[Person]) -> Person:
        """The chair, else the chair's deputy, else the first who is there."""
        presiding = self._directory.at_body(self._body.pk, Role.STEERING_CHAIR)
        return next((person for person in presiding if person in there), there[0])

    def _adjusters(self, seats: Sequence[Seat], out: set[int]) -> list[Person]:
        """As many as the rules say: one from each party where there are parties."""
        wanted = rules_of(self._body).adjusters
        able = [seat for seat in seats if (seat.serving_id or seat.member_id) not in out]
        first: dict[int | None, Seat] = {}
        for seat in able:
            first.setdefault(seat.party_id, seat)
        ordered = [*first.values(), *(seat for seat in able if seat not in first.values())]
        return [self._directory.person(seat.serving_id or seat.member_id) for seat in ordered[:wanted]]

    def _item(self, meeting: Meeting, item: AgendaItem, there: list[Person]) -> Iterator[dt.datetime]:
        secretary = self._secretary
        session.take_up(meeting_id=meeting.pk, item_id=item.pk, actor=secretary, now=self.at)
        yield self._later(2, 8)
        if item.kind != AgendaKind.CASE:
            text = (
                "Anmälan av delegationsbesluten läggs till handlingarna."
                if item.kind == AgendaKind.DELEGATED
                else "Punkten gås igenom och läggs till handlingarna."
            )
            session.settle_other(
                meeting_id=meeting.pk, item_id=item.pk, actor=secretary, decision_text=text, now=self.at
            )
            return
        assert item.case_id is not None
        course = self._courses[item.case_id]
        yield from self._votes(meeting, item, course, there)
        later = self._later_meeting(meeting)
        settlement = course.settlement_at_meeting(
            self._body.pk, tabled_to=later, following=self._following, at=self.at
        )
        item = session.settle_case(
            meeting_id=meeting.pk, item_id=item.pk, actor=secretary, settlement=settlement, now=self.at
        )
        for statement in course.statements_at_meeting(self._body.pk):
            yield self._later(1, 3)
            assert item.deliberation_id is not None
            votes.make_statement(
                deliberation_id=item.deliberation_id,
                actor=self._directory.by_email(statement.by),
                kind=StatementKind(statement.do),
                text=statement.text,
                now=self.at,
            )
        course.wake(self.at)
        self.woken = [course]

    def _later_meeting(self, meeting: Meeting) -> Meeting | None:
        coming = self._body.meetings.filter(status__in=BEFORE_MEETING, starts_at__gt=meeting.starts_at)
        return coming.order_by("starts_at").first()

    def _votes(
        self, meeting: Meeting, item: AgendaItem, course: Course, there: list[Person]
    ) -> Iterator[dt.datetime]:
        """Conflicts first, then, where the course has anybody vote, everybody's vote; else the matter is acclaimed."""
        turns = course.ballots_at_meeting(self._body.pk)
        conflicted: set[int] = set()
        for turn in [turn for turn in turns if turn.do == "recused"]:
            person = self._directory.by_email(turn.by or "")
            votes.declare_conflict(
                meeting_id=meeting.pk,
                item_id=item.pk,
                actor=person,
                reason=turn.given["reasons"],
                now=self.at,
            )
            conflicted.add(person.pk)
            yield self._later(1, 3)
        if conflicted:
            self._directory.forget()
        wanted = {turn.by: turn for turn in turns if turn.do != "recused"}
        if not wanted:
            return
        absent = set(wanted) - {person.email for person in there} - {None}
        voters = there + [self._directory.by_email(email) for email in sorted(filter(None, absent))]
        for voter in [self._directory.person(person.pk) for person in voters]:
            if voter.pk in conflicted or voter.pk == course.created_by_id:
                continue
            own = wanted.get(voter.email)
            choice = VoteChoice(own.do) if own is not None else VoteChoice.FOR
            given = own.given if own is not None else {}
            if voter not in there and not self._serves(item, voter):
                continue
            votes.vote_at_meeting(
                meeting_id=meeting.pk,
                item_id=item.pk,
                actor=voter,
                ballot=Ballot(choice, given.get("reasons", ""), given.get("amendment", "")),
                now=self.at,
            )
        yield self._later(1, 4)

    def _serves(self, item: AgendaItem, person: Person) -> bool:
        """Whether somebody who fills no seat votes as the deputy of a member with a conflict in the item."""
        holdings = person.holdings.filter(body=self._body, deputy_for__isnull=False)
        conflicted = item.case.conflicts.filter(body=self._body) if item.case else None
        return conflicted is not None and conflicted.filter(person__in=holdings.values("deputy_for")).exists()

    # Afterwards

    def _minutes(self, meeting: Meeting) -> Iterator[dt.datetime]:
        yield self._on(self._working_day(2), 13)
        made = minutes.make_minutes(meeting_id=meeting.pk, actor=self._secretary, now=self.at)
        for number, adjuster in enumerate(meeting.adjusters.select_related("person").order_by("pk")):
            if number > 0 and self._planned.near is not None and self._planned.near.unadjusted:
                return
            yield self._on(self._working_day(3 + number), 10)
            minutes.adjust_minutes(
                meeting_id=meeting.pk,
                actor=self._directory.person(adjuster.person_id),
                sha256=made.sha256,
                now=self.at,
            )
        yield self._on(self._working_day(5), 9)
        minutes.post_minutes(meeting_id=meeting.pk, actor=self._secretary, now=self.at)
        yield self._later(5, 30)
        dispatch.dispatch_extracts(meeting_id=meeting.pk, actor=self._secretary, now=self.at)
