"""A meeting from plan to close by its pages alone: what the keeper and the members press."""

from __future__ import annotations

from typing import Any

from cases.models import AgendaKind, AgendaStatus, Meeting, MeetingStatus
from tests.workflows.meetings.hall import Hall
from tests.workflows.steps.site import Site

COUNCIL = "/organ/samverkansradet/"
PLANNED = {
    "day": "2021-11-15",
    "starts_at": "09:00",
    "ends_at": "11:00",
    "place": "Stadshuset, Eken",
    "message": "Fika från halv nio.",
}


def post(site: Site, by: str, url: str, data: dict[str, Any] | None = None) -> str:
    """Post what must be taken, and say where it leads."""
    answer = site.post(by, url, data)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return answer["Location"].partition("#")[0]


def test_a_meeting_goes_from_plan_to_close(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    assert "Planera möte" in site.get("secretary", COUNCIL).content.decode()
    agenda = post(site, "secretary", f"{COUNCIL}moten/nytt/", PLANNED)
    meeting = Meeting.objects.get()
    assert agenda == f"/moten/{meeting.pk}/dagordning/"
    post(site, "secretary", agenda, {"form": "cases", "cases": [str(one.pk), str(two.pk)]})
    post(site, "secretary", agenda, {"form": "free", "title": "Föregående protokoll"})
    free = meeting.items.get(kind=AgendaKind.FREE)
    for _step in range(2):
        post(site, "secretary", f"{agenda}{free.pk}/flytta/", {"to": "up"})
    assert meeting.items.earliest("order") == free
    post(site, "secretary", f"/moten/{meeting.pk}/kalla/")
    post(site, "mem-lk", f"/moten/{meeting.pk}/svar/", {"accept": "yes", "note": "Kommer lite sent."})
    hall.world.now = meeting.starts_at
    seats = {f"seat_{seat.pk}": "on" for seat in meeting.seats.all()}
    post(site, "secretary", f"/moten/{meeting.pk}/narvaro/", seats)
    run = f"/moten/{meeting.pk}/genomfor/"
    people = hall.world.people_ids
    post(site, "secretary", run, {"chair": people["chair"], "secretary": people["secretary"]})
    post(site, "secretary", f"{run}{free.pk}/ta-upp/")
    following = post(site, "secretary", f"{run}{free.pk}/", {"decision_text": "Noteras.", "next": "1"})
    first = meeting.items.get(case=one)
    assert following == f"{run}{first.pk}/"
    for name in ("mem-lk", "mem-liu", "chair"):
        post(site, name, f"/moten/{meeting.pk}/punkter/{first.pk}/", {"choice": "for"})
    settled = {"outcome": "recommend", "decision_text": "Samverkansrådet tillstyrker förslaget."}
    post(site, "secretary", f"{run}{first.pk}/", settled)
    second = meeting.items.get(case=two)
    post(site, "secretary", f"{run}{second.pk}/ta-upp/")
    post(
        site,
        "secretary",
        f"{run}{second.pk}/",
        {"outcome": "table", "reasons": "Mer underlag.", "tabled_until": "2021-12-20"},
    )
    adjusters = [people["mem-lk"], people["mem-liu"]]
    post(site, "secretary", f"{run}avsluta/", {"form": "adjusters", "people": adjusters})
    post(site, "secretary", f"{run}avsluta/", {"form": "close"})
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CLOSED
    assert [item.number for item in meeting.items.order_by("order")] == ["§ 1", "§ 2", "§ 3"]
    assert {item.status for item in meeting.items.all()} == {AgendaStatus.DONE}
    assert hall.step_of(one) == ["agreement_need"]
    page = site.get("auditor", f"/moten/{meeting.pk}/").content.decode()
    assert "§ 2" in page
