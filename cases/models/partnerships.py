"""Partnerships between two or more parties, their areas and goals (U1-U3, U9, H2)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models.organisations import Organisation


class Goal(models.Model):
    """One of the 17 goals of Agenda 2030, in both languages (H2)."""

    number = models.PositiveSmallIntegerField(_("nummer"), primary_key=True)
    name = models.CharField(_("namn"), max_length=120)
    name_en = models.CharField(_("namn på engelska"), max_length=120)

    class Meta:
        verbose_name = _("mål i Agenda 2030")
        verbose_name_plural = _("mål i Agenda 2030")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=17), name="goal_1_to_17"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def label(self) -> str:
        """The name in the reader's language, without its number."""
        return self.name_en if get_language() == "en" else self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def in_force(self, on: dt.date) -> PartnershipQuerySet:
        """Those that bind their parties on the date (U9)."""
        return self.filter(valid_from__lte=on).filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        )


class Partnership(models.Model):
    """A memorandum or agreement of collaboration and everything done within it (U1)."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("Avsiktsförklaring")
        AGREEMENT = "agreement", _("Samverkansavtal")
        STRATEGY = "strategy", _("Strategi")

    name = models.CharField(_("namn"), max_length=200)
    name_en = models.CharField(_("namn på engelska"), max_length=200, blank=True)
    slug = models.SlugField(_("nyckel"), unique=True)
    kind = models.CharField(_("slag"), max_length=20, choices=Kind.choices)
    purpose = models.TextField(_("syfte"), blank=True)
    signed_on = models.DateField(_("undertecknad"), null=True, blank=True)
    valid_from = models.DateField(_("gäller från"), null=True, blank=True)
    valid_until = models.DateField(_("gäller till och med"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("uppsägningstid, månader"), null=True, blank=True)
    parties: models.ManyToManyField[Organisation, PartnershipParty] = models.ManyToManyField(
        Organisation, through="PartnershipParty", related_name="partnerships", verbose_name=_("parter")
    )
    overarching_goals = models.ManyToManyField(
        Goal, blank=True, related_name="+", verbose_name=_("övergripande mål")
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("samarbete")
        verbose_name_plural = _("samarbeten")
        ordering = ["name"]
        permissions = [("view_cases", _("Läsa samarbetets ärenden"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="partnership_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class PartnershipParty(models.Model):
    """An organisation's place in a partnership; the order is that of the signed document."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="party_rows")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="party_rows")
    order = models.PositiveSmallIntegerField(_("ordning"), default=1)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parter")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"], name="party_once_per_partnership"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class FocusArea(models.Model):
    """An area of collaboration with its text and goals (U3, H2)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="areas")
    slug = models.SlugField(_("nyckel"))
    name = models.CharField(_("namn"), max_length=200)
    name_en = models.CharField(_("namn på engelska"), max_length=200, blank=True)
    description = models.TextField(_("beskrivning"), blank=True)
    order = models.PositiveSmallIntegerField(_("ordning"), default=1)
    goals = models.ManyToManyField(Goal, blank=True, related_name="areas", verbose_name=_("mål"))

    class Meta:
        verbose_name = _("område")
        verbose_name_plural = _("områden")
        ordering = ["partnership", "order"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="area_slug_once_per_partnership"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name
