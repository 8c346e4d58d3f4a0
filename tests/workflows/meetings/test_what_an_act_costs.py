"""What an act at a meeting costs in statements: the same for a council of forty with sixty items as for a small one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, DeliberationOutcome, Meeting, Person, Role, VoteChoice
from tests.workflows.meetings.hall import Hall
from workflows.meetings import attendance, session, votes
from workflows.steps.vote import Ballot

#: A vote and a settlement lock the meeting and the case, ask the rights, and write both histories and the outbox.
LIMITS = {"roll call": 11, "vote": 17, "settle": 32, "close": 14}


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as counted:
        act()
    return len(counted)


def fresh(person: Person) -> Person:
    """The person as a request finds them: nothing remembered."""
    return Person.objects.get(pk=person.pk)


def costs(hall: Hall, cases: list[Case]) -> dict[str, int]:
    """The statements of each act at a meeting with the cases."""
    meeting: Meeting = hall.called(cases)
    hall.world.now = meeting.starts_at
    seats = list(meeting.seats.values_list("pk", flat=True))
    keeper, pk = hall.person("secretary"), meeting.pk
    taken = {
        "roll call": statements(
            lambda: attendance.set_presence_of_all(
                meeting_id=pk, actor=fresh(keeper), seat_ids=seats, now=hall.world.tick(minutes=1)
            )
        )
    }
    session.open_meeting(
        meeting_id=pk,
        actor=keeper,
        chair=hall.person("chair"),
        secretary=keeper,
        now=hall.world.tick(minutes=1),
    )
    hall.settle(hall.take_up(meeting, cases[1]))  # the first paragraph of a year makes the counter
    item = hall.take_up(meeting, cases[0])
    members = [seat.member for seat in meeting.seats.select_related("member")]
    for member in members[:-1]:
        votes.vote_at_meeting(
            meeting_id=pk,
            item_id=item.pk,
            actor=member,
            ballot=Ballot(VoteChoice.FOR),
            now=hall.world.tick(seconds=5),
        )
    last = fresh(members[-1])
    taken["vote"] = statements(
        lambda: votes.vote_at_meeting(
            meeting_id=pk,
            item_id=item.pk,
            actor=last,
            ballot=Ballot(VoteChoice.FOR),
            now=hall.world.tick(seconds=5),
        )
    )
    taken["settle"] = statements(
        lambda: session.settle_case(
            meeting_id=pk,
            item_id=item.pk,
            actor=fresh(keeper),
            settlement=session.Settlement(DeliberationOutcome.RECOMMEND),
            now=hall.world.tick(seconds=5),
        )
    )
    session.appoint_adjusters(meeting_id=pk, actor=keeper, people=members[:2], now=hall.world.tick(seconds=5))
    taken["close"] = statements(
        lambda: session.close_meeting(meeting_id=pk, actor=fresh(keeper), now=hall.world.tick(seconds=5))
    )
    return taken


@pytest.fixture
def small_and_large(hall: Hall) -> tuple[dict[str, int], dict[str, int]]:
    small = costs(hall, hall.waiting(2))
    for number in range(37):
        party = "lk" if number % 2 else "liu"
        hall.world.add_person(f"more-{number}", party)
        hall.world.give(
            f"more-{number}",
            Role.STEERING_MEMBER,
            hall.body,
            represents=hall.world.organisations[party],
        )
    return small, costs(hall, hall.waiting(60))


def test_no_act_costs_more_at_a_large_meeting(
    small_and_large: tuple[dict[str, int], dict[str, int]],
) -> None:
    small, large = small_and_large
    assert large == small
    assert {name: count for name, count in large.items() if count > LIMITS[name]} == {}
