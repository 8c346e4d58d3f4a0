"""Meetings as the components show them: when, in which state, the agenda, who comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import (
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Body,
    DeliberationOutcome,
    Meeting,
    MeetingStatus,
    Response,
    Seat,
)
from workflows.views.presenters.days import day_text

if TYPE_CHECKING:
    from workflows.meeting_queries import MeetingReading

Item = dict[str, Any]

_STATUS_KINDS = {
    MeetingStatus.PLANNED: "neutral",
    MeetingStatus.CALLED: "info",
    MeetingStatus.OPEN: "accent",
    MeetingStatus.CLOSED: "warning",
    MeetingStatus.ADJUSTED: "success",
    MeetingStatus.POSTED: "success",
    MeetingStatus.CANCELLED: "danger",
}
_OUTCOME_KINDS = {
    DeliberationOutcome.RECOMMEND: "success",
    DeliberationOutcome.RECOMMEND_AMENDED: "success",
    DeliberationOutcome.DECLINE: "danger",
    DeliberationOutcome.TABLE: "neutral",
    DeliberationOutcome.NOTE: "neutral",
}
_ITEM_KINDS = {AgendaStatus.OPEN: "accent", AgendaStatus.RETURNED: "neutral", AgendaStatus.WAITING: "neutral"}
_RESPONSE_KINDS = {Response.ACCEPTED: "success", Response.DECLINED: "warning", Response.WAITING: "neutral"}


def hours_text(meeting: Meeting) -> str:
    """From when to when, in Sweden: kl. 9.00–11.00."""
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return _("kl. %(start)s–%(end)s") % {
        "start": date_format(starts, "G.i"),
        "end": date_format(ends, "G.i"),
    }


def weekday_text(meeting: Meeting) -> str:
    """The day with its weekday: onsdag 15 september 2021."""
    return date_format(timezone.localtime(meeting.starts_at), "l j F Y")


def when_text(meeting: Meeting) -> str:
    """Day and hours in one line."""
    return _("%(day)s %(hours)s") % {"day": weekday_text(meeting), "hours": hours_text(meeting)}


def meeting_title(meeting: Meeting) -> str:
    """What the meeting is called: the body and the day."""
    return _("%(body)s den %(day)s") % {"body": meeting.body.label, "day": day_text(meeting.day)}


def status_tag(meeting: Meeting) -> Item:
    """The meeting's state."""
    return {"kind": _STATUS_KINDS[MeetingStatus(meeting.status)], "text": meeting.get_status_display()}


def meeting_url(name: str, meeting: Meeting) -> str:
    return reverse(name, args=[meeting.pk])


def way_here(meeting: Meeting, *here: str) -> list[Item]:
    """The breadcrumbs of a meeting's page, or of a page below it."""
    way: list[Item] = [
        {"label": meeting.body.label, "url": reverse("body", args=[meeting.body.slug])},
        {"label": _("Möte %(day)s") % {"day": day_text(meeting.day)}},
    ]
    if here:
        way[-1]["url"] = meeting_url("meeting", meeting)
    return [*way, *({"label": label} for label in here)]


def way_to_body(body: Body, here: str) -> list[Item]:
    return [{"label": body.label, "url": reverse("body", args=[body.slug])}, {"label": here}]


def meeting_row(meeting: Meeting) -> Item:
    """A meeting in a list. ``matters`` is counted by the query."""
    matters = getattr(meeting, "matters", None)
    return {
        "url": meeting_url("meeting", meeting),
        "day": weekday_text(meeting),
        "hours": hours_text(meeting),
        "place": meeting.place,
        "tag": status_tag(meeting),
        "matters": ngettext("%(count)s punkt", "%(count)s punkter", matters) % {"count": matters}
        if matters
        else "",
    }


def facts(read: MeetingReading) -> list[Item]:
    """When, where, who."""
    meeting = read.meeting
    link = meeting.place.startswith(("https://", "http://"))
    rows: list[Item] = [
        {"label": _("Tid"), "text": when_text(meeting)},
        {"label": _("Plats"), "text": meeting.place, **({"url": meeting.place} if link else {})},
    ]
    chair = meeting.chair.name if meeting.chair is not None else _usual_chair(read)
    if chair:
        rows.append({"label": _("Ordförande"), "text": chair})
    if meeting.secretary is not None:
        rows.append({"label": _("För protokollet"), "text": meeting.secretary.name})
    if read.adjusters:
        rows.append({"label": _("Justerare"), "texts": [row.person.name for row in read.adjusters]})
    if meeting.message:
        rows.append({"label": _("Meddelande"), "text": meeting.message})
    if meeting.cancelled_reason:
        rows.append({"label": _("Skäl till att mötet ställdes in"), "text": meeting.cancelled_reason})
    return rows


def _usual_chair(read: MeetingReading) -> str:
    seat = next((seat for seat in read.seats if seat.is_chair), None)
    return seat.member.name if seat is not None else ""


# The agenda


def item_title(read: MeetingReading, item: AgendaItem) -> str:
    """The item's title, or why it is not shown."""
    if read.is_conflicted(item):
        return _("Ärende som du har anmält jäv i")
    if read.hides(item):
        return _("Ärende som du inte har tillgång till")
    return item.title


def item_state(item: AgendaItem) -> Item:
    """Where the item stands: its outcome once it has one."""
    if item.status == AgendaStatus.DONE and item.outcome:
        kind = _OUTCOME_KINDS.get(DeliberationOutcome(item.outcome), "warning")
        return {"kind": kind, "text": item.get_outcome_display()}
    if item.status == AgendaStatus.DONE:
        return {"kind": "success", "text": item.get_status_display()}
    return {"kind": _ITEM_KINDS[AgendaStatus(item.status)], "text": item.get_status_display()}


def agenda_rows(read: MeetingReading, *, url_name: str = "meeting-item") -> list[Item]:
    """The items in their order, each with no more than the person may see of it."""
    rows = []
    for number, item in enumerate(read.items, 1):
        hidden = read.hides(item)
        tells_state = item.status != AgendaStatus.WAITING
        rows.append(
            {
                "item": item,
                "number": item.number or f"{number}.",
                "anchor": f"punkt-{item.pk}",
                "title": item_title(read, item),
                "hidden": hidden,
                "url": "" if hidden else reverse(url_name, args=[read.meeting.pk, item.pk]),
                "case_number": item.case.number if item.case is not None and not hidden else "",
                "text": item.text,
                "state": item_state(item) if tells_state and not (hidden and item.outcome) else None,
                "decision": "" if hidden else item.decision_text,
                "tabled_to": day_text(item.tabled_to.day)
                if item.tabled_to is not None and not hidden
                else "",
                "reports": report_rows(read, item),
                "is_case": item.kind == AgendaKind.CASE,
            }
        )
    return rows


def report_rows(read: MeetingReading, item: AgendaItem) -> list[Item]:
    """The delegated decisions under an item, those of cases that the person sees."""
    if item.kind != AgendaKind.DELEGATED:
        return []
    return [
        {
            "text": _("%(number)s %(title)s: %(outcome)s av %(name)s")
            % {
                "number": row.decision.case.number,
                "title": row.decision.case.title,
                "outcome": row.decision.get_outcome_display(),
                "name": row.decision.decided_by.name,
            },
            "url": reverse("case", args=[row.decision.case_id]),
        }
        for row in read.reports.get(item.pk, [])
    ]


# Who comes


def seat_row(seat: Seat) -> Item:
    """A member's answer, and the deputies who were called in their place."""
    if seat.is_present and seat.serving is not None:
        tag = {"kind": "success", "text": _("Närvarande")}
    else:
        tag = {"kind": _RESPONSE_KINDS[Response(seat.response)], "text": seat.get_response_display()}
    calls = [
        _("Ersättare %(name)s: %(answer)s")
        % {"name": call.deputy.name, "answer": call.get_response_display().lower()}
        for call in seat.calls.all()
    ]
    if seat.serving is not None and seat.serving_id != seat.member_id:
        calls.append(_("%(name)s tjänstgör.") % {"name": seat.serving.name})
    return {
        "name": seat.member.name,
        "role": _("Ordförande") if seat.is_chair else "",
        "party": seat.party.label if seat.party is not None else "",
        "tag": tag,
        "note": seat.note,
        "calls": calls,
    }


def answers_text(seats: list[Seat]) -> str:
    """How many have answered how, in a line."""
    count = {answer: sum(seat.response == answer for seat in seats) for answer in Response}
    return _("%(yes)s kommer, %(no)s kommer inte, %(waiting)s har inte svarat.") % {
        "yes": count[Response.ACCEPTED],
        "no": count[Response.DECLINED],
        "waiting": count[Response.WAITING],
    }


def quorum(read: MeetingReading) -> Item:
    """Who is there against how many need to be, in words: "9 av 15, behövs 8: beslutfört"."""
    values = {"present": read.present, "seats": len(read.seats), "needed": read.needed}
    if read.has_quorum:
        return {
            "kind": "success",
            "text": _("%(present)s av %(seats)s, behövs %(needed)s: beslutfört") % values,
        }
    return {
        "kind": "danger",
        "text": _("%(present)s av %(seats)s, behövs %(needed)s: inte beslutfört") % values,
    }


def own_answer(read: MeetingReading) -> Item | None:
    """The person's own answer to the notice; None for who is not called."""
    if read.own_seat is not None:
        response, instead_of = Response(read.own_seat.response), ""
    elif read.own_call is not None:
        seat = next(seat for seat in read.seats if seat.pk == read.own_call.seat_id)
        response, instead_of = Response(read.own_call.response), seat.member.name
    else:
        return None
    return {
        "text": response.label,
        "waiting": response == Response.WAITING,
        "accepted": response == Response.ACCEPTED,
        "instead_of": instead_of,
    }
