"""Reminders before a meeting: on their working day, once, whatever restarts and however many workers."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.meeting_history import verify_meeting
from cases.models import Meeting, MeetingEvent
from notifications.meetings.reminders import remind_due
from notifications.models import Kind, Message
from notifications.worker import Worker
from tests.notifications.meetings.council import Council
from tests.notifications.post import deliver
from tests.together import at_once
from workflows.meetings import agenda

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int = 8, minute: int = 0, month: int = 9) -> dt.datetime:
    """A moment of 2021 in Sweden. The meeting is on Monday the 20th of September."""
    return dt.datetime(2021, month, day, hour, minute, tzinfo=SWEDEN)


def reminders(council: Council, now: dt.datetime) -> list[str]:
    """Run the pass; which reminders there have been so far."""
    council.world.now = now
    remind_due(now)
    events = MeetingEvent.objects.filter(kind__endswith="_reminded").order_by("pk")
    return list(events.values_list("kind", flat=True))


def names(council: Council, kind: Kind) -> list[str]:
    council.expand()
    deliver(council.world.now)
    sent = Message.objects.filter(kind=kind, status="sent").order_by("recipient__name")
    return list(sent.values_list("recipient__name", flat=True))


def test_who_has_not_answered_is_reminded_three_working_days_before(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-liu", accept=True)
    council.answer(meeting, "mem-lk", accept=False)
    assert reminders(council, at(15, 7, 59)) == []
    assert reminders(council, at(15)) == ["answers_reminded"]
    assert names(council, Kind.MEETING_UNANSWERED) == ["Carin Chair", "Dag Deputy"]


def test_everybody_who_may_come_is_reminded_the_working_day_before(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.answer(meeting, "deputy", accept=True)
    assert reminders(council, at(17, 7, 59)) == ["answers_reminded"]
    assert reminders(council, at(17)) == ["answers_reminded", "meeting_reminded"]
    assert names(council, Kind.MEETING_SOON) == ["Carin Chair", "Dag Deputy", "Mem-Liu", "Sven Secretary"]


def test_the_reminder_of_the_meeting_has_the_agenda_and_what_was_answered(council: Council) -> None:
    meeting = council.called(council.waiting(2))
    council.answer(meeting, "mem-liu", accept=True)
    reminders(council, at(17))
    answered, silent = council.mail_to("mem-liu"), council.mail_to("mem-lk")
    assert answered.subject == "Påminnelse: Samverkansrådet måndag 20 september 2021 kl. 11.00"
    assert "1. Förslag 1\n2. Förslag 2\n" in str(answered.body)
    assert f"Läs handlingarna:\nhttp://localhost:8000/moten/{meeting.pk}/\n" in str(answered.body)
    assert "Du har inte svarat om du kommer." in str(silent.body)
    assert f"http://localhost:8000/moten/{meeting.pk}/svar/" in str(silent.body)


def test_each_reminder_goes_once(council: Council) -> None:
    council.called(council.waiting())
    reminders(council, at(15))
    reminders(council, at(15, 9))
    reminders(council, at(17))
    assert reminders(council, at(17, 15)) == ["answers_reminded", "meeting_reminded"]


def test_a_worker_that_was_away_sends_only_the_one_that_still_says_something(council: Council) -> None:
    council.called(council.waiting())
    assert reminders(council, at(19, 12)) == ["meeting_reminded"]
    assert reminders(council, at(20, 10, 59)) == ["meeting_reminded"]


def test_no_reminder_goes_once_the_meeting_should_have_begun(council: Council) -> None:
    council.called(council.waiting())
    assert reminders(council, at(20, 11)) == []


def test_who_was_called_late_is_not_reminded_of_what_they_have_just_read(council: Council) -> None:
    meeting = council.planned()
    council.world.now = at(16)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at(20, 11), ends_at=at(20, 13))
    agenda.add_free_item(
        meeting_id=meeting.pk, actor=council.person("secretary"), title="Övrigt", now=council.world.now
    )
    council.call_again(meeting)
    assert reminders(council, at(16, 12)) == []
    assert reminders(council, at(17)) == ["meeting_reminded"]


def test_a_moved_meeting_is_reminded_of_anew(council: Council) -> None:
    meeting = council.called(council.waiting())
    reminders(council, at(15))
    council.move(meeting, days=7)
    assert reminders(council, at(17)) == ["answers_reminded"]
    assert reminders(council, at(22)) == ["answers_reminded", "answers_reminded"]
    assert reminders(council, at(24)) == ["answers_reminded", "answers_reminded", "meeting_reminded"]


def test_working_days_pass_over_the_holidays(council: Council) -> None:
    """Christmas Eve 2021 is a Friday: three working days before Monday the 27th is Tuesday the 21st."""
    meeting = council.called(council.waiting())
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at(27, 10, month=12), ends_at=at(27, 12, month=12))
    assert reminders(council, at(21, 7, 59, month=12)) == []
    assert reminders(council, at(21, month=12)) == ["answers_reminded"]
    assert reminders(council, at(23, month=12)) == ["answers_reminded", "meeting_reminded"]


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_only_of_a_called_meeting(council: Council, status: str) -> None:
    meeting = council.called(council.waiting())
    Meeting.objects.filter(pk=meeting.pk).update(status=status)
    assert reminders(council, at(17)) == []


def test_the_history_holds_with_reminders_in_it(council: Council) -> None:
    meeting = council.called(council.waiting())
    reminders(council, at(15))
    meeting.refresh_from_db()
    assert list(verify_meeting(meeting)) == []
    council.answer(meeting, "mem-lk", accept=True)
    meeting.refresh_from_db()
    assert list(verify_meeting(meeting)) == []


def test_a_round_of_the_worker_reminds_and_tells(council: Council, mailoutbox: list[object]) -> None:
    council.called(council.waiting())
    council.world.now = at(17)
    worker = Worker(clock=lambda: council.world.now, rng=Random(1))
    worker.until_idle()
    assert Message.objects.filter(kind=Kind.MEETING_SOON, status="sent").count() == 4
    assert worker.until_idle() == 0


def test_when_nothing_is_due_the_pass_costs_one_statement(council: Council) -> None:
    council.called(council.waiting())
    with CaptureQueriesContext(connection) as captured:
        assert remind_due(council.world.now) == 0
    assert len(captured) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_remind_at_once_remind_once(council: Council) -> None:
    meeting = council.called(council.waiting())
    now = at(17)
    results = at_once(*[lambda: remind_due(now)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert meeting.events.filter(kind="meeting_reminded").count() == 1
