"""Bodies that deliberate or decide: steering groups, councils, boards (U6, H8, M4, M5, R1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models.organisations import Organisation


class Body(models.Model):
    """A steering group or council of a partnership (joint), or a board or committee of one organisation.

    Members, chair, secretary and deputies are the role holdings at this scope
    (:class:`cases.models.roles.RoleHolding`): there is no second membership list.
    """

    class Kind(models.TextChoices):
        STEERING_GROUP = "steering_group", _("Styrgrupp")
        COUNCIL = "council", _("Samverkansråd")
        PREPARATORY = "preparatory", _("Beredningsorgan")
        EXECUTIVE_BOARD = "executive_board", _("Styrelse")
        ASSEMBLY = "assembly", _("Fullmäktige")
        BOARD = "board", _("Nämnd")
        MANAGEMENT = "management", _("Ledning")

    name = models.CharField(_("namn"), max_length=200)
    name_en = models.CharField(_("namn på engelska"), max_length=200, blank=True)
    slug = models.SlugField(_("nyckel"), unique=True)
    kind = models.CharField(_("slag"), max_length=20, choices=Kind.choices)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bodies",
    )
    partnership = models.ForeignKey(
        "cases.Partnership",
        verbose_name=_("samarbete"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bodies",
    )
    about = models.TextField(_("uppgift"), blank=True)

    class Meta:
        verbose_name = _("organ")
        verbose_name_plural = _("organ")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, partnership__isnull=False)
                | models.Q(organisation__isnull=False, partnership__isnull=True),
                name="body_is_joint_or_of_one_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name
