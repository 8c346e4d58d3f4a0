"""What is prepared before the steering group: the parties' statements and the memo (U4, U7, M2, M6, M7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.organisations import Organisation


class Position(models.TextChoices):
    SUPPORT = "support", _("Ställer sig bakom")
    SUPPORT_WITH_CHANGES = "changes", _("Ställer sig bakom med synpunkter")
    NEUTRAL = "neutral", _("Avstår från att ta ställning")
    OPPOSE = "oppose", _("Ställer sig inte bakom")


class PartyStatement(models.Model):
    """A party's need and benefit, stated by its contact person in the dialogue (U2, U4, U7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("omgång"))
    position = models.CharField(_("ställningstagande"), max_length=10, choices=Position.choices)
    need = models.TextField(_("behov"))
    benefit = models.TextField(_("nytta"))
    resources = models.TextField(_("resurser och förutsättningar"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("lämnat"))

    class Meta:
        verbose_name = _("partens ställningstagande")
        verbose_name_plural = _("parternas ställningstaganden")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "round"], name="statement_once_per_party_and_round"
            ),
            models.CheckConstraint(
                condition=~models.Q(need="") & ~models.Q(benefit=""), name="statement_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.round}"


class Memo(models.Model):
    """The preparation memo in the shape of M6: matter, preparation, views, proposed decision. Versions are kept."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="memos")
    version = models.PositiveSmallIntegerField(_("version"))
    matter = models.TextField(_("ärendet"))
    preparation = models.TextField(_("beredning"))
    views = models.TextField(_("synpunkter"), blank=True)
    related_check = models.TextField(_("samordning med andra samarbeten"))
    proposed_decision = models.TextField(_("förslag till beslut"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("daterad"))

    class Meta:
        verbose_name = _("beredningsunderlag")
        verbose_name_plural = _("beredningsunderlag")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="memo_version_once"),
            models.CheckConstraint(
                condition=~models.Q(matter="")
                & ~models.Q(proposed_decision="")
                & ~models.Q(related_check=""),
                name="memo_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"
