"""What two keepers, or a keeper and a member, do to a meeting at the same moment has exactly one outcome."""

from __future__ import annotations

import pytest

from cases.errors import AlreadyDone, DomainError, InvalidInput, WrongState
from cases.meeting_history import verify_meeting
from cases.models import AgendaItem, DeliberationOutcome, Meeting, VoteChoice
from tests.together import at_once, outcomes
from tests.workflows.meetings.hall import Hall, build_hall
from workflows.meetings import agenda, session, votes
from workflows.steps.vote import Ballot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    return build_hall()


def unbroken(meeting: Meeting) -> bool:
    meeting.refresh_from_db()
    return list(verify_meeting(meeting)) == []


def test_a_case_is_put_on_one_of_two_agendas(hall: Hall) -> None:
    (case,) = hall.waiting()
    first, second = hall.planned(), hall.planned(days=30)
    now = hall.world.tick()
    secretary, chair = hall.person("secretary"), hall.person("chair")
    done, refused = outcomes(
        at_once(
            lambda: agenda.put_on_agenda(meeting_id=first.pk, actor=secretary, case_ids=[case.pk], now=now),
            lambda: agenda.put_on_agenda(meeting_id=second.pk, actor=chair, case_ids=[case.pk], now=now),
            behind=case,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [InvalidInput]
    assert AgendaItem.objects.filter(case=case).count() == 1


def test_two_keepers_settle_an_item_and_it_gets_one_paragraph(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    now = hall.world.tick(minutes=1)
    settlement = session.Settlement(DeliberationOutcome.RECOMMEND)

    def settle(name: str):  # type: ignore[no-untyped-def]
        person = hall.person(name)
        return lambda: session.settle_case(
            meeting_id=meeting.pk, item_id=item.pk, actor=person, settlement=settlement, now=now
        )

    done, refused = outcomes(at_once(settle("secretary"), settle("chair")))
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    assert list(meeting.items.values_list("paragraph", flat=True)) == [1]
    assert unbroken(meeting)


def test_two_keepers_take_up_two_items_and_one_waits(hall: Hall) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    first, second = meeting.items.get(case=one), meeting.items.get(case=two)
    now = hall.world.tick(minutes=1)
    secretary, chair = hall.person("secretary"), hall.person("chair")
    done, refused = outcomes(
        at_once(
            lambda: session.take_up(meeting_id=meeting.pk, item_id=first.pk, actor=secretary, now=now),
            lambda: session.take_up(meeting_id=meeting.pk, item_id=second.pk, actor=chair, now=now),
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [WrongState]
    assert meeting.items.filter(status="open").count() == 1
    assert unbroken(meeting)


def test_a_vote_and_the_settling_of_its_item_are_one_after_the_other(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    now = hall.world.tick(minutes=1)
    secretary, member = hall.person("secretary"), hall.person("mem-lk")
    results = at_once(
        lambda: session.settle_case(
            meeting_id=meeting.pk,
            item_id=item.pk,
            actor=secretary,
            settlement=session.Settlement(DeliberationOutcome.RECOMMEND),
            now=now,
        ),
        lambda: votes.vote_at_meeting(
            meeting_id=meeting.pk, item_id=item.pk, actor=member, ballot=Ballot(VoteChoice.FOR), now=now
        ),
    )
    assert not isinstance(results[0], Exception)
    found = case.deliberations.get()
    if isinstance(results[1], Exception):
        assert isinstance(results[1], DomainError)
        assert (found.acclaimed, found.votes.count()) == (True, 0)
    else:
        assert (found.acclaimed, found.votes.count()) == (False, 1)
    assert unbroken(meeting)
