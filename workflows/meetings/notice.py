"""Send the notice (kallelse): every member gets a seat, the agenda and an invitation for the calendar."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Meeting, MeetingStatus, Person, Role, Seat
from workflows.deliberation import members_of
from workflows.meeting_policy import MeetingAction
from workflows.meetings.act import MeetingAct, acting_on_meeting


def send_notice(*, meeting_id: int, actor: Person, now: dt.datetime) -> Meeting:
    """Call the body's members of the day of the meeting; again after changes, when new members get their seats.

    Raises InvalidInput when there is nothing on the agenda or nobody to call.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.CALL, now=now) as act:
        meeting = act.meeting
        if meeting.starts_at <= now:
            raise InvalidInput(message=_("Mötets tid har passerat. Ändra tiden först."))
        if not meeting.items.exists():
            raise InvalidInput(message=_("Dagordningen är tom. Lägg till minst en punkt först."))
        added = _seat_members(act)
        again = meeting.status == MeetingStatus.CALLED
        meeting.status, meeting.called_at = MeetingStatus.CALLED, now
        meeting.invitation += 1
        act.record("meeting_called", again=again, added=added, items=meeting.items.count())
        return meeting


def _seat_members(act: MeetingAct) -> list[int]:
    """Give every member of the day of the meeting a seat; those who have one keep it. Returns the new ones."""
    members = members_of(act.meeting.body_id, act.meeting.day)
    if not members:
        raise InvalidInput(message=_("Organet har inga ledamöter den dagen. Lägg till ledamöter först."))
    there = {seat.member_id for seat in act.seats}
    new = [member for member in members if member.person_id not in there]
    Seat.objects.bulk_create(
        [
            Seat(
                meeting=act.meeting,
                member_id=member.person_id,
                party_id=member.party_id,
                is_chair=member.role == Role.STEERING_CHAIR,
            )
            for member in new
        ]
    )
    return [member.person_id for member in new]
