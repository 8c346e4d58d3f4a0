"""A referral as the pages show it: who has answered, the answers, and the compilation (R2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import (
    Case,
    DocumentVersion,
    HowMet,
    Referral,
    ReferralAnswer,
    ReferralExtension,
    ReferralRecipient,
    ReferralView,
    Stance,
)
from workflows.views.presenters.days import day_text, due_state, moment_text

Item = dict[str, Any]
AddressOf = Callable[[DocumentVersion], str]

_REFERRAL_KINDS = {
    Referral.Status.OPEN: "info",
    Referral.Status.COMPILING: "accent",
    Referral.Status.COMPILED: "success",
    Referral.Status.CANCELLED: "neutral",
}
_STANCE_KINDS = {
    Stance.SUPPORTS: "success",
    Stance.WITH_CHANGES: "accent",
    Stance.OPPOSES: "danger",
    Stance.NO_STANCE: "neutral",
    Stance.DECLINED: "neutral",
}
_MET_KINDS = {
    HowMet.ACCEPTED: "success",
    HowMet.PARTLY: "accent",
    HowMet.NOT_ACCEPTED: "danger",
    HowMet.NOTED: "neutral",
}


def _day(moment: dt.datetime) -> str:
    return day_text(timezone.localtime(moment).date())


def document_item(version: DocumentVersion, url: str) -> Item:
    """A document as the document list shows it."""
    return {
        "title": version.document.title,
        "url": url,
        "version": version.number if version.number > 1 else "",
        "format": version.filename,
        "size": version.size,
    }


def answer_view(answer: ReferralAnswer, address_of: AddressOf) -> Item:
    """An answer with who gave it and its documents."""
    return {
        "row": answer,
        "tag": {"kind": _STANCE_KINDS[Stance(answer.stance)], "text": answer.get_stance_display()},
        "when": moment_text(answer.created_at),
        "documents": [
            document_item(version, address_of(version))
            for document in answer.documents.all()
            for version in document.versions.all()
        ],
    }


def answers_of(recipient: ReferralRecipient, address_of: AddressOf) -> list[Item]:
    """The recipient's answer, the version that counts first and those before it after."""
    return [answer_view(answer, address_of) for answer in reversed(recipient.answers.all())]


def in_case(case: Case) -> AddressOf:
    """Where somebody who sees the case finds a document."""
    return lambda version: reverse("document-download", args=[case.pk, version.document_id, version.number])


def _status_cell(recipient: ReferralRecipient, label: str) -> Item:
    answers = list(recipient.answers.all())
    if recipient.has_answered and answers:
        stance = Stance(answers[-1].stance)
        return {"label": label, "tag": {"kind": _STANCE_KINDS[stance], "text": str(stance.label)}}
    kind = "warning" if recipient.status == ReferralRecipient.Status.MISSING else "info"
    return {"label": label, "tag": {"kind": kind, "text": recipient.get_status_display()}}


def undecided(recipient: ReferralRecipient) -> ReferralExtension | None:
    """The wish for more time that awaits the coordinator."""
    return next((row for row in recipient.extensions.all() if not row.decision), None)


def _when_cell(recipient: ReferralRecipient, referral: Referral, label: str, today: dt.date) -> Item:
    if recipient.answered_at is not None:
        late = _("Efter svarstiden, som gick ut %(day)s") % {"day": day_text(recipient.due_on)}
        return {"label": label, "text": _day(recipient.answered_at), "sub": late if recipient.late else ""}
    if not referral.is_open:
        return {"label": label, "text": ""}
    wish = undecided(recipient)
    sub = (
        _("Ber om tid till %(day)s") % {"day": day_text(wish.wanted_until)}
        if wish is not None
        else _("Förlängd svarstid")
        if recipient.due_on > referral.due_on
        else ""
    )
    text = _("Senast %(day)s") % {"day": day_text(recipient.due_on)}
    return {
        "label": label,
        "text": text,
        "due_state": due_state(recipient.due_on, today) or "ok",
        "sub": sub,
    }


def _who_cell(recipient: ReferralRecipient, label: str, manage: bool) -> Item:
    sub = recipient.answered_name
    # The address is for the one who writes to it.
    if not sub and recipient.is_outside and manage:
        sub = recipient.email
    return {"label": label, "text": recipient.name, "sub": sub if sub != recipient.name else ""}


def _table(referral: Referral, recipients: Iterable[ReferralRecipient], today: dt.date, manage: bool) -> Item:
    who, status, when, more = _("Remissinstans"), _("Svar"), _("När"), _("Hantera")
    rows = []
    for recipient in recipients:
        cells = [
            _who_cell(recipient, who, manage),
            _status_cell(recipient, status),
            _when_cell(recipient, referral, when, today),
        ]
        if manage:
            url = reverse("case-referral-recipient", args=[referral.case_id, recipient.pk])
            answered = recipient.has_answered
            cells.append(
                {"label": more, "text": ""}
                if answered
                else {"label": more, "text": _("Hantera %(name)s") % {"name": recipient.name}, "url": url}
            )
        rows.append({"cells": cells})
    labels = [who, status, when, *([more] if manage else [])]
    return {"columns": [{"label": label} for label in labels], "rows": rows}


def _view_cells(row: ReferralView) -> list[Item]:
    return [
        {"label": _("Synpunkt"), "text": row.view},
        {
            "label": _("Hur den har mötts"),
            "tag": {"kind": _MET_KINDS[HowMet(row.how_met)], "text": row.get_how_met_display()},
            "sub": row.response,
        },
    ]


def views_table(referral: Referral) -> Item:
    """How each view was met, a row for each."""
    who = _("Remissinstans")
    names = {recipient.pk: recipient.name for recipient in referral.recipients.all()}
    return {
        "columns": [{"label": label} for label in (who, _("Synpunkt"), _("Hur den har mötts"))],
        "rows": [
            {"cells": [{"label": who, "text": names[row.recipient_id]}, *_view_cells(row)]}
            for row in referral.views.all()
        ],
    }


def own_views_table(recipient: ReferralRecipient) -> Item:
    """How the recipient's own views were met."""
    return {
        "columns": [{"label": label} for label in (_("Synpunkt"), _("Hur den har mötts"))],
        "rows": [{"cells": _view_cells(row)} for row in recipient.views.all()],
    }


def referral_view(referral: Referral, case: Case, *, today: dt.date, manage: bool = False) -> Item:
    """A referral of a case that the reader sees. ``manage``: whether they run it."""
    recipients = list(referral.recipients.all())
    answered = [recipient for recipient in recipients if recipient.has_answered]
    words = {"answered": len(answered), "all": len(recipients)}
    address_of = in_case(case)
    return {
        "row": referral,
        "title": _("Omgång %(n)s: %(title)s") % {"n": referral.number, "title": referral.title},
        "tag": {
            "kind": _REFERRAL_KINDS[Referral.Status(referral.status)],
            "text": referral.get_status_display(),
        },
        "progress": _("%(answered)s av %(all)s har svarat.") % words,
        "sent": _("Skickad av %(name)s den %(day)s. Svar senast %(due)s.")
        % {
            "name": referral.sent_by.name,
            "day": _day(referral.sent_at),
            "due": day_text(referral.due_on),
        },
        "table": _table(referral, recipients, today, manage and referral.is_open),
        "answers": [
            {"recipient": recipient, "versions": answers_of(recipient, address_of)} for recipient in answered
        ],
        "views": views_table(referral) if referral.status == Referral.Status.COMPILED else None,
        "compiled": _("Sammanställd av %(name)s den %(day)s.")
        % {"name": referral.compiled_by.name, "day": _day(referral.compiled_at)}
        if referral.compiled_by is not None and referral.compiled_at is not None
        else "",
        "material": material_items(referral, address_of),
    }


def material_items(referral: Referral, address_of: AddressOf) -> list[Item]:
    """The documents that went out."""
    return [document_item(row.version, address_of(row.version)) for row in referral.material.all()]
