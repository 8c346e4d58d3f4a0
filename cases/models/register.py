"""The register: every party's own number for the same case (M1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.organisations import Organisation


class RegistryCounter(models.Model):
    """The last serial number given by an organisation in a year. Its row is the lock: no gaps, no reuse."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="counter_once_per_year")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.year}: {self.last}"


class RegistryNumber(models.Model):
    """A case's number in one organisation's register (diarienummer)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="registry_numbers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="registry_numbers")
    year = models.PositiveSmallIntegerField(_("år"))
    serial = models.PositiveIntegerField(_("löpnummer"))
    text = models.CharField(_("diarienummer"), max_length=60)
    registered_at = models.DateTimeField(_("registrerat"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("diarienummer")
        verbose_name_plural = _("diarienummer")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "serial"], name="registry_serial_once"),
            models.UniqueConstraint(fields=["organisation", "text"], name="registry_text_once"),
            models.UniqueConstraint(fields=["case", "organisation"], name="registry_once_per_case"),
            models.CheckConstraint(condition=models.Q(serial__gte=1), name="registry_serial_from_one"),
        ]

    def __str__(self) -> str:
        return self.text
