"""The statements of each page: the same with three members and two items as with forty and sixty."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import AgendaItem, AgendaKind, AgendaStatus, Conflict, Meeting, Role, Seat, Vote
from tests.workflows.meetings.hall import Hall

MEMBERS, ITEMS = 40, 60

#: Five are the page's frame: session, person, roles, the person's organisation and task count.
COSTS = {
    "/organ/samverkansradet/": 13,
    "/moten/": 8,
    "/moten/{meeting}/": 13,
    "/moten/{meeting}/nu/": 9,
    "/moten/{meeting}/dagordning/": 11,
    "/moten/{meeting}/narvaro/": 11,
    "/moten/{meeting}/narvaro/nu/": 8,
    "/moten/{meeting}/genomfor/{item}/": 18,
    "/moten/{meeting}/genomfor/{item}/nu/": 13,
    "/moten/{meeting}/genomfor/avsluta/": 13,
    "/moten/{meeting}/punkter/{item}/": 25,
    "/moten/{meeting}/punkter/{item}/nu/": 14,
}


def statements_of(hall: Hall, by: str, url: str) -> list[str]:
    client = Client()
    client.force_login(hall.person(by), backend="django.contrib.auth.backends.ModelBackend")
    with (
        time_machine.travel(hall.world.tick(minutes=1), tick=False),
        CaptureQueriesContext(connection) as found,
    ):
        assert client.get(url).status_code == 200
    return [statement["sql"] for statement in found]


def make_larger(hall: Hall, meeting: Meeting, item: AgendaItem) -> None:
    """Forty seats, all filled, votes in them, sixty items, most of them cases, conflicts among them."""
    world, liu = hall.world, hall.world.organisations["liu"]
    assert item.deliberation is not None
    called = list(item.deliberation.called)
    for number in range(MEMBERS - meeting.seats.count()):
        person = world.add_person(f"extra-{number}", "liu")
        world.give(f"extra-{number}", Role.STEERING_MEMBER, hall.body, represents=liu)
        seat = Seat.objects.create(
            meeting=meeting, member=person, party=liu, serving=person, arrived_at=meeting.opened_at
        )
        called.append([person.pk, liu.pk])
        Vote.objects.create(
            deliberation=item.deliberation,
            member=person,
            cast_by=person,
            party=liu,
            choice="for",
            cast_at=hall.world.now,
        )
        assert seat.is_present
    item.deliberation.called, item.deliberation.members = called, len(called)
    item.deliberation.save()
    for number in range(ITEMS - meeting.items.count()):
        is_case = number % 2 == 0
        case = world.submitted(title=f"Till {number}") if is_case else None
        AgendaItem.objects.create(
            meeting=meeting,
            body=hall.body,
            order=100 + number,
            kind=AgendaKind.CASE if is_case else AgendaKind.FREE,
            title=f"Till {number}",
            case=case,
            status=AgendaStatus.WAITING,
        )
        if case is not None and number % 6 == 0:
            Conflict.objects.create(
                case=case,
                body=hall.body,
                person=world.person("extra-1"),
                reason="Nära vän.",
                declared_at=hall.world.now,
            )
    for number in range(4):
        world.now = meeting.starts_at
        hall.planned(days=30 + number)


def test_a_page_costs_the_same_at_a_large_meeting(hall: Hall) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    item = hall.take_up(meeting, one)
    urls = {path: path.format(meeting=meeting.pk, item=item.pk) for path in COSTS}

    def keeper_of(path: str) -> str:
        return "mem-lk" if "punkter" in path else "secretary"

    small = {path: statements_of(hall, keeper_of(path), url) for path, url in urls.items()}
    make_larger(hall, meeting, item)
    large = {path: statements_of(hall, keeper_of(path), url) for path, url in urls.items()}
    assert {path: len(found) for path, found in large.items()} == {
        path: len(found) for path, found in small.items()
    }
    assert {path: len(found) for path, found in large.items()} == COSTS


@pytest.mark.parametrize("members", [3, MEMBERS])
def test_the_notice_s_page_costs_the_same_for_a_large_body(hall: Hall, members: int) -> None:
    for number in range(members - 3):
        hall.world.add_person(f"extra-{number}", "liu")
        hall.world.give(f"extra-{number}", Role.STEERING_MEMBER, hall.body)
    meeting = hall.planned()
    assert len(statements_of(hall, "secretary", f"/moten/{meeting.pk}/kalla/")) == 10
