"""When a step is due, when it reminds before and when it escalates after: counted in working days.

An open step carries one timer at a time in its own row: first the reminder, then the escalation. The worker fires it
(:mod:`workflows.timers`). How many working days lie between is the profile's: ``remind_before_days`` and
``escalate_after_days``, of which 0 means never.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from workflows.clock import morning
from workflows.models.work_items import Timer
from workflows.working_days import add_working_days

if TYPE_CHECKING:
    from workflows.models import WorkItem
    from workflows.profile import Profile

#: What a timer does, and when; an empty word and no time when there is none.
NextTimer = tuple[str, dt.datetime | None]

NO_TIMER: NextTimer = ("", None)


def first_timer(rules: Profile, *, opened_on: dt.date, due_on: dt.date) -> NextTimer:
    """The timer of a step that is opened on the day: the reminder, or the escalation when there is no day for one.

    Who has got the task today needs no reminder of it today: the reminder's day must lie after that of the opening.
    """
    if rules.remind_before_days:
        day = add_working_days(due_on, -rules.remind_before_days)
        if day > opened_on:
            return Timer.REMIND.value, morning(day)
    return escalation_timer(rules, due_on=due_on)


def escalation_timer(rules: Profile, *, due_on: dt.date) -> NextTimer:
    """The timer of a step that has been reminded of."""
    if not rules.escalate_after_days:
        return NO_TIMER
    return Timer.ESCALATE.value, morning(add_working_days(due_on, rules.escalate_after_days))


def set_due(item: WorkItem, due_on: dt.date, *, rules: Profile, today: dt.date) -> None:
    """Let the item, in memory, be due on the day, with the timers that follow from it."""
    item.due_on = due_on
    item.timer, item.timer_at = first_timer(rules, opened_on=today, due_on=due_on)


def move_due(item: WorkItem, working_days: int, *, rules: Profile, today: dt.date) -> None:
    """Let the item, in memory, be due so many working days later, its timer with it. What has fired stays fired."""
    assert item.due_on is not None
    timer = item.timer
    set_due(item, add_working_days(item.due_on, working_days), rules=rules, today=today)
    if timer == Timer.ESCALATE:
        item.timer, item.timer_at = escalation_timer(rules, due_on=item.due_on)
    elif not timer:
        item.timer, item.timer_at = NO_TIMER
