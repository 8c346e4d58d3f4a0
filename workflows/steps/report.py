"""Report on a running activity, and close the case with a closing report (H7)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Person, Report
from workflows.act import Act, acting
from workflows.policy import Action


def _next_number(act: Act) -> int:
    return act.case.reports.count() + 1


def submit_report(
    *,
    item_id: int,
    actor: Person,
    status: str,
    result: str,
    deviation: str = "",
    next_steps: str = "",
    now: dt.datetime,
) -> Report:
    """The responsible reports to the council. Status "done" leads to the closing report."""
    missing = {}
    if not result:
        missing["result"] = _("Beskriv vad som har gjorts och åstadkommits.")
    if status == Report.Status.DEVIATES and not deviation:
        missing["deviation"] = _("Beskriv avvikelsen.")
    if missing:
        raise InvalidInput(missing)
    with acting(item_id=item_id, actor=actor, step=Action.REPORT, now=now) as act:
        assert act.item is not None
        due = act.item.data.get("due")
        report = Report.objects.create(
            case=act.case,
            number=_next_number(act),
            due_on=dt.date.fromisoformat(due) if due else None,
            status=status,
            result=result,
            deviation=deviation,
            next_steps=next_steps,
            author=actor,
            created_at=now,
        )
        act.record("reported", number=report.number, status=str(status), due=report.due_on)
        act.finish("done" if status == Report.Status.DONE else "reported")
        return report


def close_with_report(*, item_id: int, actor: Person, result: str, lessons: str, now: dt.datetime) -> Report:
    """The coordinator writes the closing report; the case is then closed as completed."""
    if not result:
        raise InvalidInput({"result": _("Beskriv vad verksamheten ledde till.")})
    with acting(item_id=item_id, actor=actor, step=Action.CLOSING_REPORT, now=now) as act:
        report = Report.objects.create(
            case=act.case,
            number=_next_number(act),
            closing=True,
            status=Report.Status.DONE,
            result=result,
            lessons=lessons,
            author=actor,
            created_at=now,
        )
        act.record("closing_reported", number=report.number)
        act.finish("closed")
        return report
