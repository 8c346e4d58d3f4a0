"""What a case's own page, and its body's, tell of a meeting's work: as much as one may see, in every outcome."""

from __future__ import annotations

import pytest

from cases.models import DeliberationOutcome, VoteChoice
from tests.workflows.meetings.hall import Hall
from tests.workflows.meetings.pages.test_a_closed_ballot import CLOSED, voting
from tests.workflows.meetings.pages.test_running_the_meeting import at_the_board, run
from tests.workflows.steps.site import Site
from tests.world import build_world

OUT = DeliberationOutcome


def test_a_closed_ballot_is_not_told_by_the_case_s_sections(db: None) -> None:
    hall = Hall(build_world(profile=CLOSED))
    _meeting, item = voting(hall)
    page = Site(hall.world).get("coordinator", f"/arenden/{item.case_id}/")
    (shown,) = page.context["deliberations"]
    assert "2 ledamöter har röstat" in shown["hidden"]
    assert (shown["against"], shown["rows"]) == (0, [])


@pytest.mark.parametrize(
    ("outcome", "values"),
    [
        (OUT.RECOMMEND_AMENDED, {"decision_text": "Rådet tillstyrker en pilot."}),
        (OUT.HEAR_AGAIN, {"reasons": "Står LiU bakom?"}),
        (OUT.NOTE, {"reasons": "Noteras."}),
    ],
)
def test_every_outcome_is_shown_on_the_case_s_page(
    hall: Hall, site: Site, outcome: DeliberationOutcome, values: dict[str, str]
) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    hall.settle(item, outcome, **values)
    page = site.get("coordinator", f"/arenden/{case.pk}/")
    assert page.context["deliberations"][0]["tag"]["text"] == outcome.label


def test_votes_with_an_amendment_are_counted_apart(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    hall.vote(item, "mem-lk", VoteChoice.FOR_AMENDED, amendment="En pilot.")
    page = site.get("coordinator", f"/arenden/{case.pk}/")
    assert page.context["deliberations"][0]["amended"] == 1


def test_a_board_s_deliberation_is_internal_to_its_party(hall: Hall, site: Site) -> None:
    meeting, item = at_the_board(hall, site)
    outside = site.get("mem-liu", f"/arenden/{item.case_id}/")
    assert [shown["row"].party_id for shown in outside.context["deliberations"]] == [None]
    assert item.title not in site.get("mem-liu", "/organ/ks-lk/").content.decode()
    assert item.title in site.get("ks-secretary", "/organ/ks-lk/").content.decode()
    assert site.get("ks-secretary", run(meeting, item)).status_code == 200
