"""A closed ballot tells how many have voted, to nobody how, before it is closed or one's own vote is cast."""

from __future__ import annotations

import pytest

from cases.models import AgendaItem, Meeting, VoteChoice
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall
from tests.workflows.steps.site import Site, errors_of
from tests.world import build_world

CLOSED = MEETING_PROFILE.replace(
    "rule: simple, procedure: meeting}", "rule: simple, procedure: meeting, ballot: closed}"
)


@pytest.fixture
def hall(db: None) -> Hall:
    return Hall(build_world(profile=CLOSED))


def voting(hall: Hall) -> tuple[Meeting, AgendaItem]:
    """Two of three members have voted against."""
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    for name in ("mem-lk", "mem-liu"):
        hall.vote(item, name, VoteChoice.AGAINST, reasons="Inte nu.")
    return meeting, item


def addresses(meeting: Meeting, item: AgendaItem, *, keeper: bool) -> list[str]:
    member = [f"/moten/{meeting.pk}/punkter/{item.pk}/", f"/moten/{meeting.pk}/punkter/{item.pk}/nu/"]
    run = f"/moten/{meeting.pk}/genomfor/{item.pk}/"
    return [*member, run, f"{run}nu/"] if keeper else member


@pytest.mark.parametrize(("name", "keeper"), [("secretary", True), ("chair", True), ("coordinator", False)])
def test_before_it_is_closed_only_the_number_of_votes_is_shown(
    hall: Hall, site: Site, name: str, keeper: bool
) -> None:
    meeting, item = voting(hall)
    for url in addresses(meeting, item, keeper=keeper):
        text = site.get(name, url).content.decode()
        assert "2 av 3 har röstat." in text, url
        assert "Inte nu." not in text
        assert "sv-vote__" not in text
        assert "Rösterna bär" not in text
        assert "Har inte röstat:" not in text


def test_the_outcomes_offered_do_not_tell_how_it_goes(hall: Hall, site: Site) -> None:
    meeting, item = voting(hall)
    page = site.get("secretary", f"/moten/{meeting.pk}/genomfor/{item.pk}/")
    offered = {value for value, _label in page.context["form"].fields["outcome"].choices}
    assert offered == {"prepare_again", "hear_again", "refer_back", "table"}
    answer = site.post(
        "secretary",
        f"/moten/{meeting.pk}/genomfor/{item.pk}/",
        {"outcome": "decline", "reasons": "Nej.", "confirmed": "1"},
    )
    assert (answer.status_code, list(errors_of(answer))) == (422, ["outcome"])


def test_when_it_is_closed_everybody_sees_the_votes_and_they_bind(hall: Hall, site: Site) -> None:
    meeting, item = voting(hall)
    run = f"/moten/{meeting.pk}/genomfor/{item.pk}/"
    assert site.post("secretary", f"{run}stang-omrostningen/").status_code == 302
    page = site.get("secretary", run)
    assert "Inte nu." in page.content.decode()
    offered = {value for value, _label in page.context["form"].fields["outcome"].choices}
    assert "decline" in offered
    assert "recommend" not in offered


def test_who_has_voted_sees_the_others(hall: Hall, site: Site) -> None:
    meeting, item = voting(hall)
    assert "Inte nu." in site.get("mem-lk", f"/moten/{meeting.pk}/punkter/{item.pk}/").content.decode()


def test_nobody_votes_after_it_is_closed(hall: Hall, site: Site) -> None:
    meeting, item = voting(hall)
    site.post("secretary", f"/moten/{meeting.pk}/genomfor/{item.pk}/stang-omrostningen/")
    url = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    assert "Omröstningen är stängd." in site.get("chair", url).content.decode()
    assert site.post("chair", url, {"choice": "for"}).status_code == 403
    assert item.deliberation is not None
    assert item.deliberation.votes.count() == 2
