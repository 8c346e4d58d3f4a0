"""What cannot be undone is asked about first, on a page of its own that carries everything typed."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import EndState, VoteChoice
from tests.workflows.steps.site import Site, reach, typed, url_of
from tests.world import World
from workflows.models import WorkItem

FINAL: list[tuple[str, dict[str, Any], str]] = [
    ("screen", {"outcome": "decline", "reasons": "Hör inte hit."}, "Avvisa förslaget?"),
    ("decide", {"outcome": "reject", "reasons": "Ryms inte."}, "Avslå förslaget?"),
    ("sign", {"decision": "refuse", "refusal_reason": "Fel part."}, "Avstå från att underteckna?"),
    ("closing_report", {"confirmed": None}, "Avsluta ärendet?"),
]


def last_of_chain(world: World, item: WorkItem) -> WorkItem:
    """In a party's chain only the last step can reject: the item of the party that has but one."""
    if item.step != "decide":
        return item
    return world.item_of(item.case, "decide", "decider-liu")


@pytest.mark.parametrize(("step", "changes", "question"), FINAL)
def test_a_final_choice_is_asked_about_and_done_only_when_confirmed(
    world: World, site: Site, step: str, changes: dict[str, Any], question: str
) -> None:
    item = last_of_chain(world, reach(world, step))
    who, data = world.holder_of(item), typed(item, **changes)
    asked = site.post(who, url_of(item), data)
    html = asked.content.decode()
    assert asked.status_code == 200
    assert question in html
    assert all(f'name="{name}" value="{value}"' in html for name, value in data.items())
    assert WorkItem.objects.get(pk=item.pk).open
    assert site.post(who, url_of(item), {**data, "confirmed": "1"}).status_code == 302
    assert not WorkItem.objects.get(pk=item.pk).open


@pytest.mark.parametrize(("step", "changes", "question"), FINAL)
def test_one_can_go_back_with_everything_kept(
    world: World, site: Site, step: str, changes: dict[str, Any], question: str
) -> None:
    item = last_of_chain(world, reach(world, step))
    data = typed(item, **changes)
    back = site.post(world.holder_of(item), url_of(item), {**data, "back": "1"})
    assert back.status_code == 200
    assert 'id="uppgift"' in back.content.decode()
    assert {
        name: back.context["form"][name].value() for name in changes if name in back.context["form"].fields
    } == {name: value for name, value in changes.items() if value is not None}
    assert WorkItem.objects.get(pk=item.pk).open


def test_a_confirmation_does_not_carry_through_what_is_wrong(world: World, site: Site) -> None:
    item = reach(world, "screen")
    page = site.post("coordinator", url_of(item), {"outcome": "decline", "confirmed": "1"})
    assert page.status_code == 422
    assert WorkItem.objects.get(pk=item.pk).open


def test_an_advised_against_proposal_is_asked_about_and_then_ends(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    for vote in world.open_items(case, "vote"):
        world.do(vote, by=world.holder_of(vote), choice=VoteChoice.AGAINST)
    item = world.open_items(case, "conclude")[0]
    data = {"outcome": "decline", "reasons": "Vi ser ingen nytta."}
    assert "Avstyrk och avsluta ärendet?" in site.post("chair", url_of(item), data).content.decode()
    assert site.post("chair", url_of(item), {**data, "confirmed": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.end_state == EndState.DECLINED


def test_what_can_be_undone_is_not_asked_about(world: World, site: Site) -> None:
    item = reach(world, "screen")
    returned = site.post("coordinator", url_of(item), {"outcome": "return", "reasons": "Vem ansvarar?"})
    assert returned.status_code == 302
