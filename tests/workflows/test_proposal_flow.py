"""The main flow from draft to follow-up, its loops and its ends."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.access import access_of
from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, WrongState
from cases.history import verify_case
from cases.models import (
    Case,
    DecisionOutcome,
    DeliberationOutcome,
    RegistryNumber,
    ReviewOutcome,
    Role,
    RoleHolding,
    VoteChoice,
)
from cases.roles import give_role
from tests.world import FIRST_DAY, World, build_world
from workflows import case_acts, inbox
from workflows.models import CaseProcess, WorkItem
from workflows.proposals import discard_draft, submit_proposal
from workflows.steps.screen import ScreenOutcome
from workflows.steps.vote import close_voting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def steps(case: Case) -> list[str]:
    return [item.step for item in WorkItem.objects.filter(case=case, open=True).order_by("pk")]


def end_of(case: Case) -> tuple[str, str]:
    case.refresh_from_db()
    return case.status, case.end_state


def test_a_proposal_goes_from_draft_to_closed_through_all_five_stages(world: World) -> None:
    case = world.finish(world.submitted())
    stages = [e.data["stage"] for e in case.events.filter(kind="stage_entered").order_by("seq")]
    assert stages == ["preparation", "agreement", "approval", "follow_up"]
    assert end_of(case) == ("closed", "completed")
    assert list(verify_case(case)) == []
    assert CaseProcess.objects.get(case=case).status == "DONE"
    assert not WorkItem.objects.filter(case=case, finished=None).exists()


def test_every_party_registers_the_case_under_its_own_number(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    numbers = set(RegistryNumber.objects.filter(case=case).values_list("organisation__slug", "text"))
    assert numbers == {("lk", "KS 2021-00001"), ("liu", "LiU-2021-00001")}


def test_a_partnership_of_three_parties_hears_and_asks_all_three() -> None:
    world = build_world(parties=3)
    case = world.submitted()
    assert len(world.advance(case, to="statement")) == 3
    assert len(world.advance(case, to="decide")) == 3
    assert end_of(world.finish(case)) == ("closed", "completed")


def test_a_returned_proposal_is_completed_and_screened_again(world: World) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Vilka studenter?")
    assert steps(case) == ["complete"]
    world.act(case, "complete", content=world.content(description="Studenter vid LiU."))
    assert steps(case) == ["screen"]
    case.proposal.refresh_from_db()
    assert case.proposal.description == "Studenter vid LiU."


def test_a_return_without_reasons_is_refused_and_changes_nothing(world: World) -> None:
    case = world.submitted()
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "screen", outcome=ScreenOutcome.RETURN)
    assert set(refusal.value.errors) == {"reasons"}
    assert steps(case) == ["screen"]


def test_a_declined_proposal_is_closed(world: World) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Hör till en annan plan.")
    assert end_of(case) == ("closed", "declined")
    assert steps(case) == []


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


def test_changes_requested_in_review_lead_to_a_new_version(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    world.act(
        case,
        "review_agreement",
        by="counsel-lk",
        outcome=ReviewOutcome.CHANGES,
        comment="Ange studenternas försäkring.",
    )
    world.act(case, "review_agreement", by="counsel-liu")
    assert steps(case) == ["draft_agreement"]
    world.advance(case, to="decide")
    assert list(case.agreement.versions.values_list("number", flat=True)) == [1, 2]


def test_without_need_of_an_agreement_the_parties_decide_at_once_and_nobody_signs(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="agreement_need")
    world.act(case, "agreement_need", needed=False, reason="Ingår i ramavtalet.")
    world.advance(case, to="report")
    assert not WorkItem.objects.filter(case=case, step="sign").exists()


def test_each_partys_chain_has_as_many_steps_as_its_profile_says(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.advance(case, to="sign")
    decided = case.decisions.order_by("party__slug", "pk").values_list("party__slug", "step", "is_final")
    assert list(decided) == [("liu", "rektor", True), ("lk", "tjansteskrivelse", False), ("lk", "ks", True)]


def test_a_chain_step_refers_back_to_an_earlier_step_of_its_own_chain(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    world.act(
        case,
        "decide",
        by="board-lk",
        outcome=DecisionOutcome.REFER_BACK,
        reasons="Komplettera.",
        refer_back_to="tjansteskrivelse",
    )
    assert world.item_of(case, "decide", "clerk-lk").data["index"] == 0


def test_a_chain_step_cannot_refer_back_where_its_profile_does_not_let_it(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    with pytest.raises(InvalidInput) as refusal:
        world.act(
            case, "decide", by="clerk-lk", outcome=DecisionOutcome.REFER_BACK, reasons="?", refer_back_to="ks"
        )
    assert refusal.value.field == "refer_back_to"


def test_a_tabled_chain_step_wakes_on_its_day(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    day = (world.now + dt.timedelta(days=14)).date()
    world.act(
        case, "decide", by="clerk-lk", outcome=DecisionOutcome.TABLE, reasons="Semester.", tabled_until=day
    )
    assert len(world.open_items(case, "decide")) == 1
    world.wait_for_timer(case)
    assert world.item_of(case, "decide", "clerk-lk").open


def test_one_partys_rejection_ends_the_case_and_the_other_partys_open_step(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REJECT, reasons="Ingen finansiering.")
    assert end_of(case) == ("closed", "rejected")
    cancelled = case.events.get(kind="steps_cancelled")
    assert cancelled.data["step"] == "decide"


def test_only_the_step_that_decides_for_the_party_can_reject(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "decide", by="clerk-lk", outcome=DecisionOutcome.REJECT, reasons="Nej.")
    assert refusal.value.field == "outcome"


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


def test_referred_back_to_the_joint_preparation_everything_is_decided_in_a_new_round(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REFER_BACK, reasons="Se över målen.")
    assert steps(case) == ["prepare"]
    case.refresh_from_db()
    assert case.round == 2
    assert end_of(world.finish(case)) == ("closed", "completed")


def test_a_refused_signature_leads_back_to_the_agreement_and_both_or_none_have_signed(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="sign")
    world.act(case, "sign", by="sign-lk")
    world.act(case, "sign", by="sign-liu", signed=False, refusal_reason="Fel part angiven.")
    assert steps(case) == ["draft_agreement"]
    case.agreement.refresh_from_db()
    assert case.agreement.in_force_since is None
    assert end_of(world.finish(case)) == ("closed", "completed")
    case.agreement.refresh_from_db()
    assert case.agreement.in_force_since is not None


def test_what_is_signed_is_what_was_shown(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="sign")
    with pytest.raises(InvalidInput) as refusal:
        world.act(case, "sign", by="sign-lk", checksum="0" * 64)
    assert refusal.value.field == "checksum"


def test_continuous_reporting_asks_before_every_council_meeting(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="report")
    first = world.open_items(case, "report")[0]
    world.act(case, "report")
    world.advance(case, to="report")
    second = world.open_items(case, "report")[0]
    assert (first.due_on, second.due_on) == (dt.date(2021, 9, 15), dt.date(2021, 11, 15))


def test_a_report_due_in_a_season_is_asked_for_once(world: World) -> None:
    case = world.submitted(reporting_words="Våren 2023.")
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].due_on == dt.date(2023, 5, 31)
    world.act(case, "report")
    assert steps(case) == ["closing_report"]


def test_the_named_reporter_is_asked_and_not_the_proposer(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="prepare")
    world.act(case, "prepare", reporter=world.person("contact-liu"))
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].owner == world.person("contact-liu")


def test_the_areas_own_contact_person_is_asked_where_there_is_one(world: World) -> None:
    world.add_person("growth-lk", "lk")
    world.give("growth-lk", Role.CONTACT_PERSON, world.organisations["lk"], area=world.area)
    case = world.submitted()
    world.advance(case, to="statement")
    assert world.item_of(case, "statement", "growth-lk").party == world.organisations["lk"]


def test_a_proposer_withdraws_until_the_parties_begin_to_decide(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    case_acts.withdraw(case_id=case.pk, actor=world.person("proposer"), reason="", now=world.tick())
    assert end_of(case) == ("closed", "withdrawn")
    other = world.submitted()
    world.advance(other, to="decide")
    with pytest.raises(WrongState):
        case_acts.withdraw(case_id=other.pk, actor=world.person("proposer"), reason="", now=world.tick())


def test_a_case_on_hold_has_no_open_task_and_resumes_with_its_days_left(world: World) -> None:
    case = world.submitted()
    before = world.open_items(case)[0].due_on
    case_acts.hold(
        case_id=case.pk, actor=world.person("coordinator"), reason="Inväntar budget.", now=world.tick()
    )
    assert steps(case) == []
    item = WorkItem.objects.get(case=case, step="screen")
    with pytest.raises(WrongState):
        world.do(item, by="coordinator")
    case_acts.resume(case_id=case.pk, actor=world.person("coordinator"), now=world.tick(days=14))
    after = world.open_items(case)[0].due_on
    assert before is not None
    assert after is not None
    assert (after - before).days == 14


def test_a_timer_does_not_move_a_case_on_hold(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    day = (world.now + dt.timedelta(days=3)).date()
    world.act(case, "conclude", outcome=DeliberationOutcome.TABLE, reasons="?", tabled_until=day)
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Vilar.", now=world.tick())
    from workflows.timers import fire_due_timers

    assert fire_due_timers(world.tick(days=10)) == 0
    case_acts.resume(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    assert fire_due_timers(world.tick()) == 1


def test_a_question_to_the_proposer_is_a_task_beside_the_others(world: World) -> None:
    case = world.submitted()
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    assert steps(case) == ["screen", "answer"]
    world.act(case, "answer")
    assert steps(case) == ["screen"]
    assert case.questions.get().answer == "Tolv studenter."


def test_a_question_left_open_does_not_keep_the_case_from_ending(world: World) -> None:
    case = world.submitted()
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Nej.")
    assert not WorkItem.objects.filter(case=case, open=True).exists()


def test_a_task_done_is_not_done_again(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.do(item, by="coordinator")
    with pytest.raises(AlreadyDone):
        world.do(item, by="coordinator")


def test_nobody_screens_a_proposal_of_their_own(world: World) -> None:
    case = world.submitted(by="coordinator")
    with pytest.raises(NotAllowed):
        world.act(case, "screen", by="coordinator")


def test_somebody_outside_learns_not_even_that_the_task_exists(world: World) -> None:
    case = world.submitted()
    with pytest.raises(NotFound):
        world.do(world.open_items(case)[0], by="outsider")


def test_the_other_party_may_not_know_of_a_partys_internal_step(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    item = world.item_of(case, "decide", "clerk-lk")
    with pytest.raises(NotFound):
        world.do(item, by="decider-liu")


def test_a_partys_internal_step_leaves_no_trace_in_the_order_of_lists(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    case.refresh_from_db()
    before = case.updated_at
    world.act(case, "decide", by="clerk-lk")
    case.refresh_from_db()
    assert case.updated_at == before
    world.act(case, "decide", by="board-lk")
    case.refresh_from_db()
    assert case.updated_at > before


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


def test_a_role_that_has_ended_lets_nobody_act(world: World) -> None:
    case = world.submitted()
    RoleHolding.objects.filter(person=world.person("coordinator")).update(valid_until=dt.date(2021, 1, 1))
    with pytest.raises(NotFound):
        world.do(world.open_items(case)[0], by="coordinator")


def test_a_task_is_claimed_released_and_handed_over(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    item = world.open_items(case)[0]
    inbox.claim(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    with pytest.raises(AlreadyDone):
        inbox.claim(item_id=item.pk, actor=world.person("colleague"), now=world.tick())
    inbox.release(item_id=item.pk, actor=world.person("coordinator"), now=world.tick())
    inbox.hand_over(
        item_id=item.pk, actor=world.person("coordinator"), to=world.person("colleague"), now=world.tick()
    )
    item.refresh_from_db()
    assert item.owner == world.person("colleague")
    world.do(item, by="colleague")


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


def test_a_running_case_keeps_the_profile_version_it_began_with(world: World) -> None:
    from tests.world import PROFILE
    from workflows.profiles import load_profile

    case = world.submitted()
    changed = PROFILE.replace("id: rektor, title: Rektor", "id: dekan, title: Dekan")
    load_profile(changed, filename="lk-liu.yaml", now=world.tick())
    other = world.submitted()
    assert {case.processes.get().profile_version.number, other.processes.get().profile_version.number} == {
        1,
        2,
    }
    world.advance(case, to="sign")
    assert "rektor" in set(case.decisions.values_list("step", flat=True))


def test_a_draft_is_seen_by_its_proposer_alone_and_can_be_thrown_away(world: World) -> None:
    case = world.draft()
    with pytest.raises(NotFound):
        submit_proposal(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    discard_draft(case_id=case.pk, actor=world.person("proposer"), now=world.tick())
    assert not Case.objects.filter(pk=case.pk).exists()


def test_a_staff_exchange_needs_purpose_terms_and_benefit_before_it_is_submitted(world: World) -> None:
    case = world.draft(kind="staff_exchange")
    with pytest.raises(InvalidInput) as refusal:
        submit_proposal(case_id=case.pk, actor=world.person("proposer"), now=world.tick())
    assert set(refusal.value.errors) == {"purpose", "terms", "benefit"}


def test_a_role_given_twice_from_the_same_day_is_refused(world: World) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        give_role(
            person=world.person("coordinator"),
            role=Role.COORDINATOR,
            scope=world.partnership,
            valid_from=FIRST_DAY,
        )


def test_a_task_that_only_the_proposer_could_do_can_be_given_to_another_at_the_same_party(
    world: World,
) -> None:
    case = world.submitted(by="board-lk")
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = next(i for i in world.open_items(case, "decide") if i.party == world.organisations["lk"])
    world.add_person("director-lk", "lk")
    world.give("director-lk", Role.DECISION_MAKER, world.organisations["lk"])
    with pytest.raises(NotAllowed):
        world.do(item, by="board-lk")
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("director-lk"),
        reason="Eget förslag.",
        now=world.tick(),
    )
    assert world.do(WorkItem.objects.get(pk=item.pk), by="director-lk").is_final


def test_whoever_takes_over_the_proposers_task_sees_the_case(world: World) -> None:
    world.add_person("colleague", "lk")
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Mer.")
    item = world.open_items(case)[0]
    case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("colleague"),
        reason="Föräldraledig.",
        now=world.tick(),
    )
    assert Case.objects.visible_to(access_of(world.person("colleague"), on=world.now.date())).get() == case
    world.do(WorkItem.objects.get(pk=item.pk), by="colleague")


def test_a_deputy_who_has_claimed_the_task_still_acts_for_the_one_they_stand_in_for(world: World) -> None:
    world.add_person("vice", "lk")
    world.give("vice", Role.DECISION_MAKER, world.board, deputy_for=world.person("board-lk"))
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = world.item_of(case, "decide", "board-lk")
    inbox.claim(item_id=item.pk, actor=world.person("vice"), now=world.tick())
    decision = world.do(WorkItem.objects.get(pk=item.pk), by="vice")
    assert decision.on_behalf_of == world.person("board-lk")


def test_without_readable_words_the_council_hears_at_every_meeting(world: World) -> None:
    case = world.submitted(reporting_words="när det passar")
    world.advance(case, to="report")
    assert world.open_items(case, "report")[0].due_on == dt.date(2021, 9, 15)


def test_the_parties_keep_the_order_of_the_signed_document(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    assert [item.party.slug for item in world.open_items(case) if item.party] == ["lk", "liu"]
