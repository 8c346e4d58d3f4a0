"""Referrals (remiss): what was asked, what went along, and who was asked for their views (R2, section 8)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cases.models.bodies import Body
from cases.models.case import Case
from cases.models.documents import DocumentVersion
from cases.models.organisations import Organisation, Unit
from cases.models.people import Person
from cases.models.preparation import Memo

if TYPE_CHECKING:
    import datetime as dt


class ReferralQuerySet(models.QuerySet["Referral"]):
    def unfinished(self) -> ReferralQuerySet:
        """Those that still await answers or their compilation: at most one of each case."""
        return self.filter(status__in=[Referral.Status.OPEN, Referral.Status.COMPILING])


class Referral(models.Model):
    """One round in which others are asked for their views on the case. ``number`` counts the rounds (R2).

    What goes out is pinned when it is sent: versions of documents (:class:`ReferralMaterial`), the proposal, a memo.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Ute på remiss")
        COMPILING = "compiling", _("Sammanställs")
        COMPILED = "compiled", _("Sammanställd")
        CANCELLED = "cancelled", _("Avbruten")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    number = models.PositiveSmallIntegerField(_("omgång"))
    title = models.CharField(_("rubrik"), max_length=200)
    text = models.TextField(_("det som synpunkter önskas på"))
    with_proposal = models.BooleanField(_("förslagets text ingår"), default=True)
    memo = models.ForeignKey(Memo, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("svar senast"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("skickad"))
    status = models.CharField(_("läge"), max_length=10, choices=Status.choices, default=Status.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(_("stängd"), null=True, blank=True)
    summary = models.TextField(_("sammanfattning"), blank=True)
    compiled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    compiled_at = models.DateTimeField(_("sammanställd"), null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("remiss")
        verbose_name_plural = _("remisser")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="referral_number_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status__in=["open", "compiling"]),
                name="referral_one_unfinished_per_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(text=""), name="referral_says_what_it_asks"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at__isnull=True)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="referral_closed_has_time",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status="compiled", compiled_at__isnull=False, compiled_by__isnull=False)
                    & ~models.Q(summary="")
                )
                | (
                    ~models.Q(status="compiled")
                    & models.Q(summary="", compiled_at__isnull=True, compiled_by__isnull=True)
                ),
                name="referral_compiled_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} R{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether answers are still received."""
        return self.status == self.Status.OPEN


class ReferralMaterial(models.Model):
    """A document that goes out, in the version that it had when it was sent. Never one internal to a party."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="material")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("remisshandling")
        verbose_name_plural = _("remisshandlingar")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "version"], name="referral_material_once"),
        ]

    def __str__(self) -> str:
        return str(self.version)


def new_nonce() -> str:
    """Chance of 256 bits, from which, with the installation's key, a link is made."""
    return secrets.token_hex(32)


def link_token(nonce: str) -> str:
    """The secret part of an outside recipient's link: 256 bits that nobody can tell from the database alone."""
    digest = salted_hmac("cases.referral.link", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_digest(token: str) -> str:
    """What the database keeps of a token, and finds the recipient by."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class ReferralRecipient(models.Model):
    """Somebody who is asked (remissinstans): a body, a unit, an organisation, a person, or somebody outside by mail.

    ``name`` is the recipient's name as it was when the referral was sent. One who is asked by mail has an ``email``
    and a ``nonce``: the link's token is worked out from it with the installation's key, so that a worker can write
    the link anew and the database alone gives nobody away. ``token_digest`` is what a link is found by; a new nonce
    and digest kill the old link. ``due_on`` is the recipient's own date, moved by extensions.
    """

    class Kind(models.TextChoices):
        BODY = "body", _("Organ")
        UNIT = "unit", _("Enhet")
        ORGANISATION = "organisation", _("Organisation")
        PERSON = "person", _("Person")
        OUTSIDE = "outside", _("Utanför systemet")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Har inte svarat")
        ANSWERED = "answered", _("Har svarat")
        DECLINED = "declined", _("Avstår från att yttra sig")
        MISSING = "missing", _("Svarade inte")
        CANCELLED = "cancelled", _("Behövdes inte")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="recipients")
    kind = models.CharField(_("slag"), max_length=12, choices=Kind.choices)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("namn"), max_length=200)
    email = models.EmailField(_("e-postadress"), max_length=254, blank=True)
    language = models.CharField(
        _("språk"), max_length=2, choices=Person.Language.choices, default=Person.Language.SWEDISH
    )
    nonce = models.CharField(max_length=64, blank=True, editable=False)
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    due_on = models.DateField(_("svar senast"))
    status = models.CharField(_("läge"), max_length=10, choices=Status.choices, default=Status.WAITING)
    answered_at = models.DateTimeField(_("besvarad"), null=True, blank=True)
    late = models.BooleanField(_("efter svarstiden"), default=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_name = models.CharField(_("svarets avsändare"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("remissinstans")
        verbose_name_plural = _("remissinstanser")
        ordering = ["referral", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind="body",
                    body__isnull=False,
                    unit__isnull=True,
                    organisation__isnull=True,
                    person__isnull=True,
                    email="",
                )
                | models.Q(
                    kind="organisation",
                    body__isnull=True,
                    unit__isnull=True,
                    organisation__isnull=False,
                    person__isnull=True,
                    email="",
                )
                | models.Q(
                    kind="unit", body__isnull=True, unit__isnull=False, organisation__isnull=True, email=""
                )
                & models.Q(person__isnull=False)
                | models.Q(kind="unit", body__isnull=True, unit__isnull=False, organisation__isnull=True)
                & models.Q(person__isnull=True)
                & ~models.Q(email="")
                | models.Q(
                    kind="person",
                    body__isnull=True,
                    unit__isnull=True,
                    organisation__isnull=True,
                    person__isnull=False,
                    email="",
                )
                | models.Q(
                    kind="outside",
                    body__isnull=True,
                    unit__isnull=True,
                    organisation__isnull=True,
                    person__isnull=True,
                )
                & ~models.Q(email=""),
                name="referral_recipient_is_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(email="", nonce="", token_digest="")
                | (~models.Q(email="") & ~models.Q(nonce="") & ~models.Q(token_digest="")),
                name="referral_link_only_by_mail",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="referral_recipient_has_name"),
            models.CheckConstraint(
                condition=models.Q(status__in=["answered", "declined"], answered_at__isnull=False)
                & ~models.Q(answered_name="")
                | (
                    ~models.Q(status__in=["answered", "declined"])
                    & models.Q(
                        answered_at__isnull=True, answered_by__isnull=True, answered_name="", late=False
                    )
                ),
                name="referral_answered_has_answer",
            ),
            models.UniqueConstraint(
                fields=["token_digest"],
                condition=~models.Q(token_digest=""),
                name="referral_link_once",
            ),
            models.UniqueConstraint(
                fields=["referral", "body"], condition=models.Q(kind="body"), name="referral_body_once"
            ),
            models.UniqueConstraint(
                fields=["referral", "organisation"],
                condition=models.Q(kind="organisation"),
                name="referral_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["referral", "person"],
                condition=models.Q(person__isnull=False),
                name="referral_person_once",
            ),
            models.UniqueConstraint(
                fields=["referral", "email"], condition=~models.Q(email=""), name="referral_address_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Whether the recipient has no account and answers by a mailed link."""
        return bool(self.email)

    @property
    def has_answered(self) -> bool:
        """Whether there is an answer, if only that they abstain."""
        return self.status in (self.Status.ANSWERED, self.Status.DECLINED)

    @property
    def token(self) -> str:
        """The secret part of the recipient's link as it is now."""
        return link_token(self.nonce)

    def renew_link(self) -> None:
        """Take a new secret in memory; the old link is dead once this is saved."""
        self.nonce = new_nonce()
        self.token_digest = token_digest(self.token)

    def is_late(self, today: dt.date) -> bool:
        """Whether an answer of the day comes after the recipient's date."""
        return today > self.due_on
