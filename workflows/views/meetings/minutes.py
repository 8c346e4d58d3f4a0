"""The page of a meeting's minutes: read them, adjust them, correct them, post them, dispatch their extracts (section 5)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import NotFound
from cases.models import Adjuster, Meeting, Minutes
from cases.papers.minutes import minutes_paper, notice_paper
from cases.papers.names import as_attachment, file_name
from cases.papers.pdf import pdf_of
from workflows import meeting_policy
from workflows.forms.minutes import AdjustForm, NotesForm, NothingForm, RemarkForm
from workflows.meeting_policy import MeetingAction
from workflows.meeting_queries import find_meeting
from workflows.meetings import dispatch
from workflows.meetings import minutes as acts
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, confirm_page, done
from workflows.views.presenters.days import day_text, moment_text
from workflows.views.presenters.meetings import status_tag, way_here, weekday_text
from workflows.views.presenters.papers import paper_view

Item = dict[str, Any]
_PRESSES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _found(request: SignedInRequest, meeting_id: int) -> tuple[Meeting, list[Adjuster]]:
    """The held meeting whose minutes the person may read, with its adjusters. Raises NotFound."""
    meeting = find_meeting(request.access, meeting_id)
    adjusters = list(meeting.adjusters.select_related("person", "minutes"))
    if not meeting_policy.may_read_minutes(request.access, meeting, adjusters):
        raise NotFound()
    return meeting, adjusters


@require_safe
@answers_meeting_errors
def show(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """The minutes as they stand, and what one can do with them."""
    meeting, adjusters = _found(request, meeting_id)
    return _page(request, meeting, adjusters)


def _page(
    request: SignedInRequest,
    meeting: Meeting,
    adjusters: list[Adjuster],
    *,
    adjust: AdjustForm | None = None,
) -> HttpResponse:
    newest = acts.newest_minutes(meeting)
    outdated = newest is not None and not newest.is_final and acts.is_outdated(meeting)
    mine = next((row for row in adjusters if row.person_id == request.access.person_id), None)
    may_adjust = meeting_policy.may_adjust(meeting, mine) and newest is not None and not outdated
    writes = meeting_policy.may_meeting(request.access, MeetingAction.WRITE_MINUTES, meeting)
    adjusted = next((row.minutes for row in adjusters if row.minutes is not None), None)
    final = adjusted if meeting.adjusted_at is not None else None
    if may_adjust and adjust is None:
        assert newest is not None
        adjust = AdjustForm(initial={"sha256": newest.sha256})
    context = {
        "meeting": meeting,
        "title": _("Protokoll %(day)s") % {"day": weekday_text(meeting)},
        "tags": [status_tag(meeting)],
        "breadcrumbs": way_here(meeting, _("Protokoll")),
        "newest": newest,
        "outdated": outdated,
        "paper": paper_view(minutes_paper(meeting, adjusted=final)),
        "adjusters": [_adjuster(row, newest) for row in adjusters],
        "adjust": adjust if may_adjust else None,
        "adjust_url": reverse("minutes-adjust", args=[meeting.pk]),
        "remark_url": reverse("minutes-remark", args=[meeting.pk]) if may_adjust else "",
        "actions": _actions(request, meeting, newest, outdated),
        "notes": _notes_links(meeting) if writes else [],
        "facts": _facts(meeting, newest),
    }
    status = status_of(adjust) if adjust is not None else 200
    return render(request, "workflows/meetings/minutes.html", context, status=status)


def _adjuster(row: Adjuster, newest: Minutes | None) -> Item:
    if row.adjusted_at is not None:
        tag = {"kind": "success", "text": _("Justerat %(when)s") % {"when": moment_text(row.adjusted_at)}}
    elif row.remark:
        tag = {"kind": "warning", "text": _("Vill ha en rättelse")}
    else:
        tag = {"kind": "info" if newest is not None else "neutral", "text": _("Har inte justerat")}
    return {"name": row.person.name, "tag": tag, "remark": row.remark}


def _facts(meeting: Meeting, newest: Minutes | None) -> list[Item]:
    facts: list[Item] = [
        {"label": _("Organ"), "text": meeting.body.label, "url": reverse("body", args=[meeting.body.slug])},
        {"label": _("Möte"), "text": day_text(meeting.day), "url": reverse("meeting", args=[meeting.pk])},
    ]
    if newest is not None:
        facts.append({"label": _("Version"), "text": str(newest.number)})
        facts.append({"label": _("Upprättat"), "text": moment_text(newest.made_at)})
        facts.append(
            {"label": _("Kontrollsumma, SHA-256"), "text": newest.sha256, "template": "components/hash.html"}
        )
    if meeting.adjusted_at is not None:
        facts.append({"label": _("Justerat"), "text": moment_text(meeting.adjusted_at)})
    if meeting.posted_until is not None:
        facts.append({"label": _("Anslaget till och med"), "text": day_text(meeting.posted_until)})
    return facts


def _actions(
    request: SignedInRequest, meeting: Meeting, newest: Minutes | None, outdated: bool
) -> list[Item]:
    def may(action: MeetingAction) -> bool:
        return meeting_policy.may_meeting(request.access, action, meeting)

    actions: list[Item] = []
    if may(MeetingAction.WRITE_MINUTES) and (newest is None or outdated):
        label = _("Upprätta protokollet") if newest is None else _("Upprätta en ny version")
        actions.append(
            {
                "label": label,
                "url": reverse("minutes-make", args=[meeting.pk]),
                "icon": "document",
                "post": True,
            }
        )
    if may(MeetingAction.POST):
        actions.append(
            {
                "label": _("Anslå protokollet"),
                "url": reverse("minutes-post", args=[meeting.pk]),
                "icon": "flag",
            }
        )
    if may(MeetingAction.DISPATCH) and dispatch.to_dispatch(meeting):
        actions.append(
            {
                "label": _("Expediera utdrag"),
                "url": reverse("minutes-dispatch", args=[meeting.pk]),
                "icon": "send",
            }
        )
    if newest is not None:
        actions += [
            {
                "label": label,
                "url": reverse("minutes-file", args=[meeting.pk, newest.number, ending]),
                "icon": "download",
                "variant": "secondary",
            }
            for label, ending in ((_("Protokollet som PDF"), "pdf"), (_("Protokollet som Word"), "docx"))
        ]
    return actions


def _notes_links(meeting: Meeting) -> list[Item]:
    rows = meeting.items.filter(status="done").order_by("paragraph")
    return [
        {
            "label": _("%(number)s %(title)s") % {"number": row.number, "title": row.title},
            "url": reverse("minutes-notes", args=[meeting.pk, row.pk]),
        }
        for row in rows
    ]


@require_POST
@answers_meeting_errors
def adjust(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Adjust the version that was shown."""
    meeting, adjusters = _found(request, meeting_id)
    form = AdjustForm(request.POST)
    if carry_out(
        form,
        lambda: acts.adjust_minutes(
            meeting_id=meeting_id,
            actor=request.user,
            sha256=form.cleaned_data["sha256"],
            now=timezone.now(),
        ),
    ):
        return done(request, _("Du har justerat protokollet."), "meeting-minutes", meeting_id)
    # What they were shown has changed: the form that comes back stands for the version now on the page.
    newest = acts.newest_minutes(meeting)
    if newest is not None:
        form.data = request.POST.copy()
        form.data["sha256"] = newest.sha256
    return _page(request, meeting, adjusters, adjust=form)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def remark(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Say what has to be corrected before one adjusts."""
    meeting, _adjusters = _found(request, meeting_id)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        form,
        lambda: acts.remark_on_minutes(
            meeting_id=meeting_id,
            actor=request.user,
            remark=form.cleaned_data["remark"],
            now=timezone.now(),
        ),
    ):
        return done(request, _("Sekreteraren får din anmärkning."), "meeting-minutes", meeting_id)
    return confirm_page(
        request,
        meeting,
        title=_("Begär en rättelse"),
        submit=_("Skicka anmärkningen"),
        form=form,
        back="meeting-minutes",
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def notes(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Change what stands beside a decision."""
    meeting, _adjusters = _found(request, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.WRITE_MINUTES, meeting)
    item = meeting.items.filter(pk=item_id, status="done").first()
    if item is None:
        raise NotFound()
    form = NotesForm(request.POST if request.method == "POST" else None, initial={"notes": item.notes})
    if form.is_bound and carry_out(
        form,
        lambda: acts.edit_notes(
            meeting_id=meeting_id,
            item_id=item_id,
            actor=request.user,
            notes=form.cleaned_data["notes"],
            now=timezone.now(),
        ),
    ):
        told = _("%(number)s är ändrad. Upprätta en ny version när du är klar.") % {"number": item.number}
        return done(request, told, "meeting-minutes", meeting_id)
    title = _("%(number)s %(title)s") % {"number": item.number, "title": item.title}
    return confirm_page(
        request,
        meeting,
        title=title,
        submit=_("Spara"),
        form=form,
        back="meeting-minutes",
        status=status_of(form),
    )


@require_POST
@answers_meeting_errors
def make(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Make the next version."""
    meeting, _adjusters = _found(request, meeting_id)
    made = acts.make_minutes(meeting_id=meeting.pk, actor=request.user, now=timezone.now())
    told = _("Version %(n)s är upprättad. Justerarna får veta det.") % {"n": made.number}
    return done(request, told, "meeting-minutes", meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def post(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Post the adjusted minutes."""
    meeting, _adjusters = _found(request, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.POST, meeting)
    if request.method == "POST":
        posted = acts.post_minutes(meeting_id=meeting_id, actor=request.user, now=timezone.now())
        until = day_text(posted.posted_until) if posted.posted_until is not None else ""
        told = _("Protokollet är anslaget till och med %(day)s.") % {"day": until}
        return done(request, told, "meeting-minutes", meeting_id)
    return confirm_page(
        request,
        meeting,
        title=_("Anslå protokollet"),
        submit=_("Anslå protokollet"),
        form=NothingForm(),
        consequences=[
            _("Protokollet syns för alla som ser organets möten, med uppgift om vem som har justerat det."),
            _("Ledamöterna får veta att det är anslaget."),
        ],
        back="meeting-minutes",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def send_extracts(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """Dispatch the extracts."""
    meeting, _adjusters = _found(request, meeting_id)
    meeting_policy.require_meeting(request.access, MeetingAction.DISPATCH, meeting)
    if request.method == "POST":
        count = dispatch.dispatch_extracts(meeting_id=meeting_id, actor=request.user, now=timezone.now())
        told = ngettext("%(n)s utdrag är expedierat.", "%(n)s utdrag är expedierade.", count) % {"n": count}
        return done(request, told, "meeting-minutes", meeting_id)
    waiting = dispatch.to_dispatch(meeting)
    return confirm_page(
        request,
        meeting,
        title=_("Expediera utdrag"),
        submit=_("Expediera"),
        form=NothingForm(),
        consequences=[
            *(
                _("%(number)s: utdraget läggs till handlingarna i ärendet %(case)s.")
                % {"number": item.number, "case": item.title}
                for item in waiting
            ),
            _("De som berörs av ärendet får veta det med e-post."),
        ],
        back="meeting-minutes",
    )


@require_safe
@answers_meeting_errors
def download(request: SignedInRequest, *, meeting_id: int, number: int, ending: str) -> HttpResponseBase:
    """A version of the minutes as a file, the very bytes that were adjusted."""
    meeting, _adjusters = _found(request, meeting_id)
    made = meeting.minutes.filter(number=number).first()
    if made is None or ending not in _PRESSES:
        raise NotFound()
    file = made.pdf if ending == "pdf" else made.docx
    answer = FileResponse(file.open("rb"), content_type=_PRESSES[ending])
    name = _("Protokoll %(body)s %(day)s version %(n)s.%(ending)s") % {
        "body": meeting.body.label,
        "day": meeting.day.isoformat(),
        "n": number,
        "ending": ending,
    }
    answer["Content-Disposition"] = as_attachment(name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@answers_meeting_errors
def notice(request: SignedInRequest, *, meeting_id: int) -> HttpResponse:
    """The notice with the agenda as a PDF. A case that the person may not see is left unnamed."""
    meeting = find_meeting(request.access, meeting_id)
    if meeting.called_at is None:
        raise NotFound()
    cases = [item.case for item in meeting.items.select_related("case") if item.case is not None]
    visible = frozenset(case.pk for case in cases if request.access.sees(case))
    paper = notice_paper(meeting, visible_case_ids=visible)
    answer = HttpResponse(pdf_of(paper, at=meeting.called_at), content_type=_PRESSES["pdf"])
    answer["Content-Disposition"] = as_attachment(file_name(paper, "pdf"))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


_AT = "moten/<int:meeting_id>/protokoll/"
urlpatterns = [
    path(_AT, show, name="meeting-minutes"),
    path(f"{_AT}justera/", adjust, name="minutes-adjust"),
    path(f"{_AT}rattelse/", remark, name="minutes-remark"),
    path(f"{_AT}upprattad/", make, name="minutes-make"),
    path(f"{_AT}anslag/", post, name="minutes-post"),
    path(f"{_AT}expediera/", send_extracts, name="minutes-dispatch"),
    path(f"{_AT}punkter/<int:item_id>/", notes, name="minutes-notes"),
    path(f"{_AT}<int:number>.<str:ending>", download, name="minutes-file"),
    path("moten/<int:meeting_id>/kallelse.pdf", notice, name="meeting-notice"),
]
