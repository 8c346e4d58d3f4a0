"""The invitation in the mail, read back as a calendar program reads it, and as it lies in the raw mail."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from cases.models import Body, Meeting, Person
from notifications.meetings.calendar import cancellation, invitation
from notifications.models import Kind
from tests.notifications.meetings.council import Council, calendar_of

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")


def entry_of(mail: EmailMultiAlternatives) -> Event:
    (event,) = calendar_of(mail).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_the_invitation_says_when_where_who_and_what(council: Council, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Samverka <samverka@linkoping.example>"
    meeting = council.called(council.waiting())
    mail = council.mail_to("mem-lk")
    event = entry_of(mail)
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    assert event.decoded("dtstart") == dt.datetime(2021, 9, 20, 11, 0, tzinfo=SWEDEN)
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(hours=2)
    assert str(event["dtstart"].params["TZID"]) == "Europe/Stockholm"
    assert event["summary"] == "Möte: Samverkansrådet"
    assert event["location"] == "Stadshuset, Eken"
    assert event["status"] == "CONFIRMED"
    assert event["sequence"] == 1
    assert event["url"] == f"http://localhost:8000/moten/{meeting.pk}/"
    assert str(event["url"]) in str(event["description"])
    assert event.decoded("dtstamp") == meeting.events.get(kind="meeting_called").at
    assert str(event["organizer"]) == "mailto:samverka@linkoping.example"
    assert event["organizer"].params["CN"] == "Samverkansrådet"


def test_the_one_attendee_is_the_recipient_and_is_not_asked_to_answer_by_calendar(council: Council) -> None:
    council.called(council.waiting())
    attendee = entry_of(council.mail_to("mem-lk"))["attendee"]
    assert str(attendee) == "mailto:mem-lk@linkoping.example"
    assert (attendee.params["RSVP"], attendee.params["PARTSTAT"]) == ("FALSE", "NEEDS-ACTION")


def test_the_calendar_brings_its_own_time_zone(council: Council) -> None:
    council.called(council.waiting())
    (zone,) = calendar_of(council.mail_to("mem-lk")).timezones
    assert zone.tz_name == "Europe/Stockholm"
    rules = zone.to_tz()
    for month, hours in ((1, 1), (7, 2), (9, 2), (12, 1)):
        moment = dt.datetime(2021, month, 20, 9, 0, tzinfo=rules)
        assert moment.utcoffset() == dt.timedelta(hours=hours)


def test_the_titles_of_cases_stay_out_of_the_calendar(council: Council) -> None:
    council.called(council.waiting())
    assert "Förslag" not in str(calendar_of(council.mail_to("mem-lk")).to_ical().decode())


def test_what_changes_the_meeting_is_the_same_entry_with_a_higher_sequence(council: Council) -> None:
    meeting = council.called(council.waiting())
    first = entry_of(council.mail_to("mem-lk"))
    council.call_again(meeting)
    again = entry_of(council.mail_to("mem-lk"))
    council.move(meeting, days=1)
    moved = entry_of(council.mail_to("mem-lk"))
    council.cancel(meeting)
    mail = council.mail_to("mem-lk")
    off = entry_of(mail)
    assert [event["sequence"] for event in (first, again, moved, off)] == [1, 2, 3, 4]
    assert len({str(event["uid"]) for event in (first, again, moved, off)}) == 1
    assert moved.decoded("dtstart").day == 21
    assert (calendar_of(mail)["METHOD"], off["status"]) == ("CANCEL", "CANCELLED")


def test_two_meetings_are_two_entries(council: Council) -> None:
    one = council.called(council.waiting())
    uid = entry_of(council.mail_to("mem-lk"))["uid"]
    council.cancel(one)
    council.called(council.waiting())
    assert entry_of(council.mail_to("mem-lk"))["uid"] != uid


def test_a_deputy_gets_the_entry_and_has_it_taken_out_when_released(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    called = council.mail_to("deputy")
    assert calendar_of(called)["METHOD"] == "REQUEST"
    council.answer(meeting, "mem-lk", accept=True)
    released = council.mail_to("deputy", kind=Kind.DEPUTY_RELEASED)
    assert calendar_of(released)["METHOD"] == "CANCEL"
    assert entry_of(released)["uid"] == entry_of(called)["uid"]
    assert "Mem-Lk kan komma till mötet, så du behövs inte som ersättare." in str(released.body)


def test_the_raw_mail_has_the_calendar_as_an_alternative_and_as_a_file(council: Council) -> None:
    council.called(council.waiting())
    raw = council.mail_to("mem-lk").message().as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed.get_content_type() == "multipart/mixed"
    body, file = parsed.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in body.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    part = list(body.iter_parts())[-1]
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert part["Content-Type"].params["charset"].lower() == "utf-8"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "mote.ics")
    content = file.get_content()
    assert isinstance(content, bytes)
    assert content.replace(b"\r\n", b"\n") == part.get_content().encode().replace(b"\r\n", b"\n")
    assert b"\r\n" in content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_the_same_mail_made_twice_has_the_same_calendar(council: Council) -> None:
    council.called(council.waiting())
    one, two = council.mail_to("mem-lk"), council.mail_to("mem-lk")
    assert calendar_of(one).to_ical() == calendar_of(two).to_ical()


def test_a_reminder_brings_no_second_entry(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.record(meeting, "answers_reminded", by=None)
    mail = council.mail_to("mem-lk", kind=Kind.MEETING_UNANSWERED)
    assert [str(kind) for _content, kind in mail.alternatives] == ["text/html"]
    assert mail.attachments == []


_WORDS = st.text(
    st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
).filter(str.strip)


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    place=_WORDS,
    name=_WORDS,
    start=st.integers(946_684_800, 3_786_912_000),
    minutes=st.integers(1, 960),
    called_off=st.booleans(),
)
def test_any_meeting_comes_back_as_it_went_out(
    place: str, name: str, start: int, minutes: int, called_off: bool
) -> None:
    starts_at = dt.datetime.fromtimestamp(start, dt.UTC)
    meeting = Meeting(
        pk=7,
        body=Body(name='Rådet; för "allt", och mer'),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        place=place,
        invitation=3,
    )
    make = cancellation if called_off else invitation
    person = Person(name=name, email="nagon@example.com")
    part = make(meeting, person, at=starts_at, url="https://samverka.example/moten/7/")
    calendar = Calendar.from_ical(part.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == part.method == ("CANCEL" if called_off else "REQUEST")
    assert event.decoded("dtstart") == meeting.starts_at
    assert event.decoded("dtend") == meeting.ends_at
    assert str(event["location"]) == place
    assert len(calendar.walk("VEVENT")) == 1
    assert str(event["attendee"]) == "mailto:nagon@example.com"
