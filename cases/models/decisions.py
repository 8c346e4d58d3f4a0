"""Decisions of each party's own chain (M3-M5, R1, section 5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.bodies import Body
from cases.models.case import Case
from cases.models.organisations import Organisation


class DecisionOutcome(models.TextChoices):
    APPROVE = "approve", _("Bifall")
    APPROVE_AMENDED = "approve_amended", _("Bifall med ändring")
    REJECT = "reject", _("Avslag")
    REFER_BACK = "refer_back", _("Återremiss")
    TABLE = "table", _("Bordläggning")
    NOTE = "note", _("Läggs till handlingarna")


#: The outcomes by which a party, or a step of its chain, says yes.
APPROVING: frozenset[str] = frozenset({DecisionOutcome.APPROVE, DecisionOutcome.APPROVE_AMENDED})


class Decision(models.Model):
    """What one step of a party's chain came to. The decision text may change on its way; each version stands here."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("beredningsomgång"))
    step = models.CharField(_("steg"), max_length=50)
    step_title = models.CharField(_("steg, namn"), max_length=150)
    step_kind = models.CharField(_("steg, slag"), max_length=20)
    deliberation = models.OneToOneField(
        "cases.Deliberation", null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )
    is_final = models.BooleanField(_("partens beslut"))
    outcome = models.CharField(_("beslut"), max_length=15, choices=DecisionOutcome.choices)
    text = models.TextField(_("beslutstext"))
    reasons = models.TextField(_("motivering"), blank=True)
    tabled_until = models.DateField(_("bordlagt till"), null=True, blank=True)
    refer_back_to = models.CharField(_("återremitterat till"), max_length=50, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("beslutat"))

    class Meta:
        verbose_name = _("beslut")
        verbose_name_plural = _("beslut")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "round"],
                condition=models.Q(is_final=True),
                name="decision_final_once_per_party_and_round",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="decision_has_text"),
            models.CheckConstraint(
                condition=~models.Q(outcome="table") | models.Q(tabled_until__isnull=False),
                name="decision_tabled_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["approve", "approve_amended"]) | ~models.Q(reasons=""),
                name="decision_other_than_approve_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.party_id} {self.outcome}"


class DelegatedReport(models.Model):
    """A decision made alone by delegation, to be reported to the body in whose place it was made (section 5).

    ``agenda_item`` is the item of the meeting at which it was, or is to be, reported.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="delegated_report")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="delegated_reports")
    agenda_item = models.ForeignKey(
        "cases.AgendaItem", null=True, blank=True, on_delete=models.PROTECT, related_name="delegated_reports"
    )
    reported_at = models.DateTimeField(_("anmält"), null=True, blank=True)

    class Meta:
        verbose_name = _("anmälan av delegationsbeslut")
        verbose_name_plural = _("anmälningar av delegationsbeslut")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["body"], condition=models.Q(reported_at__isnull=True), name="delegated_to_report"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}"
