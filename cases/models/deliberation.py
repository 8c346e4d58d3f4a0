"""The steering group's deliberation and its votes (U6, section 5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.bodies import Body
from cases.models.case import Case
from cases.models.organisations import Organisation


class DeliberationOutcome(models.TextChoices):
    """What a body can come to (section 5). A body of a party's chain decides or proposes with the same outcomes."""

    RECOMMEND = "recommend", _("Tillstyrker")
    RECOMMEND_AMENDED = "recommend_amended", _("Tillstyrker med ändring")
    REFER_BACK = "refer_back", _("Återremiss till initiativtagaren")
    HEAR_AGAIN = "hear_again", _("Återremiss till parternas kontaktpersoner")
    PREPARE_AGAIN = "prepare_again", _("Återremiss till beredningen")
    TABLE = "table", _("Bordlägger")
    NOTE = "note", _("Lägger till handlingarna")
    DECLINE = "decline", _("Avstyrker")


#: The outcomes that settle the matter itself, for which a quorum is needed and by which the votes bind.
DECISIVE: frozenset[str] = frozenset(
    {
        DeliberationOutcome.RECOMMEND,
        DeliberationOutcome.RECOMMEND_AMENDED,
        DeliberationOutcome.DECLINE,
    }
)


class Deliberation(models.Model):
    """One round in which a body considers the case. ``members`` is how many were called to vote.

    ``party`` is the party of whose own chain the body is a step; what it does is then internal to that party, and
    ``chain_step`` names the step. Without one the body is the partnership's own. ``decision_text`` is the wording
    that was adopted; ``acclaimed`` says that nobody asked for a vote (acklamation).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliberations")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="deliberations")
    party = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    chain_step = models.CharField(_("steg i partens ordning"), max_length=50, blank=True)
    number = models.PositiveSmallIntegerField(_("omgång"))
    members = models.PositiveSmallIntegerField(_("kallade ledamöter"))
    quorum = models.PositiveSmallIntegerField(_("beslutförhet, antal"))
    called = models.JSONField(default=list, help_text="Who was called, as [person, party or null] each.")
    closed_ballot = models.BooleanField(_("sluten omröstning"), default=False)
    opened_at = models.DateTimeField(_("öppnad"))
    voting_closed_at = models.DateTimeField(_("röstningen stängd"), null=True, blank=True)
    outcome = models.CharField(_("utgång"), max_length=17, choices=DeliberationOutcome.choices, blank=True)
    reasons = models.TextField(_("motivering"), blank=True)
    proposed_text = models.TextField(_("föreslaget beslut"), blank=True)
    decision_text = models.TextField(_("antagen lydelse"), blank=True)
    acclaimed = models.BooleanField(_("acklamation"), default=False)
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
            models.CheckConstraint(
                condition=~models.Q(outcome="recommend_amended") | ~models.Q(decision_text=""),
                name="deliberation_amended_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"

    @property
    def is_concluded(self) -> bool:
        return self.concluded_at is not None

    @property
    def takes_votes(self) -> bool:
        """Whether a vote can still be cast or changed."""
        return self.concluded_at is None and self.voting_closed_at is None


class VoteChoice(models.TextChoices):
    FOR = "for", _("Tillstyrker")
    FOR_AMENDED = "for_amended", _("Tillstyrker med ändring")
    AGAINST = "against", _("Avstyrker")
    ABSTAIN = "abstain", _("Avstår")
    RECUSED = "recused", _("Jäv: deltar inte")


class Vote(models.Model):
    """A member's vote, or declared conflict of interest, in one deliberation.

    It can be changed until the deliberation is closed: the row holds the vote that counts, the history every one.
    ``amendment`` is the wording that a vote for with amendment wants.
    """

    deliberation = models.ForeignKey(Deliberation, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("röst"), max_length=12, choices=VoteChoice.choices)
    amendment = models.TextField(_("ändrad lydelse"), blank=True)
    reasons = models.TextField(_("motivering"), blank=True)
    cast_at = models.DateTimeField(_("lämnad"))
    changed_at = models.DateTimeField(_("ändrad"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(choice="for_amended") & ~models.Q(amendment="")
                | (~models.Q(choice="for_amended") & models.Q(amendment="")),
                name="vote_amended_has_wording",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.choice}"


class StatementKind(models.TextChoices):
    DISSENT = "dissent", _("Reservation")
    SPECIAL = "special", _("Särskilt yttrande")


class MemberStatement(models.Model):
    """A member's dissent from the decision, or special statement to it, with its text (section 5)."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.PROTECT, related_name="statements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("slag"), max_length=10, choices=StatementKind.choices)
    text = models.TextField(_("text"))
    made_at = models.DateTimeField(_("lämnad"))

    class Meta:
        verbose_name = _("reservation eller yttrande")
        verbose_name_plural = _("reservationer och yttranden")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "person", "kind"], name="member_statement_once_per_kind"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="member_statement_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class Conflict(models.Model):
    """A member's conflict of interest (jäv) in a case as seen from one body. It stands, in later rounds too.

    Whoever has one takes no part in the item, does not count towards its quorum, and does not see the case by way of
    that body (section 5).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conflicts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.TextField(_("skäl"))
    declared_at = models.DateTimeField(_("anmält"))

    class Meta:
        verbose_name = _("jäv")
        verbose_name_plural = _("jäv")
        ordering = ["declared_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "body", "person"], name="conflict_once_per_body"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="conflict_has_reason"),
        ]
        indexes = [models.Index(fields=["person", "case"], name="conflict_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.case_id}"
