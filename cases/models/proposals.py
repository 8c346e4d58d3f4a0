"""The content of an initiative: every field of the action plan's blocks (H3), of U3, U4 and R7."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.organisations import Organisation, Unit
from cases.models.partnerships import Goal
from cases.values.vague_date import VagueDate


class InitiativeKind(models.TextChoices):
    """What kind of initiative it is (U3, H3)."""

    PROJECT = "project", _("Projekt")
    ACTIVITY = "activity", _("Aktivitet")
    INITIATIVE = "initiative", _("Initiativ")
    CENTRE = "centre", _("Centrumbildning")
    STAFF_EXCHANGE = "staff_exchange", _("Personutbyte")
    THESIS = "thesis", _("Examensarbete eller praktik")
    COMMISSIONED_EDUCATION = "commissioned_education", _("Uppdragsutbildning")
    RESEARCH_APPLICATION = "research_application", _("Forskningsansökan")
    GOVERNING_DOCUMENT = "governing_document", _("Styrdokument")


class CouncilTask(models.TextChoices):
    """What the council is asked to do (H6); own words are kept beside."""

    NONE = "", _("Ej angiven")
    FOLLOW_PROJECT = "follow_project", _("Följa projektet")
    FOLLOW_IMPLEMENTATION = "follow_implementation", _("Följa implementeringen")
    FOLLOW_DEVELOPMENT = "follow_development", _("Följa utvecklingen")
    FOLLOW_RESULTS = "follow_results", _("Följa projekt och utfall av resultat")
    FOLLOW_MODEL_LEVEL = "follow_model_level", _("Följa resultat och erfarenheter på modellnivå")
    OTHER = "other", _("Annat")


class ReportingKind(models.TextChoices):
    """How often the activity is reported to the council (H7)."""

    CONTINUOUS = "continuous", _("Fortlöpande, till varje möte")
    ONCE = "once", _("En gång, vid angiven tid")
    HALF_YEARLY = "half_yearly", _("Varje halvår")
    YEARLY = "yearly", _("Varje år")
    INTERVAL_MONTHS = "interval_months", _("Med visst antal månader emellan")
    UNKNOWN = "unknown", _("Ej bestämt")


class Proposal(models.Model):
    """What is proposed. Vague dates keep their words and an interval (H4)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="proposal", primary_key=True)
    kind = models.CharField(_("slag"), max_length=30, choices=InitiativeKind.choices)
    description = models.TextField(_("beskrivning"), blank=True)
    goals = models.ManyToManyField(
        Goal, blank=True, related_name="proposals", verbose_name=_("hållbarhetsmål")
    )
    start_words = models.CharField(_("start"), max_length=200, blank=True)
    start_first = models.DateField(null=True, blank=True, editable=False)
    start_last = models.DateField(null=True, blank=True, editable=False)
    current_status = models.TextField(_("aktuellt läge eller utredningsuppdrag"), blank=True)
    council_task = models.CharField(
        _("rådets uppgift"), max_length=30, choices=CouncilTask.choices, blank=True
    )
    council_task_words = models.CharField(_("rådets uppgift, egna ord"), max_length=300, blank=True)
    reporting_words = models.CharField(_("återrapportering"), max_length=200, blank=True)
    reporting_kind = models.CharField(
        max_length=20, choices=ReportingKind.choices, default=ReportingKind.UNKNOWN, editable=False
    )
    need = models.TextField(_("behov"), blank=True)
    purpose = models.TextField(_("syfte"), blank=True)
    terms = models.TextField(_("villkor"), blank=True)
    benefit = models.TextField(_("nytta för båda parter"), blank=True)

    class Meta:
        verbose_name = _("förslag")
        verbose_name_plural = _("förslag")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_first__isnull=True, start_last__isnull=True)
                | models.Q(start_last__gte=models.F("start_first")),
                name="proposal_start_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def start(self) -> VagueDate:
        """When the activity starts, as vague as it was said (H4)."""
        return VagueDate(self.start_words, self.start_first, self.start_last)

    @start.setter
    def start(self, value: VagueDate) -> None:
        self.start_words, self.start_first, self.start_last = value.words, value.first, value.last


class ResponsibleUnit(models.Model):
    """A unit, or a whole organisation that may be no party, that is responsible for the activity (H5)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responsible_units")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    name = models.CharField(_("namn som det angavs"), max_length=300)
    needs_review = models.BooleanField(_("behöver granskas"), default=False)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("ansvarig")
        verbose_name_plural = _("ansvariga")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="responsible_has_name"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) | models.Q(organisation__isnull=False),
                name="responsible_unit_has_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundingLine(models.Model):
    """Money for the initiative: source, amount, year, and who decides on it (R7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="funding")
    source = models.CharField(_("finansieringskälla"), max_length=200)
    amount = models.DecimalField(_("belopp"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("valuta"), max_length=3, default="SEK")
    year = models.PositiveSmallIntegerField(_("år"))
    decided_by = models.CharField(_("beslutas av"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("finansiering")
        verbose_name_plural = _("finansiering")
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="funding_not_negative"),
            models.CheckConstraint(
                condition=models.Q(year__gte=1990, year__lte=2100), name="funding_year_plausible"
            ),
            models.CheckConstraint(
                condition=Exact(Length("currency"), 3) & Exact(Upper("currency"), models.F("currency")),
                name="funding_currency_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}"
