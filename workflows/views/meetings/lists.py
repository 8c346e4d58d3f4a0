"""The meetings that concern the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from cases.models import Meeting
from workflows.meeting_lists import own_meetings
from workflows.middleware import SignedInRequest
from workflows.views.meetings.common import answers_meeting_errors
from workflows.views.presenters.meetings import meeting_row


@require_safe
@answers_meeting_errors
def meetings(request: SignedInRequest) -> HttpResponse:
    """The coming meetings of the bodies in which the person sits or which they keep, and those they are called to."""
    rows = [_row(meeting) for meeting in own_meetings(request.access)]
    return render(request, "workflows/meetings/list.html", {"meetings": rows})


def _row(meeting: Meeting) -> dict[str, Any]:
    """A meeting with the body it is of, and what the person has answered."""
    own = getattr(meeting, "own_seats", [])
    return meeting_row(meeting) | {
        "body": meeting.body.label,
        "answer": own[0].get_response_display() if own and meeting.is_before else "",
        "asked_as_deputy": getattr(meeting, "asked_as_deputy", False) and meeting.is_before,
        "unanswered": bool(own) and meeting.is_before and own[0].response == "waiting",
    }


urlpatterns = [path("moten/", meetings, name="meetings")]
