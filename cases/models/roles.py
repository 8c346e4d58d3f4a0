"""Who holds which role, at which scope, for which period, and for whom (DOMAIN.md section 7, U6, U10).

A *role key* names a role at a scope in one string, such as ``coordinator@partnership:3`` or
``contact_person@organisation:2/area:5``. The group of that name (``django.contrib.auth``) carries the
guardian grants; work items and inboxes are addressed by the same string, so that finding out who may act
never needs a join.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from cases.models.people import Person


class Role(models.TextChoices):
    """The roles of DOMAIN.md section 7."""

    PROPOSER = "proposer", _("Initiativtagare")
    CONTACT_PERSON = "contact_person", _("Kontaktperson")
    COORDINATOR = "coordinator", _("Handläggare")
    REGISTRAR = "registrar", _("Registrator")
    LEGAL_COUNSEL = "legal_counsel", _("Jurist")
    STEERING_MEMBER = "steering_member", _("Ledamot")
    STEERING_CHAIR = "steering_chair", _("Ordförande")
    SECRETARY = "secretary", _("Sekreterare")
    DECISION_MAKER = "decision_maker", _("Beslutsfattare")
    SIGNATORY = "signatory", _("Firmatecknare")
    REPORTER = "reporter", _("Uppföljningsansvarig")
    LEADERSHIP = "leadership", _("Ledning")
    REFERRAL_RECIPIENT = "referral_recipient", _("Remissinstans")
    AUDITOR = "auditor", _("Granskare")
    ADMINISTRATOR = "administrator", _("Systemförvaltare")


#: The roles that vote in a body that deliberates.
VOTING_ROLES: tuple[Role, ...] = (Role.STEERING_CHAIR, Role.STEERING_MEMBER)

#: The roles in a case whose tasks are one person's from the start: the person's own proposal, the report they owe.
CASE_ROLES: frozenset[Role] = frozenset({Role.PROPOSER, Role.REPORTER})


class ScopeKind(models.TextChoices):
    ORGANISATION = "organisation", _("organisation")
    BODY = "body", _("organ")
    PARTNERSHIP = "partnership", _("samarbete")
    CASE = "case", _("ärende")
    ALL = "all", _("hela systemet")


#: At which scopes a role can be held.
ROLE_SCOPES: dict[Role, frozenset[ScopeKind]] = {
    Role.PROPOSER: frozenset({ScopeKind.CASE}),
    Role.CONTACT_PERSON: frozenset({ScopeKind.ORGANISATION}),
    Role.COORDINATOR: frozenset({ScopeKind.PARTNERSHIP, ScopeKind.ORGANISATION}),
    Role.REGISTRAR: frozenset({ScopeKind.ORGANISATION}),
    Role.LEGAL_COUNSEL: frozenset({ScopeKind.ORGANISATION}),
    Role.STEERING_MEMBER: frozenset({ScopeKind.BODY}),
    Role.STEERING_CHAIR: frozenset({ScopeKind.BODY}),
    Role.SECRETARY: frozenset({ScopeKind.BODY}),
    Role.DECISION_MAKER: frozenset({ScopeKind.BODY, ScopeKind.ORGANISATION}),
    Role.SIGNATORY: frozenset({ScopeKind.ORGANISATION}),
    Role.REPORTER: frozenset({ScopeKind.CASE}),
    Role.LEADERSHIP: frozenset({ScopeKind.ORGANISATION}),
    Role.REFERRAL_RECIPIENT: frozenset({ScopeKind.CASE}),
    Role.AUDITOR: frozenset({ScopeKind.PARTNERSHIP, ScopeKind.ORGANISATION}),
    Role.ADMINISTRATOR: frozenset({ScopeKind.ALL}),
}


def role_key(
    role: str, scope: ScopeKind | str, scope_id: int | None = None, area_id: int | None = None
) -> str:
    """The string that names a role at a scope: ``role@scope:id[/area:id]``, ``role@all`` for the whole system."""
    key = f"{role}@{scope}" if scope_id is None else f"{role}@{scope}:{scope_id}"
    return key if area_id is None else f"{key}/area:{area_id}"


def person_key(person_id: int) -> str:
    """The holder key of a task that is one person's alone."""
    return f"person:{person_id}"


def reaches(*, key: str, in_all: bool, role: str, role_key: str) -> bool:
    """Whether who stands in for somebody under ``key`` may do that person's task which came by ``role`` at ``role_key``.

    They may in the very role; a proposal or a report of the person's own only who stands in for them in everything.
    """
    return key == role_key or (in_all and role in CASE_ROLES)


class RoleHoldingQuerySet(models.QuerySet["RoleHolding"]):
    def current(self, on: dt.date) -> RoleHoldingQuerySet:
        """Those whose period covers the date. An open end means until further notice."""
        return self.filter(valid_from__lte=on).filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        )

    def of(self, person: Person) -> RoleHoldingQuerySet:
        """Those that the person holds."""
        return self.filter(person=person)

    def ordinary(self) -> RoleHoldingQuerySet:
        """Those held in the person's own right, not as somebody's deputy."""
        return self.filter(deputy_for__isnull=True)

    def deputies_first_to_last(self) -> RoleHoldingQuerySet:
        """Those held as a deputy, in the order in which they step in: whom the person chose, then the appointed ones."""
        delegated = models.Case(models.When(delegation__isnull=False, then=0), default=1)
        return self.filter(deputy_for__isnull=False).order_by(delegated, "deputy_order", "pk")


class RoleHolding(models.Model):
    """A person holds a role at exactly one scope for a period, possibly as deputy for somebody.

    ``represents`` is the party that a member of a joint body sits for (U6). ``area`` narrows a contact
    person to one field (U7). ``deputy_order`` says in which order deputies step in (lowest first).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings")
    role = models.CharField(_("roll"), max_length=30, choices=Role.choices)
    organisation = models.ForeignKey(
        "cases.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    body = models.ForeignKey(
        "cases.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    partnership = models.ForeignKey(
        "cases.Partnership", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    area = models.ForeignKey(
        "cases.FocusArea", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    represents = models.ForeignKey(
        "cases.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="represented_by"
    )
    deputy_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="deputised_by"
    )
    deputy_order = models.PositiveSmallIntegerField(_("ersättarordning"), default=0)
    delegation = models.ForeignKey(
        "cases.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    valid_from = models.DateField(_("från"))
    valid_until = models.DateField(_("till och med"), null=True, blank=True)
    key = models.CharField(_("rollnyckel"), max_length=80, editable=False)

    objects = RoleHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rollinnehav")
        verbose_name_plural = _("rollinnehav")
        indexes = [
            models.Index(fields=["person", "valid_from"], name="holding_by_person"),
            models.Index(fields=["key", "valid_from"], name="holding_by_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        organisation__isnull=False,
                        body__isnull=True,
                        partnership__isnull=True,
                        case__isnull=True,
                    )
                    | models.Q(
                        organisation__isnull=True,
                        body__isnull=False,
                        partnership__isnull=True,
                        case__isnull=True,
                    )
                    | models.Q(
                        organisation__isnull=True,
                        body__isnull=True,
                        partnership__isnull=False,
                        case__isnull=True,
                    )
                    | models.Q(
                        organisation__isnull=True,
                        body__isnull=True,
                        partnership__isnull=True,
                        case__isnull=False,
                    )
                    | models.Q(
                        role="administrator",
                        organisation__isnull=True,
                        body__isnull=True,
                        partnership__isnull=True,
                        case__isnull=True,
                    )
                ),
                name="holding_has_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="holding_period_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(area__isnull=True) | models.Q(role="contact_person"),
                name="holding_area_only_for_contact_person",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_for__isnull=True) | ~models.Q(deputy_for=models.F("person")),
                name="holding_not_deputy_for_self",
            ),
            models.UniqueConstraint(
                fields=["person", "key", "valid_from"],
                condition=models.Q(deputy_for__isnull=True),
                name="holding_once_per_start",
            ),
            models.CheckConstraint(
                condition=models.Q(delegation__isnull=True) | models.Q(deputy_for__isnull=False),
                name="holding_delegated_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["delegation", "key", "valid_from"],
                condition=models.Q(delegation__isnull=False),
                name="holding_once_per_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.make_key()
        super().save(*args, **kwargs)

    @property
    def scope_kind(self) -> ScopeKind:
        """Which kind of thing the role is held at."""
        for kind in (ScopeKind.ORGANISATION, ScopeKind.BODY, ScopeKind.PARTNERSHIP, ScopeKind.CASE):
            if getattr(self, f"{kind.value}_id") is not None:
                return kind
        return ScopeKind.ALL

    @property
    def scope_id(self) -> int | None:
        """The primary key of what the role is held at; None for the whole system."""
        kind = self.scope_kind
        return None if kind is ScopeKind.ALL else getattr(self, f"{kind.value}_id")

    def make_key(self) -> str:
        """The role key that these columns amount to."""
        return role_key(self.role, self.scope_kind.value, self.scope_id, self.area_id)
