"""The inbox: one's tasks, claiming them, putting them back, handing them over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Role
from tests.world import World
from workflows.models import WorkItem

Visit = Callable[[str], Client]


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def due(item: WorkItem, in_days: int) -> None:
    WorkItem.objects.filter(pk=item.pk).update(due_on=timezone.localdate() + dt.timedelta(days=in_days))


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_task_stands_in_the_inbox_of_those_who_hold_its_role(world: World, visit: Visit) -> None:
    case = world.submitted()
    assert case.title in text(visit("coordinator").get(reverse("inbox")))
    assert case.title not in text(visit("mem-lk").get(reverse("inbox")))


def test_tasks_are_grouped_by_when_they_are_due(world: World, visit: Visit) -> None:
    for in_days in (-1, 0, 30):
        due(world.open_items(world.submitted())[0], in_days)
    page = visit("coordinator").get(reverse("inbox"))
    assert [(group["id"], len(group["cards"])) for group in page.context["groups"]] == [
        ("forsenade", 1),
        ("veckan", 1),
        ("senare", 1),
    ]


def test_the_number_of_statements_is_the_same_with_three_and_with_sixty_tasks(
    world: World, visit: Visit
) -> None:
    client = visit("coordinator")
    for _ in range(3):
        world.submitted()
    first = statements(client, reverse("inbox"))
    for _ in range(57):
        world.submitted()
    assert statements(client, reverse("inbox")) == first
    assert first <= 8


def test_the_proposer_follows_their_own_cases_with_who_has_the_ball(world: World, visit: Visit) -> None:
    draft, case = world.draft(title="Ett utkast"), world.submitted(title="Ett förslag")
    page = visit("proposer").get(reverse("inbox"))
    assert [row["case"].pk for row in page.context["followed"]] == [case.pk, draft.pk]
    assert "Granska förslaget: Handläggare" in text(page)
    assert reverse("proposal-edit", args=[draft.pk]) in text(page)


def test_the_statements_of_followed_cases_do_not_grow(world: World, visit: Visit) -> None:
    client = visit("proposer")
    world.submitted()
    first = statements(client, reverse("inbox"))
    for _ in range(8):
        world.advance(world.submitted(), to="vote")
    assert statements(client, reverse("inbox")) == first


def test_an_empty_inbox_says_so(world: World, visit: Visit) -> None:
    assert "Allt är gjort" in text(visit("auditor").get(reverse("inbox")))


def test_who_claims_a_task_comes_to_it_and_it_is_theirs(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted())[0]
    answer = visit("coordinator").post(reverse("work-item-claim", args=[item.pk]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("work-item", args=[item.pk])
    item.refresh_from_db()
    assert item.owner == world.person("coordinator")


def test_who_comes_second_is_told_who_was_first(world: World, visit: Visit) -> None:
    world.add_person("other", "liu", full_name="Olle Other")
    world.give("other", Role.COORDINATOR, world.partnership)
    item = world.open_items(world.submitted())[0]
    visit("other").post(reverse("work-item-claim", args=[item.pk]))
    answer = visit("coordinator").post(reverse("work-item-claim", args=[item.pk]))
    assert answer.status_code == 409
    assert "Olle Other har redan tagit uppgiften." in text(answer)


def test_a_claimed_task_can_be_put_back(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted())[0]
    client = visit("coordinator")
    client.post(reverse("work-item-claim", args=[item.pk]))
    answer = client.post(reverse("work-item-release", args=[item.pk]), follow=True)
    assert "Du har lämnat tillbaka uppgiften ”Granska förslaget”." in text(answer)
    item.refresh_from_db()
    assert item.owner is None


def test_a_task_is_handed_over_to_a_colleague_in_the_same_role(world: World, visit: Visit) -> None:
    other = world.add_person("other", "liu", full_name="Olle Other")
    world.give("other", Role.COORDINATOR, world.partnership)
    item = world.open_items(world.submitted())[0]
    client, address = visit("coordinator"), reverse("work-item-hand-over", args=[item.pk])
    assert "Olle Other" in text(client.get(address))
    answer = client.post(address, {"to": other.pk}, follow=True)
    assert "Olle Other har nu uppgiften ”Granska förslaget”." in text(answer)
    item.refresh_from_db()
    assert item.owner == other


def test_a_task_cannot_be_handed_over_to_somebody_without_the_role(world: World, visit: Visit) -> None:
    other = world.add_person("other", "liu")
    world.add_person("colleague", "liu")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    item = world.open_items(world.submitted())[0]
    answer = visit("coordinator").post(reverse("work-item-hand-over", args=[item.pk]), {"to": other.pk})
    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.owner is None


def test_without_a_colleague_the_page_says_whom_to_ask(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted())[0]
    page = visit("coordinator").get(reverse("work-item-hand-over", args=[item.pk]))
    assert "Ingen annan har den här rollen just nu." in text(page)


def test_a_closed_task_answers_who_did_it_and_when(world: World, visit: Visit) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.act(case, "screen")
    answer = visit("coordinator").post(reverse("work-item-claim", args=[item.pk]))
    assert answer.status_code == 409
    assert "Kajsa Coordinator gjorde uppgiften den 6 september 2021" in text(answer)


def test_nobody_is_invited_to_screen_a_proposal_of_their_own(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted(by="coordinator"))[0]
    page = text(visit("coordinator").get(reverse("inbox")))
    assert "Ditt eget förslag: någon annan behöver göra detta" in page
    assert reverse("work-item-claim", args=[item.pk]) not in page


def test_the_navigation_counts_tasks_no_further_than_ninety_nine(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted())[0]
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                process=item.process,
                case=item.case,
                flow_task=item.flow_task,
                flow_task_type="HUMAN",
                step=item.step,
                role=item.role,
                role_key=item.role_key,
                holder_key=item.holder_key,
                token=item.token,
                due_on=item.due_on,
                open=True,
            )
            for _ in range(120)
        ]
    )
    nav = visit("coordinator").get(reverse("cases")).context["nav"]
    assert nav[0].count == 99
