"""The person: our own user model; the e-mail address is the name to sign in with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cases.models.organisations import Organisation


class PersonManager(BaseUserManager["Person"]):
    """Creates people; addresses are kept in lower case so that they are one."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        fields.setdefault("is_superuser", True)
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # the managers lie in rooms above
    """Somebody who acts in cases. Held to what the work needs (GDPR): name, address, post, language, absence."""

    class Language(models.TextChoices):
        SWEDISH = "sv", "Svenska"
        ENGLISH = "en", "English"

    email = models.EmailField(_("e-postadress"), max_length=254, unique=True)
    name = models.CharField(_("namn"), max_length=150)
    title = models.CharField(_("befattning"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    language = models.CharField(_("språk"), max_length=2, choices=Language.choices, default=Language.SWEDISH)
    absent_from = models.DateField(_("frånvarande från"), null=True, blank=True)
    absent_until = models.DateField(_("frånvarande till och med"), null=True, blank=True)
    invented = models.BooleanField(
        _("påhittad person"), default=False, help_text=_("Personen finns bara i demonstrationsdata.")
    )
    is_active = models.BooleanField(_("aktiv"), default=True)
    date_joined = models.DateTimeField(_("tillagd"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_name"),
            models.CheckConstraint(
                condition=models.Q(absent_until__isnull=True)
                | models.Q(absent_from__isnull=True)
                | models.Q(absent_until__gte=models.F("absent_from")),
                name="person_absence_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def is_absent(self, on: dt.date) -> bool:
        """Whether the person has said to be away on that date. An open end means until further notice."""
        if self.absent_from is None or on < self.absent_from:
            return False
        return self.absent_until is None or on <= self.absent_until
