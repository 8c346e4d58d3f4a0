"""The page from which the meeting is run: its items one by one, the votes as they come, how each is settled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import DomainError
from cases.models import AgendaItem, AgendaKind, AgendaStatus, Meeting
from workflows import meeting_policy
from workflows.deliberation import proposed_text_of
from workflows.forms.meetings_session import OpenMeetingForm, SettleForm, SettleOtherForm
from workflows.meeting_lists import later_meetings, secretaries_of
from workflows.meeting_policy import MeetingAction
from workflows.meeting_queries import ItemReading, MeetingReading, find_meeting
from workflows.meetings import session, votes
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import BACK, CONFIRMED, answers_meeting_errors, ask, carry_out, done
from workflows.views.presenters.meetings import (
    item_state,
    item_title,
    meeting_title,
    quorum,
    report_rows,
    way_here,
)
from workflows.views.presenters.meetings_session import (
    conflict_rows,
    item_nav,
    statement_rows,
    vote_view,
)

#: The button that settles an item and takes up the next in one press.
AND_NEXT = "next"


def _frame(read: MeetingReading, current: AgendaItem | None) -> dict[str, Any]:
    """What every view of the running meeting shows: its head and its items."""
    meeting = read.meeting
    way = way_here(meeting, _("Genomför"))
    return {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "quorum": quorum(read),
        "points": item_nav(read, current),
        "left": sum(item.status == AgendaStatus.WAITING for item in read.items),
        "breadcrumbs": way,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def run_meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Open the meeting, or go on with it where it is."""
    meeting = find_meeting(request.access, meeting_id)
    if not meeting.is_open:
        return _open_meeting(request, meeting)
    meeting_policy.require_meeting(request.access, MeetingAction.HANDLE, meeting)
    read = MeetingReading(meeting, request.access)
    current = read.open_item
    if current is not None and not read.hides(current):
        return redirect("meeting-session-item", meeting_id, current.pk)
    following = read.next_item
    context = _frame(read, None) | {
        "elsewhere": current is not None,
        "following": following,
        "following_title": item_title(read, following) if following is not None else "",
        "following_hidden": following is not None and read.hides(following),
    }
    return render(request, "workflows/meetings/session.html", context)


def _open_meeting(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    meeting_policy.require_meeting(request.access, MeetingAction.OPEN, meeting)
    read = MeetingReading(meeting, request.access)
    present = [seat.serving for seat in read.seats if seat.is_present and seat.serving is not None]
    secretaries = [row.person for row in secretaries_of(meeting.body_id, meeting.day)]
    usual = next((seat.serving for seat in read.seats if seat.is_present and seat.is_chair), None)
    form = OpenMeetingForm(
        request.POST if request.method == "POST" else None,
        present=present,
        secretaries=list(dict.fromkeys(secretaries)),
        chair=usual,
    )
    people = {person.pk: person for person in [*present, *secretaries]}
    if form.is_bound and carry_out(
        form,
        lambda: session.open_meeting(
            meeting_id=meeting.pk,
            actor=request.user,
            chair=people[int(form.cleaned_data["chair"])],
            secretary=people[int(form.cleaned_data["secretary"])],
            now=timezone.now(),
        ),
    ):
        return done(request, _("Mötet är öppnat."), "meeting-session", meeting.pk)
    context = _frame(read, None) | {"form": form, "has_quorum": read.has_quorum}
    return render(request, "workflows/meetings/open.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def run_item(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """One item: what is proposed, how the vote stands, and settling it."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.HANDLE, meeting)
    read = MeetingReading(meeting, request.access)
    item = read.item(item_id)
    at = ItemReading(read, item)
    form = _settle_form(request, at)
    if request.method == "POST":
        if form is None:
            # The domain knows best why it cannot be done, and says so.
            form = SettleOtherForm(request.POST)
        answer = _settle(request, at, form)
        if answer is not None:
            return answer
    case = item.case
    proposed = at.deliberation.proposed_text if at.deliberation is not None else ""
    if case is not None and at.deliberation is None:
        party = at.work_item.internal_to_id if at.work_item is not None else None
        proposed = proposed_text_of(case, party)
    is_open, is_waiting = item.status == AgendaStatus.OPEN, item.status == AgendaStatus.WAITING
    following = read.next_item
    context = _frame(read, item) | {
        "item": item,
        "case": case,
        "title": item.title,
        "state": item_state(item),
        "is_open": is_open,
        "is_waiting": is_waiting,
        "busy": is_waiting and read.open_item is not None,
        "proposed": proposed,
        "vote": vote_view(at),
        "conflicts": conflict_rows(read, item),
        "statements": statement_rows(at),
        "reports": report_rows(read, item),
        "own_vote": at.own_vote,
        "may_vote": is_open and case is not None and read.own_place is not None,
        "own_proposal": case is not None and case.created_by_id == request.user.pk,
        "not_waiting": is_waiting and case is not None and not (at.work_item and at.work_item.open),
        "form": form,
        "has_next": following is not None and following.pk != item.pk,
        "following": following if not is_waiting else None,
    }
    status = status_of(form) if form is not None else 200
    return render(request, "workflows/meetings/session_item.html", context, status=status)


def _settle_form(request: SignedInRequest, at: ItemReading) -> forms.Form | None:
    """The form by which the item is settled; None while it is not taken up."""
    if at.item.status != AgendaStatus.OPEN:
        return None
    data = request.POST if request.method == "POST" else None
    if at.item.kind != AgendaKind.CASE:
        noted = _("Anmälan läggs till handlingarna.") if at.item.kind == AgendaKind.DELEGATED else ""
        return SettleOtherForm(data, initial={"decision_text": noted})
    if at.tally is None or at.deliberation is None:
        return None
    return SettleForm(
        data,
        tally=at.tally,
        sees_votes=at.sees_votes,
        proposed=at.deliberation.proposed_text,
        later=later_meetings(at.read.meeting),
        chain=at.chain,
        step=at.chain_step,
    )


def _settle(request: SignedInRequest, at: ItemReading, form: forms.Form) -> HttpResponse | None:
    """Settle the item, and take up the next when asked to. None when the form needs to be mended."""
    meeting_id, item_id, now = at.read.meeting.pk, at.item.pk, timezone.now()
    common: dict[str, Any] = {"meeting_id": meeting_id, "item_id": item_id, "actor": request.user, "now": now}
    if not form.is_valid() or BACK in request.POST:
        return None
    settled: list[AgendaItem] = []
    if isinstance(form, SettleForm):
        question = form.confirmation()
        if question is not None and CONFIRMED not in request.POST:
            return ask(request, at.read.meeting, question, way_here(at.read.meeting, at.item.title))
        taken = carry_out(
            form, lambda: settled.append(session.settle_case(settlement=form.settlement(), **common))
        )
    else:
        taken = carry_out(form, lambda: settled.append(session.settle_other(**common, **form.cleaned_data)))
    if not taken:
        return None
    messages.success(
        request,
        _("%(number)s är avgjord: %(title)s.") % {"number": settled[0].number, "title": at.item.title},
    )
    if AND_NEXT in request.POST:
        return _take_up_next(request, meeting_id, now)
    return redirect("meeting-session", meeting_id)


def _take_up_next(request: SignedInRequest, meeting_id: int, now: dt.datetime) -> HttpResponse:
    """Take up the first item that is left; if that cannot be done, its page says why."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    following = read.next_item
    if following is None:
        return redirect("meeting-session", meeting_id)
    try:
        session.take_up(meeting_id=meeting_id, item_id=following.pk, actor=request.user, now=now)
    except DomainError as error:
        messages.warning(request, str(error.message))
        if read.hides(following):
            return redirect("meeting-session", meeting_id)
    return redirect("meeting-session-item", meeting_id, following.pk)


@require_POST
@answers_meeting_errors
def take_up(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Take the item up."""
    session.take_up(meeting_id=meeting_id, item_id=item_id, actor=request.user, now=timezone.now())
    return redirect("meeting-session-item", meeting_id, item_id)


@require_POST
@answers_meeting_errors
def put_back(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Leave the item for later in the meeting."""
    session.put_back(meeting_id=meeting_id, item_id=item_id, actor=request.user, now=timezone.now())
    return done(request, _("Punkten väntar till senare under mötet."), "meeting-session", meeting_id)


@require_POST
@answers_meeting_errors
def close_ballot(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Close the voting on the item."""
    votes.close_ballot(meeting_id=meeting_id, item_id=item_id, actor=request.user, now=timezone.now())
    return done(request, _("Omröstningen är stängd."), "meeting-session-item", meeting_id, item_id)


@require_safe
@answers_meeting_errors
def item_now(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """How the vote on the item stands, as a part of the keeper's page that asks again every few seconds."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_sits_in(request.access, meeting.body)
    read = MeetingReading(meeting, request.access)
    item = read.item(item_id)
    at = ItemReading(read, item)
    changed = request.GET.get("state", item.status) != item.status or not meeting.is_open
    context = {
        "vote": vote_view(at),
        "conflicts": conflict_rows(read, item),
        "changed": changed,
        "here": reverse("meeting-session", args=[meeting_id]),
    }
    return render(request, "workflows/meetings/vote_now.html", context)


urlpatterns = [
    path("moten/<int:meeting_id>/genomfor/", run_meeting, name="meeting-session"),
    path("moten/<int:meeting_id>/genomfor/<int:item_id>/", run_item, name="meeting-session-item"),
    path("moten/<int:meeting_id>/genomfor/<int:item_id>/nu/", item_now, name="meeting-session-now"),
    path("moten/<int:meeting_id>/genomfor/<int:item_id>/ta-upp/", take_up, name="meeting-take-up"),
    path("moten/<int:meeting_id>/genomfor/<int:item_id>/lagg-tillbaka/", put_back, name="meeting-put-back"),
    path(
        "moten/<int:meeting_id>/genomfor/<int:item_id>/stang-omrostningen/",
        close_ballot,
        name="meeting-close-ballot",
    ),
]
