"""The stage stepper: where the case has been, is, and has left."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Agreement, Case, CaseEvent, EndState, Stage
from cases.models.case import VISIBLE_STAGES
from workflows.views.presenters.days import day_text


def _stage_of(case: Case, events: Iterable[CaseEvent]) -> Stage:
    """The stage that the case is in, or was in when it closed."""
    if not case.is_closed:
        return Stage(case.stage)
    closed = next((event for event in events if event.kind == "closed"), None)
    return Stage(closed.data["before"]) if closed is not None else Stage.FOLLOW_UP


def stages(case: Case, agreement: Agreement | None, events: Iterable[CaseEvent]) -> list[dict[str, str]]:
    """The five stages with their state: ``done``, ``current``, ``skipped`` or ``todo``.

    The events are the latest ones: the closing of a closed case is among them.
    """
    here = VISIBLE_STAGES.index(_stage_of(case, events)) if not case.is_draft else -1
    rows = []
    for number, stage in enumerate(VISIBLE_STAGES):
        row = {"label": str(stage.label), "state": "todo", "note": ""}
        if number < here or (number == here and case.is_closed):
            row["state"] = "done"
        elif number == here:
            row["state"] = "current"
            row["note"] = _("sedan %(day)s") % {"day": day_text(timezone.localtime(case.stage_since).date())}
        elif case.is_closed:
            row["state"] = "skipped"
        if number == here and case.is_closed and case.end_state != EndState.COMPLETED:
            row["note"] = case.get_end_state_display()
        if stage is Stage.AGREEMENT and agreement is not None and not agreement.needed and number < here:
            row["state"], row["note"] = "skipped", _("behövs inte")
        rows.append(row)
    return rows
