"""The page of a meeting, for all who see its body: what it shows and offers depends on its state and on the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Meeting, MeetingStatus
from workflows import meeting_policy
from workflows.forms.meetings import AnswerNoticeForm
from workflows.meeting_policy import MeetingAction, Personal
from workflows.meeting_queries import MeetingReading, find_meeting
from workflows.middleware import SignedInRequest
from workflows.views.meetings.common import answers_meeting_errors
from workflows.views.presenters.meetings import (
    agenda_rows,
    answers_text,
    facts,
    hours_text,
    item_title,
    meeting_url,
    own_answer,
    quorum,
    seat_row,
    status_tag,
    way_here,
    weekday_text,
)

Item = dict[str, Any]


@require_safe
@answers_meeting_errors
def meeting(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """One meeting."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    return meeting_page(request, read, AnswerNoticeForm(initial=_answered(read)))


def meeting_page(
    request: SignedInRequest, read: MeetingReading, form: AnswerNoticeForm, *, status: int = 200
) -> HttpResponse:
    """The page, with the form of one's own answer as it stands."""
    found = read.meeting
    inside = meeting_policy.sits_in(request.access, found.body)
    context = {
        "meeting": found,
        "title": weekday_text(found),
        "hours": hours_text(found),
        "tags": [status_tag(found)],
        "facts": facts(read),
        "agenda": agenda_rows(read),
        "seats": [seat_row(seat) for seat in read.seats] if inside else [],
        "answers": answers_text(read.seats) if inside and found.status == MeetingStatus.CALLED else "",
        "quorum": quorum(read) if inside and found.is_open else None,
        "actions": _actions(request, read),
        "answer": own_answer(read) if _may_answer(request, found) else None,
        "form": form,
        "now": now_box(read) if found.is_open else None,
        "may_set_agenda": meeting_policy.may_meeting(request.access, MeetingAction.SET_AGENDA, found),
        "breadcrumbs": way_here(found),
    }
    return render(request, "workflows/meetings/page.html", context, status=status)


@require_safe
@answers_meeting_errors
def now(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """What the meeting does now, as a part of a page that asks again every few seconds.

    When an item is taken up, whoever waits for it is led there.
    """
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    box = now_box(read)
    answer = render(request, "workflows/meetings/now.html", {"meeting": read.meeting, "now": box})
    if not read.meeting.is_open:
        answer["HX-Refresh"] = "true"
    elif box["url"] and read.own_place is not None:
        answer["HX-Redirect"] = box["url"]
    return answer


def now_box(read: MeetingReading) -> Item:
    """Which item is dealt with now, or that the next one is waited for."""
    item = read.open_item
    if item is None:
        return {"title": "", "url": "", "number": ""}
    number = read.items.index(item) + 1
    url = "" if read.hides(item) else reverse("meeting-item", args=[read.meeting.pk, item.pk])
    return {"title": item_title(read, item), "url": url, "number": str(number)}


def _answered(read: MeetingReading) -> dict[str, str]:
    return {"note": read.own_seat.note} if read.own_seat is not None else {}


def _may_answer(request: SignedInRequest, found: Meeting) -> bool:
    try:
        meeting_policy.require_personal(request.access, Personal.ANSWER, found)
    except meeting_policy.REFUSALS:
        return False
    return True


def _actions(request: SignedInRequest, read: MeetingReading) -> list[Item]:
    """What the keeper may do now, the most likely first."""
    found = read.meeting
    may = {action: meeting_policy.may_meeting(request.access, action, found) for action in MeetingAction}
    called = found.status == MeetingStatus.CALLED
    set_agenda = (may[MeetingAction.SET_AGENDA], _("Dagordning"), "meeting-agenda", "edit")
    offers = (
        *([set_agenda] if not read.items else []),
        (may[MeetingAction.HANDLE], _("Till det pågående mötet"), "meeting-session", "arrow-right"),
        (may[MeetingAction.OPEN], _("Genomför mötet"), "meeting-session", "arrow-right"),
        (
            may[MeetingAction.CALL],
            _("Sänd kallelsen igen") if called else _("Kalla till mötet"),
            "meeting-call",
            "send",
        ),
        *([set_agenda] if read.items else []),
        (may[MeetingAction.RECORD_ATTENDANCE], _("Närvaro"), "meeting-attendance", "people"),
        (may[MeetingAction.CHANGE], _("Ändra tid eller plats"), "meeting-change", "calendar"),
    )
    actions: list[Item] = [
        {"label": label, "url": meeting_url(name, found), "icon": icon}
        for offered, label, name, icon in offers
        if offered
    ]
    if found.called_at is not None:
        actions.append(
            {
                "label": _("Kallelsen som PDF"),
                "url": meeting_url("meeting-notice", found),
                "icon": "download",
                "variant": "tertiary",
            }
        )
    if may[MeetingAction.CANCEL]:
        actions.append(
            {"label": _("Ställ in"), "url": meeting_url("meeting-cancel", found), "variant": "tertiary"}
        )
    return actions


urlpatterns = [
    path("moten/<int:meeting_id>/", meeting, name="meeting"),
    path("moten/<int:meeting_id>/nu/", now, name="meeting-now"),
]
