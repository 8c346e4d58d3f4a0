"""Delegation: who hands their roles to whom, for which period (DOMAIN.md section 7: a deputy acts "for" someone)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def standing(self) -> DelegationQuerySet:
        """Those that nobody has ended before their last day."""
        return self.filter(ended_at__isnull=True)

    def overlapping(self, first: dt.date, last: dt.date) -> DelegationQuerySet:
        """Those whose period has a day in common with the one given."""
        return self.filter(valid_from__lte=last, valid_until__gte=first)


class Delegation(models.Model):
    """A person lets another act for them, in one role or in everything, from one day to another.

    What it gives is written out as role holdings (:class:`cases.models.roles.RoleHolding.delegation`), cut to the days
    on which the person holds the role themselves; see :mod:`cases.delegations`. This row says who decided it and why,
    and stays when it is over. An empty ``role_key`` means all roles, those too that the person gets meanwhile.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_received"
    )
    role_key = models.CharField(_("rollnyckel"), max_length=80, blank=True)
    valid_from = models.DateField(_("från"))
    valid_until = models.DateField(_("till och med"))
    reason = models.CharField(_("skäl"), max_length=400, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("skapad"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("avslutad i förtid"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegering")
        verbose_name_plural = _("delegeringar")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("to")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="delegation_period_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "to", "role_key", "valid_from"],
                condition=models.Q(ended_at__isnull=True),
                name="delegation_once_per_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} -> {self.to_id} {self.role_key or '*'}"

    @property
    def all_roles(self) -> bool:
        """Whether it is of everything that the person does, their own proposals and reports included."""
        return not self.role_key

    @property
    def last_day(self) -> dt.date:
        """The last day on which it gives anything; one that was ended gave nothing on the day it was ended."""
        if self.ended_at is None:
            return self.valid_until
        day_before = timezone.localtime(self.ended_at).date() - dt.timedelta(days=1)
        return min(self.valid_until, day_before)
