"""Who comes and who is there: the answer to the notice, and the roll call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Response, Seat
from workflows import meeting_policy
from workflows.forms.meetings import AnswerNoticeForm, RollForm
from workflows.meeting_lists import deputies_by_member
from workflows.meeting_policy import MeetingAction, Personal
from workflows.meeting_queries import MeetingReading, find_meeting
from workflows.meetings import attendance
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, done
from workflows.views.presenters.meetings import meeting_title, own_answer, quorum, way_here, when_text


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def answer(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Say whether one comes."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_personal(request.access, Personal.ANSWER, meeting)
    read = MeetingReading(meeting, request.access)
    first = {"note": read.own_seat.note} if read.own_seat is not None else {}
    form = AnswerNoticeForm(request.POST) if request.method == "POST" else AnswerNoticeForm(initial=first)
    if form.is_bound and carry_out(
        form,
        lambda: attendance.answer_notice(
            meeting_id=meeting_id,
            actor=request.user,
            accept=form.cleaned_data["accept"] == "yes",
            note=form.cleaned_data["note"],
            now=timezone.now(),
        ),
    ):
        comes = form.cleaned_data["accept"] == "yes"
        told = _("Tack, du är anmäld till mötet.") if comes else _("Tack för beskedet att du inte kan komma.")
        return done(request, told, "meeting", meeting_id)
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "when": when_text(meeting),
        "answer": own_answer(read),
        "form": form,
        "breadcrumbs": way_here(meeting, _("Svara på kallelsen")),
    }
    return render(request, "workflows/meetings/answer.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def roll_call(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Call the roll: all seats in one form, and who serves in each."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.RECORD_ATTENDANCE, meeting)
    read = MeetingReading(meeting, request.access)
    held = deputies_by_member(meeting.body_id, meeting.day)
    deputies = {member: [(row.person_id, row.person.name) for row in rows] for member, rows in held.items()}
    form = RollForm(request.POST if request.method == "POST" else None, seats=read.seats, deputies=deputies)

    def write() -> None:
        filled = [seat for seat in read.seats if form.present(seat)]
        attendance.set_presence_of_all(
            meeting_id=meeting_id,
            actor=request.user,
            seat_ids=[seat.pk for seat in filled],
            serving={seat.pk: form.serving_id(seat) for seat in filled},
            now=timezone.now(),
        )

    if form.is_bound and carry_out(form, write):
        if meeting.is_open:
            return done(request, _("Närvaron är antecknad."), "meeting-session", meeting_id)
        return done(request, _("Närvaron är antecknad."), "meeting-attendance", meeting_id)
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "quorum": quorum(read),
        "rows": [_roll_row(seat, form) for seat in read.seats],
        "form": form,
        "ready": read.has_quorum and not meeting.is_open,
        "may_open": meeting_policy.may_meeting(request.access, MeetingAction.OPEN, meeting),
        "breadcrumbs": way_here(meeting, _("Närvaro")),
        "back": reverse("meeting-session" if meeting.is_open else "meeting", args=[meeting_id]),
    }
    return render(request, "workflows/meetings/attendance.html", context, status=status_of(form))


def _roll_row(seat: Seat, form: RollForm) -> dict[str, Any]:
    """A seat in the roll: its box, what the member answered, who may sit there."""
    name = f"serving_{seat.pk}"
    return {
        "seat": seat,
        "box": form[f"seat_{seat.pk}"],
        "serving": form[name] if name in form.fields else None,
        "party": seat.party.label if seat.party is not None else "",
        "declined": seat.response == Response.DECLINED,
        "answer": seat.get_response_display(),
        "note": seat.note,
    }


@require_safe
@answers_meeting_errors
def quorum_now(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """How many are there, as a part of the keeper's pages that asks again every few seconds."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_sits_in(request.access, meeting.body)
    read = MeetingReading(meeting, request.access)
    return render(request, "workflows/meetings/quorum.html", {"quorum": quorum(read)})


urlpatterns = [
    path("moten/<int:meeting_id>/svar/", answer, name="meeting-answer"),
    path("moten/<int:meeting_id>/narvaro/", roll_call, name="meeting-attendance"),
    path("moten/<int:meeting_id>/narvaro/nu/", quorum_now, name="meeting-quorum"),
]
