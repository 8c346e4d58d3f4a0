"""The agenda as its keeper builds it: what waits for the body beside what stands there, and the order."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import AgendaStatus
from workflows import meeting_policy
from workflows.forms.meetings import FreeItemForm, MattersForm
from workflows.meeting_policy import MeetingAction
from workflows.meeting_queries import MeetingReading, find_meeting
from workflows.meetings import agenda
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, done
from workflows.views.presenters.days import day_text
from workflows.views.presenters.meetings import agenda_rows, meeting_title, way_here, when_text

#: Which of the page's forms was sent.
ADD_CASES, ADD_FREE, ADD_REPORTS = "cases", "free", "reports"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def edit_agenda(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Build the agenda: add what waits, an item of one's own, the delegated decisions."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.SET_AGENDA, meeting)
    wanted = request.POST.get("form") if request.method == "POST" else None
    waiting = agenda.matters_waiting(meeting.body, request.access)
    matters = MattersForm(request.POST if wanted == ADD_CASES else None, waiting=waiting)
    free = FreeItemForm(request.POST if wanted == ADD_FREE else None)
    common: dict[str, Any] = {"meeting_id": meeting_id, "actor": request.user, "now": timezone.now()}
    if wanted == ADD_CASES and carry_out(
        matters, lambda: agenda.put_on_agenda(case_ids=matters.case_ids, **common)
    ):
        count = len(matters.case_ids)
        told = ngettext(
            "%(count)s ärende står nu på dagordningen.", "%(count)s ärenden står nu på dagordningen.", count
        )
        return done(request, told % {"count": count}, "meeting-agenda", meeting_id, anchor="dagordning")
    if wanted == ADD_FREE and carry_out(free, lambda: agenda.add_free_item(**common, **free.cleaned_data)):
        told = _("Punkten står nu på dagordningen.")
        return done(request, told, "meeting-agenda", meeting_id, anchor="dagordning")
    if wanted == ADD_REPORTS:
        agenda.add_delegated_reports(**common)
        told = _("Delegationsbesluten anmäls vid mötet.")
        return done(request, told, "meeting-agenda", meeting_id, anchor="dagordning")
    read = MeetingReading(meeting, request.access)
    rows = agenda_rows(read)
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "when": when_text(meeting),
        "agenda": _with_acts(rows),
        "waiting": waiting,
        "matters": matters,
        "free": free,
        "form": matters if matters.is_bound else free,
        "reports": _reports_waiting(request, meeting_id, read),
        "may_call": meeting_policy.may_meeting(request.access, MeetingAction.CALL, meeting),
        "breadcrumbs": way_here(meeting, _("Dagordning")),
    }
    status = status_of(matters) if matters.is_bound else status_of(free)
    return render(request, "workflows/meetings/agenda.html", context, status=status)


def _reports_waiting(request: SignedInRequest, meeting_id: int, read: MeetingReading) -> list[dict[str, Any]]:
    """The delegated decisions that can be reported, as far as the person sees their cases. One statement."""
    rows = agenda.reports_waiting(read.meeting.body).order_by("pk")[: agenda.LONGEST_AGENDA]
    return [
        {
            "text": f"{row.decision.case.number} {row.decision.case.title}",
            "day": day_text(timezone.localtime(row.decision.decided_at).date()),
        }
        for row in rows
        if request.access.sees(row.decision.case)
    ]


def _with_acts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with which way each can be moved: among those that have not been dealt with."""
    movable = [row["item"].status == AgendaStatus.WAITING for row in rows]
    for place, row in enumerate(rows):
        row["movable"] = movable[place]
        row["up"] = movable[place] and place > 0 and movable[place - 1]
        row["down"] = movable[place] and place + 1 < len(rows) and movable[place + 1]
    return rows


@require_POST
@answers_meeting_errors
def move_item(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Move an item a step, and come back to where it now stands."""
    agenda.move_item(
        meeting_id=meeting_id,
        item_id=item_id,
        actor=request.user,
        up=request.POST.get("to") == "up",
        now=timezone.now(),
    )
    url = reverse("meeting-agenda", args=[meeting_id])
    return HttpResponse(status=302, headers={"Location": f"{url}#punkt-{item_id}"})


@require_POST
@answers_meeting_errors
def remove_item(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Take an item off the agenda."""
    agenda.remove_item(meeting_id=meeting_id, item_id=item_id, actor=request.user, now=timezone.now())
    told = _("Punkten är borttagen från dagordningen.")
    return done(request, told, "meeting-agenda", meeting_id, anchor="dagordning")


urlpatterns = [
    path("moten/<int:meeting_id>/dagordning/", edit_agenda, name="meeting-agenda"),
    path("moten/<int:meeting_id>/dagordning/<int:item_id>/flytta/", move_item, name="meeting-agenda-move"),
    path(
        "moten/<int:meeting_id>/dagordning/<int:item_id>/ta-bort/", remove_item, name="meeting-agenda-remove"
    ),
]
