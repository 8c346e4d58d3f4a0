"""What one person is at a meeting: member, called or serving deputy, secretary or chair, adjuster."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from cases.access import Access
from cases.models import DeputyCall, Meeting, Response, Seat
from notifications.meetings.rules import live_calls


@dataclass(frozen=True)
class Standing:
    """``seat`` is the person's own as a member, ``serves`` the one they fill for somebody else, ``call`` the question
    whether they can, which still stands. ``sits`` says that they hold a role in the body today, ``keeps`` that it is its
    secretary's or chair's."""

    seat: Seat | None
    serves: Seat | None
    call: DeputyCall | None
    sits: bool
    keeps: bool

    @property
    def is_called(self) -> bool:
        """Whether the notice is theirs to answer."""
        return self.seat is not None or self.serves is not None or self.call is not None

    @property
    def is_invited(self) -> bool:
        """Whether the meeting belongs in their calendar."""
        return self.is_called or self.keeps

    @property
    def response(self) -> str:
        """What they have answered; empty for who is not called."""
        if self.seat is not None:
            return self.seat.response
        if self.call is not None:
            return self.call.response
        return Response.ACCEPTED if self.serves is not None else ""

    @property
    def stands_in_for(self) -> str:
        """The name of the member whose seat they fill, or are asked to; empty for others."""
        seat = self.serves or (self.call.seat if self.call is not None else None)
        return seat.member.name if seat is not None else ""


def standing_of(meeting: Meeting, access: Access) -> Standing:
    """What the person is at the meeting. Two statements."""
    person = access.person_id
    seats = list(meeting.seats.filter(Q(member=person) | Q(serving=person)).select_related("member"))
    return Standing(
        seat=next((seat for seat in seats if seat.member_id == person), None),
        serves=next((seat for seat in seats if seat.serving_id == person and seat.member_id != person), None),
        call=next((call for call in live_calls(meeting) if call.deputy_id == person), None),
        sits=meeting.body_id in access.body_ids,
        keeps=meeting.body_id in access.kept_body_ids,
    )
