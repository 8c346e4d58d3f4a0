"""(d) A big meeting: sixty items, forty members. How long each thing takes that people wait for in the room."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import reset_queries

from benchmarks.measure import statements
from cases.models import AgendaItem, DeliberationOutcome, Meeting, Person, Role, VoteChoice
from tests.workflows.meetings.hall import MEETING_PROFILE
from tests.world import World, build_world
from workflows.meetings import agenda, attendance, minutes, notice, plan, session, votes
from workflows.steps.vote import Ballot

ITEMS, MEMBERS = 60, 40


@dataclass(frozen=True)
class Taken:
    """What one thing took: seconds, and its statements."""

    seconds: float
    statements: int


def _timed(act: Callable[[], object]) -> Taken:
    reset_queries()  # Django keeps the last nine thousand only
    started = time.perf_counter()
    counted = statements(act)
    return Taken(time.perf_counter() - started, len(counted))


@dataclass
class Council:
    """The council of forty, and its meeting."""

    world: World
    members: list[Person]
    meeting: Meeting

    def keeper(self) -> Person:
        return self.world.person("secretary")

    def now(self) -> dt.datetime:
        return self.world.tick(seconds=10)


def _council(items: int, members: int) -> Council:
    world = build_world(profile=MEETING_PROFILE)
    for number in range(members - 3):
        name = f"member-{number}"
        world.add_person(name, "lk" if number % 2 else "liu")
        party = world.organisations["lk" if number % 2 else "liu"]
        world.give(name, Role.STEERING_MEMBER, world.council, represents=party)
    cases = [world.submitted(title=f"Förslag {number}") for number in range(items)]
    for case in cases:
        world.advance(case, to="at_meeting")
    keeper = world.person("secretary")
    start = world.tick(days=20).replace(hour=8, minute=0)
    when = plan.When(start, start + dt.timedelta(hours=8), "Stadshuset")
    meeting = plan.plan_meeting(
        body=world.council, actor=keeper, when=when, now=start - dt.timedelta(days=15)
    )
    agenda.put_on_agenda(
        meeting_id=meeting.pk,
        actor=keeper,
        case_ids=[case.pk for case in cases],
        now=start - dt.timedelta(days=14),
    )
    notice.send_notice(meeting_id=meeting.pk, actor=keeper, now=start - dt.timedelta(days=14))
    world.now = start
    sitting = [seat.member for seat in meeting.seats.select_related("member")]
    return Council(world, sitting, meeting)


def run(items: int = ITEMS, members: int = MEMBERS) -> dict[str, Taken]:
    """Hold the meeting; returns by name what the roll call, a vote, a settlement, the close and the minutes took.

    Every fifth item is voted on by everybody, the others are settled by acclamation. Votes and settlements are medians.
    """
    council = _council(items, members)
    pk, world, keeper = council.meeting.pk, council.world, council.keeper()
    seats = list(council.meeting.seats.values_list("pk", flat=True))
    taken = {
        "roll call": _timed(
            lambda: attendance.set_presence_of_all(
                meeting_id=pk, actor=keeper, seat_ids=seats, now=council.now()
            )
        )
    }
    session.open_meeting(
        meeting_id=pk, actor=keeper, chair=world.person("chair"), secretary=keeper, now=council.now()
    )
    voting: list[Taken] = []
    settling: list[Taken] = []
    for number, item in enumerate(council.meeting.items.order_by("order")):
        session.take_up(meeting_id=pk, item_id=item.pk, actor=keeper, now=council.now())
        if number % 5 == 0:
            voting += [_vote(council, item, member) for member in council.members]
        settling.append(_settle(council, item))
    session.appoint_adjusters(meeting_id=pk, actor=keeper, people=council.members[:2], now=council.now())
    taken["vote"], taken["settle an item"] = _middle(voting), _middle(settling)
    taken["close"] = _timed(lambda: session.close_meeting(meeting_id=pk, actor=keeper, now=council.now()))
    taken["minutes"] = _timed(lambda: minutes.make_minutes(meeting_id=pk, actor=keeper, now=council.now()))
    return taken


def _settle(council: Council, item: AgendaItem) -> Taken:
    keeper = council.keeper()
    yes = session.Settlement(DeliberationOutcome.RECOMMEND)
    return _timed(
        lambda: session.settle_case(
            meeting_id=council.meeting.pk, item_id=item.pk, actor=keeper, settlement=yes, now=council.now()
        )
    )


def _vote(council: Council, item: AgendaItem, member: Person) -> Taken:
    fresh = Person.objects.get(pk=member.pk)
    return _timed(
        lambda: votes.vote_at_meeting(
            meeting_id=council.meeting.pk,
            item_id=item.pk,
            actor=fresh,
            ballot=Ballot(VoteChoice.FOR),
            now=council.now(),
        )
    )


def _middle(taken: list[Taken]) -> Taken:
    return sorted(taken, key=lambda one: one.seconds)[len(taken) // 2]
