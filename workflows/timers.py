"""Time moves cases too: pauses that end, tabled steps that wake, open steps that remind and escalate.

Run by the worker; a restart loses none, since every timer is a row. Many workers may run this at once: each due row is
taken under its case's lock and by compare-and-set. A case on hold is passed over until it is resumed.
"""

from __future__ import annotations

import datetime as dt
import logging

from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone
from cases.models import CaseStatus
from workflows.act import acting_by_itself
from workflows.due_dates import NO_TIMER, escalation_timer
from workflows.escalation import helpers
from workflows.models import Timer, WorkItem

logger = logging.getLogger(__name__)

#: A due row: its key, and that of its case.
Due = tuple[int, int]


def due_timers(now: dt.datetime, *, limit: int = 100) -> list[Due]:
    """The scheduled items whose time has come, longest overdue first."""
    return list(
        WorkItem.objects.filter(status=STATUS.SCHEDULED, scheduled__lte=now, case__status=CaseStatus.OPEN)
        .order_by("scheduled", "pk")
        .values_list("pk", "case_id")[:limit]
    )


def due_reminders(now: dt.datetime, *, limit: int = 100) -> list[Due]:
    """The open items whose reminder or escalation is due, longest overdue first."""
    return list(
        WorkItem.objects.open()
        .filter(timer_at__lte=now, case__status=CaseStatus.OPEN)
        .order_by("timer_at", "pk")
        .values_list("pk", "case_id")[:limit]
    )


def fire_timer(*, item_id: int, case_id: int, now: dt.datetime) -> bool:
    """Let one scheduled item go on. False when another worker was first or the case no longer stands open."""
    try:
        with acting_by_itself(case_id=case_id, now=now) as act:
            item = WorkItem.objects.filter(pk=item_id, status=STATUS.SCHEDULED).first()
            if item is None or act.process is None or act.case.status != CaseStatus.OPEN:
                return False
            item.case, item.process = act.case, act.process
            act.item = item
            activation = item.flow_task.activation_class(item)
            if item.flow_task_type == "TIMER":
                activation.fire()
                activation.activate_next()
            else:
                activation.wake()
    except AlreadyDone:
        return False
    return True


def fire_reminder(*, item_id: int, case_id: int, now: dt.datetime) -> bool:
    """Let one open item's timer remind or escalate. False when another worker was first or nothing is due any longer.

    When the worker has been away for so long that both are past, only the escalation is told: nobody gets two mails of
    one task in the same minute.
    """
    with acting_by_itself(case_id=case_id, now=now) as act:
        item = WorkItem.objects.open().filter(pk=item_id, timer_at__lte=now).first()
        if item is None or act.process is None or act.case.status != CaseStatus.OPEN:
            return False
        assert item.due_on is not None
        following = NO_TIMER
        if item.timer == Timer.REMIND:
            following = escalation_timer(act.profile.rules, due_on=item.due_on)
        escalates = item.timer == Timer.ESCALATE or (following[1] is not None and following[1] <= now)
        if escalates:
            following = NO_TIMER
        fired = (
            WorkItem.objects.open()
            .filter(pk=item.pk, timer=item.timer, timer_at=item.timer_at)
            .update(
                timer=following[0],
                timer_at=following[1],
                **{"escalated_at" if escalates else "reminded_at": now},
            )
        )
        if not fired:
            return False
        about = {
            "item": item.pk,
            "items": [item.pk],
            "step": item.step,
            "due": item.due_on,
            "person": item.owner_id,
            "party": item.party_id,
        }
        if escalates:
            told = {"holder": item.holder_key, "helpers": helpers(item, act.case, on=act.today)}
            act.record("escalated", internal_to=item.internal_to_id, **about, **told)
        else:
            act.record("reminded_automatically", internal_to=item.internal_to_id, **about)
    return True


def fire_due_timers(now: dt.datetime, *, limit: int = 100) -> int:
    """Fire every due timer; one that fails is logged with its numbers, without its content, and tried again next time."""
    fired = 0
    # What goes on comes first: a step that a pause opens now has its own timers, none of which is due yet.
    for find, fire in ((due_timers, fire_timer), (due_reminders, fire_reminder)):
        for item_id, case_id in find(now, limit=limit):
            try:
                fired += fire(item_id=item_id, case_id=case_id, now=now)
            except Exception as error:  # one broken case must not hold up the others
                logger.error(
                    "timer failed", extra={"item": item_id, "case": case_id, "error": type(error).__name__}
                )
    return fired
