"""Everything that two can do at the same moment has exactly one outcome, and the other gets a clear message."""

from __future__ import annotations

import pytest

from cases.errors import AlreadyDone, DomainError, NotFound, WrongState
from cases.history import verify_case
from cases.models import Case, RegistryNumber, Role, VoteChoice
from cases.register import register_case
from tests.together import at_once, outcomes
from tests.world import World, build_world
from workflows import case_acts, inbox
from workflows.models import WorkItem
from workflows.proposals import submit_proposal
from workflows.steps.screen import ScreenOutcome, screen_proposal
from workflows.steps.vote import close_voting
from workflows.timers import fire_timer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return build_world()


def unbroken(case: Case) -> bool:
    case.refresh_from_db()
    return list(verify_case(case)) == []


def test_two_members_cast_the_last_votes_and_the_deliberation_is_concluded_once(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="chair")
    mine, theirs = world.item_of(case, "vote", "mem-lk"), world.item_of(case, "vote", "mem-liu")
    now = world.tick()
    one, other = world.person("mem-lk"), world.person("mem-liu")
    vote, _usual = world.usual(mine)
    done, refused = outcomes(
        at_once(
            lambda: vote(item_id=mine.pk, actor=one, choice=VoteChoice.FOR, now=now),
            lambda: vote(item_id=theirs.pk, actor=other, choice=VoteChoice.AGAINST, now=now),
            behind=case,
        )
    )
    assert (len(done), refused) == (2, [])
    assert WorkItem.objects.filter(case=case, step="conclude").count() == 1
    assert WorkItem.objects.filter(case=case, step="votes_in").count() == 1
    assert unbroken(case)


def test_the_same_vote_posted_twice_counts_once(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    item = world.item_of(case, "vote", "mem-lk")
    vote, usual = world.usual(item)
    now = world.tick()
    one, same = world.person("mem-lk"), world.person("mem-lk")
    done, refused = outcomes(
        at_once(
            lambda: vote(item_id=item.pk, actor=one, now=now, **usual),
            lambda: vote(item_id=item.pk, actor=same, now=now, **usual),
            behind=case,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    assert case.deliberations.get().votes.count() == 1
    assert unbroken(case)


def test_two_people_claim_one_task_and_one_gets_it(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    item = world.open_items(case)[0]
    now = world.tick()
    one, other = world.person("coordinator"), world.person("colleague")
    done, refused = outcomes(
        at_once(
            lambda: inbox.claim(item_id=item.pk, actor=one, now=now),
            lambda: inbox.claim(item_id=item.pk, actor=other, now=now),
            behind=case,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    item.refresh_from_db()
    assert item.owner == done[0].owner
    assert item.owner is not None
    assert str(refused[0]).startswith(item.owner.name)


def test_two_coordinators_screen_one_proposal_differently_and_one_outcome_stands(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    item = world.open_items(case)[0]
    now = world.tick()
    one, other = world.person("coordinator"), world.person("colleague")
    done, refused = outcomes(
        at_once(
            lambda: screen_proposal(item_id=item.pk, actor=one, outcome=ScreenOutcome.ACCEPT, now=now),
            lambda: screen_proposal(
                item_id=item.pk, actor=other, outcome=ScreenOutcome.DECLINE, reasons="Nej.", now=now
            ),
            behind=case,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] in ([AlreadyDone], [WrongState])
    assert case.events.filter(kind="screened").count() == 1
    assert unbroken(case)


def test_approving_against_withdrawing_leaves_one_of_them(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    item = world.open_items(case)[0]
    conclude, usual = world.usual(item)
    now = world.tick()
    chair, proposer = world.person("chair"), world.person("proposer")
    done, refused = outcomes(
        at_once(
            lambda: conclude(item_id=item.pk, actor=chair, now=now, **usual),
            lambda: case_acts.withdraw(case_id=case.pk, actor=proposer, reason="", now=now),
            behind=case,
        )
    )
    case.refresh_from_db()
    kinds = set(case.events.values_list("kind", flat=True))
    # A conclusion first, then a withdrawal, is lawful: agreement comes before approval.
    assert "withdrawn" in kinds
    assert case.end_state == "withdrawn"
    assert len(done) == 2 or [type(e) for e in refused] in ([WrongState], [AlreadyDone])
    assert not WorkItem.objects.filter(case=case, open=True).exists()
    assert unbroken(case)


def test_the_last_step_before_approval_against_withdrawing_has_one_winner(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="agreement_need")
    item = world.open_items(case)[0]
    need, _usual = world.usual(item)
    now = world.tick()
    coordinator, proposer = world.person("coordinator"), world.person("proposer")
    done, refused = outcomes(
        at_once(
            lambda: need(item_id=item.pk, actor=coordinator, needed=False, reason="Ramavtal.", now=now),
            lambda: case_acts.withdraw(case_id=case.pk, actor=proposer, reason="", now=now),
            behind=case,
        )
    )
    case.refresh_from_db()
    assert len(done) == 1
    assert isinstance(refused[0], DomainError)
    assert (case.stage, case.end_state) in (("approval", ""), ("closed", "withdrawn"))
    assert unbroken(case)


def test_a_draft_submitted_twice_begins_one_process(world: World) -> None:
    case = world.draft()
    now = world.tick()
    one, same = world.person("proposer"), world.person("proposer")
    done, refused = outcomes(
        at_once(
            lambda: submit_proposal(case_id=case.pk, actor=one, now=now),
            lambda: submit_proposal(case_id=case.pk, actor=same, now=now),
            behind=case,
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [WrongState]
    assert case.processes.count() == 1


def test_registrations_of_many_cases_at_once_leave_no_gap_and_no_number_twice(world: World) -> None:
    cases = [world.submitted() for _ in range(6)]
    organisation = world.organisations["lk"]
    registrar = world.person("reg-lk")
    now = world.tick()
    done, refused = outcomes(
        at_once(
            *(
                lambda case=case: register_case(
                    case=case, organisation=organisation, actor=registrar, now=now
                )
                for case in cases
            )
        )
    )
    assert (len(done), refused) == (6, [])
    serials = RegistryNumber.objects.filter(organisation=organisation).values_list("serial", flat=True)
    assert sorted(serials) == [1, 2, 3, 4, 5, 6]


def test_one_case_registered_twice_at_once_gets_one_number_and_leaves_no_gap(world: World) -> None:
    case, later = world.submitted(), world.submitted()
    organisation, registrar, now = world.organisations["lk"], world.person("reg-lk"), world.tick()
    done, refused = outcomes(
        at_once(
            lambda: register_case(case=case, organisation=organisation, actor=registrar, now=now),
            lambda: register_case(case=case, organisation=organisation, actor=registrar, now=now),
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    assert register_case(case=later, organisation=organisation, actor=registrar, now=now).serial == 2


def test_the_last_vote_against_closing_the_vote_concludes_once(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="chair")
    world.act(case, "vote", by="mem-lk")
    item = world.item_of(case, "vote", "mem-liu")
    vote, usual = world.usual(item)
    now = world.tick()
    member, chair = world.person("mem-liu"), world.person("chair")
    done, refused = outcomes(
        at_once(
            lambda: vote(item_id=item.pk, actor=member, now=now, **usual),
            lambda: close_voting(case_id=case.pk, actor=chair, now=now),
            behind=case,
        )
    )
    assert len(done) == 1
    assert isinstance(refused[0], DomainError)
    assert WorkItem.objects.filter(case=case, step="conclude").count() == 1
    assert unbroken(case)


def test_two_workers_fire_one_timer_and_it_fires_once(world: World) -> None:
    case = world.submitted(reporting_words="Våren 2023.")
    world.advance(case, to="agreement_need")
    world.act(case, "agreement_need", needed=False, reason="Ramavtal.")
    while world.open_items(case):
        world.do(world.open_items(case)[0], by=world.holder_of(world.open_items(case)[0]))
    timer = WorkItem.objects.get(case=case, status="SCHEDULED")
    now = world.tick(days=900)
    done, refused = outcomes(
        at_once(
            lambda: fire_timer(item_id=timer.pk, case_id=case.pk, now=now),
            lambda: fire_timer(item_id=timer.pk, case_id=case.pk, now=now),
            behind=case,
        )
    )
    assert (sorted(done), refused) == ([False, True], [])
    assert len(world.open_items(case, "report")) == 1


def test_two_parties_decide_at_once_and_the_branches_meet_once(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    mine, theirs = world.item_of(case, "decide", "board-lk"), world.item_of(case, "decide", "decider-liu")
    decide, usual = world.usual(mine)
    now = world.tick()
    one, other = world.person("board-lk"), world.person("decider-liu")
    done, refused = outcomes(
        at_once(
            lambda: decide(item_id=mine.pk, actor=one, now=now, **usual),
            lambda: decide(item_id=theirs.pk, actor=other, now=now, **usual),
            behind=case,
        )
    )
    assert (len(done), refused) == (2, [])
    assert len(world.open_items(case, "sign")) == 2
    assert unbroken(case)


def test_a_task_that_somebody_else_did_meanwhile_is_unknown_to_nobody_who_may_see_the_case(
    world: World,
) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.do(item, by="coordinator")
    with pytest.raises(NotFound):
        world.do(item, by="outsider")
    with pytest.raises(AlreadyDone):
        world.do(item, by="coordinator")
