"""Absence and delegation in a browser: every page sound, and one goes from being away to a colleague doing the task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from cases.models import Delegation, Person
from tests.browser.people import DESKTOP, PHONE, Office
from tests.browser.test_every_page import faults_of
from tests.world import build_world
from workflows.delegation import delegate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(browser: Browser, live_server: Any, settings: Any) -> Iterator[Office]:
    settings.SAMVERKA_BASE_URL = live_server.url
    office = Office(browser, live_server.url, build_world())
    office.world.add_person("stand-in", "lk", full_name="Stina Stand-In")
    office.world.now = timezone.now()
    yield office
    office.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_the_pages_of_absence_are_sound(office: Office, size: dict[str, int]) -> None:
    world = office.world
    case = world.submitted()
    item = world.advance(case, to="register")[0]
    today = world.now.date()
    Person.objects.filter(pk__in=[world.people_ids["reg-lk"], world.people_ids["reg-liu"]]).update(
        absent_from=today, absent_until=today + dt.timedelta(days=9)
    )
    given = [
        delegate(
            actor=world.person(person),
            to=world.person(to),
            roles=None,
            valid_from=today,
            valid_until=today + dt.timedelta(days=9),
            reason="Semester",
            now=world.now,
        ).delegations[0]
        for person, to in (("coordinator", "stand-in"), ("clerk-lk", "coordinator"))
    ]
    page = office.page_of("coordinator", size=size)
    faults: list[str] = []
    for path in (
        "/konto/",
        "/konto/delegera/",
        f"/delegeringar/{given[0].pk}/avsluta/",
        f"/arenden/{case.pk}/",
        f"/arenden/{case.pk}/uppgifter/{item.pk}/lamna-over/",
        f"/arenden/{case.pk}/uppgifter/{item.pk}/paminn/",
    ):
        faults += faults_of(page, path)
    page.goto("/konto/delegera/")
    page.get_by_role("button", name="Delegera").click()
    assert page.get_by_role("alert").or_(page.locator(".sv-error-summary")).count() or "Fel:" in page.title()
    administrator = office.page_of("administrator", size=size)
    for path in ("/delegeringar/", f"/personer/{world.people_ids['reg-liu']}/delegera/"):
        faults += faults_of(administrator, path)
    assert faults == []
    assert office.faults == []


def test_from_being_away_to_a_colleague_doing_the_task(office: Office) -> None:
    world = office.world
    case = world.submitted()
    page = office.page_of("coordinator")
    page.goto("/konto/")
    today = timezone.localdate()
    page.get_by_label("Frånvarande från och med").fill(today.isoformat())
    page.get_by_label("Frånvarande till och med").fill((today + dt.timedelta(days=9)).isoformat())
    page.get_by_label("Vem ersätter dig under tiden?").select_option(label="Stina Stand-In")
    page.get_by_role("button", name="Spara profilen").click()
    assert page.get_by_text("Stina Stand-In är nu utsedd till ersättare.").is_visible()
    colleague = office.page_of("stand-in")
    colleague.goto(f"/uppgifter/{world.open_items(case)[0].pk}/")
    colleague.get_by_label("Ta upp").first.check()
    colleague.get_by_role("button", name="Spara").or_(
        colleague.locator("main form button[type=submit]")
    ).first.click()
    event = case.events.get(kind="screened")
    assert (event.actor, event.on_behalf_of) == (world.person("stand-in"), world.person("coordinator"))
    page.goto("/konto/")
    page.get_by_role("link", name="Avsluta delegeringen till Stina Stand-In").click()
    page.get_by_role("button", name="Avsluta delegeringen").click()
    assert page.get_by_text("Stina Stand-In är inte längre ersättare.").is_visible()
    assert not Delegation.objects.standing().exists()
    assert office.faults == []
