"""Closed, cancelled, resting and others' steps: the page tells what happened, to those who may know."""

from __future__ import annotations

from cases.models import Role
from tests.workflows.steps.site import Site, reach, typed, url_of
from tests.world import World
from workflows import case_acts, inbox
from workflows.models import WorkItem


def test_a_step_that_is_done_tells_by_whom_and_when(world: World, site: Site) -> None:
    item = reach(world, "screen")
    world.act(item.case, "screen")
    page = site.get("coordinator", url_of(item))
    html = page.content.decode()
    assert page.status_code == 200
    assert "Uppgiften är redan gjord" in html
    assert "Kajsa Coordinator gjorde uppgiften den 6 september 2021" in html
    assert f'href="/arenden/{item.case_id}/"' in html


def test_others_who_see_the_case_are_told_the_same(world: World, site: Site) -> None:
    item = reach(world, "screen")
    world.act(item.case, "screen")
    assert "Kajsa Coordinator gjorde uppgiften" in site.get("auditor", url_of(item)).content.decode()


def test_who_does_not_see_the_case_is_told_nothing_of_its_closed_steps(world: World, site: Site) -> None:
    item = reach(world, "screen")
    world.act(item.case, "screen")
    assert site.get("outsider", url_of(item)).status_code == 404


def test_a_step_that_fell_away_says_so(world: World, site: Site) -> None:
    item = reach(world, "screen")
    case_acts.withdraw(case_id=item.case_id, actor=world.person("proposer"), reason="", now=world.tick())
    page = site.get("coordinator", url_of(item))
    assert page.status_code == 200
    assert "Uppgiften behövs inte längre" in page.content.decode()
    assert site.post("coordinator", url_of(item), typed(item)).status_code == 409


def test_a_step_of_a_resting_case_says_that_it_rests(world: World, site: Site) -> None:
    item = reach(world, "prepare")
    case_acts.hold(
        case_id=item.case_id, actor=world.person("coordinator"), reason="Semester.", now=world.tick()
    )
    page = site.get("coordinator", url_of(item))
    assert page.status_code == 200
    assert "Ärendet är vilande." in page.content.decode()
    posted = site.post("coordinator", url_of(item), typed(item))
    assert posted.status_code == 409
    assert WorkItem.objects.get(pk=item.pk).finished is None


def test_a_step_that_a_colleague_took_is_theirs(world: World, site: Site) -> None:
    world.add_person("second", "lk", full_name="Sara Second")
    world.give("second", Role.COORDINATOR, world.partnership)
    item = reach(world, "screen")
    inbox.claim(item_id=item.pk, actor=world.person("second"), now=world.tick())
    page = site.get("coordinator", url_of(item))
    assert page.status_code == 403
    assert "Uppgiften väntar på: Sara Second." in page.content.decode()
    assert "Du har tagit uppgiften." in site.get("second", url_of(item)).content.decode()


def test_a_step_that_several_can_do_can_be_taken_and_handed_over(world: World, site: Site) -> None:
    world.add_person("second", "lk", full_name="Sara Second")
    world.give("second", Role.COORDINATOR, world.partnership)
    item = reach(world, "screen")
    html = site.get("coordinator", url_of(item)).content.decode()
    assert "Sara Second" in html
    assert f'action="/uppgifter/{item.pk}/ta/"' in html or "Ta uppgiften" in html
    assert "Lämna över" in html


def test_a_vote_is_personal_and_cannot_be_taken_or_put_back(world: World, site: Site) -> None:
    item = reach(world, "vote")
    html = site.get(world.holder_of(item), url_of(item)).content.decode()
    assert "Ta uppgiften" not in html
    assert "Lägg tillbaka" not in html


def test_nobody_decides_on_a_proposal_of_their_own(world: World, site: Site) -> None:
    case = world.submitted(by="coordinator")
    item = world.open_items(case, "screen")[0]
    page = site.get("coordinator", url_of(item))
    assert page.status_code == 403
    assert "Det är ditt eget förslag." in page.content.decode()
    assert site.post("coordinator", url_of(item), typed(item)).status_code == 403


def test_a_deputy_is_told_for_whom_they_act(world: World, site: Site) -> None:
    world.add_person("deputy", "lk", full_name="Disa Deputy")
    world.give(
        "deputy",
        Role.STEERING_MEMBER,
        world.council,
        represents=world.organisations["lk"],
        deputy_for=world.person("mem-lk"),
    )
    case = world.submitted()
    world.advance(case, to="vote")
    item = world.item_of(case, "vote", "mem-lk")
    html = site.get("deputy", url_of(item)).content.decode()
    assert "Du gör den i stället för" in html
    assert world.person("mem-lk").name in html
    assert site.post("deputy", url_of(item), {"choice": "for"}).status_code == 302
    vote = case.deliberations.get().votes.get()
    assert (vote.member, vote.cast_by) == (world.person("mem-lk"), world.person("deputy"))
