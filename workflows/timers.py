"""Time moves cases too: pauses that end, tabled steps that wake, open steps that remind and escalate.

Run by the worker; a restart loses none, since every timer is a row. Many workers may run this at once: each due row is
taken under its case's lock and by compare-and-set. A case on hold is passed over until it is resumed.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone
from cases.models import CaseStatus
from workflows.act import Act, acting_by_itself
from workflows.due_dates import NO_TIMER, NextTimer, escalation_timer
from workflows.escalation import helpers
from workflows.models import Timer, WorkItem

logger = logging.getLogger(__name__)


def due_timers(now: dt.datetime, *, limit: int = 100) -> list[tuple[int, int]]:
    """The scheduled items whose time has come, longest overdue first."""
    return list(
        WorkItem.objects.filter(status=STATUS.SCHEDULED, scheduled__lte=now, case__status=CaseStatus.OPEN)
        .order_by("scheduled", "pk")
        .values_list("pk", "case_id")[:limit]
    )


def due_reminders(now: dt.datetime, *, limit: int = 100) -> list[int]:
    """The cases of open items whose reminder or escalation is due, longest overdue first."""
    due = (
        WorkItem.objects.open()
        .filter(timer_at__lte=now, case__status=CaseStatus.OPEN)
        .order_by("timer_at", "pk")
        .values_list("case_id", flat=True)[:limit]
    )
    return list(dict.fromkeys(due))


def fire_timer(*, item_id: int, case_id: int, now: dt.datetime) -> bool:
    """Let one scheduled item go on. False when another worker was first or the case no longer stands open."""
    try:
        with acting_by_itself(case_id=case_id, now=now) as act:
            found = WorkItem.objects.filter(pk=item_id, status=STATUS.SCHEDULED).select_related("process")
            item = found.first()
            if item is None or act.case.status != CaseStatus.OPEN:
                return False
            item.case = act.case
            act.move(item.process)
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


def fire_reminders(*, case_id: int, now: dt.datetime) -> int:
    """Let the due timers of a case's open items remind or escalate, all in one act. Returns how many did.

    When the worker has been away for so long that both are past, only the escalation is told: nobody gets two mails of
    one task in the same minute. Those who can help hear of the late tasks of one step together, by the first event.
    """
    fired = 0
    with acting_by_itself(case_id=case_id, now=now) as act:
        if act.process is None or act.case.status != CaseStatus.OPEN:
            return 0
        told: set[tuple[str, int | None]] = set()
        for item in WorkItem.objects.open().filter(case=act.case, timer_at__lte=now).order_by("pk"):
            following = _following(act, item)
            escalates = item.timer == Timer.ESCALATE or (following[1] is not None and following[1] <= now)
            if not _move_on(item, NO_TIMER if escalates else following, escalates=escalates, now=now):
                continue
            fired += 1
            about = {
                "item": item.pk,
                "items": [item.pk],
                "step": item.step,
                "due": item.due_on,
                "person": item.owner_id,
                "party": item.party_id,
            }
            if not escalates:
                act.record("reminded_automatically", internal_to=item.internal_to_id, **about)
                continue
            group = (item.step, item.internal_to_id)
            about["helpers"] = [] if group in told else helpers(item, act.case, on=act.today)
            told.add(group)
            act.record("escalated", internal_to=item.internal_to_id, **about)
    return fired


def _following(act: Act, item: WorkItem) -> NextTimer:
    """The timer that comes after the one that the item has."""
    if item.timer != Timer.REMIND:
        return NO_TIMER
    assert item.due_on is not None
    return escalation_timer(act.profile.rules, due_on=item.due_on)


def _move_on(item: WorkItem, following: NextTimer, *, escalates: bool, now: dt.datetime) -> bool:
    """Set the next timer if the item still has the one that was read. False when somebody was first."""
    still = WorkItem.objects.open().filter(pk=item.pk, timer=item.timer, timer_at=item.timer_at)
    done_at = {"escalated_at" if escalates else "reminded_at": now}
    return bool(still.update(timer=following[0], timer_at=following[1], **done_at))


def fire_due_timers(now: dt.datetime, *, limit: int = 100) -> int:
    """Fire every due timer; one that fails is logged with its numbers, without its content, and tried again next time."""
    fired = 0
    for item_id, case_id in due_timers(now, limit=limit):
        with _left_for_next_time(case_id, item_id):
            fired += fire_timer(item_id=item_id, case_id=case_id, now=now)
    for case_id in due_reminders(now, limit=limit):
        with _left_for_next_time(case_id):
            fired += fire_reminders(case_id=case_id, now=now)
    return fired


@contextmanager
def _left_for_next_time(case_id: int, item_id: int | None = None) -> Iterator[None]:
    """One broken case must not hold up the others."""
    try:
        yield
    except Exception as error:
        logger.error("timer failed", extra={"item": item_id, "case": case_id, "error": type(error).__name__})
