"""Work items: the steps of running cases. An open human one is somebody's task.

The engine's task row and the inbox's row are the same row: a task that is open in one and closed in the
other cannot exist, and a step costs one statement less each way. ``open`` is true only while a person can
act; all inbox indexes are partial on it, so that closed and waiting steps leave the hot index.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractTask
from viewflow.workflow.status import STATUS

from cases.models import Body, Case, Organisation
from cases.models.roles import CASE_ROLES, person_key
from workflows.conflicts import declared_cases
from workflows.models.processes import CaseProcess

if TYPE_CHECKING:
    from cases.access import Access


class Timer(models.TextChoices):
    """What an open step's timer does when it fires; see :mod:`workflows.due_dates`."""

    REMIND = "remind", _("påminner")
    ESCALATE = "escalate", _("eskalerar")


#: A part of a statement, and its values.
Condition = tuple[str, list[Any]]


def _ranges(access: Access) -> list[Condition]:
    """The ranges of the inbox's index in which what waits for the person lies: one for each key that it can wait for."""
    ranges: list[Condition] = [('"holder_key" = %s', [person_key(access.person_id)])]
    ranges += [('"holder_key" = %s', [key]) for key in sorted(access.keys)]
    for other in sorted(access.deputy_for_ids):
        keys = sorted({h.key for h in access.held if h.deputy_for_id == other})
        came_by = f'"role_key" IN ({", ".join(["%s"] * len(keys))})'
        values = [person_key(other), *keys]
        if other in access.in_all_for_ids:
            came_by += f' OR "role" IN ({", ".join(["%s"] * len(CASE_ROLES))})'
            values += sorted(role.value for role in CASE_ROLES)
        ranges.append((f'"holder_key" = %s AND ({came_by})', values))
    return ranges


def _in_anothers_stead(access: Access) -> models.Q:
    """The condition that the person would do a task as a deputy only."""
    theirs = models.Q(owner_id__in=sorted(access.deputy_for_ids))
    return theirs | models.Q(owner__isnull=True, holder_key__in=sorted(access.only_as_deputy))


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def open(self) -> WorkItemQuerySet:
        """Those that a person can act on now."""
        return self.filter(open=True)

    def for_user(self, access: Access, *, limit: int = 200) -> WorkItemQuerySet:
        """The person's open tasks, soonest due first, at most ``limit``; one statement.

        Each key under which a task can wait for the person is read from its own range of one partial index,
        already in order, so that the cost does not grow with the tasks of others or of the past. What the person would
        do in somebody's stead is left out where they have declared a conflict of interest.
        """
        table = self.model._meta.db_table
        parts, params = [], []
        for n, (condition, values) in enumerate(_ranges(access)):
            parts.append(
                f'SELECT "id" FROM (SELECT "id" FROM "{table}" WHERE "open" AND {condition} '  # noqa: S608 own names
                f'ORDER BY "due_on", "id" LIMIT %s) AS "range_{n}"'
            )
            params += [*values, limit]
        found = self.filter(pk__in=RawSQL(" UNION ALL ".join(parts), params))  # noqa: S611 only our own names stand in it
        if access.deputy_for_ids:
            found = found.exclude(_in_anothers_stead(access), case__in=declared_cases(access.person_id))
        return found.order_by("due_on", "id")[:limit]

    def overdue(self, on: dt.date) -> WorkItemQuerySet:
        """Open tasks that were due before the date."""
        return self.open().filter(due_on__lt=on)


class WorkItem(AbstractTask):
    """One step of one running case.

    ``holder_key`` says whom an open task waits for: a role key (``coordinator@partnership:3``) or, once it is
    claimed or was one person's from the start, ``person:17``. ``role_key`` keeps the role that it came by.

    ``timer`` and ``timer_at`` are the boundary timer of an open step: what it does next, and when. It stands in the
    step's own row, so that it costs no statement and goes with the step. It counts only while the item is open.
    ``done_for`` is whom the one who did it stood in for.
    """

    process = models.ForeignKey(CaseProcess, on_delete=models.PROTECT, related_name="task_set")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    data = models.JSONField(default=dict, blank=True)
    step = models.CharField(_("steg"), max_length=40)
    role = models.CharField(_("roll"), max_length=30, blank=True)
    role_key = models.CharField(max_length=80, blank=True)
    holder_key = models.CharField(max_length=80, blank=True)
    party = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    internal_to = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    open = models.BooleanField(default=False)
    due_on = models.DateField(_("senast"), null=True, blank=True)
    timer = models.CharField(_("timer"), max_length=8, choices=Timer.choices, blank=True)
    timer_at = models.DateTimeField(_("timern går"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("senast påmind"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("eskalerad"), null=True, blank=True)
    outcome = models.CharField(_("utgång"), max_length=20, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="done_items"
    )
    done_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # The engine's columns, without the indexes and the cascades that the house has no use for; those that serve
    # its own inbox and its many-to-many "previous" are dropped: one predecessor says how a step was reached, and
    # a Meet keeps in its data which branches it waits for.
    previous = None
    owner_permission = None
    external_task_id = None
    came_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="led_to"
    )
    status = models.CharField(max_length=20, choices=STATUS.choices, default=STATUS.NEW)
    created = models.DateTimeField(_("öppnad"), default=timezone.now)
    scheduled = models.DateTimeField(_("väntar till"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="work_items"
    )

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("uppgift")
        verbose_name_plural = _("uppgifter")
        indexes = [
            models.Index(
                fields=["holder_key", "due_on", "id"], condition=models.Q(open=True), name="item_inbox"
            ),
            models.Index(fields=["due_on", "id"], condition=models.Q(open=True), name="item_due"),
            models.Index(fields=["scheduled"], condition=models.Q(status="SCHEDULED"), name="item_scheduled"),
            models.Index(
                fields=["timer_at", "id"],
                condition=models.Q(open=True, timer_at__isnull=False),
                name="item_timer",
            ),
            models.Index(
                fields=["case", "internal_to"],
                condition=models.Q(internal_to__isnull=False, finished__isnull=True),
                name="item_internal",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(open=False)
                | (
                    models.Q(status__in=["NEW", "ASSIGNED"], flow_task_type="HUMAN")
                    & ~models.Q(holder_key="")
                ),
                name="item_open_waits_for_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(open=False) | models.Q(due_on__isnull=False), name="item_open_has_due_date"
            ),
            models.CheckConstraint(
                condition=models.Q(timer="", timer_at__isnull=True)
                | models.Q(timer__in=["remind", "escalate"], timer_at__isnull=False),
                name="item_timer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"

    @property
    def title(self) -> str:
        """The step's name in the reader's language."""
        node = self.flow_task
        return (
            str(node.title_for(self))
            if hasattr(node, "title_for")
            else str(getattr(node, "task_title", self.step))
        )
