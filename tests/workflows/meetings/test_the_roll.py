"""The roll in one go: deputies take seats, exchange them, and nobody fills two."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.errors import InvalidInput, NotFound
from cases.models import Meeting, Role
from tests.workflows.meetings.hall import Hall
from workflows.meetings import agenda, attendance, notice


def give_deputies(hall: Hall) -> None:
    """Two people who are each deputy for both members."""
    for order, name in enumerate(("deputy-one", "deputy-two"), 1):
        hall.world.add_person(name, "lk")
        for member in ("mem-lk", "mem-liu"):
            hall.world.give(
                name, Role.STEERING_MEMBER, hall.body, deputy_for=hall.person(member), deputy_order=order
            )


def call(hall: Hall, meeting: Meeting, **serving: str) -> int:
    """Note as there those who are named, by seat: ``mem_lk="deputy-one"``."""
    pairs = {
        hall.seat(meeting, member.replace("_", "-")).pk: hall.world.people_ids[who]
        for member, who in serving.items()
    }
    return attendance.set_presence_of_all(
        meeting_id=meeting.pk,
        actor=hall.person("secretary"),
        seat_ids=list(pairs),
        serving=pairs,
        now=hall.world.tick(minutes=1),
    )


def there(hall: Hall, meeting: Meeting) -> dict[str, str]:
    """Who sits in which seat now, by name."""
    names = {pk: name for name, pk in hall.world.people_ids.items()}
    return {
        names[seat.member_id]: names[seat.serving_id]
        for seat in meeting.seats.all()
        if seat.is_present and seat.serving_id is not None
    }


def test_deputies_serve_in_the_seats_that_they_are_noted_in(hall: Hall) -> None:
    give_deputies(hall)
    meeting = hall.called(hall.waiting())
    assert call(hall, meeting, mem_lk="deputy-one", mem_liu="mem-liu") == 2
    assert there(hall, meeting) == {"mem-lk": "deputy-one", "mem-liu": "mem-liu"}


def test_two_deputies_exchange_seats(hall: Hall) -> None:
    give_deputies(hall)
    meeting = hall.called(hall.waiting())
    call(hall, meeting, mem_lk="deputy-one", mem_liu="deputy-two")
    call(hall, meeting, mem_lk="deputy-two", mem_liu="deputy-one")
    assert there(hall, meeting) == {"mem-lk": "deputy-two", "mem-liu": "deputy-one"}


def test_a_member_takes_the_seat_back_and_both_are_in_the_history(hall: Hall) -> None:
    give_deputies(hall)
    meeting = hall.called(hall.waiting())
    call(hall, meeting, mem_lk="deputy-one")
    call(hall, meeting, mem_lk="mem-lk")
    people = hall.world.people_ids
    told = meeting.events.filter(kind="roll_called").latest("seq").data
    assert told == {"arrived": [people["mem-lk"]], "left": [people["deputy-one"]]}


def test_nobody_serves_for_a_member_whose_deputy_they_are_not(hall: Hall) -> None:
    meeting = hall.called(hall.waiting())
    with pytest.raises(InvalidInput, match="inte ersättare"):
        call(hall, meeting, mem_lk="coordinator")


def test_nobody_fills_two_seats(hall: Hall) -> None:
    give_deputies(hall)
    meeting = hall.called(hall.waiting())
    with pytest.raises(InvalidInput, match="två platser"):
        call(hall, meeting, mem_lk="deputy-one", mem_liu="deputy-one")


def test_a_seat_of_another_meeting_is_not_found(hall: Hall) -> None:
    meeting = hall.called(hall.waiting())
    with pytest.raises(NotFound):
        attendance.set_presence_of_all(
            meeting_id=meeting.pk,
            actor=hall.person("secretary"),
            seat_ids=[987654],
            now=hall.world.tick(),
        )


def test_the_roll_costs_the_same_for_three_seats_and_for_forty(hall: Hall) -> None:
    small = _cost(hall)
    for number in range(37):
        hall.world.add_person(f"extra-{number}", "liu")
        hall.world.give(f"extra-{number}", Role.STEERING_MEMBER, hall.body)
    assert _cost(hall) == small


def _cost(hall: Hall) -> int:
    meeting = hall.planned(days=14 + Meeting.objects.count())
    who = hall.person("secretary")
    agenda.add_free_item(
        meeting_id=meeting.pk, actor=who, title="Föregående protokoll", now=hall.world.tick()
    )
    notice.send_notice(meeting_id=meeting.pk, actor=who, now=hall.world.tick())
    seats = list(meeting.seats.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as captured:
        attendance.set_presence_of_all(
            meeting_id=meeting.pk, actor=who, seat_ids=seats, now=hall.world.tick(minutes=1)
        )
    return len(captured)
