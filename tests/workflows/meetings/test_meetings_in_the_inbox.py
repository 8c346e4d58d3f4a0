"""What of meetings stands in a person's inbox: what to answer, what to adjust, and the next meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.access import access_of
from cases.models import Meeting
from tests.notifications.meetings.council import Council, build_council
from workflows.meeting_inbox import inbox_meetings

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db: None, settings: Any) -> Council:
    settings.ROOT_URLCONF = "tests.notifications.meetings.addresses"
    return build_council()


def asked(council: Council, name: str) -> list[tuple[int, str]]:
    person = council.person(name)
    access = access_of(person, on=council.world.now.date())
    return [(row.meeting.pk, row.asked.value) for row in inbox_meetings(access, council.world.now)]


def test_a_notice_to_answer_stands_there_until_it_is_answered(council: Council) -> None:
    meeting = council.called(council.waiting())
    assert asked(council, "mem-lk") == [(meeting.pk, "answer")]
    council.answer(meeting, "mem-lk", accept=True)
    assert asked(council, "mem-lk") == [(meeting.pk, "")]


def test_who_has_declined_has_no_next_meeting_and_the_deputy_is_asked(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    assert asked(council, "mem-lk") == []
    assert asked(council, "deputy") == [(meeting.pk, "answer_as_deputy")]
    council.answer(meeting, "deputy", accept=True)
    assert asked(council, "deputy") == [(meeting.pk, "")]
    council.answer(meeting, "mem-lk", accept=True)
    assert asked(council, "deputy") == []


def test_the_secretary_sees_the_next_meeting_alone(council: Council) -> None:
    later = council.called(council.waiting())
    sooner = council.planned(days=3)
    Meeting.objects.filter(pk=sooner.pk).update(status="called")
    assert asked(council, "secretary") == [(sooner.pk, "")]
    assert [pk for pk, _asked in asked(council, "mem-lk")] == [later.pk]


def test_minutes_stand_there_once_they_are_made_and_until_they_are_adjusted(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    assert asked(council, "mem-lk") == []
    minutes = meeting.minutes.create(
        number=1, made_by=council.person("secretary"), made_at=council.world.now, sha256="0" * 64
    )
    assert asked(council, "mem-lk") == [(meeting.pk, "adjust")]
    assert asked(council, "chair") == []
    meeting.adjusters.filter(person=council.person("mem-lk")).update(
        adjusted_at=council.world.now, minutes=minutes
    )
    assert asked(council, "mem-lk") == []


def test_a_planned_or_cancelled_meeting_is_nobodys_yet_or_any_more(council: Council) -> None:
    council.planned(days=30)
    assert asked(council, "secretary") == []
    meeting = council.called(council.waiting())
    council.cancel(meeting)
    assert asked(council, "mem-lk") == []


def test_whoever_has_left_the_body_sees_nothing_of_it(council: Council) -> None:
    council.called(council.waiting())
    council.end_the_roles_of("mem-lk")
    assert asked(council, "mem-lk") == []


def test_people_of_no_body_pay_nothing_and_others_one_statement(council: Council) -> None:
    council.called(council.waiting())

    def cost(name: str) -> int:
        access = access_of(council.person(name), on=council.world.now.date())
        with CaptureQueriesContext(connection) as captured:
            inbox_meetings(access, council.world.now)
        return len(captured)

    assert (cost("reg-lk"), cost("mem-lk")) == (0, 1)


def visit(council: Council, name: str) -> str:
    client = Client()
    client.force_login(council.person(name), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_what_the_meeting_asks_and_where(council: Council) -> None:
    meeting = council.called(council.waiting())
    start = timezone.now() + dt.timedelta(days=3)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    page = visit(council, "mem-lk")
    assert "Möten" in page
    assert "Svara på kallelsen" in page
    assert f"/moten/{meeting.pk}/svar/" in page
    assert "Stadshuset, Eken" in page
    assert "Inget ärende väntar på dig, men ett möte gör det." in page
    assert "Allt är gjort" not in page
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    page = visit(council, "mem-lk")
    assert "Svara på kallelsen" not in page
    assert "Allt är gjort" in page
