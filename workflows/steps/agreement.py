"""The separate agreement: is it needed, its draft, every party's review, the signatures (U8, U10)."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import (
    Agreement,
    AgreementReview,
    AgreementVersion,
    Person,
    ReviewOutcome,
    Signature,
)
from workflows.act import acting
from workflows.policy import Action


def decide_agreement_need(
    *, item_id: int, actor: Person, needed: bool, reason: str, now: dt.datetime
) -> Agreement:
    """The coordinator records whether a separate agreement is needed, with the reason either way."""
    if not reason:
        raise InvalidInput({"reason": _("Skriv skälet; det behövs vare sig avtal ska slutas eller inte.")})
    with acting(item_id=item_id, actor=actor, step=Action.AGREEMENT_NEED, now=now) as act:
        agreement, _created = Agreement.objects.update_or_create(
            case=act.case, defaults={"needed": needed, "reason": reason, "in_force_since": None}
        )
        act.record("agreement_need_decided", needed=needed, reason=reason)
        act.finish("needed" if needed else "not_needed")
        return agreement


def agreement_checksum(*, object_text: str, terms: str, confidentiality: str, period_words: str) -> str:
    """SHA-256 of the agreement's canonical text: its four parts with their headings, in UTF-8."""
    canonical = "\n\n".join(
        f"{heading}\n{text.strip()}"
        for heading, text in (
            ("FÖREMÅL", object_text),
            ("VILLKOR", terms),
            ("SEKRETESS", confidentiality),
            ("AVTALSTID", period_words),
        )
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def draft_agreement(
    *,
    item_id: int,
    actor: Person,
    object_text: str,
    terms: str,
    confidentiality: str,
    period_words: str,
    change_note: str = "",
    now: dt.datetime,
) -> AgreementVersion:
    """The coordinator writes the next version; every party's counsel is then asked to review it."""
    missing = {}
    if not object_text:
        missing["object_text"] = _("Beskriv vad avtalet gäller.")
    if not terms:
        missing["terms"] = _("Skriv parternas åtaganden och villkor.")
    if not period_words:
        missing["period_words"] = _("Ange avtalstiden.")
    if missing:
        raise InvalidInput(missing)
    with acting(item_id=item_id, actor=actor, step=Action.DRAFT_AGREEMENT, now=now) as act:
        agreement = act.case.agreement
        newest = agreement.versions.order_by("-number").first()
        checksum = agreement_checksum(
            object_text=object_text, terms=terms, confidentiality=confidentiality, period_words=period_words
        )
        if newest is not None and not change_note:
            raise InvalidInput({"change_note": _("Skriv vad som har ändrats sedan förra versionen.")})
        version = AgreementVersion.objects.create(
            agreement=agreement,
            number=newest.number + 1 if newest is not None else 1,
            object_text=object_text,
            terms=terms,
            confidentiality=confidentiality,
            period_words=period_words,
            change_note=change_note,
            checksum=checksum,
            author=actor,
            created_at=now,
        )
        act.record("agreement_drafted", version=version.number, checksum=checksum, note=change_note)
        act.finish("drafted")
        return version


def review_agreement(
    *, item_id: int, actor: Person, outcome: ReviewOutcome, comment: str = "", now: dt.datetime
) -> AgreementReview:
    """The party's counsel accepts the version's wording or says what has to change."""
    if outcome == ReviewOutcome.CHANGES and not comment:
        raise InvalidInput({"comment": _("Skriv vilka ändringar som behövs.")})
    with acting(item_id=item_id, actor=actor, step=Action.REVIEW_AGREEMENT, now=now) as act:
        assert act.item is not None
        version = act.case.agreement.versions.latest("number")
        review = AgreementReview.objects.create(
            version=version,
            party_id=act.item.party_id,
            outcome=outcome,
            comment=comment,
            reviewer=actor,
            created_at=now,
        )
        act.record(
            "agreement_reviewed",
            party=act.item.party_id,
            version=version.number,
            outcome=ReviewOutcome(outcome).value,
            comment=comment,
        )
        act.finish(ReviewOutcome(outcome).value)
        return review


def sign_agreement(
    *,
    item_id: int,
    actor: Person,
    signed: bool,
    checksum: str,
    refusal_reason: str = "",
    now: dt.datetime,
) -> Signature:
    """The party's signatory signs the version whose checksum was shown, or refuses with the reason: both or none.

    Raises InvalidInput when the checksum is not that of the version now to be signed.
    """
    if not signed and not refusal_reason:
        raise InvalidInput({"refusal_reason": _("Skriv varför avtalet inte undertecknas.")})
    with acting(item_id=item_id, actor=actor, step=Action.SIGN, now=now) as act:
        assert act.item is not None
        version = act.case.agreement.versions.latest("number")
        if signed and checksum != version.checksum:
            raise InvalidInput(
                {"checksum": _("Avtalet har ändrats sedan du öppnade det. Läs den nya lydelsen.")}
            )
        signature = Signature.objects.create(
            version=version,
            party_id=act.item.party_id,
            signatory=actor,
            signatory_title=actor.title,
            signed=signed,
            checksum=version.checksum,
            refusal_reason=refusal_reason if not signed else "",
            recorded_at=now,
        )
        act.record(
            "agreement_signed" if signed else "agreement_refused",
            party=act.item.party_id,
            version=version.number,
            checksum=version.checksum,
            reason=signature.refusal_reason,
        )
        act.finish("signed" if signed else "refused")
        return signature
