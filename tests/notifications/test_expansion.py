"""An entry becomes one message for each person, once, at a cost that does not grow with the people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import CaseEvent, Role
from notifications.models import Message, OutboxEntry
from notifications.retrying import MAX_ATTEMPTS
from tests.notifications.post import crowd, expand, forget
from tests.together import at_once
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def statements_of_expansion(world: World) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert expand(world.now) == 1
    return len(captured)


def test_two_hundred_recipients_cost_as_many_statements_as_three(world: World) -> None:
    crowd(world, Role.COORDINATOR, world.partnership, 2)
    world.submitted()
    few = statements_of_expansion(world)
    assert Message.objects.count() == 3
    forget()
    crowd(world, Role.AUDITOR, world.partnership, 1)
    people = crowd(world, Role.REGISTRAR, world.organisations["lk"], 200)
    case = world.submitted()
    forget()
    world.act(case, "screen")
    many = statements_of_expansion(world)
    assert Message.objects.filter(recipient__in=people).count() == 200
    assert many == few


def test_expanding_again_makes_no_second_message(world: World) -> None:
    world.submitted()
    expand(world.now)
    first = list(Message.objects.values())
    OutboxEntry.objects.update(status="queued", expanded_at=None)
    assert expand(world.now) == 1
    assert list(Message.objects.values()) == first


@pytest.mark.django_db(transaction=True)
def test_workers_that_expand_at_once_make_each_message_once(world: World) -> None:
    crowd(world, Role.COORDINATOR, world.partnership, 20)
    for _ in range(5):
        world.submitted()
    now = world.now
    handled = at_once(*[lambda: expand(now)] * 4)
    assert [type(number) for number in handled] == [int] * 4, handled
    assert OutboxEntry.objects.filter(status="expanded").count() == 5
    assert Message.objects.count() == 5 * 21


def test_the_message_id_is_the_same_when_the_row_is_made_anew(world: World) -> None:
    world.submitted()
    expand(world.now)
    first = Message.objects.get().message_id
    Message.objects.all().delete()
    OutboxEntry.objects.update(status="queued", expanded_at=None)
    expand(world.now)
    assert Message.objects.get().message_id == first
    assert first.startswith("<")
    assert first.endswith("@localhost>")


def test_an_entry_that_cannot_be_expanded_does_not_hold_up_the_others(world: World) -> None:
    case = world.submitted()
    CaseEvent.objects.filter(case=case, kind="steps_opened").update(data={"step": "screen"})
    world.submitted()
    assert expand(world.now) == 2
    broken = OutboxEntry.objects.get(event__case=case)
    assert (broken.status, broken.attempts, broken.last_error) == ("queued", 1, "KeyError")
    assert broken.next_attempt_at > world.now
    assert Message.objects.exclude(case=case).count() == 1


def test_an_entry_that_fails_for_days_is_left_for_a_person(world: World) -> None:
    case = world.submitted()
    CaseEvent.objects.filter(case=case, kind="steps_opened").update(data={"step": "screen"})
    OutboxEntry.objects.update(attempts=MAX_ATTEMPTS - 1)
    expand(world.now)
    assert OutboxEntry.objects.get().status == "failed"
    assert expand(world.tick(days=30)) == 0
