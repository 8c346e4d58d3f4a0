"""Time moves cases too: pauses that end and tabled steps that wake. Run by the worker; a restart loses none.

Many workers may run this at once: each due row is taken under its case's lock and by compare-and-set. A case
on hold is passed over until it is resumed.
"""

from __future__ import annotations

import datetime as dt
import logging

from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone
from cases.models import CaseStatus
from workflows.act import acting_by_itself
from workflows.models import WorkItem

logger = logging.getLogger(__name__)


def due_timers(now: dt.datetime, *, limit: int = 100) -> list[tuple[int, int]]:
    """The scheduled items whose time has come, as (item, case) keys, longest overdue first."""
    return list(
        WorkItem.objects.filter(status=STATUS.SCHEDULED, scheduled__lte=now, case__status=CaseStatus.OPEN)
        .order_by("scheduled", "pk")
        .values_list("pk", "case_id")[:limit]
    )


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


def fire_due_timers(now: dt.datetime, *, limit: int = 100) -> int:
    """Fire every due timer; one that fails is logged with its numbers, without its content, and tried again next time."""
    fired = 0
    for item_id, case_id in due_timers(now, limit=limit):
        try:
            fired += fire_timer(item_id=item_id, case_id=case_id, now=now)
        except Exception as error:  # one broken case must not hold up the others
            logger.error(
                "timer failed", extra={"item": item_id, "case": case_id, "error": type(error).__name__}
            )
    return fired
