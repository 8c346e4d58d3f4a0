"""The case: what every initiative is (H3), where it stands, and the head of its history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.partnerships import FocusArea, Partnership

if TYPE_CHECKING:
    from cases.access import Access


class Stage(models.TextChoices):
    """The five visible stages of a proposal, with the draft before and the end after them."""

    DRAFT = "draft", _("Utkast")
    DIALOGUE = "dialogue", _("Dialog")
    PREPARATION = "preparation", _("Beredning i styrgrupp")
    AGREEMENT = "agreement", _("Särskilt avtal")
    APPROVAL = "approval", _("Godkännande")
    FOLLOW_UP = "follow_up", _("Uppföljning")
    CLOSED = "closed", _("Avslutat")


#: The stages that the stepper shows, in order.
VISIBLE_STAGES: tuple[Stage, ...] = (
    Stage.DIALOGUE,
    Stage.PREPARATION,
    Stage.AGREEMENT,
    Stage.APPROVAL,
    Stage.FOLLOW_UP,
)


class CaseStatus(models.TextChoices):
    DRAFT = "draft", _("Utkast")
    OPEN = "open", _("Pågår")
    ON_HOLD = "on_hold", _("Vilande")
    CLOSED = "closed", _("Avslutat")


class EndState(models.TextChoices):
    """How a closed case ended."""

    COMPLETED = "completed", _("Genomfört")
    DECLINED = "declined", _("Avvisat")
    REJECTED = "rejected", _("Avslaget")
    WITHDRAWN = "withdrawn", _("Återkallat")
    CANCELLED = "cancelled", _("Avbrutet")
    NOTED = "noted", _("Lagt till handlingarna")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        """Submitted and not closed, held ones included."""
        return self.filter(status__in=[CaseStatus.OPEN, CaseStatus.ON_HOLD])

    def visible_to(self, access: Access) -> CaseQuerySet:
        """Those that the person may see at all; see :mod:`cases.access`."""
        return self.filter(access.visible_cases())


class Case(models.Model):  # type: ignore[django-manager-missing]  # the managers lie in rooms above
    """A matter that moves. The proposal's own content is in :class:`cases.models.proposals.Proposal`.

    ``event_count`` and ``event_head`` are the length and the last hash of the case's event chain; they are
    written in the transaction that writes the events, so that two writers can never fork the chain.
    """

    partnership = models.ForeignKey(
        Partnership, verbose_name=_("samarbete"), on_delete=models.PROTECT, related_name="cases"
    )
    area = models.ForeignKey(
        FocusArea,
        verbose_name=_("område"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
    )
    title = models.CharField(_("titel"), max_length=200)
    stage = models.CharField(_("skede"), max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    status = models.CharField(
        _("status"), max_length=10, choices=CaseStatus.choices, default=CaseStatus.DRAFT
    )
    end_state = models.CharField(_("utgång"), max_length=12, choices=EndState.choices, blank=True)
    round = models.PositiveSmallIntegerField(_("beredningsomgång"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("initiativtagare"),
        on_delete=models.PROTECT,
        related_name="cases",
    )
    created_at = models.DateTimeField(_("skapat"))
    submitted_at = models.DateTimeField(_("inlämnat"), null=True, blank=True)
    updated_at = models.DateTimeField(_("senast ändrat"))
    stage_since = models.DateTimeField(_("i skedet sedan"))
    closed_at = models.DateTimeField(_("avslutat"), null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0, editable=False)
    event_head = models.CharField(max_length=64, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("ärende")
        verbose_name_plural = _("ärenden")
        permissions = [("read_case", _("Läsa ett enskilt ärende"))]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="case_by_change"),
            models.Index(fields=["partnership", "-updated_at", "-id"], name="case_by_partnership"),
            models.Index(fields=["partnership", "stage", "-updated_at", "-id"], name="case_by_stage"),
            models.Index(fields=["created_by", "-updated_at", "-id"], name="case_by_proposer"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="case_has_title"),
            models.CheckConstraint(
                condition=models.Q(status="closed", stage="closed", closed_at__isnull=False)
                & ~models.Q(end_state="")
                | (
                    ~models.Q(status="closed")
                    & ~models.Q(stage="closed")
                    & models.Q(closed_at__isnull=True, end_state="")
                ),
                name="case_closed_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", stage="draft", submitted_at__isnull=True)
                | (
                    ~models.Q(status="draft")
                    & ~models.Q(stage="draft")
                    & models.Q(submitted_at__isnull=False)
                ),
                name="case_draft_is_not_submitted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """The house number of the case, before and beside any registry number."""
        return f"S-{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == CaseStatus.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.status == CaseStatus.CLOSED

    @property
    def is_on_hold(self) -> bool:
        return self.status == CaseStatus.ON_HOLD

    def enter_stage(self, stage: Stage, now: dt.datetime) -> bool:
        """Move to the stage in memory; True when it is a change."""
        if self.stage == stage:
            return False
        self.stage = stage
        self.stage_since = now
        return True
