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
    meeting, world = council.meeting, council.world
    keep = {"meeting_id": meeting.pk, "actor": council.keeper()}
    seats = list(meeting.seats.values_list("pk", flat=True))
    taken = {
        "roll call": _timed(lambda: attendance.set_presence_of_all(seat_ids=seats, now=council.now(), **keep))
    }
    session.open_meeting(chair=world.person("chair"), secretary=council.keeper(), now=council.now(), **keep)
    voting: list[Taken] = []
    settling: list[Taken] = []
    for number, item in enumerate(meeting.items.order_by("order")):
        session.take_up(item_id=item.pk, now=council.now(), **keep)
        if number % 5 == 0:
            voting += [_vote(council, item, member) for member in council.members]
        yes = session.Settlement(DeliberationOutcome.RECOMMEND)
        settling.append(
            _timed(
                lambda item=item: session.settle_case(  # type: ignore[misc]
                    item_id=item.pk, settlement=yes, now=council.now(), **keep
                )
            )
        )
    session.appoint_adjusters(people=council.members[:2], now=council.now(), **keep)
    taken["vote"], taken["settle an item"] = _middle(voting), _middle(settling)
    taken["close"] = _timed(lambda: session.close_meeting(now=council.now(), **keep))
    taken["minutes"] = _timed(lambda: minutes.make_minutes(now=council.now(), **keep))
    return taken


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
