"""The table of who hears of what, walked with real acts."""

import datetime as dt

import pytest

from cases.models import CaseEvent, DecisionOutcome, DeliberationOutcome, Person, Role
from notifications import rules
from notifications.models import Kind, Message
from tests.notifications.post import expand, forget, told
from tests.world import FIRST_DAY, World, build_world
from workflows.case_acts import add_comment, ask_proposer, cancel, hold, reassign, remind, resume, withdraw
from workflows.inbox import claim, hand_over
from workflows.steps.screen import ScreenOutcome
from workflows.steps.vote import close_voting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def names(kind: str, case: object) -> list[str]:
    return [name for name, _kind, _item in told(kind, case)]  # type: ignore[arg-type]


def test_a_new_task_of_a_role_reaches_all_who_hold_it(world: World) -> None:
    world.add_person("coordinator-2", "liu", full_name="Kim Coordinator")
    world.give("coordinator-2", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    expand(world.now)
    item = world.open_items(case)[0]
    assert told("steps_opened", case) == [
        ("Kajsa Coordinator", "task", item.pk),
        ("Kim Coordinator", "task", item.pk),
    ]


def test_a_personal_task_reaches_the_person_and_their_deputies(world: World) -> None:
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give(
        "stand-in",
        Role.STEERING_MEMBER,
        world.council,
        represents=world.organisations["lk"],
        deputy_for=world.person("mem-lk"),
    )
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    heard = told("steps_opened", case)
    mine = world.item_of(case, "vote", "mem-lk").pk
    assert ("Dag Deputy", "task", mine) in heard
    assert ("Mem-Lk", "task", mine) in heard
    assert [name for name, _kind, _item in heard] == ["Carin Chair", "Dag Deputy", "Mem-Liu", "Mem-Lk"]


def test_an_absent_person_and_the_deputy_both_hear(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(absent_from=FIRST_DAY)
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give("stand-in", Role.STEERING_MEMBER, world.council, deputy_for=world.person("mem-lk"))
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    assert {"Dag Deputy", "Mem-Lk"} <= set(names("steps_opened", case))


def test_the_coordinators_hear_of_a_task_that_only_the_absent_can_do(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(absent_from=FIRST_DAY)
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    mine = world.item_of(case, "vote", "mem-lk").pk
    assert [row for row in told("steps_opened", case) if row[1] == "unattended"] == [
        ("Kajsa Coordinator", "unattended", mine)
    ]


@pytest.mark.parametrize(
    ("role", "hears"), [(Role.STEERING_MEMBER, []), (Role.SECRETARY, ["Kajsa Coordinator"])]
)
def test_a_deputy_in_the_very_role_is_somebody_who_can_do_it(
    world: World, role: Role, hears: list[str]
) -> None:
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(absent_from=FIRST_DAY)
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give("stand-in", role, world.council, deputy_for=world.person("mem-lk"))
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    assert [name for name, kind, _item in told("steps_opened", case) if kind == "unattended"] == hears


def test_who_is_away_and_back_again_is_there(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(absent_from=FIRST_DAY, absent_until=FIRST_DAY)
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    assert not Message.objects.filter(kind=Kind.UNATTENDED).exists()


def test_of_a_party_s_own_step_for_the_absent_only_the_party_s_coordinator_hears(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["board-lk"]).update(absent_from=FIRST_DAY)
    case = world.submitted()
    world.advance(case, to="decide")
    forget()
    world.act(case, "decide", by="clerk-lk")
    expand(world.now)
    heard = Message.objects.filter(kind=Kind.UNATTENDED).values_list("recipient__name", flat=True)
    assert list(heard) == ["Klara Clerk"]


def test_a_deputy_whose_time_has_passed_hears_nothing(world: World) -> None:
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give(
        "stand-in",
        Role.STEERING_MEMBER,
        world.council,
        deputy_for=world.person("mem-lk"),
        valid_until=FIRST_DAY + dt.timedelta(days=30),
    )
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    assert "Dag Deputy" not in names("steps_opened", case)


def test_somebody_with_two_tasks_of_one_event_gets_a_message_for_each(world: World) -> None:
    world.give("reg-lk", Role.REGISTRAR, world.organisations["liu"])
    case = world.submitted()
    world.act(case, "screen")
    expand(world.now)
    mine = [item for name, _kind, item in told("steps_opened", case) if name == "Reg-Lk"]
    assert sorted(mine) == sorted(item.pk for item in world.open_items(case, "register"))  # type: ignore[type-var]


def test_somebody_who_holds_a_task_in_two_ways_gets_one_message(world: World) -> None:
    world.give("coordinator", Role.COORDINATOR, world.partnership, deputy_for=world.person("chair"))
    case = world.submitted()
    expand(world.now)
    assert names("steps_opened", case) == ["Kajsa Coordinator"]


def test_of_ones_own_act_one_hears_no_more_than_the_task_that_it_opened_for_oneself(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="agreement_need")
    forget()
    world.act(case, "agreement_need", by="coordinator")
    expand(world.now)
    drafting = world.open_items(case)
    assert [item.step for item in drafting] == ["draft_agreement"]
    assert list(Message.objects.values_list("item", "recipient")) == [
        (drafting[0].pk, world.people_ids["coordinator"])
    ]


def test_nobody_is_asked_to_judge_their_own_proposal(world: World) -> None:
    world.add_person("coordinator-2", "liu", full_name="Kim Coordinator")
    world.give("coordinator-2", Role.COORDINATOR, world.partnership)
    case = world.submitted(by="coordinator")
    expand(world.now)
    assert names("steps_opened", case) == ["Kim Coordinator"]


def test_the_inactive_hear_nothing(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(is_active=False)
    world.submitted()
    expand(world.now)
    assert Message.objects.count() == 0


def test_the_proposer_hears_when_the_stage_changes(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    world.act(case, "statement")
    forget()
    world.act(case, "statement")
    expand(world.now)
    assert told("stage_entered", case) == [("Petra Proposer", "progress", None)]


def test_of_one_act_the_proposer_hears_once_and_of_the_weightiest(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    forget()
    world.act(case, "conclude", outcome=DeliberationOutcome.RECOMMEND)
    expand(world.now)
    assert told("deliberation_concluded", case) == [("Petra Proposer", "progress", None)]
    assert told("stage_entered", case) == []


def test_the_proposer_hears_that_a_proposal_was_declined_and_not_also_that_it_was_closed(
    world: World,
) -> None:
    case = world.submitted()
    forget()
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Det ligger utanför samarbetet.")
    expand(world.now)
    assert told("screened", case) == [("Petra Proposer", "progress", None)]
    assert told("closed", case) == []


def test_a_returned_proposal_comes_as_a_task_that_says_why(world: World) -> None:
    case = world.submitted()
    forget()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Beskriv målgruppen.")
    expand(world.now)
    assert names("steps_opened", case) == ["Petra Proposer"]
    assert told("screened", case) == []


def test_a_partys_decision_is_told_and_its_own_steps_are_not(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    forget()
    world.act(case, "decide", by="clerk-lk")
    expand(world.now)
    assert names("steps_opened", case) == ["Britta Board"]
    assert Message.objects.filter(recipient=world.person("proposer")).count() == 0
    forget()
    world.act(case, "decide", by="board-lk")
    expand(world.now)
    assert told("party_decided", case) == [("Petra Proposer", "progress", None)]


def test_nothing_internal_to_a_party_reaches_anybody_of_another(world: World) -> None:
    """A deputy from the other party stands in for a decision-maker: they still hear nothing of what is internal."""
    world.give("mem-liu", Role.STEERING_MEMBER, world.council, deputy_for=world.person("board-lk"))
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = world.item_of(case, "decide", "board-lk")
    claim(item_id=item.pk, actor=world.person("board-lk"), now=world.tick())
    coordinator = world.person("clerk-lk")
    remind(case_id=case.pk, item_id=item.pk, actor=coordinator, now=world.tick())
    expand(world.now)
    assert names("reminded", case) == ["Britta Board"]
    internal = Message.objects.filter(event__internal_to=world.organisations["lk"])
    assert internal.exists()
    assert set(internal.values_list("recipient__organisation__slug", flat=True)) == {"lk"}


def test_those_whose_task_died_hear_of_it_and_the_one_who_ended_it_does_not(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk")
    forget()
    withdraw(case_id=case.pk, actor=world.person("proposer"), reason="Vi gör om det.", now=world.tick())
    expand(world.now)
    assert names("steps_cancelled", case) == ["Carin Chair", "Mem-Liu"]
    assert names("closed", case) == []


def test_the_proposer_hears_of_the_end_once_although_a_task_ended_with_it(world: World) -> None:
    case = world.submitted()
    ask_proposer(case_id=case.pk, actor=world.person("reg-lk"), text="Hur många?", now=world.tick())
    forget()
    cancel(case_id=case.pk, actor=world.person("coordinator"), reason="Dubblett.", now=world.tick())
    expand(world.now)
    heard = Message.objects.filter(recipient=world.person("proposer"))
    assert list(heard.values_list("kind", "event__kind")) == [("progress", "closed")]


def test_a_step_that_never_opened_ends_without_a_word(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    until = (world.now + dt.timedelta(days=30)).date()
    world.act(
        case, "decide", by="board-lk", outcome=DecisionOutcome.TABLE, reasons="Mer tid.", tabled_until=until
    )
    forget()
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REJECT, reasons="Nej.")
    expand(world.now)
    assert Message.objects.filter(kind=Kind.TASK_ENDED).count() == 0


def test_closing_the_vote_tells_those_who_had_not_voted(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk")
    world.act(case, "vote", by="chair")
    forget()
    close_voting(case_id=case.pk, actor=world.person("chair"), now=world.tick())
    expand(world.now)
    assert names("steps_cancelled", case) == ["Mem-Liu"]


def test_a_reminder_reaches_those_who_can_act(world: World) -> None:
    case = world.submitted()
    items = world.advance(case, to="register")
    forget()
    remind(case_id=case.pk, item_id=items[0].pk, actor=world.person("coordinator"), now=world.tick())
    expand(world.now)
    assert told("reminded", case) == [("Reg-Lk", "reminder", items[0].pk)]


def test_a_task_handed_over_reaches_its_new_owner_only(world: World) -> None:
    world.add_person("reg-lk-2", "lk", full_name="Rut Registrar")
    world.give("reg-lk-2", Role.REGISTRAR, world.organisations["lk"])
    case = world.submitted()
    item = world.advance(case, to="register")[0]
    forget()
    hand_over(item_id=item.pk, actor=world.person("reg-lk"), to=world.person("reg-lk-2"), now=world.tick())
    expand(world.now)
    assert told("handed_over", case) == [("Rut Registrar", "task", item.pk)]


def test_a_task_that_changed_hands_before_anybody_was_told_is_told_once(world: World) -> None:
    world.add_person("reg-lk-2", "lk", full_name="Rut Registrar")
    world.give("reg-lk-2", Role.REGISTRAR, world.organisations["lk"])
    case = world.submitted()
    item = world.advance(case, to="register")[0]
    hand_over(item_id=item.pk, actor=world.person("reg-lk"), to=world.person("reg-lk-2"), now=world.tick())
    expand(world.now)
    about = Message.objects.filter(item=item)
    assert list(about.values_list("recipient__name", "event__kind")) == [("Rut Registrar", "handed_over")]


def test_reassigning_tells_the_new_owner_and_the_former(world: World) -> None:
    world.add_person("mem-lk-2", "lk", full_name="Moa Member")
    case = world.submitted()
    world.advance(case, to="vote")
    world.give("mem-lk-2", Role.STEERING_MEMBER, world.council, represents=world.organisations["lk"])
    item = world.item_of(case, "vote", "mem-lk")
    forget()
    reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=world.person("coordinator"),
        to=world.person("mem-lk-2"),
        reason="Semester.",
        now=world.tick(),
    )
    expand(world.now)
    assert told("steps_opened", case) == [("Moa Member", "task", item.pk)]
    assert told("reassigned", case) == [("Mem-Lk", "task_moved", item.pk)]


def test_a_resumed_case_tells_of_its_tasks_anew(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    coordinator = world.person("coordinator")
    hold(case_id=case.pk, actor=coordinator, reason="Väntar på besked.", now=world.tick())
    forget()
    resume(case_id=case.pk, actor=coordinator, now=world.tick(days=3))
    expand(world.now)
    assert names("steps_opened", case) == ["Contact-Liu", "Contact-Lk"]


def test_a_tabled_step_that_wakes_tells_those_who_decide(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    until = (world.now + dt.timedelta(days=30)).date()
    world.act(
        case,
        "decide",
        by="decider-liu",
        outcome=DecisionOutcome.TABLE,
        reasons="Mer tid.",
        tabled_until=until,
    )
    forget()
    world.wait_for_timer(case)
    expand(world.now)
    assert names("steps_opened", case) == ["Decider-Liu"]
    assert CaseEvent.objects.filter(case=case, kind="steps_opened").latest("seq").actor_id is None


def test_an_answer_reaches_the_one_who_asked(world: World) -> None:
    case = world.submitted()
    ask_proposer(case_id=case.pk, actor=world.person("reg-liu"), text="Hur många?", now=world.tick())
    expand(world.now)
    assert names("steps_opened", case) == ["Petra Proposer"]
    world.act(case, "answer")
    expand(world.now)
    assert told("question_answered", case) == [("Reg-Liu", "answer", None)]


def test_a_shared_comment_reaches_the_proposer_and_those_at_work(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    add_comment(case_id=case.pk, actor=world.person("contact-lk"), text="Bra förslag.", now=world.tick())
    expand(world.now)
    assert told("commented", case) == [("Contact-Liu", "comment", None), ("Petra Proposer", "comment", None)]


def test_an_internal_comment_reaches_nobody(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    forget()
    add_comment(
        case_id=case.pk,
        actor=world.person("contact-lk"),
        text="Vi är tveksamma.",
        internal_to=world.organisations["lk"],
        now=world.tick(),
    )
    expand(world.now)
    assert Message.objects.count() == 0


def test_every_event_kind_of_the_table_is_one_that_the_house_records(world: World) -> None:
    """A misspelt kind would be silent: nobody would ever hear of it."""
    case = world.submitted()
    for outcome in (DeliberationOutcome.PREPARE_AGAIN, DeliberationOutcome.RECOMMEND):
        world.advance(case, to="conclude")
        world.act(case, "conclude", outcome=outcome, reasons="Skäl.")
    ask_proposer(case_id=case.pk, actor=world.person("reg-liu"), text="Hur många?", now=world.tick())
    world.act(case, "answer")
    add_comment(case_id=case.pk, actor=world.person("reg-lk"), text="Klart.", now=world.tick())
    world.finish(case)
    recorded = set(CaseEvent.objects.values_list("kind", flat=True))
    elsewhere = {
        "handed_over",
        "reminded",
        "reminded_automatically",
        "escalated",
        "reassigned",
        "steps_cancelled",
        "extract_dispatched",
        "handed_back",
        "role_empty",
        "seat_empty",
        "referral_answered",
        "referral_answer_corrected",
        "referral_closed",
        "referral_compiled",
        "referral_link_renewed",
        "extension_asked",
        "extension_decided",
    }  # each has a test of its own above, in tests/workflows/test_hand_back.py or in test_referral_mail.py
    assert set(rules.RULES) - elsewhere <= recorded
