"""A meeting's agenda: built from what waits for the body, put in order, with items of one's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.access import Access
from cases.errors import AlreadyDone, InvalidInput, WrongState
from cases.models import (
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Body,
    Case,
    DelegatedReport,
    MeetingStatus,
    Person,
)
from cases.models.meetings import BEFORE_MEETING
from workflows.meeting_policy import MeetingAction
from workflows.meetings.act import MeetingAct, acting_on_meeting
from workflows.models import WorkItem
from workflows.policy import Action

#: How many waiting matters are read at once.
LONGEST_AGENDA = 200


@dataclass(frozen=True)
class Waiting:
    """A case that waits for the body, and the date by which it is to be dealt with."""

    item: WorkItem
    case: Case
    tabled_until: dt.date | None


def waiting_items(body: Body) -> models.QuerySet[WorkItem]:
    """The open steps that the body is to settle at a meeting."""
    settled_there = models.Q(step=Action.AT_MEETING) | models.Q(step=Action.DECIDE, data__at_meeting=True)
    return WorkItem.objects.filter(settled_there, body=body, open=True).select_related(
        "case__partnership", "case__created_by", "case__area"
    )


def matters_waiting(body: Body, access: Access) -> list[Waiting]:
    """What waits for the body and stands on no coming agenda, soonest due first. Two statements."""
    planned = AgendaItem.objects.filter(
        case=models.OuterRef("case"),
        meeting__body=body,
        meeting__status__in=[*BEFORE_MEETING, MeetingStatus.OPEN],
        status__in=[AgendaStatus.WAITING, AgendaStatus.OPEN],
    )
    rows = (
        waiting_items(body)
        .filter(~models.Exists(planned))
        .filter(case__in=Case.objects.visible_to(access))
        .order_by("due_on", "pk")[:LONGEST_AGENDA]
    )
    items = list(rows)
    tabled: dict[int, dt.date | None] = {}
    found = body.deliberations.filter(case__in=[item.case_id for item in items]).order_by("number")
    for case_id, outcome, until in found.values_list("case_id", "outcome", "tabled_until"):
        tabled[case_id] = until if outcome == "table" else None
    return [Waiting(item, item.case, tabled.get(item.case_id)) for item in items]


def reports_waiting(body: Body) -> models.QuerySet[DelegatedReport]:
    """Decisions made by delegation that have not been reported to the body and stand on no agenda."""
    return DelegatedReport.objects.filter(
        body=body, agenda_item__isnull=True, reported_at__isnull=True
    ).select_related("decision__case", "decision__decided_by")


def _next_order(act: MeetingAct) -> int:
    last = act.meeting.items.aggregate(last=models.Max("order"))["last"]
    return (last or 0) + 1


def put_on_agenda(
    *, meeting_id: int, actor: Person, case_ids: list[int], now: dt.datetime
) -> list[AgendaItem]:
    """Put cases that wait for the body on the agenda, in the order given. Those that stand there already are passed over.

    Raises InvalidInput when one does not wait for the body.
    """
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.SET_AGENDA, now=now
    ) as act:
        return _put(act, case_ids)


def _put(act: MeetingAct, case_ids: list[int]) -> list[AgendaItem]:
    # The body's row keeps two who build the agendas of two meetings at once apart.
    Body.objects.select_for_update(no_key=True).get(pk=act.meeting.body_id)
    # The cases' rows keep two meetings' agendas apart, each of which is locked by itself; always in the same order.
    list(
        Case.objects.select_for_update(of=("self",)).filter(pk__in=case_ids).order_by("pk").values_list("pk")
    )
    waiting = {item.case_id: item for item in waiting_items(act.meeting.body).filter(case__in=case_ids)}
    if set(case_ids) - set(waiting):
        raise InvalidInput({"cases": _("Ett av ärendena väntar inte längre på organet. Välj igen.")})
    there = set(act.meeting.items.filter(case__in=case_ids).values_list("case_id", flat=True))
    elsewhere = AgendaItem.objects.filter(
        case__in=case_ids,
        meeting__body=act.meeting.body,
        meeting__status__in=[*BEFORE_MEETING, MeetingStatus.OPEN],
        status__in=[AgendaStatus.WAITING, AgendaStatus.OPEN],
    ).exclude(meeting=act.meeting)
    taken = elsewhere.first()
    if taken is not None:
        raise InvalidInput(
            {"cases": _("%(title)s står redan på ett annat mötes dagordning.") % {"title": taken.title}}
        )
    order = _next_order(act)
    new = [case_id for case_id in dict.fromkeys(case_ids) if case_id not in there]
    items = [
        AgendaItem(
            meeting=act.meeting,
            body=act.meeting.body,
            order=order + number,
            kind=AgendaKind.CASE,
            title=waiting[case_id].case.title,
            case_id=case_id,
        )
        for number, case_id in enumerate(new)
    ]
    AgendaItem.objects.bulk_create(items)
    if items:
        act.record("agenda_added", cases=new)
    return items


def add_free_item(
    *, meeting_id: int, actor: Person, title: str, text: str = "", now: dt.datetime
) -> AgendaItem:
    """Add an item of one's own: the last minutes, information, a matter without a case."""
    if not title:
        raise InvalidInput({"title": _("Skriv punktens rubrik.")})
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.SET_AGENDA, now=now
    ) as act:
        item = AgendaItem.objects.create(
            meeting=act.meeting,
            body=act.meeting.body,
            order=_next_order(act),
            kind=AgendaKind.FREE,
            title=title,
            text=text,
        )
        act.record("agenda_added", title=title)
        return item


def add_delegated_reports(*, meeting_id: int, actor: Person, now: dt.datetime) -> AgendaItem:
    """Put the decisions made by delegation since last time on the agenda, as one item to be noted (section 5)."""
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.SET_AGENDA, now=now
    ) as act:
        reports = list(reports_waiting(act.meeting.body).select_for_update(of=("self",)).order_by("pk"))
        if not reports:
            raise WrongState(_("Det finns inga delegationsbeslut att anmäla."))
        item = act.meeting.items.filter(kind=AgendaKind.DELEGATED, status=AgendaStatus.WAITING).first()
        if item is None:
            item = AgendaItem.objects.create(
                meeting=act.meeting,
                body=act.meeting.body,
                order=_next_order(act),
                kind=AgendaKind.DELEGATED,
                title=str(AgendaKind.DELEGATED.label),
            )
        DelegatedReport.objects.filter(pk__in=[report.pk for report in reports]).update(agenda_item=item)
        act.record("agenda_added", reports=[report.pk for report in reports])
        return item


def move_item(*, meeting_id: int, item_id: int, actor: Person, up: bool, now: dt.datetime) -> AgendaItem:
    """Move an item one step up or down. At the end of the list nothing happens."""
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.SET_AGENDA, now=now
    ) as act:
        item = act.item(item_id)
        rows = list(act.meeting.items.order_by("order", "pk"))
        place = next(n for n, row in enumerate(rows) if row.pk == item.pk)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows) and rows[other].status == AgendaStatus.WAITING:
            rows[place], rows[other] = rows[other], rows[place]
        for number, row in enumerate(rows, 1):
            row.order = number
        AgendaItem.objects.bulk_update(rows, ["order"])
        act.record("agenda_moved", item=item.pk, up=up)
        return item


def remove_item(*, meeting_id: int, item_id: int, actor: Person, now: dt.datetime) -> None:
    """Take an item off the agenda before it is dealt with. A case goes back to those that wait for the body."""
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.SET_AGENDA, now=now
    ) as act:
        item = act.item(item_id)
        if item.status != AgendaStatus.WAITING:
            raise AlreadyDone(_("Punkten har redan tagits upp."))
        DelegatedReport.objects.filter(agenda_item=item).update(agenda_item=None)
        act.record("agenda_removed", title=item.title, case=item.case_id)
        item.delete()
