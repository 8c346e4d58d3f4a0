"""What the pages of a referral read, each with a fixed number of statements."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from cases.errors import NotFound
from cases.models import (
    Case,
    Document,
    DocumentVersion,
    Referral,
    ReferralAnswer,
    ReferralExtension,
    ReferralMaterial,
    ReferralRecipient,
    ReferralView,
    ResponsibleUnit,
)
from cases.models.referrals import token_digest

_DOCUMENTS = Prefetch(
    "documents",
    Document.objects.prefetch_related(
        Prefetch("versions", DocumentVersion.objects.select_related("uploaded_by"))
    ),
)
_ANSWERS = Prefetch("answers", ReferralAnswer.objects.prefetch_related(_DOCUMENTS).order_by("version"))
_EXTENSIONS = Prefetch("extensions", ReferralExtension.objects.order_by("pk"))


def referrals_of(case: Case) -> list[Referral]:
    """The case's referrals with who was asked, what they said, and how it was met. Seven statements at most."""
    recipients = ReferralRecipient.objects.prefetch_related(_ANSWERS, _EXTENSIONS).order_by("name", "pk")
    return list(
        case.referrals.select_related("sent_by", "closed_by", "compiled_by").prefetch_related(
            Prefetch("recipients", recipients),
            Prefetch("views", ReferralView.objects.order_by("order")),
            _MATERIAL,
        )
    )


_MATERIAL = Prefetch("material", ReferralMaterial.objects.select_related("version__document").order_by("pk"))


def _recipients() -> QuerySet[ReferralRecipient]:
    """Recipients with everything that they are shown, and nothing else of the case."""
    units = ResponsibleUnit.objects.select_related("organisation")
    return ReferralRecipient.objects.select_related(
        "referral__case__partnership",
        "referral__case__proposal",
        "referral__sent_by__organisation",
        "referral__memo",
    ).prefetch_related(
        _ANSWERS,
        _EXTENSIONS,
        Prefetch("referral__material", _MATERIAL.queryset),
        Prefetch("views", ReferralView.objects.order_by("order")),
        Prefetch("referral__case__responsible_units", units),
    )


def find_recipient(recipient_id: int) -> ReferralRecipient:
    """One who was asked. Whether the reader is the one, the caller asks the policy. Raises NotFound."""
    found = _recipients().filter(pk=recipient_id).first()
    if found is None:
        raise NotFound()
    return found


def find_by_token(token: str) -> ReferralRecipient:
    """The one whose link it is now. Raises NotFound, the same for a wrong, an old and a replaced one.

    It is found by the token's digest: how long that takes says nothing about the token.
    """
    found = _recipients().filter(token_digest=token_digest(token)).first()
    if found is None:
        raise NotFound()
    return found


def version_for(recipient: ReferralRecipient, version_id: int) -> DocumentVersion:
    """A document that the recipient may have: of the material, or of their own answers. Raises NotFound."""
    for row in recipient.referral.material.all():
        if row.version_id == version_id and recipient.referral.is_open:
            return row.version
    for answer in recipient.answers.all():
        for document in answer.documents.all():
            for version in document.versions.all():
                if version.pk == version_id:
                    return version
    raise NotFound()


def recipient_of_case(case: Case, recipient_id: int) -> ReferralRecipient:
    """A recipient of one of the case's referrals, with answers and extensions. Raises NotFound."""
    found = (
        ReferralRecipient.objects.filter(pk=recipient_id, referral__case=case)
        .select_related("referral")
        .prefetch_related(_ANSWERS, _EXTENSIONS)
        .first()
    )
    if found is None:
        raise NotFound()
    return found
