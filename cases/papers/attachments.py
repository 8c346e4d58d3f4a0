"""A case's documents as a paper's numbered attachments (M6)."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from cases.models import Case, Document, DocumentVersion, Organisation
from cases.papers.paper import Attachment
from cases.papers.told import day


def attachments_of(
    case: Case, *, party: Organisation, internal: bool, until: dt.datetime, number: str
) -> tuple[Attachment, ...]:
    """The documents that the case had at that moment, each in its newest version of then, oldest document first.

    What is internal to the party is among them only if ``internal`` says that the reader may see it, and says so;
    what is internal to others never. ``number`` is the party's registry number. Two statements.
    """
    seen = Q(internal_to=None) | Q(internal_to=party) if internal else Q(internal_to=None)
    versions = DocumentVersion.objects.filter(uploaded_at__lte=until).order_by("-number")
    rows = case.documents.filter(seen).select_related("internal_to")
    newest = [
        (document, document.of_then[0])
        for document in rows.prefetch_related(Prefetch("versions", versions, to_attr="of_then"))
        if document.of_then
    ]
    return tuple(
        Attachment(
            label=_("Bilaga %(n)s") % {"n": place},
            title=document.title,
            registry_number=number,
            date=day(version.uploaded_at),
            note=_note(document, version),
        )
        for place, (document, version) in enumerate(newest, 1)
    )


def _note(document: Document, version: DocumentVersion) -> str:
    parts = [_("version %(version)s") % {"version": version.number}]
    ending = PurePath(version.filename).suffix.removeprefix(".")
    if ending:
        parts.append(ending.upper())
    if document.internal_to is not None:
        parts.append(_("intern hos %(party)s") % {"party": document.internal_to.short_name})
    return ", ".join(parts)
