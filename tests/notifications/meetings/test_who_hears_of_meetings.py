"""The table of who hears of a meeting, walked with real acts; the minutes' events as their own part records them."""

from __future__ import annotations

import pytest

from cases.models import MeetingEvent, Person, Role
from notifications.meetings import rules
from notifications.models import MEETING_KINDS, Kind, Message
from tests.notifications.meetings.council import Council
from workflows.meetings.attendance import set_presence

pytestmark = pytest.mark.django_db

EVERYBODY = ["Carin Chair", "Mem-Liu", "Mem-Lk", "Sven Secretary"]


def names(council: Council, kind: str) -> list[str]:
    return [name for name, _kind in council.told(kind)]


def test_the_notice_reaches_every_seat_and_the_secretary_who_sent_it(council: Council) -> None:
    council.called(council.waiting())
    assert council.told("meeting_called") == [(name, "meeting_call") for name in EVERYBODY]


def test_a_meeting_that_is_only_planned_is_told_to_nobody(council: Council) -> None:
    meeting = council.planned()
    council.move(meeting, days=1)
    council.cancel(meeting)
    council.expand()
    assert not Message.objects.filter(meeting=meeting).exists()


def test_a_notice_sent_again_reaches_the_deputy_who_serves_as_well(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.answer(meeting, "deputy", accept=True)
    council.call_again(meeting)
    assert names(council, "meeting_called") == ["Carin Chair", "Dag Deputy", *EVERYBODY[1:]]


def test_a_moved_meeting_reaches_all_who_have_it_in_their_calendar(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.move(meeting, days=1)
    assert names(council, "meeting_moved") == ["Carin Chair", "Dag Deputy", *EVERYBODY[1:]]


def test_a_deputy_who_has_declined_is_not_told_of_the_move(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.answer(meeting, "deputy", accept=False)
    council.move(meeting, days=1)
    assert names(council, "meeting_moved") == EVERYBODY


def test_a_cancelled_meeting_reaches_all_who_were_called(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.cancel(meeting)
    assert council.told("meeting_cancelled") == [(name, "meeting_cancelled") for name in EVERYBODY]


def test_who_declines_sets_off_one_mail_to_the_deputy(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    Message.objects.all().delete()
    council.answer(meeting, "mem-lk", accept=False)
    council.expand()
    assert list(Message.objects.values_list("recipient__name", "kind")) == [("Dag Deputy", "deputy_call")]


def test_who_accepts_sets_off_no_mail(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    Message.objects.all().delete()
    council.answer(meeting, "mem-lk", accept=True)
    council.expand()
    assert not Message.objects.exists()


def test_when_no_deputy_is_left_the_secretary_and_the_chair_hear(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-liu", accept=False)
    assert council.told("no_deputy") == [("Carin Chair", "no_deputy"), ("Sven Secretary", "no_deputy")]


@pytest.mark.parametrize("answered", [True, False])
def test_a_deputy_is_released_when_the_member_comes_after_all(council: Council, answered: bool) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    if answered:
        council.answer(meeting, "deputy", accept=True)
    council.answer(meeting, "mem-lk", accept=True)
    assert council.told("deputy_released") == [("Dag Deputy", "deputy_released")]


def test_a_deputy_who_was_released_is_called_again_when_the_member_declines_anew(council: Council) -> None:
    meeting = council.called(council.waiting())
    for accept in (False, True, False):
        council.answer(meeting, "mem-lk", accept=accept)
    assert MeetingEvent.objects.filter(kind="deputy_called").count() == 2
    assert not MeetingEvent.objects.filter(kind="no_deputy").exists()
    assert council.told("deputy_called") == [("Dag Deputy", "deputy_call")]


def test_a_member_whose_seat_a_deputy_fills_without_having_been_called_releases_them(
    council: Council,
) -> None:
    meeting = council.called(council.waiting())
    set_presence(
        meeting_id=meeting.pk,
        seat_id=council.seat(meeting, "mem-lk").pk,
        actor=council.person("secretary"),
        present=True,
        serving=council.person("deputy"),
        now=council.world.tick(),
    )
    council.answer(meeting, "mem-lk", accept=True)
    assert names(council, "deputy_released") == ["Dag Deputy"]


def test_the_adjusters_hear_that_the_minutes_are_made(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_made", minutes=1)
    assert council.told("minutes_made") == [
        ("Mem-Liu", "minutes_to_adjust"),
        ("Mem-Lk", "minutes_to_adjust"),
    ]


def test_a_remark_on_the_minutes_reaches_the_one_who_kept_them(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_remarked", by="mem-lk", minutes=1)
    assert council.told("minutes_remarked") == [("Sven Secretary", "minutes_remark")]


def test_that_all_have_adjusted_reaches_the_secretary(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_adjusted", by="mem-lk", minutes=1)
    council.record(meeting, "meeting_adjusted", by="mem-liu", minutes=1)
    assert council.told("minutes_adjusted") == []
    assert council.told("meeting_adjusted") == [("Sven Secretary", "minutes_adjusted")]


def test_posted_minutes_reach_the_members_and_the_deputies_who_served(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    council.answer(meeting, "deputy", accept=True)
    council.record(meeting, "minutes_posted", minutes=1)
    assert council.told("minutes_posted") == [
        (name, "minutes_posted") for name in ("Carin Chair", "Dag Deputy", "Mem-Liu", "Mem-Lk")
    ]


def test_somebody_who_is_no_longer_active_hears_nothing(council: Council) -> None:
    council.called(council.waiting())
    Person.objects.filter(pk=council.person("mem-lk").pk).update(is_active=False)
    assert "Mem-Lk" not in names(council, "meeting_called")


def test_who_stands_in_for_the_secretary_hears_what_the_secretary_hears(council: Council) -> None:
    council.world.add_person("stand-in", "lk", full_name="Stina Stand-In")
    council.world.give("stand-in", Role.SECRETARY, council.body, deputy_for=council.person("secretary"))
    council.called(council.waiting())
    assert "Stina Stand-In" in names(council, "meeting_called")
    assert "Dag Deputy" not in names(council, "meeting_called")


def test_every_kind_of_message_about_meetings_has_its_row() -> None:
    assert {rule.kind for rule in rules.MEETING_RULES.values()} == MEETING_KINDS
    assert len(rules.MEETING_RULES) == len(MEETING_KINDS)
    assert Kind.EXTRACT not in MEETING_KINDS
