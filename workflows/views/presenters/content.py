"""The content of a case as the definition list and the tags show it: every field of H3, U3, U4 and R7."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cases.models import Case, CaseStatus, CouncilTask, EndState, FundingLine, InitiativeKind, Stage

Item = dict[str, Any]

_END_KINDS = {
    EndState.COMPLETED: "success",
    EndState.DECLINED: "danger",
    EndState.REJECTED: "danger",
    EndState.WITHDRAWN: "neutral",
    EndState.CANCELLED: "neutral",
    EndState.NOTED: "neutral",
}


def status_tag(case: Case) -> dict[str, str]:
    """Where the case stands, as one tag: its end, that it rests, or its stage."""
    if case.is_closed:
        return {"kind": _END_KINDS[EndState(case.end_state)], "text": case.get_end_state_display()}
    if case.status == CaseStatus.ON_HOLD:
        return {"kind": "warning", "text": case.get_status_display(), "icon": "pause"}
    if case.is_draft:
        return {"kind": "neutral", "text": case.get_status_display(), "icon": "edit"}
    return {"kind": "accent", "text": str(Stage(case.stage).label)}


def _council_task(case: Case) -> str:
    proposal = case.proposal
    if proposal.council_task_words:
        return proposal.council_task_words
    return str(CouncilTask(proposal.council_task).label) if proposal.council_task else ""


def _responsible(case: Case) -> list[str]:
    lines = []
    for row in case.responsible_units.all():
        name = row.name
        if row.organisation is not None and row.organisation.short_name not in name:
            name = _("%(unit)s, %(organisation)s") % {
                "unit": name,
                "organisation": row.organisation.short_name,
            }
        lines.append(_("%(name)s (behöver granskas)") % {"name": name} if row.needs_review else name)
    return lines


def proposal_items(case: Case) -> list[Item]:
    """The proposal's fields in the order of the action plan's blocks. What was not said is left out, U4's fields
    too unless it is a staff exchange, which must have them."""
    proposal = case.proposal
    exchange = proposal.kind == InitiativeKind.STAFF_EXCHANGE
    always: list[Item] = [
        {"label": _("Beskrivning"), "text": proposal.description},
        {"label": _("Start"), "text": proposal.start_words, "empty": _("Ej angiven")},
        {"label": _("Aktuellt läge eller utredningsuppdrag"), "text": proposal.current_status},
        {"label": _("Ansvariga"), "texts": _responsible(case)},
        {"label": _("Rådets uppgift"), "text": _council_task(case), "empty": _("Ej angiven")},
        {"label": _("Återrapportering"), "text": proposal.reporting_words, "empty": _("Ej angiven")},
    ]
    further: list[Item] = [
        {"label": _("Behov"), "text": proposal.need},
        {"label": _("Syfte"), "text": proposal.purpose},
        {"label": _("Villkor"), "text": proposal.terms},
        {"label": _("Nytta för båda parter"), "text": proposal.benefit},
    ]
    return always + [item for item in further if item["text"] or (exchange and item["label"] != _("Behov"))]


def money(line: FundingLine) -> str:
    """The amount with its currency; hundredths only where there are any."""
    whole = line.amount == line.amount.to_integral_value()
    amount = number_format(line.amount, decimal_pos=0 if whole else 2, use_l10n=True, force_grouping=True)
    return _("%(amount)s %(currency)s") % {"amount": amount, "currency": line.currency}


def funding_table(case: Case) -> Item | None:
    """The money, a row for every source and year (R7); None when none is named."""
    lines = list(case.funding.all())
    if not lines:
        return None
    source, year, amount, decided = _("Finansieringskälla"), _("År"), _("Belopp"), _("Beslutas av")
    return {
        "columns": [
            {"label": source},
            {"label": year},
            {"label": amount, "numeric": True},
            {"label": decided},
        ],
        "rows": [
            {
                "cells": [
                    {"label": source, "text": line.source},
                    {"label": year, "text": str(line.year)},
                    {"label": amount, "text": money(line), "numeric": True},
                    {"label": decided, "text": line.decided_by},
                ]
            }
            for line in lines
        ],
    }
