"""What was true when a message about a meeting was queued is asked again when it is sent."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Meeting, MeetingStatus, Person
from notifications.models import DropReason, Kind, Message
from tests.notifications.meetings.council import Council
from tests.notifications.post import deliver

pytestmark = pytest.mark.django_db

SENT = ("sent", "")


def dropped(reason: DropReason) -> tuple[str, str]:
    return "dropped", reason.value


def test_a_notice_that_still_holds_is_sent(council: Council, mailoutbox: list[object]) -> None:
    council.called(council.waiting())
    assert council.fate("mem-lk", Kind.MEETING_CALL) == SENT
    assert mailoutbox


def test_somebody_who_has_left_hears_nothing(council: Council) -> None:
    council.called(council.waiting())
    council.expand()
    Person.objects.filter(pk=council.person("mem-lk").pk).update(is_active=False)
    assert council.fate("mem-lk", Kind.MEETING_CALL) == dropped(DropReason.INACTIVE)


def test_somebody_who_does_not_see_the_body_any_more_hears_nothing(council: Council) -> None:
    council.called(council.waiting())
    council.expand()
    council.end_the_roles_of("mem-lk")
    assert council.fate("mem-lk", Kind.MEETING_CALL) == dropped(DropReason.NO_ACCESS)


def test_somebody_who_sees_the_body_but_no_longer_sits_there_hears_nothing(council: Council) -> None:
    council.world.give("mem-lk", "registrar", council.world.organisations["lk"])  # type: ignore[arg-type]
    council.called(council.waiting())
    council.expand()
    holdings = council.person("mem-lk").holdings.filter(body=council.body)
    holdings.update(valid_until=council.world.now.date() - dt.timedelta(days=1))
    assert council.fate("mem-lk", Kind.MEETING_CALL) == dropped(DropReason.NOT_SEATED)


def test_only_the_newest_invitation_goes(council: Council, mailoutbox: list[object]) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    council.call_again(meeting)
    council.expand()
    council.move(meeting, days=1)
    council.expand()
    deliver(council.world.now)
    mine = Message.objects.filter(recipient=council.person("mem-lk"), meeting=meeting).order_by("pk")
    assert list(mine.values_list("kind", "status", "drop_reason")) == [
        ("meeting_call", "dropped", "superseded"),
        ("meeting_call", "dropped", "superseded"),
        ("meeting_moved", "sent", ""),
    ]


def test_of_a_cancelled_meeting_only_the_cancellation_goes(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.expand()
    council.cancel(meeting)
    assert council.fate("mem-liu", Kind.MEETING_CALL) == dropped(DropReason.MEETING_OFF)
    assert council.fate("deputy", Kind.DEPUTY_CALL) == dropped(DropReason.MEETING_OFF)
    assert council.fate("mem-liu", Kind.MEETING_CANCELLED) == SENT
    assert council.fate("deputy", Kind.MEETING_CANCELLED) == SENT


def test_a_deputys_call_still_goes_when_the_meeting_was_moved_meanwhile(council: Council) -> None:
    """It asks something of its own, and is written from where the meeting is now."""
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.expand()
    council.move(meeting, days=1)
    assert "tisdag 21 september 2021" in council.mail_to("deputy", kind=Kind.DEPUTY_CALL).subject
    assert council.fate("deputy", Kind.DEPUTY_CALL) == SENT


def test_a_deputy_who_has_answered_or_been_released_is_not_called(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.expand()
    council.answer(meeting, "deputy", accept=True)
    assert council.fate("deputy", Kind.DEPUTY_CALL) == dropped(DropReason.DONE)
    Message.objects.filter(kind=Kind.DEPUTY_CALL).update(
        status="queued", drop_reason="", next_attempt_at=council.world.now
    )
    council.answer(meeting, "mem-lk", accept=True)
    assert council.fate("deputy", Kind.DEPUTY_CALL) == dropped(DropReason.NOT_SEATED)
    assert council.fate("deputy", Kind.DEPUTY_RELEASED) == SENT


def test_a_released_deputy_hears_it_even_when_the_meeting_is_off(council: Council) -> None:
    """The cancellation does not reach them, and the meeting stands in their calendar."""
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.expand()
    deliver(council.world.now)
    council.answer(meeting, "mem-lk", accept=True)
    council.expand()
    council.cancel(meeting)
    assert council.fate("deputy", Kind.DEPUTY_RELEASED) == SENT
    assert not Message.objects.filter(
        recipient=council.person("deputy"), kind=Kind.MEETING_CANCELLED
    ).exists()


def test_that_a_deputy_is_missing_is_not_told_when_the_member_comes_after_all(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-liu", accept=False)
    council.expand()
    council.answer(meeting, "mem-liu", accept=True)
    assert council.fate("secretary", Kind.NO_DEPUTY) == dropped(DropReason.DONE)


def test_who_has_answered_is_not_reminded(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.record(meeting, "answers_reminded", by=None)
    council.expand()
    council.answer(meeting, "mem-lk", accept=True)
    assert council.fate("mem-lk", Kind.MEETING_UNANSWERED) == dropped(DropReason.DONE)
    assert council.fate("mem-liu", Kind.MEETING_UNANSWERED) == SENT


def test_a_reminder_of_a_day_that_no_longer_holds_is_not_sent(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.record(meeting, "meeting_reminded", by=None)
    council.expand()
    council.move(meeting, days=1)
    assert council.fate("mem-lk", Kind.MEETING_SOON) == dropped(DropReason.SUPERSEDED)


def test_nobody_is_called_to_a_meeting_that_should_have_begun(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    council.world.now = meeting.starts_at
    assert council.fate("mem-lk", Kind.MEETING_CALL) == dropped(DropReason.MEETING_PAST)


def test_minutes_that_have_been_adjusted_are_not_asked_for(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_made", minutes=1)
    council.expand()
    minutes = meeting.minutes.create(
        number=1, made_by=council.person("secretary"), made_at=council.world.now, sha256="0" * 64
    )
    meeting.adjusters.filter(person=council.person("mem-lk")).update(
        adjusted_at=council.world.now, minutes=minutes
    )
    assert council.fate("mem-lk", Kind.MINUTES_TO_ADJUST) == dropped(DropReason.DONE)
    assert council.fate("mem-liu", Kind.MINUTES_TO_ADJUST) == SENT


def test_a_version_that_was_replaced_is_not_to_be_adjusted(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_made", minutes=1)
    council.expand()
    meeting.minutes.create(
        number=2, made_by=council.person("secretary"), made_at=council.world.now, sha256="0" * 64
    )
    assert council.fate("mem-lk", Kind.MINUTES_TO_ADJUST) == dropped(DropReason.SUPERSEDED)


def test_an_adjuster_who_was_replaced_is_not_asked(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_made", minutes=1)
    council.expand()
    meeting.adjusters.filter(person=council.person("mem-lk")).delete()
    assert council.fate("mem-lk", Kind.MINUTES_TO_ADJUST) == dropped(DropReason.NOT_SEATED)


def test_that_minutes_can_be_posted_is_not_told_once_they_are(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "meeting_adjusted", by="mem-lk", minutes=1)
    council.expand()
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.POSTED)
    assert council.fate("secretary", Kind.MINUTES_ADJUSTED) == dropped(DropReason.MEETING_PAST)
