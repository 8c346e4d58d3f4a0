"""What belongs to the running meeting beside its items: conflicts noted for others, adjusters, the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.errors import InvalidInput, NotFound
from cases.models import AgendaStatus, Person
from workflows import meeting_policy
from workflows.forms.case_acts import NothingForm
from workflows.forms.meetings_session import AdjustersForm, ConflictOfForm
from workflows.meeting_lists import people_there
from workflows.meeting_policy import MeetingAction
from workflows.meeting_queries import MeetingReading, find_meeting
from workflows.meetings import session, votes
from workflows.middleware import SignedInRequest
from workflows.views.errors import put_errors_on, status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, confirm_page, done
from workflows.views.presenters.meetings import item_title, meeting_title, way_here

#: Which of the closing page's forms was sent.
ADJUSTERS, CLOSE = "adjusters", "close"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def note_conflict(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Note a conflict of interest for somebody who says so at the meeting."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.HANDLE, meeting)
    read = MeetingReading(meeting, request.access)
    item = read.item(item_id)
    if item.case_id is None:
        raise NotFound()
    out = {row.person_id for row in read.conflicts.get(item.case_id, [])}
    people: dict[int, Person] = {}
    for seat in read.seats:
        for person in (seat.serving, seat.member):
            if person is not None and person.pk not in out:
                people.setdefault(person.pk, person)
    form = ConflictOfForm(request.POST if request.method == "POST" else None, people=list(people.values()))
    if form.is_bound and carry_out(
        form,
        lambda: votes.declare_conflict(
            meeting_id=meeting_id,
            item_id=item_id,
            actor=request.user,
            person=people[int(form.cleaned_data["person"])],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
    ):
        return done(request, _("Jävet är antecknat."), "meeting-session-item", meeting_id, item_id)
    return confirm_page(
        request,
        meeting,
        title=_("Anteckna jäv"),
        submit=_("Anteckna jävet"),
        form=form,
        consequences=[
            _("Personen deltar inte i punkten och räknas inte med i beslutförheten."),
            _("En röst som personen har lämnat tas bort. Den står kvar i historiken."),
            _("Personen ser inte längre ärendet genom organet."),
        ],
        lead=item.title,
        back="meeting-session",
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def close_meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Choose who adjusts the minutes, and close the meeting."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.CLOSE, meeting)
    read = MeetingReading(meeting, request.access)
    wanted = request.POST.get("form") if request.method == "POST" else None
    able = [
        seat.serving
        for seat in people_there(read.seats)
        if seat.serving is not None and seat.serving_id != meeting.secretary_id
    ]
    adjusters = AdjustersForm(
        request.POST if wanted == ADJUSTERS else None,
        people=able,
        chosen=[row.person_id for row in read.adjusters],
        wanted=read.rules.adjusters,
    )
    common: dict[str, Any] = {"meeting_id": meeting_id, "actor": request.user, "now": timezone.now()}
    if wanted == ADJUSTERS and carry_out(
        adjusters, lambda: session.appoint_adjusters(people=_chosen(adjusters, able), **common)
    ):
        return done(request, _("Justerarna är valda."), "meeting-close", meeting_id)
    closing = NothingForm(request.POST if wanted == CLOSE else None)
    if wanted == CLOSE:
        try:
            session.close_meeting(**common)
        except InvalidInput as error:
            closing.is_valid()
            put_errors_on(closing, error)
        else:
            return done(request, _("Mötet är avslutat. Nu ska protokollet justeras."), "meeting", meeting_id)
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "adjusters": adjusters,
        "chosen": [row.person.name for row in read.adjusters],
        "closing": closing,
        "form": adjusters if adjusters.is_bound else closing,
        "rest": [item_title(read, item) for item in read.items if item.status == AgendaStatus.WAITING],
        "open_item": read.open_item is not None,
        "breadcrumbs": way_here(meeting, _("Avsluta mötet")),
    }
    status = max(status_of(adjusters), status_of(closing))
    return render(request, "workflows/meetings/close.html", context, status=status)


def _chosen(form: AdjustersForm, able: list[Person]) -> list[Person]:
    wanted = set(form.cleaned_data["people"])
    return [person for person in able if str(person.pk) in wanted]


urlpatterns = [
    path("moten/<int:meeting_id>/genomfor/<int:item_id>/jav/", note_conflict, name="meeting-note-conflict"),
    path("moten/<int:meeting_id>/genomfor/avsluta/", close_meeting, name="meeting-close"),
]
