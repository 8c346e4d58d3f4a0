"""The council's meetings and the mail about them: acts of the hall, and what each person finds in the post."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from icalendar import Calendar

from cases.meeting_history import MeetingRecorder, lock_meeting
from cases.models import Meeting, MeetingEvent, Role, RoleHolding
from notifications.compose import compose, load
from notifications.models import DropReason, Message
from tests.notifications.post import deliver, expand
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall
from tests.world import build_world
from workflows.meetings import attendance, notice, plan


class Council(Hall):
    """The hall with a deputy for the municipality's member."""

    def __init__(self) -> None:
        super().__init__(build_world(profile=MEETING_PROFILE))
        self.world.add_person("deputy", "lk", full_name="Dag Deputy")
        self.world.give(
            "deputy",
            Role.STEERING_MEMBER,
            self.body,
            represents=self.world.organisations["lk"],
            deputy_for=self.person("mem-lk"),
            deputy_order=1,
        )

    def answer(self, meeting: Meeting, name: str, *, accept: bool) -> None:
        attendance.answer_notice(
            meeting_id=meeting.pk, actor=self.person(name), accept=accept, now=self.world.tick(minutes=1)
        )

    def call_again(self, meeting: Meeting) -> None:
        notice.send_notice(meeting_id=meeting.pk, actor=self.person("secretary"), now=self.world.tick())

    def move(self, meeting: Meeting, *, place: str = "Stadshuset, Eken", **later: Any) -> None:
        meeting.refresh_from_db()
        shift = dt.timedelta(**later)
        plan.change_meeting(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            when=plan.When(meeting.starts_at + shift, meeting.ends_at + shift, place, meeting.message),
            now=self.world.tick(),
        )

    def cancel(self, meeting: Meeting) -> None:
        plan.cancel_meeting(
            meeting_id=meeting.pk,
            actor=self.person("secretary"),
            reason="Lokalen är översvämmad.",
            now=self.world.tick(),
        )

    def record(self, meeting: Meeting, kind: str, *, by: str | None = "secretary", **data: Any) -> None:
        """Record an event of a part that has no act of its own here."""
        actor = self.person(by) if by is not None else None
        with transaction.atomic():
            recorder = MeetingRecorder(lock_meeting(meeting.pk), actor, self.world.tick())
            recorder.record(kind, **data)
            recorder.flush()

    def expand(self) -> None:
        expand(self.world.now)

    def told(self, kind: str) -> list[tuple[str, str]]:
        """Who is to hear of the newest event of the kind, and as what."""
        self.expand()
        event = MeetingEvent.objects.filter(kind=kind).latest("pk")
        rows = Message.objects.filter(meeting_event=event).order_by("recipient__name")
        return list(rows.values_list("recipient__name", "kind"))

    def mail_to(self, name: str, **which: Any) -> EmailMultiAlternatives:
        """The mail of the person's newest message about a meeting."""
        self.expand()
        found = Message.objects.filter(recipient=self.person(name), meeting__isnull=False, **which)
        mail = compose(load(found.latest("pk").pk), self.world.now)
        assert not isinstance(mail, DropReason), mail
        return mail

    def fate(self, name: str, kind: str) -> tuple[str, str]:
        """Deliver what is due, and say what became of the person's newest message of the kind."""
        self.expand()
        deliver(self.world.now)
        message = Message.objects.filter(recipient=self.person(name), kind=kind).latest("pk")
        return message.status, message.drop_reason

    def end_the_roles_of(self, name: str) -> None:
        RoleHolding.objects.filter(person=self.person(name)).update(
            valid_until=self.world.now.date() - dt.timedelta(days=1)
        )


def build_council() -> Council:
    """The council of the fixture world, with the meeting procedure."""
    return Council()


def calendar_of(mail: EmailMultiAlternatives) -> Calendar:
    """The calendar that the mail carries, read back from its alternative part."""
    (found,) = [content for content, kind in mail.alternatives if str(kind).startswith("text/calendar")]
    return Calendar.from_ical(str(found))
