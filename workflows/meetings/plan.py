"""Plan a body's meetings, change them, call them off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.meeting_history import MeetingRecorder
from cases.models import AgendaItem, AgendaStatus, Body, DelegatedReport, Meeting, MeetingStatus, Person
from workflows import meeting_policy
from workflows.act import access_for
from workflows.meeting_policy import MeetingAction
from workflows.meetings.act import acting_on_meeting


@dataclass(frozen=True)
class When:
    """When and where a meeting is."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    message: str = ""

    def check(self, now: dt.datetime) -> None:
        """Raise InvalidInput naming the field."""
        errors = {}
        if not self.place:
            errors["place"] = _("Ange var mötet hålls, eller länken till det.")
        if self.starts_at <= now:
            errors["starts_at"] = _("Mötet behöver ligga framåt i tiden.")
        if self.ends_at <= self.starts_at:
            errors["ends_at"] = _("Mötet behöver sluta efter att det har börjat.")
        elif self.ends_at - self.starts_at > dt.timedelta(hours=16):
            errors["ends_at"] = _("Ett möte kan vara högst 16 timmar. Planera ett till.")
        if errors:
            raise InvalidInput(errors)


@transaction.atomic
def plan_meeting(*, body: Body, actor: Person, when: When, now: dt.datetime) -> Meeting:
    """Plan a meeting of the body. Nobody is told before the notice goes out."""
    meeting_policy.require_plan(access_for(actor, now), body)
    when.check(now)
    # The body's row keeps two who plan the same meeting at once apart.
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    clash = body.meetings.exclude(status=MeetingStatus.CANCELLED).filter(
        starts_at__lt=when.ends_at, ends_at__gt=when.starts_at
    )
    if clash.exists():
        raise InvalidInput({"starts_at": _("Det finns redan ett möte på den tiden.")})
    meeting = Meeting.objects.create(
        body=body,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        place=when.place,
        message=when.message,
        created_by=actor,
        created_at=now,
    )
    recorder = MeetingRecorder(meeting, actor, now)
    recorder.record("meeting_planned", starts_at=when.starts_at, place=when.place)
    recorder.flush()
    return meeting


def change_meeting(*, meeting_id: int, actor: Person, when: When, now: dt.datetime) -> Meeting:
    """Move the meeting or change where it is. Those who have been called get a new invitation in the old one's place."""
    when.check(now)
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.CHANGE, now=now) as act:
        meeting = act.meeting
        Body.objects.select_for_update(no_key=True).get(pk=meeting.body_id)
        clash = (
            meeting.body.meetings.exclude(pk=meeting.pk)
            .exclude(status=MeetingStatus.CANCELLED)
            .filter(starts_at__lt=when.ends_at, ends_at__gt=when.starts_at)
        )
        if clash.exists():
            raise InvalidInput({"starts_at": _("Det finns redan ett möte på den tiden.")})
        before = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "place": meeting.place}
        after = {"starts_at": when.starts_at, "ends_at": when.ends_at, "place": when.place}
        meeting.starts_at, meeting.ends_at, meeting.place = when.starts_at, when.ends_at, when.place
        meeting.message = when.message
        called = meeting.status == MeetingStatus.CALLED
        if called and before != after:
            meeting.invitation += 1
        act.record(
            "meeting_moved" if called and before != after else "meeting_changed",
            before=before,
            after=after,
        )
        return meeting


def cancel_meeting(*, meeting_id: int, actor: Person, reason: str, now: dt.datetime) -> Meeting:
    """Call the meeting off. Its matters go back to those that wait for the body."""
    if not reason:
        raise InvalidInput({"reason": _("Ange varför mötet ställs in.")})
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.CANCEL, now=now) as act:
        meeting = act.meeting
        was_called = meeting.status == MeetingStatus.CALLED
        meeting.status, meeting.cancelled_reason = MeetingStatus.CANCELLED, reason
        if was_called:
            meeting.invitation += 1
        AgendaItem.objects.filter(meeting=meeting).update(status=AgendaStatus.RETURNED)
        DelegatedReport.objects.filter(agenda_item__meeting=meeting).update(agenda_item=None)
        act.record("meeting_cancelled", reason=reason, called=was_called)
        return meeting
