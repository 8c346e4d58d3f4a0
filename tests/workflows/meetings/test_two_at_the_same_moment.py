"""At a meeting many act at once: each has exactly one outcome, and the other is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, WrongState
from cases.history import verify_case
from cases.meeting_history import verify_meeting
from cases.models import (
    Body,
    Case,
    DeliberationOutcome,
    Meeting,
    Response,
    Role,
    VoteChoice,
)
from tests.together import at_once, outcomes
from tests.workflows.meetings.hall import Hall, build_hall
from workflows import case_acts
from workflows.meetings import agenda, attendance, minutes, plan, session, votes
from workflows.models import WorkItem
from workflows.steps.vote import Ballot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    return build_hall()


def unbroken(*things: Case | Meeting) -> bool:
    for thing in things:
        thing.refresh_from_db()
    return not any(
        list(verify_case(thing) if isinstance(thing, Case) else verify_meeting(thing)) for thing in things
    )


def test_the_last_vote_against_the_settlement(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    hall.vote(item, "chair", VoteChoice.FOR)
    hall.vote(item, "mem-lk", VoteChoice.FOR)
    now = hall.world.tick(minutes=1)
    voter, keeper = hall.person("mem-liu"), hall.person("secretary")
    where: dict[str, Any] = {"meeting_id": meeting.pk, "item_id": item.pk, "now": now}
    done, refused = outcomes(
        at_once(
            lambda: votes.vote_at_meeting(actor=voter, ballot=Ballot(VoteChoice.AGAINST), **where),
            lambda: session.settle_case(
                actor=keeper, settlement=session.Settlement(DeliberationOutcome.RECOMMEND), **where
            ),
            behind=meeting,
        )
    )
    deliberation = case.deliberations.get()
    assert deliberation.outcome == "recommend"
    counted = case.events.get(kind="deliberation_concluded").data["votes_against"]
    assert counted == deliberation.votes.filter(choice="against").count()
    assert len(done) == (2 if counted else 1)
    assert [type(error) for error in refused] == ([] if counted else [AlreadyDone])
    assert unbroken(case, meeting)


def test_two_keepers_settle_one_item_and_one_paragraph_is_given(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    now = hall.world.tick(minutes=1)
    one, other = hall.person("secretary"), hall.person("chair")
    where: dict[str, Any] = {"meeting_id": meeting.pk, "item_id": item.pk, "now": now}
    yes = session.Settlement(DeliberationOutcome.RECOMMEND)
    no = session.Settlement(DeliberationOutcome.DECLINE, reasons="Nej.")
    done, refused = outcomes(
        at_once(
            lambda: session.settle_case(actor=one, settlement=yes, **where),
            lambda: session.settle_case(actor=other, settlement=no, **where),
            behind=meeting,
        )
    )
    assert (len(done), [type(error) for error in refused]) == (1, [AlreadyDone])
    assert case.events.filter(kind="deliberation_concluded").count() == 1
    assert list(meeting.items.values_list("paragraph", flat=True)) == [1]
    assert unbroken(case, meeting)


def test_a_member_who_comes_after_all_against_the_deputy_who_accepts(hall: Hall) -> None:
    hall.world.add_person("deputy", "lk")
    hall.world.give(
        "deputy",
        Role.STEERING_MEMBER,
        hall.body,
        represents=hall.world.organisations["lk"],
        deputy_for=hall.person("mem-lk"),
        deputy_order=1,
    )
    (case,) = hall.waiting()
    meeting = hall.called([case])
    attendance.answer_notice(
        meeting_id=meeting.pk, actor=hall.person("mem-lk"), accept=False, now=hall.world.tick()
    )
    now = hall.world.tick()
    member, deputy = hall.person("mem-lk"), hall.person("deputy")
    at_once(
        lambda: attendance.answer_notice(meeting_id=meeting.pk, actor=member, accept=True, now=now),
        lambda: attendance.answer_notice(meeting_id=meeting.pk, actor=deputy, accept=True, now=now),
        behind=meeting,
    )
    seat = hall.seat(meeting, "mem-lk")
    assert (seat.response, seat.serving) == (Response.ACCEPTED, member)
    assert unbroken(meeting)


def test_two_deputies_of_one_seat_never_both_serve(hall: Hall) -> None:
    for order, name in enumerate(("first", "second"), 1):
        hall.world.add_person(name, "lk")
        hall.world.give(
            name,
            Role.STEERING_MEMBER,
            hall.body,
            represents=hall.world.organisations["lk"],
            deputy_for=hall.person("mem-lk"),
            deputy_order=order,
        )
    (case,) = hall.waiting()
    meeting = hall.called([case])
    answer = attendance.answer_notice
    answer(meeting_id=meeting.pk, actor=hall.person("mem-lk"), accept=False, now=hall.world.tick())
    answer(meeting_id=meeting.pk, actor=hall.person("first"), accept=False, now=hall.world.tick())
    now = hall.world.tick()
    first, second = hall.person("first"), hall.person("second")
    done, refused = outcomes(
        at_once(
            lambda: answer(meeting_id=meeting.pk, actor=first, accept=True, now=now),
            lambda: answer(meeting_id=meeting.pk, actor=second, accept=True, now=now),
            behind=meeting,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] in ([AlreadyDone], [NotAllowed])
    assert hall.seat(meeting, "mem-lk").serving in (first, second)


def test_two_agendas_do_not_get_the_same_case(hall: Hall) -> None:
    (case,) = hall.waiting()
    one, other = hall.planned(days=10), hall.planned(days=20)
    now, keeper, chair = hall.world.tick(), hall.person("secretary"), hall.person("chair")
    put = agenda.put_on_agenda
    done, refused = outcomes(
        at_once(
            lambda: put(meeting_id=one.pk, actor=keeper, case_ids=[case.pk], now=now),
            lambda: put(meeting_id=other.pk, actor=chair, case_ids=[case.pk], now=now),
            behind=Body.objects.get(pk=hall.body.pk),
        )
    )
    assert (len(done), [type(error) for error in refused]) == (1, [InvalidInput])
    assert case.agenda_items.count() == 1


def test_two_meetings_are_not_planned_for_the_same_time(hall: Hall) -> None:
    start = hall.world.now.replace(hour=9, minute=0)
    when = plan.When(start + dt.timedelta(days=9), start + dt.timedelta(days=9, hours=2), "Eken")
    now, keeper, chair = hall.world.tick(), hall.person("secretary"), hall.person("chair")
    done, refused = outcomes(
        at_once(
            lambda: plan.plan_meeting(body=hall.body, actor=keeper, when=when, now=now),
            lambda: plan.plan_meeting(body=hall.body, actor=chair, when=when, now=now),
            behind=Body.objects.get(pk=hall.body.pk),
        )
    )
    assert (len(done), [type(error) for error in refused]) == (1, [InvalidInput])


def test_withdrawing_a_case_against_settling_it(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    now = hall.world.tick(minutes=1)
    proposer, keeper = hall.person("proposer"), hall.person("secretary")
    settled = session.Settlement(DeliberationOutcome.DECLINE, reasons="Nej.")
    done, refused = outcomes(
        at_once(
            lambda: case_acts.withdraw(case_id=case.pk, actor=proposer, reason="", now=now),
            lambda: session.settle_case(
                meeting_id=meeting.pk, item_id=item.pk, actor=keeper, settlement=settled, now=now
            ),
            behind=case,
        )
    )
    assert (len(done), [type(error) for error in refused]) == (1, [WrongState])
    assert not WorkItem.objects.filter(case=case, open=True).exists()
    assert unbroken(case, meeting)


def test_the_last_two_adjusters_at_once_adjust_the_minutes_once(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(hall.take_up(meeting, case))
    hall.close(meeting)
    made = minutes.make_minutes(
        meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick(minutes=1)
    )
    now = hall.world.tick(minutes=1)
    one, other = hall.person("mem-lk"), hall.person("mem-liu")
    adjust = minutes.adjust_minutes
    done, refused = outcomes(
        at_once(
            lambda: adjust(meeting_id=meeting.pk, actor=one, sha256=made.sha256, now=now),
            lambda: adjust(meeting_id=meeting.pk, actor=other, sha256=made.sha256, now=now),
            behind=meeting,
        )
    )
    assert (len(done), refused) == (2, [])
    assert meeting.events.filter(kind="meeting_adjusted").count() == 1
    assert unbroken(meeting)
