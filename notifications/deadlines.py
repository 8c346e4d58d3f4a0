"""What mails say of deadlines: how long there is, how late it is, whom it waits for and how to help."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.access import Access
from cases.models import Case, Role
from notifications.letters import day_in_words
from workflows.models import WorkItem
from workflows.policy import Action, may
from workflows.working_days import working_days_between


def days_left(item: WorkItem, now: dt.datetime) -> str:
    """How long there is to do it, which is why the reminder comes now."""
    due, today = item.due_on, timezone.localtime(now).date()
    assert due is not None
    if due < today:
        return _("Uppgiften skulle ha varit klar %(due)s.") % {"due": day_in_words(due)}
    if due == today:
        return _("Uppgiften ska vara klar i dag.")
    days = working_days_between(today, due)
    if days == 0:  # due on a Sunday, told on the Saturday
        return _("Uppgiften ska vara klar %(due)s.") % {"due": day_in_words(due)}
    return ngettext(
        "Uppgiften ska vara klar om %(n)s arbetsdag.", "Uppgiften ska vara klar om %(n)s arbetsdagar.", days
    ) % {"n": days}


def how_late(item: WorkItem, case: Case, now: dt.datetime) -> tuple[str, str]:
    """How far over its time the task is: as a subject, and as a sentence."""
    assert item.due_on is not None
    days = max(1, working_days_between(item.due_on, timezone.localtime(now).date()))
    words = {"step": item.title, "n": days, "title": case.title}
    subject = ngettext(
        "Försenad: %(step)s: %(n)s arbetsdag över tiden: %(title)s",
        "Försenad: %(step)s: %(n)s arbetsdagar över tiden: %(title)s",
        days,
    )
    sentence = ngettext(
        "Uppgiften är försenad: %(n)s arbetsdag över tiden.",
        "Uppgiften är försenad: %(n)s arbetsdagar över tiden.",
        days,
    )
    return subject % words, sentence % words


def whom_they_wait_for(item: WorkItem, told_at: dt.datetime) -> str:
    """Whom the late task waits for, with those of the same step that escalated with it: they are told of together."""
    rows = list(
        WorkItem.objects.open()
        .filter(case=item.case_id, step=item.step, internal_to=item.internal_to_id, escalated_at=told_at)
        .select_related("owner", "party", "body")
        .order_by("pk")
    )
    whom = get_text_list(list(dict.fromkeys(_who(row) for row in rows or [item])), _("och"))
    if len(rows) > 1:
        return _("Det gäller %(n)s uppgifter, som väntar på %(who)s.") % {"n": len(rows), "who": whom}
    return _("Uppgiften väntar på %(who)s.") % {"who": whom}


def _who(item: WorkItem) -> str:
    if item.owner is not None:
        return str(item.owner.name)
    role = str(Role(item.role).label).lower()
    where = item.body or item.party
    return _("%(role)s, %(where)s") % {"role": role, "where": where.label} if where is not None else role


def how_to_help(access: Access, case: Case) -> str:
    """What somebody who cannot do the task can do about it."""
    if may(access, Action.REASSIGN, case):
        return _("På ärendets sida kan du påminna eller lämna över uppgiften till någon annan.")
    return _("På ärendets sida kan du påminna den som har uppgiften.")
