"""Every page, wide and narrow, in both languages: no axe violation, no sideways scrolling, nothing that the CSP stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from cases.models import Case, DeliberationOutcome
from tests.browser.people import DESKTOP, PHONE, Office
from tests.world import World, build_world
from workflows import case_acts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(browser: Browser, live_server: Any, settings: Any) -> Iterator[Office]:
    settings.SAMVERKA_BASE_URL = live_server.url
    office = Office(browser, live_server.url, build_world())
    yield office
    office.close()


def faults_of(page: Page, path: str) -> list[str]:
    """What axe and the eye find wrong with the page, in short."""
    page.goto(path)
    found = [
        f"{path} {violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path} scrolls sideways")
    return found


def cases_to_look_at(world: World) -> tuple[Case, Case, Case]:
    """One that was voted on and is being decided, one that is new, and a draft."""
    decided = world.submitted()
    case_acts.ask_proposer(
        case_id=decided.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    world.advance(decided, to="decide")
    return decided, world.submitted(), world.draft()


def steps_with_people(world: World) -> list[tuple[str, str]]:
    """Every step of the flow once: a person who has it open, and its address."""
    found: dict[str, tuple[str, str]] = {}
    for step in (
        "screen", "register", "statement", "prepare", "vote", "conclude", "agreement_need", "draft_agreement",
        "review_agreement", "decide", "sign", "report",
    ):  # fmt: skip
        case = world.submitted()
        item = world.advance(case, to=step)[0]
        found[step] = (world.holder_of(item), f"/uppgifter/{item.pk}/")
    case = world.submitted()
    world.advance(case, to="conclude")
    world.act(case, "conclude", outcome=DeliberationOutcome.REFER_BACK, reasons="Mer.")
    item = world.open_items(case)[0]
    found["complete"] = (world.holder_of(item), f"/uppgifter/{item.pk}/")
    return list(found.values())


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_every_page_is_sound(office: Office, size: dict[str, int]) -> None:
    world = office.world
    decided, new, draft = cases_to_look_at(world)
    item = world.open_items(new)[0]
    faults: list[str] = []
    page = office.page_of("coordinator", size=size)
    for path in (
        "/",
        "/arenden/",
        "/datum/",
        f"/arenden/{decided.pk}/",
        f"/arenden/{new.pk}/",
        f"/arenden/{new.pk}/vila/",
        f"/arenden/{new.pk}/avbryt/",
        f"/arenden/{new.pk}/fraga/",
        f"/arenden/{new.pk}/uppgifter/{item.pk}/lamna-over/",
        f"/arenden/{new.pk}/handlingar/",
        "/samarbeten/",
        "/samarbeten/lk-liu/",
        "/organ/samverkansradet/",
        "/konto/",
        "/kallkod/",
        "/tillganglighet/",
        "/finns-inte/",
    ):
        faults += faults_of(page, path)
    page = office.page_of("proposer", size=size)
    for path in (
        "/forslag/nytt/",
        f"/forslag/{draft.pk}/",
        f"/forslag/{draft.pk}/lamna-in/",
        f"/arenden/{new.pk}/aterkalla/",
    ):
        faults += faults_of(page, path)
    for name, path in steps_with_people(world):
        faults += faults_of(office.page_of(name, size=size), path)
    stranger = office.browser.new_page(base_url=office.base_url)
    faults += faults_of(stranger, "/logga-in/") + faults_of(stranger, "/logga-in/glomt/")
    stranger.close()
    assert faults == []
    assert office.faults == []


def test_one_goes_by_keyboard_from_the_top_of_the_page_to_a_vote(office: Office) -> None:
    case = office.world.submitted()
    item = next(
        i for i in office.world.advance(case, to="vote") if i.owner_id == office.world.people_ids["mem-lk"]
    )
    page = office.page_of("mem-lk")
    page.goto(f"/uppgifter/{item.pk}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "choice":
            break
    page.keyboard.press("Space")
    for _press in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/arenden/{case.pk}/**")
    assert case.deliberations.get().votes.get().choice == "for"
