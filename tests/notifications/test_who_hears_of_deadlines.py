"""Who hears when a step's own timer reminds of it or escalates it, and what they read."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case, Person, Role, RoleHolding
from notifications.compose import compose, load
from notifications.models import DropReason, Message
from tests.notifications.post import deliver, expand, forget, told
from tests.world import World, build_world
from workflows.inbox import claim
from workflows.models import WorkItem
from workflows.timers import fire_due_timers

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def until_timer(world: World, item: WorkItem) -> WorkItem:
    """Let time pass until the item's next timer has fired, and its event has been expanded; only that is remembered."""
    timer_at = WorkItem.objects.get(pk=item.pk).timer_at
    assert timer_at is not None
    world.now = timer_at
    forget()
    assert fire_due_timers(world.now) > 0
    expand(world.now)
    found: WorkItem = WorkItem.objects.get(pk=item.pk)
    return found


def until_escalated(world: World, item: WorkItem) -> None:
    while until_timer(world, item).escalated_at is None:
        pass


def names(kind: str, case: Case) -> list[str]:
    return [name for name, _kind, _item in told(kind, case)]


def mail_to(world: World, name: str) -> Any:
    mail = compose(load(Message.objects.get(recipient=world.person(name)).pk), world.now)
    assert not isinstance(mail, DropReason), mail
    return mail


def test_the_reminder_reaches_those_who_can_do_it_and_nobody_else(world: World) -> None:
    case = world.submitted()
    item = world.advance(case, to="vote")[0]
    until_timer(world, item)
    assert sorted({kind for _name, kind, _item in told("reminded_automatically", case)}) == ["reminder"]
    heard = set(Message.objects.values_list("recipient__name", "item__owner__name"))
    assert heard == {(name, name) for name in ("Carin Chair", "Mem-Lk", "Mem-Liu")}


def test_the_reminder_names_no_person_and_says_how_long_there_is(world: World) -> None:
    case = world.submitted()
    until_timer(world, world.open_items(case)[0])
    mail = mail_to(world, "coordinator")
    assert (
        mail.subject == "Påminnelse: Granska förslaget senast måndag 13 september 2021: Reversed mentorship"
    )
    assert "Uppgiften ska vara klar om 2 arbetsdagar." in mail.body
    assert "Systemet" not in mail.body
    assert "påminner" not in mail.body


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (dt.timedelta(days=1), "Uppgiften ska vara klar om 1 arbetsdag."),
        (dt.timedelta(days=4), "Uppgiften ska vara klar i dag."),
        (dt.timedelta(days=5), "Uppgiften skulle ha varit klar måndag 13 september 2021."),
    ],
)
def test_a_reminder_that_is_sent_late_says_how_it_is_then(
    world: World, late: dt.timedelta, words: str
) -> None:
    case = world.submitted()
    until_timer(world, world.open_items(case)[0])
    world.now += late
    assert words in mail_to(world, "coordinator").body


def test_a_late_vote_is_told_to_the_member_the_coordinator_the_chair_and_the_secretary_once_each(
    world: World,
) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    item = world.item_of(case, "vote", "mem-liu")
    world.act(case, "vote", by="mem-lk")
    world.act(case, "vote", by="chair")
    until_escalated(world, item)
    assert told("escalated", case) == [
        (name, "escalation", item.pk)
        for name in ("Carin Chair", "Kajsa Coordinator", "Mem-Liu", "Sven Secretary")
    ]


def test_a_late_step_of_a_role_is_told_to_its_holders_and_the_partnerships_coordinators(world: World) -> None:
    case = world.submitted()
    item = world.advance(case, to="statement")[0]
    until_escalated(world, item)
    heard = Message.objects.order_by("recipient__name").values_list("recipient__name", "item__party__slug")
    # Both parties are late on the same morning: the coordinator hears of it once.
    assert list(heard) == [("Contact-Liu", "liu"), ("Contact-Lk", "lk"), ("Kajsa Coordinator", "lk")]
    body = mail_to(world, "coordinator").body
    assert "Det gäller 2 uppgifter, som väntar på kontaktperson, Linköpings kommun och kontaktperson" in body


def test_a_coordinator_who_is_late_hears_once(world: World) -> None:
    case = world.submitted()
    until_escalated(world, world.open_items(case)[0])
    assert names("escalated", case) == ["Kajsa Coordinator"]


def test_a_late_step_of_a_partys_own_is_told_within_the_party(world: World) -> None:
    """The partnership's coordinator has a role at the other party, and stands in for the decision-maker."""
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    world.give("mem-liu", Role.STEERING_MEMBER, world.council, deputy_for=world.person("board-lk"))
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(organisation=world.organisations["liu"])
    item = world.item_of(case, "decide", "board-lk")
    claim(item_id=item.pk, actor=world.person("board-lk"), now=world.tick())
    until_escalated(world, item)
    heard = Message.objects.filter(item=item)
    assert set(heard.values_list("recipient__name", flat=True)) == {"Britta Board", "Klara Clerk"}
    assert set(heard.values_list("recipient__organisation__slug", flat=True)) == {"lk"}


def test_a_partys_step_without_a_coordinator_of_its_own_is_told_to_who_decides_only(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    item = world.item_of(case, "decide", "decider-liu")
    until_escalated(world, item)
    assert set(Message.objects.filter(item=item).values_list("recipient__name", flat=True)) == {"Decider-Liu"}


def test_whoever_can_do_the_late_task_is_led_to_it_and_whoever_can_help_to_the_case(
    world: World, settings: Any
) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    item = world.item_of(case, "vote", "mem-liu")
    world.act(case, "vote", by="mem-lk")
    world.act(case, "vote", by="chair")
    until_escalated(world, item)
    member, secretary, coordinator = (
        mail_to(world, name) for name in ("mem-liu", "secretary", "coordinator")
    )
    subject = "Försenad: Rösta: 3 arbetsdagar över tiden: Reversed mentorship"
    assert {mail.subject for mail in (member, secretary, coordinator)} == {subject}
    assert settings.SAMVERKA_BASE_URL + reverse("work-item", args=[item.pk]) in member.body
    assert "Läs underlaget och rösta" in member.body
    for mail in (secretary, coordinator):
        assert settings.SAMVERKA_BASE_URL + reverse("case", args=[case.pk]) in mail.body
        assert "Uppgiften väntar på Mem-Liu." in mail.body
        assert "Skulle ha varit klar måndag 20 september 2021" in mail.body
        assert "Läs underlaget och rösta" not in mail.body
    assert "påminna eller lämna över" in coordinator.body
    assert "På ärendets sida kan du påminna den som har uppgiften." in secretary.body
    assert "för att du har rollen sekreterare och kan hjälpa uppgiften vidare" in secretary.body


def test_somebody_whose_own_proposal_it_is_hears_that_it_is_late_and_how_to_help(world: World) -> None:
    world.add_person("coordinator-2", "liu", full_name="Kim Coordinator")
    world.give("coordinator-2", Role.COORDINATOR, world.partnership)
    case = world.submitted(by="coordinator")
    until_escalated(world, world.open_items(case)[0])
    assert names("escalated", case) == ["Kajsa Coordinator", "Kim Coordinator"]
    assert "Uppgiften väntar på handläggare." in mail_to(world, "coordinator").body
    assert "Avgör om det ska tas upp." in mail_to(world, "coordinator-2").body


def test_who_no_longer_helps_when_the_mail_is_to_go_gets_none(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    until_escalated(world, world.open_items(case)[0])
    RoleHolding.objects.filter(person=world.people_ids["coordinator"]).update(valid_until=dt.date(2021, 1, 1))
    deliver(world.now)
    rows = Message.objects.filter(recipient=world.people_ids["coordinator"])
    assert set(rows.values_list("status", "drop_reason")) == {("dropped", DropReason.NO_ACCESS)}


def test_an_escalation_of_a_task_done_meanwhile_is_not_sent(world: World) -> None:
    case = world.submitted()
    item = world.advance(case, to="statement")[0]
    until_escalated(world, item)
    world.do(item, by="contact-lk")
    deliver(world.now)
    assert set(Message.objects.filter(item=item).values_list("drop_reason", flat=True)) == {DropReason.DONE}
