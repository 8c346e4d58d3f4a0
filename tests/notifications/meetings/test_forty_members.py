"""A body of forty costs as many statements as one of three."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Meeting, Role
from notifications.meetings.reminders import remind_due
from notifications.models import Message
from tests.notifications.meetings.council import Council
from tests.notifications.post import crowd, expand, forget
from workflows.meetings import agenda

pytestmark = pytest.mark.django_db


def meeting_of(council: Council, days: int) -> Meeting:
    meeting = council.planned(days=days)
    agenda.add_free_item(
        meeting_id=meeting.pk, actor=council.person("secretary"), title="Övrigt", now=council.world.tick()
    )
    return meeting


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_calling_forty_costs_as_much_as_calling_three(council: Council) -> None:
    first, second = meeting_of(council, 14), meeting_of(council, 21)
    few = statements(lambda: council.call_again(first))
    crowd(council.world, Role.STEERING_MEMBER, council.body, 37)
    many = statements(lambda: council.call_again(second))
    assert (first.seats.count(), second.seats.count()) == (3, 40)
    assert many == few


def test_telling_forty_costs_as_much_as_telling_three(council: Council) -> None:
    def cost(meeting: Meeting) -> dict[str, int]:
        costs: dict[str, int] = {}
        acts: list[tuple[str, Callable[[], object]]] = [
            ("call", lambda: council.call_again(meeting)),
            ("move", lambda: council.move(meeting, hours=1)),
            ("remind", lambda: council.record(meeting, "meeting_reminded", by=None)),
            ("post", lambda: council.record(meeting, "minutes_posted", minutes=1)),
            ("cancel", lambda: council.cancel(meeting)),
        ]
        for name, act in acts:
            forget()
            act()
            costs[name] = statements(lambda: expand(council.world.now))
            assert Message.objects.count() >= meeting.seats.count()
        return costs

    first, second = meeting_of(council, 14), meeting_of(council, 21)
    few = cost(first)
    crowd(council.world, Role.STEERING_MEMBER, council.body, 37)
    assert cost(second) == few
    assert second.seats.count() == 40
    assert max(few.values()) <= 13


def test_reminding_forty_costs_as_much_as_reminding_three(council: Council) -> None:
    def cost(meeting: Meeting) -> int:
        council.call_again(meeting)
        now = meeting.starts_at.replace(hour=1)
        return statements(lambda: remind_due(now))

    first, second = meeting_of(council, 14), meeting_of(council, 21)
    few = cost(first)
    crowd(council.world, Role.STEERING_MEMBER, council.body, 37)
    assert cost(second) == few <= 8
