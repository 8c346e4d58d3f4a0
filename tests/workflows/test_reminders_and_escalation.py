"""Open steps remind before they are due and escalate after it, by timers that stand in their own rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import WrongState
from cases.history import verify_case
from cases.models import Case, CaseEvent, Role
from tests.together import at_once, outcomes
from tests.world import PROFILE, World, build_world
from workflows import case_acts, inbox
from workflows.clock import morning
from workflows.due_dates import escalation_timer, first_timer
from workflows.models import ProfileVersion, WorkItem
from workflows.profile import Profile, parse_profile
from workflows.steps.screen import ScreenOutcome
from workflows.timers import due_reminders, fire_due_timers, fire_reminders
from workflows.working_days import add_working_days, is_working_day

RULES = parse_profile(PROFILE, filename="lk-liu.yaml")


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at_six(text: str) -> dt.datetime:
    return morning(day(text))


def submitted_on(world: World, text: str) -> tuple[Case, WorkItem]:
    """A case submitted that forenoon, with the step of screening, which may take five working days."""
    world.now = at_six(text) + dt.timedelta(hours=3)
    case = world.submitted()
    return case, world.open_items(case)[0]


def told(case: Case) -> list[tuple[str, str]]:
    """What the steps' timers have done, with the day."""
    rows = CaseEvent.objects.filter(case=case, kind__in=["reminded_automatically", "escalated"]).order_by(
        "seq"
    )
    return [(row.kind, timezone.localtime(row.at).date().isoformat()) for row in rows]


def let_pass(world: World, until: str) -> None:
    """Let a worker look in every morning and every evening, up to the evening of the day."""
    today = timezone.localtime(world.now).date()
    while today <= day(until):
        for moment in (morning(today), morning(today) + dt.timedelta(hours=14)):
            if moment > world.now:
                world.now = moment
                fire_due_timers(moment)
        today += dt.timedelta(days=1)


def again(item: WorkItem) -> WorkItem:
    found: WorkItem = WorkItem.objects.get(pk=item.pk)
    return found


# When


@pytest.mark.parametrize(
    ("opened", "reminded", "due", "escalated"),
    [
        # An ordinary week.
        ("2021-09-06", "2021-09-09", "2021-09-13", "2021-09-16"),
        # Easter 2022: Good Friday the 15th of April and Easter Monday the 18th are no working days.
        ("2022-04-11", "2022-04-14", "2022-04-20", "2022-04-25"),
        # Midsummer Eve 2022 was Friday the 24th of June.
        ("2022-06-20", "2022-06-23", "2022-06-28", "2022-07-01"),
        # Christmas 2021: of the 24th to the 26th only the Eve was a weekday, and New Year's Eve was a Friday.
        ("2021-12-20", "2021-12-23", "2021-12-28", "2022-01-03"),
        # Epiphany, Thursday the 6th of January 2022; opened on a Sunday.
        ("2022-01-02", "2022-01-05", "2022-01-10", "2022-01-13"),
    ],
)
def test_a_step_reminds_two_working_days_before_it_is_due_and_escalates_three_after(
    world: World, opened: str, reminded: str, due: str, escalated: str
) -> None:
    case, item = submitted_on(world, opened)
    assert item.due_on == day(due)
    let_pass(world, "2022-12-31" if opened > "2022-06" else "2022-06-01")
    assert told(case) == [("reminded_automatically", reminded), ("escalated", escalated)]


def test_it_happens_at_six_in_the_morning_and_not_before(world: World) -> None:
    case, item = submitted_on(world, "2021-09-06")
    assert (item.timer, item.timer_at) == ("remind", at_six("2021-09-09"))
    assert fire_due_timers(at_six("2021-09-09") - dt.timedelta(seconds=1)) == 0
    assert fire_due_timers(at_six("2021-09-09")) == 1
    item = again(item)
    assert item.reminded_at == at_six("2021-09-09")
    assert (item.timer, item.timer_at) == ("escalate", at_six("2021-09-16"))
    assert fire_due_timers(at_six("2021-09-16")) == 1
    item = again(item)
    assert item.escalated_at == at_six("2021-09-16")
    assert (item.timer, item.timer_at) == ("", None)
    assert list(verify_case(Case.objects.get(pk=case.pk))) == []


def test_a_step_that_is_done_in_time_is_neither_reminded_of_nor_escalated(world: World) -> None:
    case, _item = submitted_on(world, "2021-09-06")
    world.act(case, "screen", outcome=ScreenOutcome.DECLINE, reasons="Nej.")
    let_pass(world, "2021-10-01")
    assert told(case) == []


def test_a_step_whose_reminder_would_come_on_the_day_it_is_opened_only_escalates(world: World) -> None:
    """Registering may take two working days: the reminder would come together with the task."""
    case, _item = submitted_on(world, "2021-09-06")
    world.act(case, "screen")
    registering = world.open_items(case, "register")
    assert {(item.due_on, item.timer, item.timer_at) for item in registering} == {
        (day("2021-09-08"), "escalate", at_six("2021-09-13"))
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("remind_before_days: 0", [("escalated", "2021-09-16")]),
        ("escalate_after_days: 0", [("reminded_automatically", "2021-09-09")]),
        ("remind_before_days: 0\nescalate_after_days: 0", []),
        ("remind_before_days: 4\nescalate_after_days: 1", [
            ("reminded_automatically", "2021-09-07"), ("escalated", "2021-09-14"),
        ]),
        ("remind_before_days: 5", [("escalated", "2021-09-16")]),
    ],
)  # fmt: skip
def test_the_profile_says_when_and_nought_is_never(
    db: None, line: str, expected: list[tuple[str, str]]
) -> None:
    world = build_world(profile=PROFILE.replace("report_lead_days: 15", line))
    case, _item = submitted_on(world, "2021-09-06")
    let_pass(world, "2021-10-01")
    assert told(case) == expected


@given(
    opened=st.dates(day("2020-01-01"), day("2060-12-31")),
    deadline=st.integers(1, 366),
    remind=st.integers(0, 30),
    escalate=st.integers(0, 60),
)
def test_a_reminder_lies_before_the_due_date_and_the_escalation_after_it_all_on_working_days(
    opened: dt.date, deadline: int, remind: int, escalate: int
) -> None:
    rules = Profile.model_construct(remind_before_days=remind, escalate_after_days=escalate)
    due = add_working_days(opened, deadline)
    timers = [first_timer(rules, opened_on=opened, due_on=due)]
    if timers[0][0] == "remind":
        timers.append(escalation_timer(rules, due_on=due))
    kinds = [kind for kind, _at in timers if kind]
    assert kinds in ([], ["remind"], ["escalate"], ["remind", "escalate"])
    assert ("remind" in kinds) == (0 < remind < deadline)
    assert ("escalate" in kinds) == (escalate > 0)
    for kind, at in timers:
        if at is None:
            continue
        local = timezone.localtime(at)
        assert local.time() == dt.time(6)
        assert is_working_day(local.date())
        assert opened < local.date() < due if kind == "remind" else local.date() > due


# What else happens to a step


def test_no_timer_runs_while_the_case_rests_and_afterwards_it_has_moved_with_the_due_date(
    world: World,
) -> None:
    case, item = submitted_on(world, "2021-09-06")
    coordinator = world.person("coordinator")
    case_acts.hold(case_id=case.pk, actor=coordinator, reason="Budget.", now=world.tick())
    let_pass(world, "2021-09-17")
    assert told(case) == []
    world.now = at_six("2021-09-20") + dt.timedelta(hours=3)
    case_acts.resume(case_id=case.pk, actor=coordinator, now=world.tick())
    item = again(item)
    assert (item.due_on, item.timer, item.timer_at) == (day("2021-09-27"), "remind", at_six("2021-09-23"))
    let_pass(world, "2021-10-15")
    assert told(case) == [("reminded_automatically", "2021-09-23"), ("escalated", "2021-09-30")]


def test_what_has_been_told_before_a_rest_is_not_told_again_after_it(world: World) -> None:
    case, item = submitted_on(world, "2021-09-06")
    coordinator = world.person("coordinator")
    let_pass(world, "2021-09-09")
    case_acts.hold(case_id=case.pk, actor=coordinator, reason="Budget.", now=world.tick())
    world.now = at_six("2021-09-20") + dt.timedelta(hours=3)
    case_acts.resume(case_id=case.pk, actor=coordinator, now=world.tick())
    assert (again(item).due_on, again(item).timer) == (day("2021-09-22"), "escalate")
    let_pass(world, "2021-10-15")
    assert told(case) == [("reminded_automatically", "2021-09-09"), ("escalated", "2021-09-27")]
    case_acts.hold(case_id=case.pk, actor=coordinator, reason="Budget.", now=world.tick())
    case_acts.resume(case_id=case.pk, actor=coordinator, now=world.tick(days=10))
    let_pass(world, "2021-12-01")
    assert len(told(case)) == 2


def test_a_task_that_changes_hands_keeps_its_timer(world: World) -> None:
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    case, item = submitted_on(world, "2021-09-06")
    before = (item.due_on, item.timer, item.timer_at)
    one, other = world.person("coordinator"), world.person("colleague")
    inbox.claim(item_id=item.pk, actor=one, now=world.tick())
    inbox.release(item_id=item.pk, actor=one, now=world.tick())
    inbox.hand_over(item_id=item.pk, actor=one, to=other, now=world.tick())
    case_acts.reassign(case_id=case.pk, item_id=item.pk, actor=one, to=one, reason="Ledig.", now=world.tick())
    item = again(item)
    assert (item.due_on, item.timer, item.timer_at) == before


def test_a_tabled_step_has_a_timer_only_when_it_has_woken(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    until = add_working_days(world.now.date(), 60)
    by_liu: dict[str, Any] = {
        "by": "decider-liu",
        "outcome": "table",
        "reasons": "Mer tid.",
        "tabled_until": until,
    }
    world.act(case, "decide", **by_liu)
    waiting = WorkItem.objects.get(case=case, status="SCHEDULED")
    assert (waiting.open, waiting.timer, waiting.timer_at) == (False, "", None)
    world.wait_for_timer(case)
    woken = again(waiting)
    assert woken.due_on == add_working_days(until, 20)
    assert (woken.timer, woken.timer_at) == ("remind", morning(add_working_days(until, 18)))


def test_each_of_many_steps_opened_together_has_its_own_timer(world: World) -> None:
    case = world.submitted()
    votes = world.advance(case, to="vote")
    assert {item.timer for item in votes} == {"remind"}
    world.act(case, "vote", by="mem-lk")
    world.now = max(item.timer_at for item in votes if item.timer_at is not None)
    assert fire_due_timers(world.now) == len(votes) - 1


# The worker


def test_a_worker_that_was_away_tells_only_that_the_step_is_late(world: World) -> None:
    case, item = submitted_on(world, "2021-09-06")
    assert fire_due_timers(at_six("2021-11-01")) == 1
    assert told(case) == [("escalated", "2021-11-01")]
    assert again(item).reminded_at is None
    assert fire_due_timers(at_six("2021-12-01")) == 0


def test_a_worker_that_was_away_over_the_reminder_only_reminds_late(world: World) -> None:
    case, _item = submitted_on(world, "2021-09-06")
    assert fire_due_timers(at_six("2021-09-14")) == 1
    assert fire_due_timers(at_six("2021-09-20")) == 1
    assert told(case) == [("reminded_automatically", "2021-09-14"), ("escalated", "2021-09-20")]


def test_what_a_worker_had_begun_when_it_died_is_done_by_the_next(world: World) -> None:
    case, _item = submitted_on(world, "2021-09-06")
    now = at_six("2021-09-09")
    with transaction.atomic():
        assert fire_reminders(case_id=case.pk, now=now)
        transaction.set_rollback(True)
    assert told(case) == []
    assert due_reminders(now) == [case.pk]
    assert fire_due_timers(now) == 1
    assert fire_due_timers(now) == 0
    assert told(case) == [("reminded_automatically", "2021-09-09")]


def test_one_case_that_fails_does_not_hold_up_the_others(world: World) -> None:
    broken, _item = submitted_on(world, "2021-09-06")
    sound, _item = submitted_on(world, "2021-09-06")
    # A profile that nobody has read yet and nobody can: the worker knows that of the other case by its checksum.
    broken.processes.update(profile_checksum="unread")
    ProfileVersion.objects.update(checksum="unread", data={})
    assert fire_due_timers(at_six("2021-09-09")) == 1
    assert (told(broken), told(sound)) == ([], [("reminded_automatically", "2021-09-09")])


@pytest.mark.django_db(transaction=True)
def test_two_workers_fire_one_reminder_and_it_is_told_once() -> None:
    world = build_world()
    case, _item = submitted_on(world, "2021-09-06")
    now = at_six("2021-09-09")
    done, refused = outcomes(
        at_once(
            lambda: fire_reminders(case_id=case.pk, now=now),
            lambda: fire_reminders(case_id=case.pk, now=now),
            behind=case,
        )
    )
    assert (sorted(done), refused) == ([0, 1], [])
    assert told(case) == [("reminded_automatically", "2021-09-09")]


@pytest.mark.django_db(transaction=True)
def test_a_step_done_at_the_moment_of_its_escalation_is_done_and_told_of_at_most_once() -> None:
    world = build_world()
    case, item = submitted_on(world, "2021-09-06")
    function, usual = world.usual(item)
    coordinator, now = world.person("coordinator"), at_six("2021-09-16")
    done, refused = outcomes(
        at_once(
            lambda: function(item_id=item.pk, actor=coordinator, now=now, **usual),
            lambda: fire_reminders(case_id=case.pk, now=now),
            behind=case,
        )
    )
    assert refused == []
    assert len(done) == 2
    assert again(item).status == "DONE"
    assert told(case) == ([("escalated", "2021-09-16")] if again(item).escalated_at else [])
    assert list(verify_case(Case.objects.get(pk=case.pk))) == []


def test_the_timers_are_found_by_an_index_and_not_by_reading_the_table(world: World) -> None:
    world.submitted()
    due = WorkItem.objects.open().filter(timer_at__lte=world.now).order_by("timer_at", "pk")
    assert "item_timer" in due.explain() or connection.vendor == "postgresql"


# What it leaves


def test_a_reminder_is_no_change_of_the_case(world: World) -> None:
    case, item = submitted_on(world, "2021-09-06")
    before = Case.objects.get(pk=case.pk).updated_at
    let_pass(world, "2021-09-20")
    coordinator = world.person("coordinator")
    case_acts.remind(case_id=case.pk, item_id=item.pk, actor=coordinator, now=world.tick(days=2))
    assert Case.objects.get(pk=case.pk).updated_at == before


def test_what_is_told_of_a_partys_own_step_is_internal_to_it(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    let_pass(world, "2021-12-01")
    events = CaseEvent.objects.filter(
        case=case, kind__in=["reminded_automatically", "escalated"], data__step="decide"
    )
    assert {event.internal_to for event in events} == {world.organisations["lk"], world.organisations["liu"]}


def test_the_event_of_an_escalation_says_who_could_help(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    let_pass(world, "2021-11-01")
    events = CaseEvent.objects.filter(case=case, kind="escalated", data__step="vote").order_by("seq")
    helping = {world.people_ids[name] for name in ("coordinator", "chair", "secretary")}
    # Three votes are late on the same morning: who can help is told of them together.
    assert [set(event.data["helpers"]) for event in events] == [helping, set(), set()]


def test_somebody_reminded_by_the_timer_is_not_reminded_by_hand_the_same_day(world: World) -> None:
    case, item = submitted_on(world, "2021-09-06")
    let_pass(world, "2021-09-09")
    with pytest.raises(WrongState, match="senaste dygnet"):
        case_acts.remind(
            case_id=case.pk, item_id=item.pk, actor=world.person("coordinator"), now=world.tick()
        )
