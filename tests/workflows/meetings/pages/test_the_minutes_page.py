"""The page of the minutes: who reads a draft, adjusts, asks for a correction, posts and dispatches."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Meeting, Minutes, Role
from tests.workflows.meetings.hall import Hall
from tests.workflows.steps.site import Site
from tests.workflows.steps.test_what_a_page_costs import statements_of
from workflows.meetings import minutes, votes


@pytest.fixture
def held(hall: Hall) -> tuple[Meeting, Case]:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(hall.take_up(meeting, case), notes="Rådet diskuterade kostnaden.")
    return hall.close(meeting), case


def url(meeting: Meeting, more: str = "") -> str:
    return f"/moten/{meeting.pk}/protokoll/{more}"


def bytes_of(answer: Any) -> bytes:
    """The file in the answer, which is then let go of; the answer's own close would close the database as well."""
    content = b"".join(answer.streaming_content)
    for resource in answer._resource_closers:
        resource()
    return content


def made(hall: Hall, meeting: Meeting) -> Minutes:
    return minutes.make_minutes(
        meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick(minutes=1)
    )


def test_a_draft_is_read_by_the_council_s_own_people(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, _case = held
    for name, status in (("secretary", 200), ("mem-liu", 200), ("coordinator", 404), ("outsider", 404)):
        assert (name, site.get(name, url(meeting)).status_code) == (name, status)
    made(hall, meeting)
    assert site.get("coordinator", url(meeting, "1.pdf")).status_code == 404


def test_adjusted_minutes_are_read_by_all_who_see_the_partnership(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, _case = held
    hall.adjust(meeting)
    assert site.get("coordinator", url(meeting)).status_code == 200
    assert site.get("outsider", url(meeting)).status_code == 404


def test_the_secretary_makes_them_and_the_adjusters_adjust_what_they_read(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, _case = held
    assert "inte upprättat" in site.get("secretary", url(meeting)).content.decode()
    assert site.post("secretary", url(meeting, "upprattad/"), {}).status_code == 302
    page = site.get("mem-lk", url(meeting)).content.decode()
    assert "Rådet diskuterade kostnaden." in page
    checksum = re.search(r'name="sha256" value="(\w{64})"', page)
    assert checksum is not None
    unread = site.post("mem-lk", url(meeting, "justera/"), {"sha256": checksum[1]})
    assert unread.status_code == 422
    done = site.follow("mem-lk", url(meeting, "justera/"), {"sha256": checksum[1], "read": "on"})
    assert "Du har justerat protokollet." in done.content.decode()
    assert meeting.adjusters.filter(adjusted_at__isnull=False).count() == 1


def test_who_was_shown_an_older_version_is_asked_to_read_the_new_one(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, _case = held
    first = made(hall, meeting)
    item = meeting.items.get(paragraph=1)
    site.post("secretary", url(meeting, f"punkter/{item.pk}/"), {"notes": "Rådet diskuterade tiden."})
    made(hall, meeting)
    page = site.post("mem-lk", url(meeting, "justera/"), {"sha256": first.sha256, "read": "on"})
    assert page.status_code == 422
    assert "ny version" in page.content.decode()


def test_an_adjuster_asks_for_a_correction(hall: Hall, site: Site, held: tuple[Meeting, Case]) -> None:
    meeting, _case = held
    made(hall, meeting)
    empty = site.post("mem-lk", url(meeting, "rattelse/"), {"remark": ""})
    assert empty.status_code == 422
    site.post("mem-lk", url(meeting, "rattelse/"), {"remark": "Fel år i § 1."})
    assert "Fel år i § 1." in site.get("secretary", url(meeting)).content.decode()


def test_the_minutes_are_posted_and_the_extracts_dispatched(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, case = held
    hall.adjust(meeting)
    assert site.get("mem-lk", url(meeting, "anslag/")).status_code == 403
    posted = site.follow("secretary", url(meeting, "anslag/"), {})
    assert "Protokollet är anslaget till och med" in posted.content.decode()
    sent = site.follow("secretary", url(meeting, "expediera/"), {})
    assert "1 utdrag är expedierat." in sent.content.decode()
    document = case.documents.get()
    extract = site.get("proposer", f"/arenden/{case.pk}/handlingar/{document.pk}/1/")
    assert bytes_of(extract).startswith(b"%PDF-")


def test_the_files_are_the_very_bytes_that_were_adjusted(
    hall: Hall, site: Site, held: tuple[Meeting, Case]
) -> None:
    meeting, _case = held
    version = made(hall, meeting)
    answer = site.get("mem-lk", url(meeting, "1.pdf"))
    with version.pdf.open() as file:
        assert bytes_of(answer) == file.read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert site.get("mem-lk", url(meeting, "2.pdf")).status_code == 404
    assert site.get("mem-lk", url(meeting, "1.exe")).status_code == 404


def test_the_notice_names_no_case_in_which_one_has_a_conflict(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.called([case])
    assert site.get("mem-lk", f"/moten/{meeting.pk}/kallelse.pdf").status_code == 200
    votes.declare_conflict(
        meeting_id=meeting.pk,
        item_id=meeting.items.get().pk,
        actor=hall.person("mem-lk"),
        reason="Anställd i projektet.",
        now=hall.world.tick(),
    )
    full = site.get("mem-liu", f"/moten/{meeting.pk}/kallelse.pdf").content
    less = site.get("mem-lk", f"/moten/{meeting.pk}/kallelse.pdf").content
    assert full != less


def test_the_page_costs_the_same_for_a_large_meeting(hall: Hall, site: Site) -> None:
    def cost(cases: int) -> int:
        meeting = hall.opened(hall.waiting(cases))
        for item in meeting.items.order_by("order"):
            hall.settle(hall.take_up(meeting, item.case))  # type: ignore[arg-type]
        hall.close(meeting)
        made(hall, meeting)
        return len(statements_of(hall.world, "mem-lk", url(meeting)))

    small = cost(1)
    for number in range(10):
        hall.world.add_person(f"more-{number}", "lk")
        hall.world.give(f"more-{number}", Role.STEERING_MEMBER, hall.body)
    assert cost(8) == small


def test_making_the_minutes_costs_the_same_for_a_large_meeting(hall: Hall) -> None:
    def cost(cases: int) -> int:
        meeting = hall.opened(hall.waiting(cases))
        for item in meeting.items.order_by("order"):
            hall.settle(hall.take_up(meeting, item.case))  # type: ignore[arg-type]
        hall.close(meeting)
        with time_machine.travel(hall.world.now, tick=False), CaptureQueriesContext(connection) as counted:
            made(hall, meeting)
        return len(counted)

    assert cost(1) == cost(7)
