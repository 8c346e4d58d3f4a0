"""Who may do what to a body's meetings, walked for everybody and every state: written out by hand, not read from the policy."""

from __future__ import annotations

import pytest

from cases.models import Meeting, MeetingStatus
from tests.workflows.meetings.hall import Hall, seat_the_board
from workflows import meeting_policy
from workflows.act import access_for
from workflows.meeting_policy import MeetingAction, Personal

A, S = MeetingAction, MeetingStatus

#: In which states each thing can be done at all.
STATES: dict[MeetingAction, set[str]] = {
    A.PLAN: set(S.values),
    A.CHANGE: {"planned", "called"},
    A.CANCEL: {"planned", "called"},
    A.SET_AGENDA: {"planned", "called", "open"},
    A.CALL: {"planned", "called"},
    A.RECORD_ATTENDANCE: {"called", "open"},
    A.OPEN: {"called"},
    A.HANDLE: {"open"},
    A.CLOSE: {"open"},
    A.WRITE_MINUTES: {"closed"},
    A.POST: {"adjusted"},
    A.DISPATCH: {"adjusted", "posted"},
}
KEEPERS = {"secretary", "chair"}
OTHERS = ["mem-lk", "mem-liu", "coordinator", "reg-lk", "auditor", "proposer", "board-lk", "lead-lk"]
UNSEEING = ["administrator", "outsider"]


def test_every_action_is_in_the_table() -> None:
    assert set(STATES) == set(MeetingAction) == set(meeting_policy.MEETING_RULES)


@pytest.mark.parametrize("action", list(MeetingAction))
@pytest.mark.parametrize("status", S.values)
def test_the_joint_council_s_meetings_are_its_secretary_s_and_chair_s(
    hall: Hall, action: MeetingAction, status: str
) -> None:
    meeting = hall.planned()
    meeting.status = status
    may = {
        name
        for name in [*KEEPERS, *OTHERS, *UNSEEING]
        if meeting_policy.may_meeting(access_for(hall.person(name), hall.world.now), action, meeting)
    }
    assert may == (KEEPERS if status in STATES[action] else set())


def test_a_board_s_meetings_are_within_its_party(hall: Hall) -> None:
    seat_the_board(hall)
    hall.body = hall.world.board
    meeting = Meeting(body=hall.world.board, status=S.ADJUSTED)
    seeing = {
        name
        for name in [
            "ks-one",
            "ks-secretary",
            "coordinator",
            "reg-lk",
            "mem-lk",
            "mem-liu",
            "reg-liu",
            "auditor",
        ]
        if access_for(hall.person(name), hall.world.now).sees_body(meeting.body)
    }
    assert seeing == {"ks-one", "ks-secretary", "coordinator", "reg-lk", "mem-lk"}
    dispatching = {
        name
        for name in ["ks-chair", "ks-secretary", "reg-lk", "reg-liu", "ks-one", "secretary"]
        if meeting_policy.may_meeting(access_for(hall.person(name), hall.world.now), A.DISPATCH, meeting)
    }
    # The party's registrar dispatches as well; the joint council's secretary is of the party but not of the board.
    assert dispatching == {"ks-chair", "ks-secretary", "reg-lk"}


@pytest.mark.parametrize(
    ("what", "states"),
    [(Personal.ANSWER, {"called"}), (Personal.VOTE, {"open"}), (Personal.ADJUST, {"closed"})],
)
def test_what_is_a_person_s_own_has_its_time(hall: Hall, what: Personal, states: set[str]) -> None:
    meeting = hall.planned()
    access = access_for(hall.person("mem-lk"), hall.world.now)
    possible = set()
    for status in S.values:
        meeting.status = status
        try:
            meeting_policy.require_personal(access, what, meeting)
        except meeting_policy.REFUSALS:
            continue
        possible.add(status)
    assert possible == states
