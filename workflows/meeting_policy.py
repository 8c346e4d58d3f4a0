"""Who may do *what* at a body's meetings: role x state x action, as data. The part of :mod:`workflows.policy` about bodies.

Some things are a person's own and not a role's: to answer a call, to vote in a seat, to adjust the minutes. The
functions at the end of this module say whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from cases.access import Access
from cases.errors import NotAllowed, NotFound, WrongState
from cases.models import Adjuster, Body, Meeting, MeetingStatus, Role, Seat
from cases.models.roles import ScopeKind


class MeetingAction(StrEnum):
    """Everything that people do to a meeting by virtue of a role in its body."""

    PLAN = "plan"
    CHANGE = "change"
    CANCEL = "cancel"
    SET_AGENDA = "set_agenda"
    CALL = "call"
    RECORD_ATTENDANCE = "record_attendance"
    OPEN = "open"
    HANDLE = "handle"
    CLOSE = "close"
    WRITE_MINUTES = "write_minutes"
    POST = "post"
    DISPATCH = "dispatch"


class Personal(StrEnum):
    """What people do at a meeting in their own person; whether it is theirs is asked by the function that does it."""

    ANSWER = "answer"
    VOTE = "vote"
    ADJUST = "adjust"


_KEEPERS = frozenset({Role.SECRETARY, Role.STEERING_CHAIR})
_ALL = frozenset(MeetingStatus)
M = MeetingStatus


@dataclass(frozen=True)
class MeetingRule:
    """One row: which roles in the body, and in which states of the meeting."""

    roles: frozenset[Role]
    states: frozenset[MeetingStatus]


_BEFORE = frozenset({M.PLANNED, M.CALLED})
_HELD = frozenset({M.CLOSED, M.ADJUSTED, M.POSTED})

MEETING_RULES: dict[MeetingAction, MeetingRule] = {
    MeetingAction.PLAN: MeetingRule(_KEEPERS, _ALL),
    MeetingAction.CHANGE: MeetingRule(_KEEPERS, _BEFORE),
    MeetingAction.CANCEL: MeetingRule(_KEEPERS, _BEFORE),
    MeetingAction.SET_AGENDA: MeetingRule(_KEEPERS, _BEFORE | {M.OPEN}),
    MeetingAction.CALL: MeetingRule(_KEEPERS, _BEFORE),
    MeetingAction.RECORD_ATTENDANCE: MeetingRule(_KEEPERS, frozenset({M.CALLED, M.OPEN})),
    MeetingAction.OPEN: MeetingRule(_KEEPERS, frozenset({M.CALLED})),
    MeetingAction.HANDLE: MeetingRule(_KEEPERS, frozenset({M.OPEN})),
    MeetingAction.CLOSE: MeetingRule(_KEEPERS, frozenset({M.OPEN})),
    MeetingAction.WRITE_MINUTES: MeetingRule(_KEEPERS, frozenset({M.CLOSED})),
    MeetingAction.POST: MeetingRule(_KEEPERS, frozenset({M.ADJUSTED})),
    MeetingAction.DISPATCH: MeetingRule(_KEEPERS | {Role.REGISTRAR}, frozenset({M.ADJUSTED, M.POSTED})),
}

PERSONAL_STATES: dict[Personal, frozenset[MeetingStatus]] = {
    Personal.ANSWER: frozenset({M.CALLED}),
    Personal.VOTE: frozenset({M.OPEN}),
    Personal.ADJUST: frozenset({M.CLOSED}),
}


def _holds_there(access: Access, roles: Iterable[Role], body: Body) -> bool:
    wanted = {role.value for role in roles}
    return any(
        held.role in wanted
        and (
            (held.scope_kind is ScopeKind.BODY and held.scope_id == body.pk)
            or (
                held.scope_kind is ScopeKind.ORGANISATION
                and body.organisation_id is not None
                and held.scope_id == body.organisation_id
                and held.role == Role.REGISTRAR
            )
        )
        for held in access.held
    )


def _wrong_state(meeting: Meeting) -> WrongState:
    return WrongState(
        _("Det kan inte göras nu. Mötets läge: %(status)s.") % {"status": meeting.get_status_display()}
    )


#: What the questions below raise when the answer is no.
REFUSALS = (NotFound, NotAllowed, WrongState)


def require_read(access: Access, body: Body) -> None:
    """Raise NotFound unless the person sees the body's meetings."""
    if not access.sees_body(body):
        raise NotFound()


def require_meeting(access: Access, action: MeetingAction, meeting: Meeting) -> None:
    """Raise unless the person may do the action to the meeting now: NotFound, NotAllowed or WrongState."""
    require_read(access, meeting.body)
    rule = MEETING_RULES[action]
    if not _holds_there(access, rule.roles, meeting.body):
        raise NotAllowed()
    if MeetingStatus(meeting.status) not in rule.states:
        raise _wrong_state(meeting)


def may_meeting(access: Access, action: MeetingAction, meeting: Meeting) -> bool:
    """Whether the person may do the action to the meeting now."""
    try:
        require_meeting(access, action, meeting)
    except REFUSALS:
        return False
    return True


def sits_in(access: Access, body: Body) -> bool:
    """Whether the person is a member of the body, a deputy in it, or keeps its meetings: they see who comes."""
    return body.pk in access.body_ids


def require_sits_in(access: Access, body: Body) -> None:
    """Raise unless the person sees who is at the body's meetings: NotFound or NotAllowed."""
    require_read(access, body)
    if not sits_in(access, body):
        raise NotAllowed()


def require_plan(access: Access, body: Body) -> None:
    """Raise unless the person may plan the body's meetings."""
    require_read(access, body)
    if not may_plan(access, body):
        raise NotAllowed()


def may_plan(access: Access, body: Body) -> bool:
    """Whether the person plans the body's meetings."""
    return access.sees_body(body) and _holds_there(access, MEETING_RULES[MeetingAction.PLAN].roles, body)


def require_personal(access: Access, what: Personal, meeting: Meeting) -> None:
    """Raise unless the meeting is in a state for it and the person sees it. Whose it is, the caller asks."""
    require_read(access, meeting.body)
    if MeetingStatus(meeting.status) not in PERSONAL_STATES[what]:
        raise _wrong_state(meeting)


def may_read_minutes(access: Access, meeting: Meeting, adjusters: Iterable[Adjuster]) -> bool:
    """Whether the person may read the minutes: once adjusted whoever sees the body, before that its own people."""
    if not meeting.is_held or not access.sees_body(meeting.body):
        return False
    if meeting.adjusted_at is not None:
        return True
    own = _KEEPERS | {Role.STEERING_MEMBER}
    return _holds_there(access, own, meeting.body) or any(
        row.person_id == access.person_id for row in adjusters
    )


def may_adjust(meeting: Meeting, adjuster: Adjuster | None) -> bool:
    """Whether the appointed adjuster still has the minutes to adjust."""
    return (
        adjuster is not None
        and adjuster.adjusted_at is None
        and MeetingStatus(meeting.status) in PERSONAL_STATES[Personal.ADJUST]
    )


def seat_served_by(seats: Iterable[Seat], person_id: int) -> Seat | None:
    """The seat that the person fills now: the one in which they vote."""
    return next((seat for seat in seats if seat.serving_id == person_id and seat.is_present), None)
