"""The steering group's deliberation and its votes (U6, section 5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.bodies import Body
from cases.models.case import Case
from cases.models.organisations import Organisation


class DeliberationOutcome(models.TextChoices):
    RECOMMEND = "recommend", _("Tillstyrker")
    REFER_BACK = "refer_back", _("Återremiss till initiativtagaren")
    PREPARE_AGAIN = "prepare_again", _("Återremiss till beredningen")
    TABLE = "table", _("Bordlägger")
    DECLINE = "decline", _("Avstyrker")


class Deliberation(models.Model):
    """One round in which a body considers the case. ``members`` is how many were called to vote."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliberations")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="deliberations")
    number = models.PositiveSmallIntegerField(_("omgång"))
    members = models.PositiveSmallIntegerField(_("kallade ledamöter"))
    quorum = models.PositiveSmallIntegerField(_("beslutförhet, antal"))
    opened_at = models.DateTimeField(_("öppnad"))
    voting_closed_at = models.DateTimeField(_("röstningen stängd"), null=True, blank=True)
    outcome = models.CharField(_("utgång"), max_length=15, choices=DeliberationOutcome.choices, blank=True)
    reasons = models.TextField(_("motivering"), blank=True)
    casting_vote = models.BooleanField(_("utslagsröst"), default=False)
    tabled_until = models.DateField(_("bordlagt till"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField(_("avgjord"), null=True, blank=True)

    class Meta:
        verbose_name = _("överläggning")
        verbose_name_plural = _("överläggningar")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="deliberation_number_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", concluded_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(concluded_at__isnull=False)),
                name="deliberation_concluded_has_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="table") | models.Q(tabled_until__isnull=False),
                name="deliberation_tabled_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class VoteChoice(models.TextChoices):
    FOR = "for", _("Tillstyrker")
    AGAINST = "against", _("Avstyrker")
    ABSTAIN = "abstain", _("Avstår")
    RECUSED = "recused", _("Jäv: deltar inte")


class Vote(models.Model):
    """A member's vote, or declared conflict of interest, in one deliberation."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("röst"), max_length=10, choices=VoteChoice.choices)
    reasons = models.TextField(_("motivering"), blank=True)
    cast_at = models.DateTimeField(_("lämnad"))

    class Meta:
        verbose_name = _("röst")
        verbose_name_plural = _("röster")
        ordering = ["cast_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "member"], name="vote_once_per_member"),
            models.UniqueConstraint(fields=["deliberation", "cast_by"], name="vote_cast_once_per_person"),
            models.CheckConstraint(
                condition=~models.Q(choice="recused") | ~models.Q(reasons=""), name="vote_recusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.choice}"
