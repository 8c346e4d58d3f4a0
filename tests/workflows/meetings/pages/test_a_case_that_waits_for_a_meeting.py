"""The page of a step that a body settles at a meeting: choose a meeting, or plan one; the task stays open."""

from __future__ import annotations

from cases.models import Case, Meeting
from tests.workflows.meetings.hall import Hall, seat_the_board
from tests.workflows.meetings.pages.test_a_whole_meeting import PLANNED
from tests.workflows.steps.site import Site
from workflows.models import WorkItem


def task_of(case: Case) -> WorkItem:
    item: WorkItem = WorkItem.objects.get(case=case, open=True, body__isnull=False)
    return item


def test_without_a_meeting_it_leads_to_planning_one_with_the_case_on_its_agenda(
    hall: Hall, site: Site
) -> None:
    (case,) = hall.waiting()
    page = site.get("secretary", f"/uppgifter/{task_of(case).pk}/")
    plan = f"/organ/samverkansradet/moten/nytt/?arende={case.pk}"
    assert plan in page.content.decode()
    answer = site.post("secretary", plan, PLANNED)
    meeting = Meeting.objects.get()
    assert answer["Location"] == f"/moten/{meeting.pk}/dagordning/"
    assert meeting.items.get().case == case


def test_a_planned_meeting_is_chosen_and_the_task_stays_open(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.planned()
    url = f"/uppgifter/{task_of(case).pk}/"
    answer = site.post("secretary", url, {"meeting": str(meeting.pk)})
    assert answer["Location"] == f"/arenden/{case.pk}/"
    assert meeting.items.get().case == case
    assert hall.step_of(case) == ["at_meeting"]
    assert f"/moten/{meeting.pk}/" in site.get("secretary", url).content.decode()


def test_no_meeting_chosen_is_said_at_the_field(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    hall.planned()
    page = site.post("secretary", f"/uppgifter/{task_of(case).pk}/", {})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["meeting"])


def test_the_same_case_is_not_put_on_two_agendas(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    first, second = hall.planned(), hall.planned(days=30)
    url = f"/uppgifter/{task_of(case).pk}/"
    site.post("secretary", url, {"meeting": str(first.pk)})
    page = site.post("secretary", url, {"meeting": str(second.pk)})
    assert page.status_code == 422
    assert not second.items.exists()


def test_a_board_s_own_decision_is_put_on_the_board_s_agenda(hall: Hall, site: Site) -> None:
    seat_the_board(hall)
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(hall.take_up(meeting, case))
    hall.world.advance(case, to="decide")
    hall.world.act(case, "decide", by="clerk-lk")
    task = WorkItem.objects.get(case=case, open=True, body=hall.world.board)
    page = site.get("ks-secretary", f"/uppgifter/{task.pk}/")
    assert page.status_code == 200
    assert f"/organ/ks-lk/moten/nytt/?arende={case.pk}" in page.content.decode()
