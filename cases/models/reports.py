"""Reports of a running activity to the council (H7) and the closing report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case


class Report(models.Model):
    """What the responsible reported for one due date, or at the end."""

    class Status(models.TextChoices):
        ON_TRACK = "on_track", _("Går enligt plan")
        DEVIATES = "deviates", _("Avviker från plan")
        STOPPED = "stopped", _("Står still")
        DONE = "done", _("Verksamheten är genomförd")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("nummer"))
    due_on = models.DateField(_("skulle lämnas"), null=True, blank=True)
    closing = models.BooleanField(_("slutrapport"), default=False)
    status = models.CharField(_("läge"), max_length=10, choices=Status.choices)
    result = models.TextField(_("resultat"))
    deviation = models.TextField(_("avvikelser"), blank=True)
    next_steps = models.TextField(_("nästa steg"), blank=True)
    lessons = models.TextField(_("lärdomar"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("lämnad"))

    class Meta:
        verbose_name = _("rapport")
        verbose_name_plural = _("rapporter")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="report_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(closing=True), name="report_closing_once"
            ),
            models.CheckConstraint(condition=~models.Q(result=""), name="report_has_result"),
            models.CheckConstraint(
                condition=~models.Q(status="deviates") | ~models.Q(deviation=""),
                name="report_deviation_is_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"
