"""The rows of a case's sections as the components show them: memos, votes, agreement, decisions, reports, documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.access import Access
from cases.models import (
    AgendaItem,
    AgreementVersion,
    Case,
    Decision,
    DecisionOutcome,
    Deliberation,
    DeliberationOutcome,
    Document,
    DocumentVersion,
    Memo,
    Organisation,
    Report,
    ReviewOutcome,
    Vote,
    VoteChoice,
)
from cases.papers.report import is_report
from workflows.forms.differences import word_differences
from workflows.views.presenters.days import day_text, moment_text

Item = dict[str, Any]

_DECISION_KINDS = {
    DecisionOutcome.APPROVE: "success",
    DecisionOutcome.APPROVE_AMENDED: "success",
    DecisionOutcome.REJECT: "danger",
    DecisionOutcome.REFER_BACK: "warning",
    DecisionOutcome.TABLE: "neutral",
    DecisionOutcome.NOTE: "neutral",
}
_DELIBERATION_KINDS = {
    DeliberationOutcome.RECOMMEND: "success",
    DeliberationOutcome.RECOMMEND_AMENDED: "success",
    DeliberationOutcome.DECLINE: "danger",
    DeliberationOutcome.REFER_BACK: "warning",
    DeliberationOutcome.PREPARE_AGAIN: "warning",
    DeliberationOutcome.HEAR_AGAIN: "warning",
    DeliberationOutcome.NOTE: "neutral",
    DeliberationOutcome.TABLE: "neutral",
}
_REPORT_KINDS = {
    Report.Status.ON_TRACK: "success",
    Report.Status.DEVIATES: "warning",
    Report.Status.STOPPED: "danger",
    Report.Status.DONE: "success",
}


def memo_items(memo: Memo) -> list[Item]:
    """The memo's sections in the order of M6."""
    return [
        {"label": _("Ärendet"), "text": memo.matter},
        {"label": _("Beredning"), "text": memo.preparation},
        {"label": _("Synpunkter"), "text": memo.views, "empty": _("Inga")},
        {"label": _("Samordning med andra samarbeten"), "text": memo.related_check},
        {"label": _("Förslag till beslut"), "text": memo.proposed_decision},
    ]


def memo_papers(memo: Memo) -> list[Item]:
    """The links to the memo as a document to keep."""
    about = _("version %(version)s") % {"version": memo.version}
    where = [memo.case_id, memo.version]
    return [
        _paper_link(_("Underlaget som PDF"), reverse("case-memo-pdf", args=where), about),
        _paper_link(_("Underlaget som Word"), reverse("case-memo-docx", args=where), about),
    ]


def _report_papers(decision: Decision) -> list[Item]:
    """The links to the official report as a document, when the decision is one."""
    if not is_report(decision):
        return []
    named, where = {"title": decision.step_title}, [decision.case_id, decision.pk]
    return [
        _paper_link(_("%(title)s som PDF") % named, reverse("case-report-pdf", args=where)),
        _paper_link(_("%(title)s som Word") % named, reverse("case-report-docx", args=where)),
    ]


def _paper_link(label: str, url: str, about: str = "") -> Item:
    return {"label": label, "about": about, "url": url, "icon": "download", "variant": "secondary"}


def deliberation_view(deliberation: Deliberation, access: Access, acts: list[Item]) -> Item:
    """A deliberation with its outcome, its tally and a table of its votes, as far as the reader may see them.

    ``acts`` are what the reader can do with it: change a vote, dissent.
    """
    votes = list(deliberation.votes.all())
    shown, number = access.sees_votes(deliberation, votes), len(votes)
    votes = votes if shown else []
    count = {choice: sum(vote.choice == choice for vote in votes) for choice in VoteChoice}
    outcome = deliberation.outcome
    amended = outcome == DeliberationOutcome.RECOMMEND_AMENDED
    return {
        "row": deliberation,
        "meeting": _meeting_of(deliberation),
        "acts": acts,
        "statements": list(deliberation.statements.all()),
        "pieces": tuple(word_differences(deliberation.proposed_text, deliberation.decision_text))
        if amended
        else (),
        "hidden": ""
        if shown
        else ngettext(
            "Omröstningen är sluten. %(n)s ledamot har röstat.",
            "Omröstningen är sluten. %(n)s ledamöter har röstat.",
            number,
        )
        % {"n": number},
        "tag": {
            "kind": _DELIBERATION_KINDS[DeliberationOutcome(outcome)] if outcome else "info",
            "text": deliberation.get_outcome_display() if outcome else _("Pågår"),
        },
        "for": count[VoteChoice.FOR],
        "amended": count[VoteChoice.FOR_AMENDED],
        "against": count[VoteChoice.AGAINST],
        "abstain": count[VoteChoice.ABSTAIN],
        "recused": count[VoteChoice.RECUSED],
        "missing": max(deliberation.members - number, 0),
        "quorum": _("%(members)s ledamöter kallades. För beslut behöver minst %(quorum)s delta.")
        % {"members": deliberation.members, "quorum": deliberation.quorum},
        **_votes_table(votes),
    }


def _meeting_of(deliberation: Deliberation) -> Item | None:
    """The meeting at which the case is or was dealt with, with its paragraph."""
    found: AgendaItem | None = getattr(deliberation, "agenda_item", None)
    if found is None:
        return None
    words = {"day": day_text(found.meeting.day), "number": found.number}
    text = _("Möte %(day)s, %(number)s") % words if found.number else _("Möte %(day)s") % words
    return {"text": text, "url": reverse("meeting", args=[found.meeting_id])}


def _votes_table(votes: Iterable[Vote]) -> Item:
    member, party, choice, reasons = _("Ledamot"), _("Part"), _("Röst"), _("Motivering")
    rows = []
    for vote in votes:
        cast_by = (
            _("röst lämnad av %(name)s") % {"name": vote.cast_by.name}
            if vote.cast_by_id != vote.member_id
            else ""
        )
        day = day_text(vote.cast_at.date())
        if vote.changed_at is not None:
            day = _("%(day)s, ändrad %(changed)s") % {"day": day, "changed": moment_text(vote.changed_at)}
        rows.append(
            {
                "cells": [
                    {"label": member, "text": vote.member.name, "sub": cast_by},
                    {"label": party, "text": vote.party.short_name if vote.party is not None else ""},
                    {"label": choice, "text": vote.get_choice_display(), "sub": day},
                    {"label": reasons, "text": vote.reasons, "sub": vote.amendment},
                ]
            }
        )
    return {"columns": [{"label": label} for label in (member, party, choice, reasons)], "rows": rows}


def agreement_view(version: AgreementVersion, parties: Iterable[Organisation]) -> Item:
    """A version of the agreement with every party's review and signature, or that it is awaited."""
    reviews = {review.party_id: review for review in version.reviews.all()}
    signatures = {signature.party_id: signature for signature in version.signatures.all()}
    party_label, review_label, signature_label = _("Part"), _("Granskning"), _("Underskrift")
    rows = []
    for party in parties:
        review, signature = reviews.get(party.pk), signatures.get(party.pk)
        review_cell: Item = {"label": review_label}
        if review is not None:
            cleared = review.outcome == ReviewOutcome.CLEARED
            review_cell["tag"] = {
                "kind": "success" if cleared else "warning",
                "text": review.get_outcome_display(),
            }
            review_cell["sub"] = review.comment or review.reviewer.name
        signature_cell: Item = {"label": signature_label}
        if signature is not None:
            signature_cell["tag"] = (
                {"kind": "success", "text": _("Undertecknat")}
                if signature.signed
                else {"kind": "danger", "text": _("Undertecknar inte")}
            )
            signature_cell["sub"] = signature.refusal_reason or _("%(name)s, %(title)s den %(day)s") % {
                "name": signature.signatory.name,
                "title": signature.signatory_title or _("firmatecknare"),
                "day": day_text(signature.recorded_at.date()),
            }
        rows.append({"cells": [{"label": party_label, "text": party.label}, review_cell, signature_cell]})
    return {
        "row": version,
        "items": [
            {"label": _("Vad som ändrats"), "text": version.change_note, "empty": _("Första versionen")},
            {"label": _("Föremål"), "text": version.object_text},
            {"label": _("Åtaganden och villkor"), "text": version.terms},
            {"label": _("Sekretessbestämmelser"), "text": version.confidentiality, "empty": _("Inga")},
            {"label": _("Avtalstid"), "text": version.period_words},
        ],
        "columns": [{"label": label} for label in (party_label, review_label, signature_label)],
        "rows": rows,
    }


def decision_view(decision: Decision, own: bool) -> Item:
    """A decision of a party; ``own`` says whether it is the reader's own party, whose chain they may follow."""
    return {
        "row": decision,
        "tag": {
            "kind": _DECISION_KINDS[DecisionOutcome(decision.outcome)],
            "text": decision.get_outcome_display(),
        },
        "internal": own and not decision.is_final and not is_shared(decision),
        "when": moment_text(decision.decided_at),
        "until": day_text(decision.tabled_until) if decision.tabled_until is not None else "",
        "papers": _report_papers(decision),
    }


def is_shared(decision: Decision) -> bool:
    """Whether the decision is told to every party: the party's own, or one that sends the case back to all."""
    return decision.is_final or (
        decision.outcome == DecisionOutcome.REFER_BACK and not decision.refer_back_to
    )


def report_view(report: Report) -> Item:
    """A report with its fields."""
    items = [
        {"label": _("Resultat"), "text": report.result},
        {"label": _("Avvikelser"), "text": report.deviation},
        {"label": _("Nästa steg"), "text": report.next_steps},
        {"label": _("Lärdomar"), "text": report.lessons},
    ]
    return {
        "row": report,
        "title": _("Slutrapport") if report.closing else _("Rapport %(n)s") % {"n": report.number},
        "tag": {"kind": _REPORT_KINDS[Report.Status(report.status)], "text": report.get_status_display()},
        "due": day_text(report.due_on) if report.due_on is not None else "",
        "items": [item for item in items if item["text"]],
    }


def _document_item(case: Case, document: Document, version: DocumentVersion) -> Item:
    return {
        "title": document.title,
        "url": reverse("document-download", args=[case.pk, document.pk, version.number]),
        "kind": _("Syns bara för %(party)s") % {"party": document.internal_to.label}
        if document.internal_to
        else "",
        "version": version.number,
        "date": _("%(name)s, %(when)s") % {"name": version.sender, "when": moment_text(version.uploaded_at)},
        "format": version.filename,
        "size": version.size,
        "hash": version.sha256,
    }


def document_items(case: Case, documents: Iterable[Document], may_add: bool) -> tuple[list[Item], list[Item]]:
    """The newest version of every document, and the older ones apart."""
    newest: list[Item] = []
    older: list[Item] = []
    for document in documents:
        versions = sorted(document.versions.all(), key=lambda version: -version.number)
        if not versions:
            continue
        item = _document_item(case, document, versions[0])
        if may_add:
            item["actions"] = [
                {
                    "label": _("Ny version"),
                    "about": _("av %(title)s") % {"title": document.title},
                    "url": reverse("document-version-add", args=[case.pk, document.pk]),
                    "variant": "tertiary",
                    "icon": "upload",
                }
            ]
        newest.append(item)
        older += [_document_item(case, document, version) for version in versions[1:]]
    return newest, older
