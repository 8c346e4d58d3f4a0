"""A form that does not hold comes back with what was typed, and says at the field what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import AgendaItem, Meeting, Role, VoteChoice
from tests.workflows.meetings.hall import Hall
from tests.workflows.meetings.pages.test_a_whole_meeting import PLANNED
from tests.workflows.steps.site import Site, errors_of

PLAN = "/organ/samverkansradet/moten/nytt/"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2020-01-15"}, "starts_at"),
        ({"starts_at": "klockan nio"}, "starts_at"),
        ({"ends_at": "08:30"}, "ends_at"),
        ({"place": "  "}, "place"),
    ],
)
def test_planning(hall: Hall, site: Site, typed: dict[str, str], field: str) -> None:
    page = site.post("secretary", PLAN, PLANNED | typed)
    assert (page.status_code, list(errors_of(page))) == (422, [field])
    assert "Fika från halv nio." in page.content.decode()
    assert not Meeting.objects.exists()


def test_planning_at_the_time_of_another_meeting(hall: Hall, site: Site) -> None:
    assert site.post("secretary", PLAN, PLANNED).status_code == 302
    page = site.post("secretary", PLAN, PLANNED | {"place": "Rådhuset"})
    assert (page.status_code, list(errors_of(page))) == (422, ["starts_at"])
    assert "Rådhuset" in page.content.decode()


def test_changing(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.post("secretary", f"/moten/{meeting.pk}/andra/", PLANNED | {"ends_at": "07:00"})
    assert (page.status_code, list(errors_of(page))) == (422, ["ends_at"])
    assert "Fika från halv nio." in page.content.decode()


def test_cancelling_without_a_reason(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.post("secretary", f"/moten/{meeting.pk}/stall-in/", {"reason": " "})
    assert (page.status_code, list(errors_of(page))) == (422, ["reason"])


def test_calling_with_an_empty_agenda(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.post("secretary", f"/moten/{meeting.pk}/kalla/")
    assert page.status_code == 422
    assert "Dagordningen är tom." in page.content.decode()


def test_an_item_without_a_heading(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.post(
        "secretary", f"/moten/{meeting.pk}/dagordning/", {"form": "free", "title": "", "text": "Om fikat."}
    )
    assert (page.status_code, list(errors_of(page))) == (422, ["title"])
    assert "Om fikat." in page.content.decode()


def test_a_case_that_no_longer_waits(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.post("secretary", f"/moten/{meeting.pk}/dagordning/", {"form": "cases", "cases": ["99"]})
    assert (page.status_code, list(errors_of(page))) == (422, ["cases"])
    assert "Ett av ärendena väntar inte längre på organet." in page.content.decode()


def test_opening_without_a_quorum(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    hall.call_the_roll(meeting, absent=("mem-lk", "mem-liu"))
    people = hall.world.people_ids
    page = site.post(
        "secretary",
        f"/moten/{meeting.pk}/genomfor/",
        {"chair": people["chair"], "secretary": people["secretary"]},
    )
    assert page.status_code == 422
    assert "Mötet är inte beslutfört: 1 av minst 2 är närvarande." in page.content.decode()


def test_one_person_in_two_seats(hall: Hall, site: Site) -> None:
    world = hall.world
    world.add_person("deputy", "lk")
    for name in ("mem-lk", "mem-liu"):
        world.give("deputy", Role.STEERING_MEMBER, hall.body, deputy_for=hall.person(name), deputy_order=1)
    meeting = hall.called(hall.waiting())
    typed: dict[str, Any] = {}
    for name in ("mem-lk", "mem-liu"):
        seat = hall.seat(meeting, name)
        typed |= {f"seat_{seat.pk}": "on", f"serving_{seat.pk}": world.people_ids["deputy"]}
    page = site.post("secretary", f"/moten/{meeting.pk}/narvaro/", typed)
    assert page.status_code == 422
    assert "Samma person kan inte fylla två platser." in page.content.decode()
    assert not meeting.seats.exclude(serving=None).exists()


# Settling


def taken_up(hall: Hall) -> tuple[str, AgendaItem]:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    return f"/moten/{meeting.pk}/genomfor/{item.pk}/", item


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "table", "reasons": "Sent."}, "tabled_until"),
        ({"outcome": "table", "reasons": "Sent.", "tabled_until": "2021-01-01"}, "tabled_until"),
        ({"outcome": "prepare_again"}, "reasons"),
        ({"outcome": "recommend", "decision_text": "Något annat."}, "outcome"),
        (
            {"outcome": "recommend_amended", "decision_text": "Samverkansrådet tillstyrker förslaget."},
            "decision_text",
        ),
    ],
)
def test_settling(hall: Hall, site: Site, typed: dict[str, str], field: str) -> None:
    url, item = taken_up(hall)
    page = site.post("secretary", url, {"notes": "Karin yttrar sig."} | typed)
    assert (page.status_code, list(errors_of(page))) == (422, [field])
    assert "Karin yttrar sig." in page.content.decode()
    item.refresh_from_db()
    assert item.number == ""


def test_the_votes_bind_what_can_be_chosen(hall: Hall, site: Site) -> None:
    url, item = taken_up(hall)
    for name in ("mem-lk", "mem-liu"):
        hall.vote(item, name, VoteChoice.AGAINST)
    page = site.post("secretary", url, {"outcome": "recommend", "notes": "Karin yttrar sig."})
    assert errors_of(page) == {"outcome": ["Rösterna ger inte den utgången."]}


def test_what_ends_the_case_is_asked_first_with_everything_carried_along(hall: Hall, site: Site) -> None:
    url, item = taken_up(hall)
    typed = {"outcome": "decline", "reasons": "Rådet ser ingen nytta.", "notes": "Karin yttrar sig."}
    page = site.post("secretary", url, typed)
    assert page.status_code == 200
    assert ("reasons", "Rådet ser ingen nytta.") in page.context["carried"]
    item.refresh_from_db()
    assert item.status == "open"
    back = site.post("secretary", url, typed | {"back": "1"})
    assert "Karin yttrar sig." in back.content.decode()
    assert site.post("secretary", url, typed | {"confirmed": "1"}).status_code == 302
    item.refresh_from_db()
    assert (item.number, item.notes, item.outcome) == ("§ 1", "Karin yttrar sig.", "decline")


def test_a_vote_with_an_amendment_needs_its_wording(hall: Hall, site: Site) -> None:
    _url, item = taken_up(hall)
    page = site.post(
        "mem-lk",
        f"/moten/{item.meeting_id}/punkter/{item.pk}/",
        {"choice": "for_amended", "amendment": "", "reasons": "Bara en pilot."},
    )
    assert (page.status_code, list(errors_of(page))) == (422, ["amendment"])
    assert "Bara en pilot." in page.content.decode()


def test_a_conflict_needs_its_reason(hall: Hall, site: Site) -> None:
    _url, item = taken_up(hall)
    page = site.post("mem-lk", f"/moten/{item.meeting_id}/punkter/{item.pk}/jav/", {"reason": ""})
    assert (page.status_code, list(errors_of(page))) == (422, ["reason"])


def test_too_few_adjusters(hall: Hall, site: Site) -> None:
    url, _item = taken_up(hall)
    run = url.rsplit("/", 2)[0]
    page = site.post(
        "secretary", f"{run}/avsluta/", {"form": "adjusters", "people": [hall.world.people_ids["mem-lk"]]}
    )
    assert (page.status_code, errors_of(page)) == (422, {"people": ["Välj 2 justerare."]})
