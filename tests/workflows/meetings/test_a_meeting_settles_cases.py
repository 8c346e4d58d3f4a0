"""A council's meeting from plan to close: what waits for it, the paragraphs, and where each case goes."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Access
from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, WrongState
from cases.history import verify_case
from cases.meeting_history import verify_meeting
from cases.models import AgendaStatus, Case, DeliberationOutcome, MeetingStatus, VoteChoice
from tests.workflows.meetings.hall import Hall
from workflows.act import access_for
from workflows.meetings import agenda, session

FOR, AGAINST, AMENDED = VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.FOR_AMENDED
OUT = DeliberationOutcome


def test_a_case_of_a_body_that_meets_waits_for_its_secretary(hall: Hall) -> None:
    (case,) = hall.waiting()
    assert hall.step_of(case) == ["at_meeting"]
    waiting = agenda.matters_waiting(hall.body, _access(hall, "secretary"))
    assert [found.case for found in waiting] == [case]


def test_what_stands_on_an_agenda_waits_no_more(hall: Hall) -> None:
    cases = hall.waiting(2)
    hall.called(cases[:1])
    waiting = agenda.matters_waiting(hall.body, _access(hall, "secretary"))
    assert [found.case for found in waiting] == cases[1:]


def test_items_get_paragraphs_in_the_order_in_which_they_are_settled(hall: Hall) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    second = hall.settle(hall.take_up(meeting, two))
    first = hall.settle(hall.take_up(meeting, one))
    assert (second.number, first.number) == ("§ 1", "§ 2")
    assert second.year == meeting.day.year


def test_by_acclamation_the_case_moves_on(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(hall.take_up(meeting, case))
    assert hall.step_of(case) == ["agreement_need"]
    found = case.deliberations.get()
    assert (found.acclaimed, found.casting_vote, found.outcome) == (True, False, "recommend")
    assert found.decision_text == "Samverkansrådet tillstyrker förslaget."


def test_the_votes_bind_the_meeting(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    for name in ("chair", "mem-lk", "mem-liu"):
        hall.vote(item, name, AGAINST)
    with pytest.raises(InvalidInput, match="Rösterna"):
        hall.settle(item)
    hall.settle(item, OUT.DECLINE, reasons="Rådet ser ingen nytta.")
    case.refresh_from_db()
    assert case.end_state == "declined"


@pytest.mark.parametrize(
    ("outcome", "values", "step"),
    [
        (OUT.RECOMMEND, {}, "agreement_need"),
        (OUT.RECOMMEND_AMENDED, {"decision_text": "Rådet tillstyrker en pilot."}, "agreement_need"),
        (OUT.REFER_BACK, {"reasons": "Vem betalar?"}, "complete"),
        (OUT.HEAR_AGAIN, {"reasons": "Står LiU bakom?"}, "statement"),
        (OUT.PREPARE_AGAIN, {"reasons": "Vad kostar det?"}, "prepare"),
    ],
)
def test_every_outcome_leads_somewhere(
    hall: Hall, outcome: DeliberationOutcome, values: dict[str, str], step: str
) -> None:
    (case,) = hall.waiting()
    hall.settle(hall.take_up(hall.opened([case]), case), outcome, **values)
    assert hall.step_of(case) == [step]
    assert list(verify_case(_fresh(case))) == []


def test_a_case_laid_to_the_files_is_closed(hall: Hall) -> None:
    (case,) = hall.waiting()
    hall.settle(hall.take_up(hall.opened([case]), case), OUT.NOTE, reasons="Informationen noteras.")
    case.refresh_from_db()
    assert (case.status, case.end_state) == ("closed", "noted")


def test_a_case_tabled_to_a_meeting_stands_on_that_meetings_agenda(hall: Hall) -> None:
    (case,) = hall.waiting()
    later = hall.planned(days=40)
    meeting = hall.opened([case])
    item = hall.settle(
        hall.take_up(meeting, case), OUT.TABLE, reasons="Underlaget kom sent.", tabled_to=later.pk
    )
    assert hall.step_of(case) == ["at_meeting"]
    assert later.items.get().case == case
    assert item.tabled_to == later
    assert case.deliberations.get().tabled_until == later.day


def test_a_case_tabled_to_a_date_waits_for_an_agenda_with_that_date(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    day = meeting.day.replace(month=12)
    hall.settle(
        hall.take_up(meeting, case), OUT.TABLE, reasons="Ledamöterna vill läsa mer.", tabled_until=day
    )
    (found,) = agenda.matters_waiting(hall.body, _access(hall, "secretary"))
    assert (found.case, found.tabled_until, found.item.due_on) == (case, day, day)


def test_the_amended_wording_goes_on_to_the_parties(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    for name in ("chair", "mem-lk"):
        hall.vote(item, name, AMENDED, amendment="Rådet tillstyrker en pilot.")
    hall.vote(item, "mem-liu", FOR)
    with pytest.raises(InvalidInput):
        hall.settle(item, OUT.RECOMMEND)
    with pytest.raises(InvalidInput, match="ändrade lydelsen"):
        hall.settle(item, OUT.RECOMMEND_AMENDED)
    hall.settle(item, OUT.RECOMMEND_AMENDED, decision_text="Rådet tillstyrker en pilot.")
    assert case.deliberations.get().decision_text == "Rådet tillstyrker en pilot."


def test_only_one_item_is_dealt_with_at_a_time(hall: Hall) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    hall.take_up(meeting, one)
    with pytest.raises(WrongState, match="annan punkt"):
        hall.take_up(meeting, two)


def test_an_item_is_settled_once(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    hall.settle(item)
    with pytest.raises(AlreadyDone):
        hall.settle(item)


def test_a_meeting_without_a_quorum_cannot_be_opened(hall: Hall) -> None:
    (case,) = hall.waiting()
    with pytest.raises(InvalidInput, match="inte beslutfört"):
        hall.opened([case], absent=("mem-lk", "mem-liu"))


def test_a_quorum_lost_during_the_meeting_settles_nothing(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    hall.call_the_roll(meeting, absent=("mem-lk", "mem-liu"))
    with pytest.raises(InvalidInput, match="Rösterna"):
        hall.settle(item)
    hall.settle(
        item, OUT.TABLE, reasons="Rådet är inte beslutfört.", tabled_until=meeting.day.replace(month=12)
    )
    assert hall.step_of(case) == ["at_meeting"]


def test_what_the_meeting_did_not_reach_waits_again(hall: Hall) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    hall.settle(hall.take_up(meeting, one))
    hall.close(meeting)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CLOSED
    assert meeting.items.get(case=two).status == AgendaStatus.RETURNED
    waiting = agenda.matters_waiting(hall.body, _access(hall, "secretary"))
    assert [found.case for found in waiting] == [two]
    assert list(verify_meeting(meeting)) == []


def test_a_meeting_is_not_closed_before_its_adjusters_are_chosen(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    with pytest.raises(InvalidInput, match="justerare"):
        session.close_meeting(meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick())


def test_a_member_cannot_run_the_meeting(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    with pytest.raises(NotAllowed):
        hall.settle(item, by="mem-lk")


def test_an_outsider_does_not_learn_that_the_meeting_exists(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    with pytest.raises(NotFound):
        hall.settle(item, by="outsider")


def test_a_free_item_gets_a_paragraph_and_a_decision(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.called([case])
    item = agenda.add_free_item(
        meeting_id=meeting.pk,
        actor=hall.person("secretary"),
        title="Föregående protokoll",
        now=hall.world.tick(),
    )
    hall.world.now = meeting.starts_at
    hall.call_the_roll(meeting)
    who: dict[str, Any] = {"meeting_id": meeting.pk, "actor": hall.person("secretary")}
    session.open_meeting(
        chair=hall.person("chair"), secretary=hall.person("secretary"), now=hall.world.tick(minutes=1), **who
    )
    session.take_up(item_id=item.pk, now=hall.world.tick(minutes=1), **who)
    done = session.settle_other(
        item_id=item.pk,
        decision_text="Protokollet läggs till handlingarna.",
        now=hall.world.tick(minutes=1),
        **who,
    )
    assert done.number == "§ 1"


def _access(hall: Hall, name: str) -> Access:
    return access_for(hall.person(name), hall.world.now)


def _fresh(case: Case) -> Case:
    case.refresh_from_db()
    return case
