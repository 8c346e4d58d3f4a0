"""What a referral brings in: answers in versions, wishes for more time, and how each view was met (R2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.documents import Document
from cases.models.referrals import Referral, ReferralRecipient


class Stance(models.TextChoices):
    """How an answer stands to what was referred."""

    SUPPORTS = "supports", _("Tillstyrker")
    WITH_CHANGES = "with_changes", _("Tillstyrker med ändringar")
    OPPOSES = "opposes", _("Avstyrker")
    NO_STANCE = "no_stance", _("Lämnar synpunkter utan att ta ställning")
    DECLINED = "declined", _("Avstår från att yttra sig")


class ReferralAnswer(models.Model):
    """A version of a recipient's answer (remissvar). Correcting it adds a version; all are kept."""

    recipient = models.ForeignKey(ReferralRecipient, on_delete=models.PROTECT, related_name="answers")
    version = models.PositiveSmallIntegerField(_("version"))
    stance = models.CharField(_("ställningstagande"), max_length=15, choices=Stance.choices)
    text = models.TextField(_("yttrande"), blank=True)
    documents: models.ManyToManyField[Document, models.Model] = models.ManyToManyField(
        Document, blank=True, related_name="+", verbose_name=_("handlingar")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(_("avsändare"), max_length=150)
    author_title = models.CharField(_("befattning"), max_length=150, blank=True)
    late = models.BooleanField(_("efter svarstiden"), default=False)
    created_at = models.DateTimeField(_("lämnat"))

    class Meta:
        verbose_name = _("remissvar")
        verbose_name_plural = _("remissvar")
        ordering = ["recipient", "version"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "version"], name="referral_answer_version_once"),
            models.CheckConstraint(condition=~models.Q(author_name=""), name="referral_answer_has_author"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} v{self.version}"

    @property
    def by(self) -> str:
        """Who signed it: name and title."""
        return f"{self.author_name}, {self.author_title}" if self.author_title else self.author_name


class ReferralExtension(models.Model):
    """A recipient's wish for more time, or time given unasked, and what was decided of it."""

    class Decision(models.TextChoices):
        GRANTED = "granted", _("Beviljad")
        DENIED = "denied", _("Avslagen")

    recipient = models.ForeignKey(ReferralRecipient, on_delete=models.PROTECT, related_name="extensions")
    asked_at = models.DateTimeField(_("begärd"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wanted_until = models.DateField(_("önskat datum"))
    reason = models.TextField(_("skäl"), blank=True)
    decision = models.CharField(_("beslut"), max_length=10, choices=Decision.choices, blank=True)
    granted_until = models.DateField(_("ny svarstid"), null=True, blank=True)
    message = models.TextField(_("besked"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("avgjord"), null=True, blank=True)

    class Meta:
        verbose_name = _("förlängd svarstid")
        verbose_name_plural = _("förlängda svarstider")
        ordering = ["recipient", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(decision=""),
                name="referral_extension_one_undecided",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="referral_extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="granted", granted_until__isnull=False)
                | (~models.Q(decision="granted") & models.Q(granted_until__isnull=True)),
                name="referral_extension_granted_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.wanted_until}"


class HowMet(models.TextChoices):
    """What became of a view."""

    ACCEPTED = "accepted", _("Tillgodosedd")
    PARTLY = "partly", _("Delvis tillgodosedd")
    NOT_ACCEPTED = "not_accepted", _("Inte tillgodosedd")
    NOTED = "noted", _("Noterad")


class ReferralView(models.Model):
    """A row of the compilation: one view in short, and how it was met (R2)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="views")
    recipient = models.ForeignKey(ReferralRecipient, on_delete=models.PROTECT, related_name="views")
    order = models.PositiveSmallIntegerField(_("ordning"))
    view = models.TextField(_("synpunkt i korthet"))
    how_met = models.CharField(_("hur den har mötts"), max_length=12, choices=HowMet.choices)
    response = models.TextField(_("kommentar"), blank=True)

    class Meta:
        verbose_name = _("remissynpunkt")
        verbose_name_plural = _("remissynpunkter")
        ordering = ["referral", "order"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "order"], name="referral_view_order_once"),
            models.CheckConstraint(condition=~models.Q(view=""), name="referral_view_not_empty"),
            models.CheckConstraint(
                condition=models.Q(how_met__in=["accepted", "noted"]) | ~models.Q(response=""),
                name="referral_view_not_met_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.view[:60]
