"""Who sees a body's meetings, and how much of an item: as much as of its case, nothing with a conflict of interest."""

from __future__ import annotations

import pytest

from cases.models import Case, DeliberationOutcome, Meeting
from tests.workflows.meetings.hall import Hall, seat_the_board
from tests.workflows.steps.site import Site
from workflows.meetings import agenda, votes

FOUND, MISSING, FORBIDDEN = 200, 404, 403
#: Every page of a meeting below its own, by how its address ends.
KEEPERS_PAGES = ("andra/", "stall-in/", "dagordning/", "kalla/")


def page(site: Site, by: str, url: str) -> str:
    answer = site.get(by, url)
    assert answer.status_code == FOUND
    return answer.content.decode()


@pytest.mark.parametrize("name", ["secretary", "chair", "mem-lk", "coordinator", "auditor", "contact-liu"])
def test_who_sees_the_body_sees_its_meeting(hall: Hall, site: Site, name: str) -> None:
    meeting = hall.called(hall.waiting())
    assert "Förslag 1" in page(site, name, f"/moten/{meeting.pk}/")


def test_for_an_outsider_there_is_no_meeting(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    for url in (
        f"/moten/{meeting.pk}/",
        f"/moten/{meeting.pk}/nu/",
        f"/moten/{meeting.pk}/narvaro/",
        f"/moten/{meeting.pk}/narvaro/nu/",
        f"/moten/{meeting.pk}/svar/",
        f"/moten/{meeting.pk}/genomfor/",
        f"/moten/{meeting.pk}/genomfor/avsluta/",
        f"/moten/{meeting.pk}/genomfor/{item.pk}/",
        f"/moten/{meeting.pk}/genomfor/{item.pk}/nu/",
        f"/moten/{meeting.pk}/genomfor/{item.pk}/jav/",
        f"/moten/{meeting.pk}/punkter/{item.pk}/",
        f"/moten/{meeting.pk}/punkter/{item.pk}/nu/",
        f"/moten/{meeting.pk}/punkter/{item.pk}/jav/",
        f"/moten/{meeting.pk}/punkter/{item.pk}/yttrande/",
        *(f"/moten/{meeting.pk}/{end}" for end in KEEPERS_PAGES),
        "/organ/samverkansradet/moten/nytt/",
    ):
        assert site.get("outsider", url).status_code == MISSING, url
        assert site.get("secretary", url).status_code != MISSING, url


def test_a_meeting_that_does_not_exist_is_answered_the_same(hall: Hall, site: Site) -> None:
    for url in ("/moten/99/", "/moten/99/genomfor/", "/moten/99/punkter/1/", "/organ/inget/moten/nytt/"):
        assert site.get("secretary", url).status_code == MISSING, url


def test_an_item_of_another_meeting_is_not_found_under_this_one(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    first, second = hall.called([one]), hall.planned(days=30)
    agenda.put_on_agenda(
        meeting_id=second.pk, actor=hall.person("secretary"), case_ids=[two.pk], now=hall.world.tick()
    )
    other = second.items.get()
    assert site.get("mem-lk", f"/moten/{first.pk}/punkter/{other.pk}/").status_code == MISSING


@pytest.mark.parametrize("name", ["mem-lk", "coordinator", "auditor"])
@pytest.mark.parametrize("end", KEEPERS_PAGES)
def test_only_the_keepers_change_a_meeting(hall: Hall, site: Site, name: str, end: str) -> None:
    meeting = hall.called(hall.waiting())
    assert site.get(name, f"/moten/{meeting.pk}/{end}").status_code == FORBIDDEN
    assert site.post(name, f"/moten/{meeting.pk}/{end}", {"reason": "Nej."}).status_code == FORBIDDEN


@pytest.mark.parametrize("name", ["secretary", "chair"])
def test_the_secretary_and_the_chair_keep_the_meeting(hall: Hall, site: Site, name: str) -> None:
    meeting = hall.called(hall.waiting())
    text = page(site, name, f"/moten/{meeting.pk}/")
    for end in (*KEEPERS_PAGES, "narvaro/", "genomfor/"):
        assert f'href="/moten/{meeting.pk}/{end}"' in text
        assert site.get(name, f"/moten/{meeting.pk}/{end}").status_code == FOUND


def test_a_member_is_not_offered_what_only_keepers_do(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    text = page(site, "mem-lk", f"/moten/{meeting.pk}/")
    assert "Jag kommer" in text
    for end in (*KEEPERS_PAGES, "narvaro/", "genomfor/"):
        assert f'href="/moten/{meeting.pk}/{end}"' not in text


def test_who_comes_is_for_the_members_and_the_keepers(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    site.post("mem-lk", f"/moten/{meeting.pk}/svar/", {"accept": "no", "note": "Är sjuk."})
    assert "Är sjuk." in page(site, "secretary", f"/moten/{meeting.pk}/")
    assert "Är sjuk." not in page(site, "coordinator", f"/moten/{meeting.pk}/")
    assert site.get("coordinator", f"/moten/{meeting.pk}/narvaro/nu/").status_code == FORBIDDEN


def test_a_board_s_meeting_is_its_own_party_s(hall: Hall, site: Site) -> None:
    seat_the_board(hall)
    site.post(
        "ks-secretary",
        "/organ/ks-lk/moten/nytt/",
        {"day": "2021-12-01", "starts_at": "09:00", "ends_at": "10:00", "place": "Rådhuset"},
    )
    meeting = Meeting.objects.get()
    assert site.get("ks-one", f"/moten/{meeting.pk}/").status_code == FOUND
    assert site.get("mem-liu", f"/moten/{meeting.pk}/").status_code == MISSING
    assert "Rådhuset" not in site.get("mem-liu", "/organ/ks-lk/").content.decode()


# A conflict of interest


def in_conflict(hall: Hall) -> tuple[Case, Meeting, int]:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    votes.declare_conflict(
        meeting_id=meeting.pk,
        item_id=item.pk,
        actor=hall.person("mem-lk"),
        reason="Min syster är projektledare.",
        now=hall.world.tick(minutes=1),
    )
    return case, meeting, item.pk


def test_who_has_a_conflict_sees_that_there_is_an_item_and_no_more(hall: Hall, site: Site) -> None:
    case, meeting, item_id = in_conflict(hall)
    for url in (f"/moten/{meeting.pk}/", f"/moten/{meeting.pk}/nu/"):
        text = page(site, "mem-lk", url)
        assert "Ärende som du har anmält jäv i" in text
        assert case.title not in text
        assert f"/punkter/{item_id}/" not in text
        assert f"/arenden/{case.pk}/" not in text


@pytest.mark.parametrize("end", ["", "nu/", "jav/", "yttrande/"])
def test_who_has_a_conflict_finds_no_material_by_its_address(hall: Hall, site: Site, end: str) -> None:
    case, meeting, item_id = in_conflict(hall)
    assert site.get("mem-lk", f"/moten/{meeting.pk}/punkter/{item_id}/{end}").status_code == MISSING
    assert site.get("mem-lk", f"/arenden/{case.pk}/").status_code == MISSING


def test_who_has_a_conflict_cannot_vote(hall: Hall, site: Site) -> None:
    case, meeting, item_id = in_conflict(hall)
    answer = site.post("mem-lk", f"/moten/{meeting.pk}/punkter/{item_id}/", {"choice": "for"})
    assert answer.status_code == MISSING
    assert not case.deliberations.get().votes.exists()


def test_it_stays_hidden_after_the_item_is_settled_and_the_case_closed(hall: Hall, site: Site) -> None:
    case, meeting, item_id = in_conflict(hall)
    item = meeting.items.get(pk=item_id)
    hall.settle(item, DeliberationOutcome.NOTE, reasons="Noteras med intresse.")
    text = page(site, "mem-lk", f"/moten/{meeting.pk}/")
    assert case.title not in text
    assert "Lägger till handlingarna" not in text
    assert site.get("mem-lk", f"/moten/{meeting.pk}/punkter/{item_id}/").status_code == MISSING


def test_a_chair_with_a_conflict_does_not_lead_the_item(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    item = hall.take_up(meeting, one)
    url = f"/moten/{meeting.pk}/genomfor/{item.pk}/"
    answer = site.post(
        "secretary", f"{url}jav/", {"person": hall.world.people_ids["chair"], "reason": "Eget bolag."}
    )
    assert answer.status_code == 302
    assert site.get("chair", url).status_code == MISSING
    run = page(site, "chair", f"/moten/{meeting.pk}/genomfor/")
    assert "En punkt som du inte deltar i behandlas nu" in run
    assert one.title not in run
    assert site.post("chair", f"{url}stang-omrostningen/").status_code == FORBIDDEN
    assert site.get("secretary", url).status_code == FOUND
