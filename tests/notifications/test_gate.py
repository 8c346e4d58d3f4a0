"""What was true when a message was queued is asked again when it is sent."""

import pytest
from django.core.mail import EmailMessage

from cases.models import CaseStatus, Person, Role, RoleHolding
from notifications.models import DropReason, Message
from tests.notifications.post import deliver, expand, forget
from tests.world import World, build_world
from workflows.case_acts import add_comment, hold, reassign, withdraw
from workflows.inbox import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def outcome_of(world: World, name: str) -> tuple[str, str]:
    """Deliver, and say what became of the person's only message."""
    deliver(world.now)
    message = Message.objects.get(recipient=world.person(name))
    return message.status, message.drop_reason


def test_a_task_that_still_waits_is_sent(world: World, mailoutbox: list[EmailMessage]) -> None:
    world.submitted()
    expand(world.now)
    assert outcome_of(world, "coordinator") == ("sent", "")
    assert [mail.recipients() for mail in mailoutbox] == [
        ["Kajsa Coordinator <coordinator@linkoping.example>"]
    ]


def test_a_task_that_was_done_meanwhile_is_not(world: World, mailoutbox: list[EmailMessage]) -> None:
    case = world.submitted()
    expand(world.now)
    world.act(case, "screen")
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.DONE)
    assert mailoutbox == []


def test_a_task_that_was_cancelled_meanwhile_is_not(world: World) -> None:
    case = world.submitted()
    expand(world.now)
    withdraw(case_id=case.pk, actor=world.person("proposer"), reason="", now=world.tick())
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.CANCELLED)


def test_a_task_of_a_case_on_hold_is_not(world: World) -> None:
    case = world.submitted()
    expand(world.now)
    hold(case_id=case.pk, actor=world.person("coordinator"), reason="Väntar.", now=world.tick())
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.RESTING)


def test_a_task_that_a_colleague_has_taken_is_not(world: World) -> None:
    world.add_person("coordinator-2", "liu", full_name="Kim Coordinator")
    world.give("coordinator-2", Role.COORDINATOR, world.partnership)
    case = world.submitted()
    expand(world.now)
    claim(item_id=world.open_items(case)[0].pk, actor=world.person("coordinator"), now=world.tick())
    assert outcome_of(world, "coordinator-2") == ("dropped", DropReason.NOT_THEIRS)
    assert Message.objects.get(recipient=world.person("coordinator")).status == "sent"


def test_somebody_who_has_left_hears_nothing(world: World) -> None:
    world.submitted()
    expand(world.now)
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(is_active=False)
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.INACTIVE)


def test_somebody_whose_role_has_ended_hears_nothing(world: World) -> None:
    world.submitted()
    expand(world.now)
    RoleHolding.objects.filter(person=world.people_ids["coordinator"]).update(valid_until=world.now.date())
    world.tick(days=2)
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.NOT_THEIRS)


def test_a_comment_is_not_sent_to_somebody_who_no_longer_sees_the_case(world: World) -> None:
    case = world.submitted()
    forget()
    add_comment(case_id=case.pk, actor=world.person("reg-lk"), text="Klart.", now=world.tick())
    expand(world.now)
    RoleHolding.objects.filter(person=world.people_ids["coordinator"]).delete()
    assert outcome_of(world, "coordinator") == ("dropped", DropReason.NO_ACCESS)


def test_what_is_internal_to_a_party_is_not_sent_to_somebody_who_has_left_the_party(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    forget()
    world.act(case, "decide", by="clerk-lk")
    expand(world.now)
    board = world.person("board-lk")
    RoleHolding.objects.filter(person=board).delete()
    assert outcome_of(world, "board-lk") == ("dropped", DropReason.NO_ACCESS)


def test_a_notice_of_a_task_that_moved_is_not_sent_when_it_came_back(world: World) -> None:
    world.add_person("mem-lk-2", "lk", full_name="Moa Member")
    case = world.submitted()
    world.advance(case, to="vote")
    world.give("mem-lk-2", Role.STEERING_MEMBER, world.council, represents=world.organisations["lk"])
    item = world.item_of(case, "vote", "mem-lk")
    forget()
    for name in ("mem-lk-2", "mem-lk"):
        reassign(
            case_id=case.pk,
            item_id=item.pk,
            actor=world.person("coordinator"),
            to=world.person(name),
            reason="Semester.",
            now=world.tick(),
        )
    expand(world.now)
    deliver(world.now)
    moved = Message.objects.get(recipient=world.person("mem-lk"), kind="task_moved")
    assert (moved.status, moved.drop_reason) == ("dropped", DropReason.THEIRS_AGAIN)


def test_a_closed_case_drops_the_calls_to_act_and_sends_the_news(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="report")
    expand(world.now)
    world.act(case, "report", status="done")
    world.act(case, "closing_report")
    expand(world.now)
    deliver(world.now)
    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    assert set(Message.objects.filter(kind="task").values_list("status", flat=True)) == {"dropped"}
    news = Message.objects.filter(kind="progress", event__kind="closed")
    assert list(news.values_list("recipient__name", "status")) == [("Petra Proposer", "sent")]
