"""Every step through its page: for the right person, for others, and once."""

from __future__ import annotations

import pytest

from tests.workflows.steps.site import STEPS, Site, reach, typed, url_of
from tests.world import World
from workflows.forms.registry import STEP_PAGES
from workflows.models import WorkItem
from workflows.policy import STEP_ACTIONS


def test_there_is_a_page_for_every_step_of_the_policy() -> None:
    assert set(STEP_PAGES) == {action.value for action in STEP_ACTIONS}


@pytest.mark.parametrize("step", STEPS)
def test_the_page_shows_the_form_to_whom_the_step_waits_for(world: World, site: Site, step: str) -> None:
    item = reach(world, step)
    page = site.get(world.holder_of(item), url_of(item))
    html = page.content.decode()
    assert page.status_code == 200
    assert 'id="uppgift"' in html
    assert 'method="post"' in html
    assert "Reversed mentorship" in html
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize("step", STEPS)
def test_posting_the_form_does_the_step_and_says_who_is_next(world: World, site: Site, step: str) -> None:
    item = reach(world, step)
    who = world.holder_of(item)
    page = site.follow(who, url_of(item), typed(item))
    assert page.redirect_chain == [(f"/arenden/{item.case_id}/", 302)]
    item.refresh_from_db()
    assert item.done_by == world.person(who)
    message = str(next(iter(page.context["messages"])))
    assert "Nu väntar ärendet på" in message or "Ärendet är avslutat" in message


@pytest.mark.parametrize("step", STEPS)
def test_who_does_not_see_the_case_gets_not_found_and_nothing_changes(
    world: World, site: Site, step: str
) -> None:
    item = reach(world, step)
    assert site.get("outsider", url_of(item)).status_code == 404
    assert site.post("outsider", url_of(item), typed(item)).status_code == 404
    assert WorkItem.objects.get(pk=item.pk).open


@pytest.mark.parametrize("step", [step for step in STEPS if step != "decide"])
def test_who_sees_the_case_but_lacks_the_right_is_told_whose_task_it_is(
    world: World, site: Site, step: str
) -> None:
    item = reach(world, step)
    page = site.get("auditor", url_of(item))
    assert page.status_code == 403
    assert "Uppgiften är någon annans" in page.content.decode()
    assert site.post("auditor", url_of(item), typed(item)).status_code == 403
    assert WorkItem.objects.get(pk=item.pk).open


def test_a_step_of_another_party_s_own_chain_is_not_known_to_exist(world: World, site: Site) -> None:
    item = reach(world, "decide")
    assert item.party == world.organisations["lk"]
    assert site.get("contact-liu", url_of(item)).status_code == 404
    assert site.get("contact-lk", url_of(item)).status_code == 403


def test_who_has_not_signed_in_is_led_to_the_sign_in(world: World, site: Site) -> None:
    item = reach(world, "vote")
    page = site.get(None, url_of(item))
    assert page.status_code == 302
    assert page["Location"] == f"/logga-in/?next=/uppgifter/{item.pk}/"


def test_a_number_that_is_no_step_is_not_found(world: World, site: Site) -> None:
    assert site.get("coordinator", "/uppgifter/999999/").status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_posting_twice_is_answered_in_friendly_words(world: World, site: Site, step: str) -> None:
    item = reach(world, step)
    who = world.holder_of(item)
    data = typed(item)
    assert site.post(who, url_of(item), data).status_code == 302
    again = site.post(who, url_of(item), data)
    assert again.status_code == 409
    assert "Uppgiften är redan gjord" in again.content.decode()
    assert world.person(who).name in again.content.decode()
