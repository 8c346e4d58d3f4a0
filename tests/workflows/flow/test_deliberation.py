"""The steering group's votes, the chair's conclusion, and what follows from each."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.errors import InvalidInput, NotAllowed
from cases.models import (
    DeliberationOutcome,
    RegistryNumber,
    Role,
    VoteChoice,
)
from tests.workflows.flow.state import end_of, steps
from tests.world import FIRST_DAY, World
from workflows import case_acts
from workflows.models import WorkItem
from workflows.steps.vote import close_voting

pytestmark = pytest.mark.django_db


def test_members_vote_in_parallel_and_the_chair_then_concludes(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    assert steps(case) == ["vote", "vote", "vote"]
    world.act(case, "vote", by="mem-liu", choice=VoteChoice.AGAINST)
    world.act(case, "vote", by="mem-lk")
    assert steps(case) == ["vote"]
    world.act(case, "vote", by="chair")
    assert steps(case) == ["conclude"]


def test_the_votes_bind_the_chair(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    for name in ("mem-lk", "mem-liu", "chair"):
        world.act(case, "vote", by=name, choice=VoteChoice.AGAINST)
    with pytest.raises(InvalidInput):
        world.act(case, "conclude", outcome=DeliberationOutcome.RECOMMEND)
    world.act(case, "conclude", outcome=DeliberationOutcome.DECLINE, reasons="Rösterna föll så.")
    assert end_of(case) == ("closed", "declined")


def test_a_tie_is_the_chairs_to_decide_and_the_casting_vote_is_recorded(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.FOR)
    world.act(case, "vote", by="mem-liu", choice=VoteChoice.AGAINST)
    world.act(case, "vote", by="chair", choice=VoteChoice.ABSTAIN)
    deliberation = world.act(case, "conclude", outcome=DeliberationOutcome.RECOMMEND)
    assert deliberation.casting_vote


def test_a_member_with_a_conflict_of_interest_counts_neither_in_the_vote_nor_in_the_quorum(
    world: World,
) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-liu", choice=VoteChoice.RECUSED, reasons="Min bror leder projektet.")
    world.act(case, "vote", by="mem-lk")
    world.act(case, "vote", by="chair")
    deliberation = world.act(case, "conclude")
    assert (deliberation.outcome, deliberation.casting_vote) == ("recommend", False)


def test_without_a_quorum_nothing_is_decided_in_the_matter_itself(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    for name in ("mem-lk", "mem-liu", "chair"):
        world.act(case, "vote", by=name, choice=VoteChoice.RECUSED, reasons="Jäv.")
    with pytest.raises(InvalidInput):
        world.act(case, "conclude", outcome=DeliberationOutcome.RECOMMEND)
    world.act(case, "conclude", outcome=DeliberationOutcome.PREPARE_AGAIN, reasons="Ingen kan rösta.")
    assert steps(case) == ["prepare"]


def test_the_chair_can_close_a_vote_that_has_its_quorum(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk")
    with pytest.raises(InvalidInput):
        close_voting(case_id=case.pk, actor=world.person("chair"), now=world.tick())
    world.act(case, "vote", by="chair")
    close_voting(case_id=case.pk, actor=world.person("chair"), now=world.tick())
    assert steps(case) == ["conclude"]
    assert WorkItem.objects.get(case=case, step="vote", status="CANCELED").owner == world.person("mem-liu")


def test_the_proposer_is_not_called_to_vote_on_a_proposal_of_their_own(world: World) -> None:
    case = world.submitted(by="mem-lk")
    items = world.advance(case, to="vote")
    assert world.people_ids["mem-lk"] not in {item.owner_id for item in items}


def test_a_tabled_deliberation_waits_for_its_day_and_is_voted_on_anew(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    day = (world.now + dt.timedelta(days=30)).date()
    world.act(
        case, "conclude", outcome=DeliberationOutcome.TABLE, reasons="Invänta budget.", tabled_until=day
    )
    assert steps(case) == []
    world.wait_for_timer(case)
    assert steps(case) == ["vote", "vote", "vote"]
    assert case.deliberations.count() == 2


def test_referred_back_to_the_proposer_the_parties_are_heard_again_in_a_new_round(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    world.act(case, "conclude", outcome=DeliberationOutcome.REFER_BACK, reasons="Vad kostar det?")
    assert steps(case) == ["complete"]
    world.advance(case, to="prepare")
    assert set(case.statements.values_list("round", flat=True)) == {1, 2}
    assert RegistryNumber.objects.filter(case=case).count() == 2


def test_the_casting_vote_is_not_given_to_somebody_without_a_vote(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    item = world.open_items(case)[0]
    with pytest.raises(InvalidInput):
        case_acts.reassign(
            case_id=case.pk,
            item_id=item.pk,
            actor=world.person("coordinator"),
            to=world.person("secretary"),
            reason="Sjuk.",
            now=world.tick(),
        )


def test_a_deputy_acts_for_the_member_and_the_history_says_for_whom(world: World) -> None:
    world.add_person("deputy", "liu")
    world.give(
        "deputy",
        Role.STEERING_MEMBER,
        world.council,
        represents=world.organisations["liu"],
        deputy_for=world.person("mem-liu"),
    )
    case = world.submitted()
    item = next(i for i in world.advance(case, to="vote") if i.owner_id == world.people_ids["mem-liu"])
    vote = world.do(item, by="deputy")
    assert (vote.member_id, vote.cast_by_id) == (world.people_ids["mem-liu"], world.people_ids["deputy"])
    event = case.events.get(kind="vote_cast")
    assert event.on_behalf_of_id == world.people_ids["mem-liu"]


def test_nobody_votes_twice_not_even_for_somebody_else(world: World) -> None:
    world.give(
        "mem-lk",
        Role.STEERING_MEMBER,
        world.council,
        deputy_for=world.person("mem-liu"),
        valid_from=FIRST_DAY,
    )
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk")
    item = next(i for i in world.open_items(case) if i.owner_id == world.people_ids["mem-liu"])
    with pytest.raises(NotAllowed):
        world.do(item, by="mem-lk")


def test_a_vote_is_given_to_a_deputy_who_has_none_of_their_own(world: World) -> None:
    world.add_person("deputy", "liu")
    world.give("deputy", Role.STEERING_MEMBER, world.council, deputy_for=world.person("chair"))
    case = world.submitted()
    item = next(i for i in world.advance(case, to="vote") if i.owner_id == world.people_ids["mem-liu"])
    arguments = {"case_id": case.pk, "item_id": item.pk, "actor": world.person("chair"), "reason": "Sjuk."}
    with pytest.raises(InvalidInput):
        case_acts.reassign(to=world.person("mem-lk"), now=world.tick(), **arguments)
    case_acts.reassign(to=world.person("deputy"), now=world.tick(), **arguments)
    assert world.do(WorkItem.objects.get(pk=item.pk), by="deputy").cast_by == world.person("deputy")
