"""When an activity's next report is due (H7): from the proposal's own words, the council's meetings and what was reported."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from cases.values.reporting import ReportingKind, ReportingSchedule

if TYPE_CHECKING:
    from workflows.act import Act

#: How long a schedule without an end is laid out: an activity whose partnership has no last day is followed this
#: many years, then closed with a closing report or given a new schedule.
HORIZON_YEARS = 10


def next_report_due(act: Act) -> dt.date | None:
    """The next due date after the last one reported, None when the schedule is at its end or was never set.

    Continuous reporting follows the profile's council meetings while the partnership is in force. So does a schedule
    whose words are missing or cannot be read: the council hears of the activity until somebody says otherwise.
    """
    case = act.case
    began = case.events.filter(kind="stage_entered", data__stage="follow_up").order_by("seq").first()
    start = timezone.localtime(began.at).date() if began is not None else act.today
    partnership_end = case.partnership.valid_until
    until = partnership_end or start.replace(year=start.year + HORIZON_YEARS, day=min(start.day, 28))
    last = (
        case.reports.filter(due_on__isnull=False).order_by("-due_on").values_list("due_on", flat=True).first()
    )
    schedule = ReportingSchedule.parse(case.proposal.reporting_words)
    meetings = list(act.profile.rules.meeting_dates(start, until))
    if schedule.kind is ReportingKind.UNKNOWN:
        schedule = ReportingSchedule.parse("fortlöpande")
    for due in schedule.due_dates(start, until, meetings):
        if last is None or due > last:
            return due
    return None
