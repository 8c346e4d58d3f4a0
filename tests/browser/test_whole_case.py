"""One proposal from draft to closed, by the people who act, each by the link in their own mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from cases.history import verify_case
from cases.models import Case, Goal
from tests.browser.people import PHONE, Office
from tests.world import build_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(browser: Browser, live_server: Any, settings: Any) -> Iterator[Office]:
    settings.SAMVERKA_BASE_URL = live_server.url
    office = Office(browser, live_server.url, build_world())
    yield office
    office.close()


def send(page: Page, button: str) -> None:
    """Press the page's main button and see that it was taken."""
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/arenden/*/**")
    assert page.get_by_role("status").count() >= 1


def fill(page: Page, label: str, text: str) -> None:
    """Write in the field of that label; one that may be left out says so after its name."""
    page.get_by_role("textbox", name=re.compile(rf"^{label}( \(valfritt\))?$")).fill(text)


def test_a_proposal_goes_from_draft_to_closed_by_everybody_s_own_mail(office: Office) -> None:
    Goal.objects.get_or_create(number=17, defaults={"name": "Genomförande", "name_en": "Partnerships"})
    page = office.page_of("proposer")
    page.get_by_role("link", name="Nytt förslag").first.click()
    fill(page, "Titel", "Mentorer från universitetet")
    page.get_by_label("Område").select_option(label="Hållbar tillväxt")
    fill(page, "Beskrivning", "Studenter är mentorer för företagsledare i Linköping.")
    fill(page, "Återrapportering", "Våren 2023")
    page.get_by_label("Organisation").first.select_option(label="Linköpings kommun")
    page.get_by_label("Enhet").first.fill("Näringsliv och tillväxt")
    page.get_by_role("button", name="Spara utkast").click()
    case = Case.objects.get()
    assert case.is_draft
    page.goto(f"/forslag/{case.pk}/lamna-in/")
    page.get_by_role("button", name="Lämna in").click()
    page.wait_for_url(f"**/arenden/{case.pk}/")

    page = office.open_task("coordinator")
    page.get_by_label("Ta upp förslaget").check()
    send(page, "Bekräfta")
    for name in ("reg-lk", "reg-liu"):
        send(office.open_task(name), "Registrera ärendet")
    for name in ("contact-lk", "contact-liu"):
        page = office.open_task(name)
        page.get_by_role("radio", name="Ställer sig bakom", exact=True).check()
        fill(page, "Behov", "Fler kontakter mellan studenter och företag.")
        fill(page, "Nytta", "Lättare att rekrytera.")
        send(page, "Lämna ställningstagandet")
    page = office.open_task("coordinator")
    fill(page, "Ärendet", "Studenter blir mentorer.")
    fill(page, "Beredning", "Parternas kontaktpersoner har hörts.")
    fill(page, "Samordning med andra samarbeten", "Inga andra samarbeten berörs.")
    fill(page, "Förslag till beslut", "Rådet tillstyrker förslaget.")
    send(page, "Skicka till styrgruppen")
    for name in ("mem-lk", "mem-liu", "chair"):
        page = office.open_task(name, size=PHONE)
        page.get_by_role("radio", name="Tillstyrker", exact=True).check()
        send(page, "Lämna rösten")
    page = office.open_task("chair")
    page.locator("input[name=outcome][value=recommend]").check()
    send(page, "Avgör överläggningen")
    page = office.open_task("coordinator")
    page.get_by_label("Ja, åtagandena").check()
    fill(page, "Skäl", "Studenternas villkor behöver regleras.")
    send(page, "Spara ställningstagandet")
    page = office.open_task("coordinator")
    fill(page, "Föremål", "Mentorskap.")
    fill(page, "Åtaganden och villkor", "Var och en bär sina kostnader.")
    fill(page, "Avtalstid", "2022-2024")
    send(page, "Skicka för granskning")
    for name in ("counsel-lk", "counsel-liu"):
        page = office.open_task(name)
        page.get_by_label("Godtar lydelsen").check()
        send(page, "Lämna beskedet")
    for name in ("clerk-lk", "board-lk", "decider-liu"):
        page = office.open_task(name)
        page.locator("input[name=outcome][value=approve]").check()
        send(page, "Anteckna beslutet")
    for name in ("sign-lk", "sign-liu"):
        page = office.open_task(name)
        page.get_by_label("Ja, jag undertecknar avtalet").check()
        page.get_by_label("Jag har läst hela avtalet").check()
        send(page, "Bekräfta")
    page = office.open_task("proposer")
    page.locator("input[name=status][value=on_track]").check()
    page.get_by_label("Vad har gjorts sedan sist?").fill("Tolv par har träffats.")
    send(page, "Lämna rapporten")
    page = office.open_task("coordinator")
    fill(page, "Resultat", "Modellen används vidare.")
    fill(page, "Lärdomar", "Börja i tid.")
    page.get_by_role("button", name="Lämna slutrapporten", exact=True).click()
    send(page, "Ja, avsluta ärendet")

    case.refresh_from_db()
    assert (case.status, case.end_state) == ("closed", "completed")
    assert list(verify_case(case)) == []
    assert office.faults == []
    acted = set(case.events.exclude(actor=None).values_list("actor", flat=True))
    assert len(acted) >= 11
    office.deliver()
    assert any("Mentorer från universitetet" in m.subject for m in office.mails_to("proposer"))
