"""Outbox entries: one for every event that concerns somebody, written in the event's own transaction."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import CaseEvent, MeetingEvent


class OutboxEntryQuerySet(models.QuerySet["OutboxEntry"]):
    def due(self, now: dt.datetime) -> OutboxEntryQuerySet:
        """Those to be expanded now, longest waiting first."""
        return self.filter(status=OutboxEntry.Status.QUEUED, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )


class OutboxEntry(models.Model):
    """An event of a case or of a meeting waiting to be turned into messages.

    It says which event, never what the event says.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Väntar")
        EXPANDED = "expanded", _("Fördelad")
        FAILED = "failed", _("Misslyckad")

    event = models.OneToOneField(
        CaseEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="outbox_entry"
    )
    meeting_event = models.OneToOneField(
        MeetingEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="outbox_entry"
    )
    status = models.CharField(_("läge"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("försök"), default=0)
    next_attempt_at = models.DateTimeField(_("nästa försök"))
    created_at = models.DateTimeField(_("skapad"))
    expanded_at = models.DateTimeField(_("fördelad"), null=True, blank=True)
    last_error = models.CharField(_("senaste fel"), max_length=200, blank=True)

    objects = OutboxEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("utkorgspost")
        verbose_name_plural = _("utkorgsposter")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=models.Q(status="queued"), name="outbox_entry_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__isnull=False, meeting_event__isnull=True)
                | models.Q(event__isnull=True, meeting_event__isnull=False),
                name="outbox_entry_of_case_or_meeting",
            ),
            models.CheckConstraint(
                condition=models.Q(status="expanded", expanded_at__isnull=False)
                | (~models.Q(status="expanded") & models.Q(expanded_at__isnull=True)),
                name="outbox_entry_expanded_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"
