"""Organisations (parties, boards' owners, companies) and their units (H5, R3)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.values.registry_pattern import RegistryPattern, RegistryPatternError


def validate_registry_pattern(value: str) -> None:
    """Raise ValidationError unless the text is a pattern for registry numbers (M1)."""
    try:
        RegistryPattern(value)
    except RegistryPatternError as error:
        raise ValidationError(error.message, code=error.code, params=dict(error.params)) from error


class OrganisationKind(models.TextChoices):
    CITY = "city", _("Stad")
    MUNICIPALITY = "municipality", _("Kommun")
    REGION = "region", _("Region")
    UNIVERSITY = "university", _("Lärosäte")
    COMPANY = "company", _("Bolag")
    STUDENT_UNION = "student_union", _("Studentorganisation")
    OTHER = "other", _("Annan organisation")


class Organisation(models.Model):
    """A legal body: a party of partnerships, or one that takes part without being a party (H5)."""

    name = models.CharField(_("namn"), max_length=200)
    name_en = models.CharField(_("namn på engelska"), max_length=200, blank=True)
    short_name = models.CharField(_("kortnamn"), max_length=20)
    slug = models.SlugField(_("nyckel"), unique=True)
    kind = models.CharField(_("slag"), max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("del av"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    registry_series = models.CharField(_("diarieserie"), max_length=20, blank=True)
    registry_pattern = models.CharField(
        _("mönster för diarienummer"),
        max_length=60,
        blank=True,
        validators=[validate_registry_pattern],
        help_text=_("Till exempel KS {year}-{n:05}. Tomt om organisationen inte för eget diarium här."),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("short_name"), name="organisation_short_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_has_name"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, Swedish when there is no English one."""
        if self.name_en and get_language() == "en":
            return self.name_en
        return self.name


class Unit(models.Model):
    """A department, office or unit of an organisation (enhet, förvaltning)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("namn"), max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="unit_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return self.name
