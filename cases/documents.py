"""Receiving documents: inspected, stored under their checksum, in versions that are never overwritten."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.files import FileRefused, InspectedFile, inspect_upload
from cases.models import Case, Document, DocumentVersion, Organisation, Person


def inspect(upload: File[bytes], *, field: str = "file") -> InspectedFile:
    """What the upload is, from its content. Raises :class:`InvalidInput` on the field when it is refused."""
    try:
        return inspect_upload(upload.name or "", upload, max_bytes=settings.SAMVERKA_MAX_UPLOAD_BYTES)
    except FileRefused as error:
        raise InvalidInput({field: str(error)}) from error


def add_version(
    *,
    document: Document,
    upload: File[bytes],
    inspected: InspectedFile,
    actor: Person | None,
    now: dt.datetime,
    received_from: str = "",
) -> DocumentVersion:
    """Store the next version of the document. The caller's transaction holds the case's lock.

    ``received_from`` names a sender without an account; there is then no ``actor``.

    Raises :class:`InvalidInput` when the newest version is the very same file.
    """
    newest = document.versions.order_by("-number").first()
    if newest is not None and newest.sha256 == inspected.sha256:
        raise InvalidInput({"file": _("Filen är densamma som den senaste versionen.")})
    version = DocumentVersion(
        document=document,
        number=newest.number + 1 if newest is not None else 1,
        filename=inspected.name,
        content_type=inspected.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        uploaded_by=actor,
        received_from=received_from,
        uploaded_at=now,
    )
    upload.seek(0)
    version.file.save(inspected.sha256, upload, save=False)
    version.save()
    return version


def add_document(
    *,
    case: Case,
    title: str,
    upload: File[bytes],
    actor: Person,
    now: dt.datetime,
    internal_to: Organisation | None = None,
) -> DocumentVersion:
    """Add a document with its first version. Raises :class:`InvalidInput` naming the field."""
    inspected = inspect(upload)
    document = Document.objects.create(
        case=case, title=title.strip() or inspected.name, internal_to=internal_to, created_at=now
    )
    return add_version(document=document, upload=upload, inspected=inspected, actor=actor, now=now)


def delete_draft_documents(case: Case) -> None:
    """Delete a discarded draft's documents, rows first and, once that has been committed, the bytes."""
    versions = list(DocumentVersion.objects.filter(document__case=case))
    DocumentVersion.objects.filter(document__case=case).delete()
    Document.objects.filter(case=case).delete()
    for version in versions:
        transaction.on_commit(partial(version.file.storage.delete, version.file.name or ""))
