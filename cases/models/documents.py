"""Documents of a case, in versions that are never overwritten."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.organisations import Organisation


def version_path(version: DocumentVersion, filename: str) -> str:
    """Where the bytes lie: by case and checksum, so that no name from outside becomes part of a path."""
    return f"documents/{version.document.case_id}/{version.sha256[:2]}/{version.sha256}"


class Document(models.Model):
    """A document (handling). ``internal_to`` keeps it within one party's own preparation."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("titel"), max_length=200)
    internal_to = models.ForeignKey(
        Organisation,
        verbose_name=_("internt hos"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("tillagt"))

    class Meta:
        verbose_name = _("handling")
        verbose_name_plural = _("handlingar")
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="document_has_title")]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """The bytes of a document at one time, with what was found of them on arrival.

    ``received_from`` names somebody without an account who sent them, where ``uploaded_by`` is nobody.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(upload_to=version_path, max_length=200)
    filename = models.CharField(_("filnamn"), max_length=150)
    content_type = models.CharField(_("filtyp"), max_length=100)
    size = models.PositiveBigIntegerField(_("storlek, byte"))
    sha256 = models.CharField(_("kontrollsumma, SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_from = models.CharField(_("inkommen från"), max_length=200, blank=True)
    uploaded_at = models.DateTimeField(_("inkommen"))

    class Meta:
        verbose_name = _("handlingsversion")
        verbose_name_plural = _("handlingsversioner")
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_version_not_empty"),
            models.CheckConstraint(condition=Exact(Length("sha256"), 64), name="document_version_checksum"),
            models.CheckConstraint(
                condition=models.Q(uploaded_by__isnull=False, received_from="")
                | (models.Q(uploaded_by__isnull=True) & ~models.Q(received_from="")),
                name="document_version_has_sender",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"

    @property
    def sender(self) -> str:
        """Who it came from, by name."""
        return self.uploaded_by.name if self.uploaded_by is not None else self.received_from
