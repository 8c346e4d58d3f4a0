"""Decisions made by delegation are put on the agenda of the body that they are reported to, and noted there."""

from __future__ import annotations

import pytest

from cases.models import AgendaKind, DelegatedReport, Meeting
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall, seat_the_board
from tests.workflows.steps.site import Site
from tests.world import build_world

DELEGATED = MEETING_PROFILE.replace(
    "kind: decide, role: decision_maker, body: ks-lk, deliberation: {procedure: meeting},",
    "kind: delegate, report_to: ks-lk, role: decision_maker, body: ks-lk,",
)


@pytest.fixture
def hall(db: None) -> Hall:
    return Hall(build_world(profile=DELEGATED))


def reported(hall: Hall, site: Site) -> tuple[DelegatedReport, Meeting]:
    """A decision by one person in the board's place, and a planned meeting of the board."""
    seat_the_board(hall)
    (case,) = hall.waiting()
    held = hall.opened([case])
    hall.settle(hall.take_up(held, case))
    hall.world.advance(case, to="decide")
    for name in ("clerk-lk", "board-lk"):
        hall.world.act(case, "decide", by=name, text="Samverkansrådet tillstyrker förslaget.")
    planned = {"day": "2022-09-01", "starts_at": "09:00", "ends_at": "10:00", "place": "Rådhuset"}
    site.post("ks-secretary", "/organ/ks-lk/moten/nytt/", planned)
    return DelegatedReport.objects.get(), Meeting.objects.get(body=hall.world.board)


def test_they_are_put_on_the_agenda_in_one_press(hall: Hall, site: Site) -> None:
    report, meeting = reported(hall, site)
    url = f"/moten/{meeting.pk}/dagordning/"
    assert "Delegationsbeslut att anmäla" in site.get("ks-secretary", url).content.decode()
    assert site.post("ks-secretary", url, {"form": "reports"}).status_code == 302
    item = meeting.items.get(kind=AgendaKind.DELEGATED)
    report.refresh_from_db()
    assert report.agenda_item == item
    text = site.get("ks-secretary", f"/moten/{meeting.pk}/punkter/{item.pk}/").content.decode()
    assert report.decision.case.number in text
    assert "Delegationsbeslut att anmäla" not in site.get("ks-secretary", url).content.decode()
    assert site.post("ks-secretary", url, {"form": "reports"}).status_code == 409


def test_they_are_noted_at_the_meeting(hall: Hall, site: Site) -> None:
    report, meeting = reported(hall, site)
    site.post("ks-secretary", f"/moten/{meeting.pk}/dagordning/", {"form": "reports"})
    item = meeting.items.get()
    site.post("ks-secretary", f"/moten/{meeting.pk}/kalla/")
    hall.world.now = meeting.starts_at
    seats = {f"seat_{seat.pk}": "on" for seat in meeting.seats.all()}
    site.post("ks-secretary", f"/moten/{meeting.pk}/narvaro/", seats)
    run, people = f"/moten/{meeting.pk}/genomfor/", hall.world.people_ids
    site.post("ks-secretary", run, {"chair": people["ks-chair"], "secretary": people["ks-secretary"]})
    site.post("ks-secretary", f"{run}{item.pk}/ta-upp/")
    form = site.get("ks-secretary", f"{run}{item.pk}/").context["form"]
    assert site.post("ks-secretary", f"{run}{item.pk}/", form.initial).status_code == 302
    report.refresh_from_db()
    item.refresh_from_db()
    assert report.reported_at is not None
    assert item.decision_text == "Anmälan läggs till handlingarna."
