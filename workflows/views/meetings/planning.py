"""Plan a meeting, change it, call it off, send its notice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.models import AgendaItem, Body, Meeting, RoleHolding
from workflows import meeting_policy
from workflows.forms.case_acts import NothingForm
from workflows.forms.meetings import CancelMeetingForm, PlanForm
from workflows.meeting_lists import deputies_by_member, members_with_people, usual_days
from workflows.meeting_policy import MeetingAction
from workflows.meeting_queries import MeetingReading, find_body, find_meeting
from workflows.meetings import agenda, notice, plan
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, confirm_page, done
from workflows.views.presenters.days import day_text
from workflows.views.presenters.meetings import (
    agenda_rows,
    meeting_title,
    way_here,
    way_to_body,
    when_text,
)

#: The case that is to stand on the agenda of the meeting that is planned, in the address.
CASE_FIELD, DAY_FIELD = "arende", "dag"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def plan_meeting(request: SignedInRequest, *, slug: str) -> HttpResponse:
    """Plan a meeting: the day may come from the body's usual ones, and a case may be put on its agenda at once."""
    body = find_body(request.access, slug)
    meeting_policy.require_plan(request.access, body)
    now = timezone.now()
    if request.method == "POST":
        form = PlanForm(request.POST)
    else:
        last = body.meetings.order_by("-starts_at").first()
        form = PlanForm(initial=PlanForm.usual_values(_day_in(request), last))
    planned: list[Meeting] = []
    if form.is_bound and carry_out(
        form,
        lambda: planned.append(plan.plan_meeting(body=body, actor=request.user, when=form.when(), now=now)),
    ):
        _put_case_on(request, planned[0], now)
        told = _("Mötet är planerat. Bygg dagordningen, och sänd sedan kallelsen.")
        return done(request, told, "meeting-agenda", planned[0].pk)
    context = {
        "body": body,
        "form": form,
        "days": _suggestions(request, body, timezone.localdate(now)),
        "breadcrumbs": way_to_body(body, _("Planera möte")),
        "cancel_url": reverse("body", args=[body.slug]),
    }
    return render(request, "workflows/meetings/plan.html", context, status=status_of(form))


def _day_in(request: SignedInRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get(DAY_FIELD, ""))
    except ValueError:
        return None


def _case_in(request: SignedInRequest) -> int | None:
    text = request.GET.get(CASE_FIELD, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _put_case_on(request: SignedInRequest, meeting: Meeting, now: dt.datetime) -> list[AgendaItem]:
    """Put the case that the address names on the agenda, when it waits for the body and stands on no other."""
    case_id = _case_in(request)
    waiting = agenda.matters_waiting(meeting.body, request.access) if case_id is not None else []
    if case_id is None or all(found.case.pk != case_id for found in waiting):
        return []
    return agenda.put_on_agenda(meeting_id=meeting.pk, actor=request.user, case_ids=[case_id], now=now)


def _suggestions(request: SignedInRequest, body: Body, today: dt.date) -> list[dict[str, Any]]:
    """The body's usual days on which no meeting is planned."""
    taken = {
        meeting.day
        for meeting in body.meetings.exclude(status="cancelled").filter(starts_at__date__gte=today)
    }
    case_id = _case_in(request)
    more = f"&{CASE_FIELD}={case_id}" if case_id is not None else ""
    return [
        {
            "text": day_text(day),
            "url": f"?{DAY_FIELD}={day.isoformat()}{more}",
            "chosen": day == _day_in(request),
        }
        for day in usual_days(body, today)
        if day not in taken and day > today
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def change_meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Move the meeting, or change where it is."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.CHANGE, meeting)
    now = timezone.now()
    form = (
        PlanForm(request.POST) if request.method == "POST" else PlanForm(initial=PlanForm.values_of(meeting))
    )
    if form.is_bound and carry_out(
        form,
        lambda: plan.change_meeting(meeting_id=meeting_id, actor=request.user, when=form.when(), now=now),
    ):
        return done(request, _("Mötet är ändrat."), "meeting", meeting_id)
    told = [_("De som är kallade får en ny inbjudan i stället för den gamla.")] if meeting.called_at else []
    return confirm_page(
        request,
        meeting,
        title=_("Ändra mötet"),
        submit=_("Spara ändringen"),
        form=form,
        consequences=told,
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def cancel_meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Call the meeting off."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.CANCEL, meeting)
    form = CancelMeetingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        form,
        lambda: plan.cancel_meeting(
            meeting_id=meeting_id, actor=request.user, now=timezone.now(), **form.cleaned_data
        ),
    ):
        return done(request, _("Mötet är inställt."), "body", meeting.body.slug)
    told = [
        _("Ärendena på dagordningen väntar på organet igen."),
        _("Mötet kan inte återupptas. Planera ett nytt i stället."),
    ]
    if meeting.called_at is not None:
        told.insert(0, _("De som är kallade får veta att mötet ställs in, och varför."))
    return confirm_page(
        request,
        meeting,
        title=_("Ställ in mötet"),
        submit=_("Ställ in mötet"),
        form=form,
        consequences=told,
        danger=True,
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def call_meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Send the notice: first what goes to whom, and what one might want to mend before."""
    meeting = find_meeting(request.access, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.CALL, meeting)
    form = NothingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        form, lambda: notice.send_notice(meeting_id=meeting_id, actor=request.user, now=timezone.now())
    ):
        return done(request, _("Kallelsen är på väg till ledamöterna."), "meeting", meeting_id)
    read = MeetingReading(meeting, request.access)
    members = members_with_people(meeting.body_id, meeting.day)
    deputies = deputies_by_member(meeting.body_id, meeting.day)
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "again": meeting.called_at is not None,
        "when": when_text(meeting),
        "agenda": agenda_rows(read),
        "members": [_recipient(row, deputies.get(row.person_id, [])) for row in members],
        "count": len(members),
        "warnings": _warnings(read, members, deputies),
        "form": form,
        "ready": bool(read.items and members),
        "cancel_url": reverse("meeting", args=[meeting.pk]),
        "breadcrumbs": way_here(meeting, _("Kalla till mötet")),
    }
    return render(request, "workflows/meetings/call.html", context, status=status_of(form))


def _recipient(row: RoleHolding, deputies: list[RoleHolding]) -> dict[str, str]:
    return {
        "name": row.person.name,
        "role": row.get_role_display(),
        "party": row.represents.label if row.represents is not None else "",
        "deputies": ", ".join(deputy.person.name for deputy in deputies),
    }


def _warnings(
    read: MeetingReading, members: list[RoleHolding], deputies: dict[int, list[RoleHolding]]
) -> list[str]:
    """What the secretary may want to mend before the notice goes out. Nothing of it stops the sending but the first two."""
    told = []
    if not read.items:
        told.append(_("Dagordningen är tom. Lägg till minst en punkt först."))
    if not members:
        told.append(_("Organet har inga ledamöter den dagen. Lägg till ledamöter först."))
    without = [row.person.name for row in members if not deputies.get(row.person_id)]
    if without:
        told.append(
            ngettext(
                "%(names)s har ingen ersättare som kan kallas.",
                "Dessa ledamöter har ingen ersättare som kan kallas: %(names)s.",
                len(without),
            )
            % {"names": ", ".join(without)}
        )
    if members and all(row.role != "steering_chair" for row in members):
        told.append(_("Ingen ordförande är utsedd den dagen."))
    return told


urlpatterns = [
    path("organ/<slug:slug>/moten/nytt/", plan_meeting, name="meeting-plan"),
    path("moten/<int:meeting_id>/andra/", change_meeting, name="meeting-change"),
    path("moten/<int:meeting_id>/stall-in/", cancel_meeting, name="meeting-cancel"),
    path("moten/<int:meeting_id>/kalla/", call_meeting, name="meeting-call"),
]
