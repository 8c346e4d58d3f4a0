"""A council's meeting from plan to close: the secretary at a desk, five members, the chair and a deputy by their phones."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from cases.history import verify_case
from cases.meeting_history import verify_meeting
from cases.models import Meeting, MeetingStatus, Role, VoteChoice
from tests.browser.people import DESKTOP, PHONE, Office
from tests.workflows.meetings.hall import Hall, build_hall
from workflows.meetings import plan, session
from workflows.models import WorkItem

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
#: A folder for pictures of every page, for whoever wants to look at them.
PICTURES = os.environ.get("SAMVERKA_PICTURES", "")


class Visitors:
    """Everybody at the meeting, and what is wrong with the pages that they meet."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.faults: list[str] = []

    def keeper(self, name: str = "secretary") -> Page:
        return self.office.page_of(name, size=DESKTOP)

    def member(self, name: str) -> Page:
        return self.office.page_of(name, size=PHONE)

    def look(self, page: Page, what: str) -> None:
        """See that the page is sound as it stands: axe, no sideways scrolling."""
        for violation in Axe().run(page).response["violations"]:
            self.faults.append(f"{what} {violation['id']}: {violation['nodes'][0]['html'][:160]}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{what} scrolls sideways")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{what}.png", full_page=True)

    def look_both_ways(self, page: Page, what: str) -> None:
        """The same at both widths."""
        self.look(page, f"{what}-wide")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.look(page, f"{what}-narrow")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


@pytest.fixture
def hall(transactional_db: None) -> Hall:
    hall = build_hall()
    for name in ("mem-three", "mem-four", "mem-five"):
        hall.world.add_person(name, "liu")
        liu = hall.world.organisations["liu"]
        hall.world.give(name, Role.STEERING_MEMBER, hall.body, represents=liu)
    hall.world.add_person("deputy", "lk", full_name="Disa Deputy")
    hall.world.give(
        "deputy",
        Role.STEERING_MEMBER,
        hall.body,
        represents=hall.world.organisations["lk"],
        deputy_for=hall.person("mem-lk"),
        deputy_order=1,
    )
    return hall


@pytest.fixture
def visitors(browser: Browser, live_server: Any, settings: Any, hall: Hall) -> Iterator[Visitors]:
    settings.SAMVERKA_BASE_URL = live_server.url
    office = Office(browser, live_server.url, hall.world)
    yield Visitors(office)
    office.close()


def press(page: Page, name: str) -> None:
    """Press the button and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def field(page: Page, label: str) -> Any:
    return page.get_by_label(re.compile(rf"^{label}( \(valfritt\))?$"))


def vote(page: Page, url: str, choice: str) -> None:
    """From the meeting's page, as the mail links to it, to a vote."""
    page.goto(url)
    page.get_by_role("link", name="Till punkten").first.click()
    page.get_by_role("radio", name=choice, exact=True).check()
    press(page, "Lämna rösten")
    assert page.get_by_text("Din röst är lämnad.").count() >= 1


def test_a_meeting_from_plan_to_posted_minutes(visitors: Visitors, hall: Hall) -> None:
    one, two, three = hall.waiting(3)
    page = visitors.keeper()

    # Planned
    page.goto("/organ/samverkansradet/")
    visitors.look_both_ways(page, "01-body")
    page.get_by_role("link", name="Planera möte").click()
    press(page, "Planera mötet")
    visitors.look_both_ways(page, "02-plan-errors")
    day = timezone.localdate() + dt.timedelta(days=10)
    field(page, "Dag").fill(day.isoformat())
    field(page, "Plats eller länk").fill("Stadshuset, Eken")
    press(page, "Planera mötet")
    meeting = Meeting.objects.get()
    url = f"/moten/{meeting.pk}/"

    # The agenda
    for case in (one, two, three):
        page.get_by_role("checkbox", name=re.compile(case.title)).check()
    press(page, "Lägg de valda på dagordningen")
    field(page, "Rubrik").fill("Föregående protokoll")
    press(page, "Lägg till punkten")
    for _step in range(3):
        press(page, "Flytta upp: Föregående protokoll")
    visitors.look_both_ways(page, "03-agenda")

    # Called
    page.get_by_role("link", name="Kalla till mötet").click()
    visitors.look_both_ways(page, "04-call")
    press(page, "Sänd kallelsen")
    phone = visitors.member("mem-lk")
    phone.goto(url)
    visitors.look(phone, "05-called-member")
    field(phone, "Meddelande till sekreteraren").fill("Är på annat möte.")
    press(phone, "Jag kan inte komma")
    deputy = visitors.member("deputy")
    deputy.goto("/moten/")
    visitors.look(deputy, "06-own-meetings")
    deputy.goto(url)
    visitors.look(deputy, "07-called-deputy")
    press(deputy, "Jag kommer")
    for name in ("chair", "mem-liu", "mem-three", "mem-four"):
        phone = visitors.member(name)
        phone.goto(url)
        press(phone, "Jag kommer")

    # The roll
    page.goto(url)
    visitors.look_both_ways(page, "08-called")
    page.get_by_role("link", name="Genomför mötet").click()
    visitors.look_both_ways(page, "09-open-without-quorum")
    page.get_by_role("link", name="Anteckna vilka som är här").click()
    visitors.look_both_ways(page, "10-roll")
    press(page, "Anteckna närvaron")
    page.get_by_role("link", name="Gå vidare och öppna mötet").click()
    press(page, "Öppna mötet")
    visitors.look_both_ways(page, "11-opened")

    # A free item, then a case with a vote
    press(page, "Ta upp punkten")
    field(page, "Beslut eller anteckning").fill("Protokollet läggs till handlingarna.")
    visitors.look_both_ways(page, "12-free-item")
    waiting = visitors.member("mem-four")
    waiting.goto(url)
    press(page, "Avgör och ta upp nästa")
    waiting.wait_for_url("**/punkter/*/", timeout=15_000)
    visitors.look(waiting, "13-led-to-the-item")
    for name, choice in (
        ("chair", "Tillstyrker"),
        ("mem-liu", "Tillstyrker"),
        ("mem-three", "Avstyrker"),
        ("deputy", "Tillstyrker"),
    ):
        vote(visitors.member(name), url, choice)
    visitors.look(visitors.member("deputy"), "14-voted")
    page.locator("text=Rösterna bär förslaget.").wait_for(timeout=15_000)
    visitors.look_both_ways(page, "15-vote")
    page.get_by_role("radio", name="Tillstyrker", exact=True).check()
    visitors.look_both_ways(page, "16-settling")
    press(page, "Avgör och ta upp nästa")

    # A conflict of interest, and a table
    phone = visitors.member("mem-liu")
    phone.goto(url)
    phone.get_by_role("link", name="Till punkten").first.click()
    phone.get_by_role("link", name="Är du jävig? Anmäl det här").click()
    field(phone, "Skäl till jävet").fill("Min syster är projektledare.")
    visitors.look(phone, "17-conflict")
    press(phone, "Ja, jag är jävig")
    visitors.look(phone, "18-conflicted")
    assert phone.get_by_text(two.title).count() == 0
    page.reload()
    page.get_by_role("radio", name="Bordlägger", exact=True).check()
    field(page, "Motivering").fill("Underlaget kom sent.")
    field(page, "Bordlagt till dagen").fill((day + dt.timedelta(days=30)).isoformat())
    visitors.look_both_ways(page, "19-tabling")
    press(page, "Avgör punkten")
    visitors.look_both_ways(page, "20-between")

    # A dissent
    phone = visitors.member("mem-three")
    phone.goto(f"{url}punkter/{meeting.items.get(case=one).pk}/")
    visitors.look(phone, "21-settled-member")
    phone.get_by_role("link", name="Reservera dig eller yttra dig särskilt").click()
    phone.get_by_role("radio", name="Reservation").check()
    field(phone, "Text").fill("Förslaget saknar finansiering.")
    visitors.look(phone, "22-dissent")
    press(phone, "Lämna texten")

    # Closed, with one case left
    page.get_by_role("link", name="Justerare och avslut").first.click()
    press(page, "Avsluta mötet")
    visitors.look_both_ways(page, "23-closing")
    page.get_by_role("checkbox", name="Mem-Three").check()
    page.get_by_role("checkbox", name="Disa Deputy").check()
    press(page, "Välj justerare")
    press(page, "Avsluta mötet")
    visitors.look_both_ways(page, "24-closed")

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CLOSED
    assert list(verify_meeting(meeting)) == []
    for case in (one, two, three):
        case.refresh_from_db()
        assert list(verify_case(case)) == []
    assert (hall.step_of(one), hall.step_of(two), hall.step_of(three)) == (
        ["agreement_need"],
        ["at_meeting"],
        ["at_meeting"],
    )
    assert one.deliberations.get().votes.count() == 4
    assert one.deliberations.get().statements.count() == 1
    page.goto("/organ/samverkansradet/")
    visitors.look_both_ways(page, "25-body-after")

    # The minutes: made, corrected once, adjusted by two on their phones, posted, dispatched
    page.goto(f"{url}protokoll/")
    press(page, "Upprätta protokollet")
    visitors.look_both_ways(page, "26-minutes")
    phone = visitors.member("mem-three")
    phone.goto(f"{url}protokoll/")
    visitors.look(phone, "27-to-adjust")
    phone.get_by_role("link", name="Begär en rättelse").click()
    field(phone, "Vad behöver rättas\\?").fill("Säg att kostnaden diskuterades.")
    press(phone, "Skicka anmärkningen")
    page.reload()
    page.get_by_role("link", name=re.compile(f"§ 2 {one.title}")).click()
    field(page, "Anteckningar i protokollet").fill("Rådet diskuterade kostnaden.")
    visitors.look_both_ways(page, "28-notes")
    press(page, "Spara")
    press(page, "Upprätta en ny version")
    for name in ("mem-three", "deputy"):
        phone = visitors.member(name)
        phone.goto(f"{url}protokoll/")
        phone.get_by_label(re.compile("Jag har läst hela protokollet")).check()
        press(phone, "Justera protokollet")
    visitors.look(phone, "29-adjusted")
    page.reload()
    page.get_by_role("link", name="Anslå protokollet").click()
    press(page, "Anslå protokollet")
    page.get_by_role("link", name="Expediera utdrag").click()
    visitors.look_both_ways(page, "30-dispatch")
    press(page, "Expediera")
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.POSTED
    assert one.documents.get().title.startswith("Protokollsutdrag § 2")
    assert visitors.faults == []
    assert visitors.office.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_every_other_page_of_meetings_is_sound(visitors: Visitors, hall: Hall, size: dict[str, int]) -> None:
    one, two, three = hall.waiting(3)
    called = hall.called([one])
    planned = hall.planned(days=30)
    hall.planned(days=45)
    cancelled = hall.planned(days=60)
    plan.cancel_meeting(
        meeting_id=cancelled.pk,
        actor=hall.person("secretary"),
        reason="För få ärenden.",
        now=hall.world.tick(),
    )
    item = called.items.get()
    task = WorkItem.objects.get(case=two, open=True)
    page = visitors.office.page_of("secretary", size=size)

    def look(name: str, path: str, what: str) -> None:
        there = visitors.office.page_of(name, size=size)
        there.goto(path)
        visitors.look(there, f"{what}-{size['width']}")

    look("secretary", f"/uppgifter/{task.pk}/", "30-choose-a-meeting")
    look("secretary", f"/moten/{planned.pk}/", "31-planned")
    look("secretary", f"/moten/{planned.pk}/dagordning/", "32-agenda-with-waiting")
    look("secretary", f"/moten/{planned.pk}/kalla/", "33-call-without-items")
    look("secretary", f"/moten/{cancelled.pk}/", "34-cancelled")
    look("secretary", f"/moten/{called.pk}/andra/", "35-change")
    look("secretary", f"/moten/{called.pk}/stall-in/", "36-cancel")
    look("secretary", "/moten/", "37-own-meetings")
    look("coordinator", f"/moten/{called.pk}/", "38-for-who-only-sees")
    look("coordinator", f"/moten/{called.pk}/andra/", "39-refused")
    look("mem-liu", f"/moten/{called.pk}/svar/", "40-answer")
    look("mem-liu", f"/moten/{called.pk}/punkter/{item.pk}/", "41-item-before")
    hall.world.now = called.starts_at
    hall.call_the_roll(called)
    people = {"chair": hall.person("chair"), "secretary": hall.person("secretary")}
    session.open_meeting(
        meeting_id=called.pk, actor=hall.person("secretary"), now=hall.world.tick(minutes=1), **people
    )
    look("mem-liu", f"/moten/{called.pk}/", "42-waiting")
    hall.take_up(called, one)
    hall.vote(item, "mem-lk", VoteChoice.FOR_AMENDED, amendment="Rådet tillstyrker en pilot.")
    run = f"/moten/{called.pk}/genomfor/{item.pk}/"
    look("secretary", f"{run}jav/", "43-note-conflict")
    page.goto(run)
    page.get_by_role("radio", name="Återremiss till beredningen").check()
    press(page, "Avgör punkten")
    visitors.look(page, f"44-settle-errors-{size['width']}")
    page.get_by_role("radio", name="Återremiss till beredningen").check()
    field(page, "Motivering").fill("Vad kostar det?")
    press(page, "Avgör punkten")
    visitors.look(page, f"45-all-done-{size['width']}")
    look("secretary", run, "46-settled")
    look("secretary", f"/uppgifter/{WorkItem.objects.get(case=three, open=True).pk}/", "47-choose")
    assert visitors.faults == []
    assert visitors.office.faults == []
