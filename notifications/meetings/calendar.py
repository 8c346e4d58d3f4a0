"""The meeting as an entry in the recipient's calendar (iCalendar, RFC 5545; invitations, RFC 5546).

One meeting is one UID; what changes it counts up SEQUENCE. The titles of cases stay out of it: calendars are shown to
colleagues, and to machines.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from cases.models import Meeting, Person
from notifications.message_ids import mail_domain

SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class CalendarPart:
    """What goes with the mail: ``method`` is REQUEST or CANCEL, ``content`` the calendar as text."""

    method: str
    content: str


def uid_of(meeting: Meeting) -> str:
    """What the meeting is called in every calendar, always; it cannot be guessed."""
    digest = salted_hmac("notifications.meeting", str(meeting.pk), algorithm="sha256").hexdigest()[:40]
    return f"{digest}@{mail_domain()}"


def invitation(meeting: Meeting, recipient: Person, *, at: dt.datetime, url: str) -> CalendarPart:
    """Put the meeting into the recipient's calendar, or in the place of what stands there. ``at`` is when it was so."""
    text = _("Dagordning, handlingar och svar på kallelsen: %(url)s") % {"url": url}
    return CalendarPart("REQUEST", _calendar("REQUEST", meeting, recipient, at, url, text))


def cancellation(meeting: Meeting, recipient: Person, *, at: dt.datetime, url: str) -> CalendarPart:
    """Take the meeting out of the recipient's calendar."""
    text = _("Mer om mötet: %(url)s") % {"url": url}
    return CalendarPart("CANCEL", _calendar("CANCEL", meeting, recipient, at, url, text))


def _calendar(method: str, meeting: Meeting, recipient: Person, at: dt.datetime, url: str, text: str) -> str:
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.invitation)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(SWEDEN))
    event.add("dtend", meeting.ends_at.astimezone(SWEDEN))
    event.add("summary", _("Möte: %(body)s") % {"body": meeting.body.label})
    event.add("location", meeting.place)
    event.add("description", text)
    event.add("url", url)
    event.add("status", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], meeting.body.label))
    event.add("attendee", _attendee(recipient))
    calendar = Calendar()
    calendar.add("prodid", "-//Samverka//Samverka//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    # The rules of the years around the meeting are enough, and keep the mail small.
    calendar.add_missing_timezones(
        dt.date(meeting.starts_at.year - 1, 1, 1), dt.date(meeting.ends_at.year + 2, 1, 1)
    )
    content: bytes = calendar.to_ical()
    return content.decode()


def _attendee(recipient: Person) -> vCalAddress:
    """Answers by calendar mail are not read: the program should not offer to send them (RSVP)."""
    attendee = _address(recipient.email, recipient.name)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    # What is in quotes cannot hold quotes; programs differ in how they read the escape for them.
    address.params["CN"] = vText(name.replace('"', "'"))
    return address
