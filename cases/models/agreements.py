"""The separate agreement of an initiative: versions, review by every party, signatures (U8, U10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.organisations import Organisation


class Agreement(models.Model):
    """Whether a separate agreement is needed, why or why not, and how it stands."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="agreement")
    needed = models.BooleanField(_("särskilt avtal behövs"))
    reason = models.TextField(_("skäl"))
    in_force_since = models.DateTimeField(_("gäller sedan"), null=True, blank=True)

    class Meta:
        verbose_name = _("särskilt avtal")
        verbose_name_plural = _("särskilda avtal")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="agreement_need_has_reason"),
            models.CheckConstraint(
                condition=models.Q(needed=True) | models.Q(in_force_since__isnull=True),
                name="agreement_in_force_was_needed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class AgreementVersion(models.Model):
    """One draft of the agreement's text. ``checksum`` is the SHA-256 of its canonical text: what was signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    object_text = models.TextField(_("föremål"))
    terms = models.TextField(_("åtaganden och villkor"))
    confidentiality = models.TextField(_("sekretessbestämmelser"), blank=True)
    period_words = models.CharField(_("avtalstid"), max_length=200)
    change_note = models.TextField(_("vad som ändrats"), blank=True)
    checksum = models.CharField(_("kontrollsumma, SHA-256"), max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("upprättad"))

    class Meta:
        verbose_name = _("avtalsversion")
        verbose_name_plural = _("avtalsversioner")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=~models.Q(object_text="") & ~models.Q(terms="") & ~models.Q(period_words=""),
                name="agreement_version_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class ReviewOutcome(models.TextChoices):
    CLEARED = "cleared", _("Godtar lydelsen")
    CHANGES = "changes", _("Begär ändringar")


class AgreementReview(models.Model):
    """A party's view of one version."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="reviews")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("besked"), max_length=10, choices=ReviewOutcome.choices)
    comment = models.TextField(_("synpunkter"), blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("lämnat"))

    class Meta:
        verbose_name = _("avtalsgranskning")
        verbose_name_plural = _("avtalsgranskningar")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "party"], name="agreement_review_once_per_party"),
            models.CheckConstraint(
                condition=models.Q(outcome="cleared") | ~models.Q(comment=""),
                name="agreement_changes_are_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.party_id} {self.outcome}"


class Signature(models.Model):
    """A recorded signature, or refusal, of a party's signatory on one version (U8, U10)."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signatory = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed = models.BooleanField(_("undertecknat"))
    signatory_title = models.CharField(_("befattning"), max_length=150, blank=True)
    checksum = models.CharField(_("kontrollsumma, SHA-256"), max_length=64)
    refusal_reason = models.TextField(_("skäl för att inte underteckna"), blank=True)
    recorded_at = models.DateTimeField(_("antecknat"))

    class Meta:
        verbose_name = _("underskrift")
        verbose_name_plural = _("underskrifter")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "party"], name="signature_once_per_party"),
            models.CheckConstraint(
                condition=models.Q(signed=True) | ~models.Q(refusal_reason=""),
                name="signature_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.party_id}"
