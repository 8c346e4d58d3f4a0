"""An item as a member meets it, on a phone too: what to read, the vote, a conflict of interest, a dissent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import NotAllowed, WrongState
from cases.models import AgendaItem, AgendaStatus, MeetingStatus
from workflows import meeting_policy
from workflows.deliberation import proposed_text_of
from workflows.forms.meetings_member import BallotForm, ConflictForm, MemberStatementForm
from workflows.forms.work import Work
from workflows.meeting_queries import ItemReading, MeetingReading, find_meeting
from workflows.meetings import votes
from workflows.middleware import SignedInRequest
from workflows.views.errors import status_of
from workflows.views.meetings.common import answers_meeting_errors, carry_out, confirm_page, done
from workflows.views.presenters.meetings import item_state, meeting_title, report_rows, way_here
from workflows.views.presenters.meetings_session import conflict_rows, statement_rows, vote_view

#: The states in which a member can declare a conflict of interest, and in which they can dissent.
_BEFORE_END = (MeetingStatus.CALLED, MeetingStatus.OPEN)
_BEFORE_ADJUSTED = (MeetingStatus.OPEN, MeetingStatus.CLOSED)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def item(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Read the item's material, and vote while it is dealt with."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    found = read.item(item_id)
    at = ItemReading(read, found)
    proposed = _proposed(at)
    form: BallotForm | None = None
    why_not = ""
    if read.meeting.is_open and at.deliberation is not None and found.status == AgendaStatus.OPEN:
        try:
            votes.seat_to_vote_in(read.seats, found, at.deliberation, request.user)
        except NotAllowed as refused:
            why_not = str(refused.message)
        else:
            if not at.deliberation.takes_votes:
                why_not = _("Omröstningen är stängd.")
        if not why_not:
            data = request.POST if request.method == "POST" else None
            form = BallotForm(data, vote=at.own_vote, proposed=proposed)
    if request.method == "POST":
        answer = _vote(request, at, form, why_not)
        if answer is not None:
            return answer
    context = _page(request, at) | {
        "proposed": proposed,
        "form": form,
        # Before the item is dealt with there is time to read; then the vote comes first.
        "reads_first": form is None and found.status == AgendaStatus.WAITING,
        "why_not": why_not if meeting_policy.sits_in(request.access, read.meeting.body) else "",
    }
    status = status_of(form) if form is not None else 200
    return render(request, "workflows/meetings/item.html", context, status=status)


def _vote(
    request: SignedInRequest, at: ItemReading, form: BallotForm | None, why_not: str
) -> HttpResponse | None:
    """Cast or change the vote. None when the form needs to be mended."""
    if form is None:
        if why_not:
            raise NotAllowed(why_not)
        raise WrongState(_("Punkten behandlas inte just nu."))
    meeting_id, item_id = at.read.meeting.pk, at.item.pk
    again = at.own_vote is not None
    if not carry_out(
        form,
        lambda: votes.vote_at_meeting(
            meeting_id=meeting_id,
            item_id=item_id,
            actor=request.user,
            ballot=form.ballot(),
            now=timezone.now(),
        ),
    ):
        return None
    told = _("Din röst är ändrad.") if again else _("Din röst är lämnad.")
    return done(request, told, "meeting-item", meeting_id, item_id)


def _proposed(at: ItemReading) -> str:
    """The wording that the item is about."""
    if at.deliberation is not None:
        return at.deliberation.proposed_text
    if at.item.case is None:
        return ""
    return proposed_text_of(at.item.case, at.work_item.internal_to_id if at.work_item is not None else None)


def _page(request: SignedInRequest, at: ItemReading) -> dict[str, Any]:
    read, found = at.read, at.item
    number = found.number or f"{read.items.index(found) + 1}."
    deliberation = at.deliberation
    concluded = deliberation is not None and deliberation.is_concluded
    return {
        "meeting": read.meeting,
        "meeting_title": meeting_title(read.meeting),
        "item": found,
        "number": number,
        "state": item_state(found) if found.status != AgendaStatus.WAITING else None,
        "case": found.case,
        "work": _material(request, at),
        "reports": report_rows(read, found),
        "vote": vote_view(at),
        "own_vote": at.own_vote,
        "conflicts": conflict_rows(read, found),
        "statements": statement_rows(at),
        "deliberation": deliberation,
        "may_declare": _may_declare(read, found),
        "may_state": concluded and read.meeting.status in _BEFORE_ADJUSTED and took_part(at),
        "may_handle": meeting_policy.may_meeting(
            request.access, meeting_policy.MeetingAction.HANDLE, read.meeting
        ),
        "now_url": reverse("meeting-item-now", args=[read.meeting.pk, found.pk]),
        "breadcrumbs": way_here(read.meeting, _("Punkt %(number)s") % {"number": number.rstrip(".")}),
    }


def _material(request: SignedInRequest, at: ItemReading) -> Work | None:
    """What there is to read, by way of the step that waits for the body, as its own page would show it."""
    if at.work_item is None or at.item.case is None:
        return None
    return Work(at.work_item, request.user, request.access, timezone.now())


def _may_declare(read: MeetingReading, found: AgendaItem) -> bool:
    """Whether the person has a place at the meeting, and the item is not settled."""
    if found.case_id is None or found.status not in (AgendaStatus.WAITING, AgendaStatus.OPEN):
        return False
    me = read.access.person_id
    has_place = any(me in (seat.member_id, seat.serving_id) for seat in read.seats)
    return has_place and read.meeting.status in _BEFORE_END


def took_part(at: ItemReading) -> bool:
    """Whether the person voted, or sat there: what a page offers. The domain asks again."""
    me = at.read.access.person_id
    served = any(seat.serving_id == me and seat.arrived_at is not None for seat in at.read.seats)
    return at.own_vote is not None or served


@require_safe
@answers_meeting_errors
def item_now(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Whether the item is still where the page shows it, and how the vote stands, asked again every few seconds."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    found = read.item(item_id)
    shown = request.GET.get("state", found.status)
    context: dict[str, Any] = {
        "vote": vote_view(ItemReading(read, found)),
        "conflicts": [],
        "changed": shown != found.status or not read.meeting.is_open,
        "here": reverse("meeting-item", args=[meeting_id, item_id]),
    }
    return render(request, "workflows/meetings/vote_now.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def declare_conflict(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Declare a conflict of interest of one's own, after a page that says what follows."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    found = read.item(item_id)
    if not _may_declare(read, found) and request.method != "POST":
        raise NotAllowed(_("Jäv anmäler den som har en plats vid mötet, innan punkten är avgjord."))
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        form,
        lambda: votes.declare_conflict(
            meeting_id=meeting_id,
            item_id=item_id,
            actor=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        ),
    ):
        return done(request, _("Ditt jäv är antecknat."), "meeting", meeting_id)
    return confirm_page(
        request,
        read.meeting,
        title=_("Anmäl jäv"),
        submit=_("Ja, jag är jävig"),
        form=form,
        lead=found.title,
        consequences=[
            _("Du deltar inte i punkten och räknas inte med i beslutförheten. Din ersättare kan tjänstgöra."),
            _("Du ser inte längre ärendet genom organet. Det går inte att ångra."),
            _("Skälet står i protokollet."),
        ],
        danger=True,
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_meeting_errors
def make_statement(request: SignedInRequest, *, meeting_id: int, item_id: int) -> HttpResponse:
    """Dissent from the decision, or add a special statement to it."""
    read = MeetingReading(find_meeting(request.access, meeting_id), request.access)
    found = read.item(item_id)
    at = ItemReading(read, found)
    deliberation = at.deliberation
    if deliberation is None or not took_part(at):
        raise NotAllowed(_("Bara den som deltog i beslutet kan reservera sig eller yttra sig särskilt."))
    form = MemberStatementForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        form,
        lambda: votes.make_statement(
            deliberation_id=deliberation.pk, actor=request.user, now=timezone.now(), **form.cleaned_data
        ),
    ):
        return done(request, _("Texten är antecknad till protokollet."), "meeting-item", meeting_id, item_id)
    return confirm_page(
        request,
        read.meeting,
        title=_("Reservation eller särskilt yttrande"),
        submit=_("Lämna texten"),
        form=form,
        lead=found.title,
        consequences=[
            _("Texten tas in i protokollet med ditt namn."),
            _("Du kan skriva om den tills protokollet är justerat."),
        ],
        status=status_of(form),
    )


_ITEM = "moten/<int:meeting_id>/punkter/<int:item_id>/"
urlpatterns = [
    path(_ITEM, item, name="meeting-item"),
    path(f"{_ITEM}nu/", item_now, name="meeting-item-now"),
    path(f"{_ITEM}jav/", declare_conflict, name="meeting-conflict"),
    path(f"{_ITEM}yttrande/", make_statement, name="meeting-statement"),
]
