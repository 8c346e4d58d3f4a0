"""A referral from the coordinator's desk to a phone outside, by the link in the mail alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from cases.models import Referral
from tests.browser.people import DESKTOP, PHONE, Office
from tests.workflows.referral.asking import answer_outside, asked, task_of, text_file
from tests.world import World, build_world
from workflows.referral_acts import close_referral
from workflows.steps.referral import ask_extension

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(browser: Browser, live_server: Any, settings: Any) -> Iterator[Office]:
    settings.SAMVERKA_BASE_URL = live_server.url
    office = Office(browser, live_server.url, build_world())
    yield office
    office.close()


def faults(page: Page) -> list[str]:
    """What axe and the eye find wrong with the page as it stands."""
    found = [
        f"{page.url} {violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url} scrolls sideways")
    return found


def send_from_the_desk(office: Office, world: World, *, size: dict[str, int] = DESKTOP) -> list[str]:
    """The coordinator sends a case on referral to the board and to somebody outside; what was wrong on the way."""
    case = world.submitted()
    world.advance(case, to="prepare")
    found = []
    page = office.page_of("coordinator", size=size)
    page.goto(f"/arenden/{case.pk}/")
    page.get_by_role("link", name="Skicka på remiss").click()
    page.get_by_label("Det här vill vi ha synpunkter på").fill("Är förslaget rätt avvägt?")
    page.get_by_label("Svar senast").fill((office.now.date() + dt.timedelta(days=20)).isoformat())
    page.get_by_label("Kommunstyrelsen").check()
    page.get_by_role("button", name="Lägg till mottagare").click()
    assert page.get_by_label("Kommunstyrelsen").is_checked()
    row = page.get_by_role("group", name="Mottagare 1")
    row.get_by_label("Namn").fill("Kårservice")
    row.get_by_label("E-postadress").fill("remiss@karservice.example")
    found += faults(page)
    page.get_by_role("button", name="Granska remissen").click()
    assert "Kårservice" in page.inner_text("main")
    found += faults(page)
    page.get_by_role("button", name="Skicka remissen").click()
    page.wait_for_url(f"**/arenden/{case.pk}/**")
    return found + faults(page)


def link_of(address: str) -> str:
    """The personal link in the newest mail to the address, as a path."""
    for message in reversed(mail.outbox):
        if any(address in to for to in message.to):
            found = re.search(r"https?://[^/\s]+(/remiss/svar/[^\s]+)", str(message.body))
            assert found is not None
            return found.group(1)
    raise AssertionError([message.to for message in mail.outbox])


def test_somebody_outside_answers_on_a_phone_by_the_link_in_the_mail(
    office: Office, browser: Browser
) -> None:
    world = office.world
    world.now = office.now
    found = send_from_the_desk(office, world)
    office.deliver()
    context = browser.new_context(viewport=PHONE, locale="sv-SE", base_url=office.base_url)  # type: ignore[arg-type]
    phone = context.new_page()
    phone.goto(link_of("remiss@karservice.example"))
    assert "Är förslaget rätt avvägt?" in phone.inner_text("main")
    found += faults(phone)

    phone.get_by_role("button", name="Lämna svaret").click()
    assert phone.title().startswith("Fel:")
    found += faults(phone)

    phone.get_by_text("Be om längre svarstid").click()
    phone.get_by_label("Vi behöver tid till och med").fill(
        (office.now.date() + dt.timedelta(days=40)).isoformat()
    )
    phone.get_by_label("Varför?").fill("Nämnden sammanträder sent.")
    phone.get_by_role("button", name="Be om mer tid").click()
    found += faults(phone)

    phone.get_by_text("Handläggaren har inte svarat än").wait_for()
    phone.get_by_label("Tillstyrker med ändringar").check()
    phone.get_by_label("Synpunkter", exact=True).fill("Börja i liten skala.")
    phone.get_by_label("Ditt namn").fill("Kim Kår")
    phone.get_by_label("Bifoga filer").set_input_files(
        {"name": "yttrande.txt", "mimeType": "text/plain", "buffer": b"Vi har synpunkter.\n"}
    )
    phone.get_by_role("button", name="Lämna svaret").click()
    phone.get_by_role("heading", name="Ert svar är mottaget").wait_for()
    found += faults(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="yttrande.txt").click()
    assert download.value.suggested_filename == "yttrande.txt"

    phone.get_by_text("Ändra svaret", exact=True).click()
    phone.get_by_label("Tillstyrker", exact=True).check()
    phone.get_by_role("button", name="Spara ändringen").click()
    phone.get_by_text("Tidigare version 1").wait_for()
    found += faults(phone)
    assert context.cookies() == []
    context.close()

    referral = Referral.objects.get()
    newest = referral.recipients.get(kind="outside").answers.latest("version")
    assert (newest.stance, newest.author_name, newest.documents.count()) == ("supports", "Kim Kår", 1)
    assert found == []
    assert office.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_every_page_of_a_referral_is_sound(office: Office, browser: Browser, size: dict[str, int]) -> None:
    world = office.world
    case = world.submitted()
    referral = world.refer(case)
    outside, person, body = (asked(referral, kind) for kind in ("outside", "person", "body"))
    ask_extension(
        recipient_id=outside.pk,
        actor=None,
        digest=outside.token_digest,
        wanted_until=referral.due_on + dt.timedelta(days=30),
        reason="Styrelsen möts sent.",
        now=world.tick(),
    )
    world.act(case, "referral_answer", by="board-lk")
    context = browser.new_context(viewport=size, locale="sv-SE", base_url=office.base_url)  # type: ignore[arg-type]
    stranger = context.new_page()
    link = f"/remiss/svar/{outside.token}/"
    found = faults_at(stranger, link)
    for name, path in (
        ("coordinator", f"/arenden/{case.pk}/"),
        ("coordinator", f"/arenden/{case.pk}/remiss/instans/{outside.pk}/"),
        ("coordinator", f"/arenden/{case.pk}/remiss/stang/"),
        ("outsider", f"/uppgifter/{task_of(person).pk}/"),
        ("outsider", f"/remiss/{person.pk}/"),
        ("board-lk", f"/remiss/{body.pk}/"),
    ):
        found += faults_at(office.page_of(name, size=size), path)
    answer_outside(world, referral, files=[text_file()])
    found += faults_at(stranger, link)
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    desk = office.page_of("coordinator", size=size)
    found += faults_at(desk, f"/uppgifter/{world.open_items(case, 'compile_referral')[0].pk}/")
    world.act(case, "compile_referral")
    found += faults_at(desk, f"/arenden/{case.pk}/")
    found += faults_at(desk, f"/uppgifter/{world.open_items(case, 'prepare')[0].pk}/")
    found += faults_at(stranger, link)
    context.close()
    assert found == []
    assert office.faults == []


def faults_at(page: Page, path: str) -> list[str]:
    """Go there, and say what is wrong."""
    page.goto(path)
    return faults(page)
