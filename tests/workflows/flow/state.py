"""Where a case stands, in few words."""

from __future__ import annotations

from cases.models import Case
from workflows.models import WorkItem


def steps(case: Case) -> list[str]:
    """The open tasks, in the order in which they were opened."""
    return [item.step for item in WorkItem.objects.filter(case=case, open=True).order_by("pk")]


def end_of(case: Case) -> tuple[str, str]:
    """The case's status and how it ended."""
    case.refresh_from_db()
    return case.status, case.end_state
