"""A running process of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess

from cases.models import Case
from workflows.models.profiles import ProfileVersion

if TYPE_CHECKING:
    from workflows.act import Act


class CaseProcess(AbstractProcess):
    """The engine's process row: which flow, for which case, by which profile version."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="processes")
    profile_version = models.ForeignKey(ProfileVersion, on_delete=models.PROTECT, related_name="processes")
    profile_checksum = models.CharField(
        max_length=64,
        editable=False,
        help_text="The profile version's checksum, so that a step need not read it.",
    )
    parent_task = models.ForeignKey(
        "workflows.WorkItem", null=True, blank=True, on_delete=models.PROTECT, related_name="subprocesses"
    )

    #: The act that is moving the process right now, in memory only: the nodes find the time, the person and
    #: the history recorder in it.
    act: Act

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processer")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "flow_class"],
                condition=models.Q(status="NEW"),
                name="process_one_running_per_flow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"
