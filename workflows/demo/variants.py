"""The ways in which each step can be done, and what is given to its domain function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models import (
    DecisionOutcome,
    DeliberationOutcome,
    Organisation,
    Position,
    Report,
    ReviewOutcome,
    VoteChoice,
)
from workflows.deliberation import proposed_text_of, tally_of
from workflows.demo import wording
from workflows.demo.content import content_of
from workflows.models import WorkItem
from workflows.profile import profile_of
from workflows.steps.agreement import decide_agreement_need, draft_agreement, review_agreement, sign_agreement
from workflows.steps.answer import answer_question
from workflows.steps.complete import complete_proposal
from workflows.steps.conclude import conclude_deliberation
from workflows.steps.decide import decide
from workflows.steps.prepare import prepare_memo
from workflows.steps.register import register_proposal
from workflows.steps.report import close_with_report, submit_report
from workflows.steps.screen import ScreenOutcome, screen_proposal
from workflows.steps.statement import state_need
from workflows.steps.vote import cast_vote

#: The domain function of each step. All take ``item_id``, ``actor``, ``now`` and what the variant gives.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "screen": screen_proposal,
    "complete": complete_proposal,
    "register": register_proposal,
    "statement": state_need,
    "prepare": prepare_memo,
    "vote": cast_vote,
    "conclude": conclude_deliberation,
    "agreement_need": decide_agreement_need,
    "draft_agreement": draft_agreement,
    "review_agreement": review_agreement,
    "decide": decide,
    "sign": sign_agreement,
    "report": submit_report,
    "closing_report": close_with_report,
    "answer": answer_question,
}


@dataclass(frozen=True)
class Variant:
    """One way of doing a step. ``forward``: it leads on towards an end, so that a walk of such steps must end."""

    name: str
    weight: int
    forward: bool
    given: Callable[[WorkItem, dt.datetime], dict[str, Any]]


def _fixed(name: str, weight: int, /, *, forward: bool = True, **given: Any) -> Variant:
    return Variant(name, weight, forward, lambda _item, _now: given)


def _party(item: WorkItem) -> Organisation:
    return Organisation.objects.get(pk=item.party_id)


def _later(now: dt.datetime, days: int) -> dt.date:
    return timezone.localtime(now).date() + dt.timedelta(days=days)


def _statement(position: Position) -> Callable[[WorkItem, dt.datetime], dict[str, Any]]:
    return lambda item, _now: {"position": position, **wording.statement(item.case, _party(item))}


def _conclusion(
    outcome: DeliberationOutcome, reasons: str
) -> Callable[[WorkItem, dt.datetime], dict[str, Any]]:
    def given(item: WorkItem, now: dt.datetime) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if outcome is DeliberationOutcome.TABLE:
            told["tabled_until"] = _later(now, 30)
        if outcome is DeliberationOutcome.RECOMMEND_AMENDED:
            told["decision_text"] = wording.amended(item.case.deliberations.latest("number").proposed_text)
        return {"outcome": outcome, "reasons": reasons, **told}

    return given


def _amended_vote(item: WorkItem, _now: dt.datetime) -> dict[str, Any]:
    wanted = wording.amended(proposed_text_of(item.case))
    return {"choice": VoteChoice.FOR_AMENDED, "amendment": wanted}


def _decision(
    outcome: DecisionOutcome, reasons: str = ""
) -> Callable[[WorkItem, dt.datetime], dict[str, Any]]:
    def given(item: WorkItem, now: dt.datetime) -> dict[str, Any]:
        tabled = {"tabled_until": _later(now, 21)} if outcome is DecisionOutcome.TABLE else {}
        text = wording.decision_text(item.case, _party(item))
        return {
            "outcome": outcome,
            "text": wording.amended(text) if outcome is DecisionOutcome.APPROVE_AMENDED else text,
            "reasons": reasons,
            **tabled,
        }

    return given


def _draft(item: WorkItem, _now: dt.datetime) -> dict[str, Any]:
    return wording.agreement(item.case, item.case.agreement.versions.count() + 1)


def _signing(item: WorkItem, _now: dt.datetime) -> dict[str, Any]:
    return {"signed": True, "checksum": item.case.agreement.versions.latest("number").checksum}


def _report(status: Report.Status, deviation: str = "") -> Callable[[WorkItem, dt.datetime], dict[str, Any]]:
    def given(item: WorkItem, _now: dt.datetime) -> dict[str, Any]:
        number = item.case.reports.count() + 1
        return {
            "status": status,
            "result": wording.result(number),
            "deviation": deviation,
            "next_steps": wording.next_steps(number) if status is not Report.Status.DONE else "",
        }

    return given


VARIANTS: dict[str, tuple[Variant, ...]] = {
    "screen": (
        _fixed("accept", 8, outcome=ScreenOutcome.ACCEPT),
        _fixed(
            "return",
            2,
            forward=False,
            outcome=ScreenOutcome.RETURN,
            reasons="Beskriv vilka verksamheter som ska medverka.",
        ),
        _fixed(
            "decline",
            1,
            outcome=ScreenOutcome.DECLINE,
            reasons="Förslaget ligger utanför samarbetets områden.",
        ),
    ),
    "complete": (
        Variant(
            "complete",
            1,
            True,
            lambda item, _now: {"content": content_of(item.case), "message": "Uppgifterna är kompletterade."},
        ),
    ),
    "register": (_fixed("register", 1),),
    "statement": (
        Variant("support", 6, True, _statement(Position.SUPPORT)),
        Variant("changes", 2, True, _statement(Position.SUPPORT_WITH_CHANGES)),
        Variant("neutral", 1, True, _statement(Position.NEUTRAL)),
        Variant("oppose", 1, True, _statement(Position.OPPOSE)),
    ),
    "prepare": (Variant("prepare", 1, True, lambda item, _now: wording.memo(item.case)),),
    "vote": (
        _fixed("for", 6, choice=VoteChoice.FOR),
        _fixed(
            "against", 3, choice=VoteChoice.AGAINST, reasons="Nyttan står inte i proportion till insatsen."
        ),
        Variant("for_amended", 2, True, _amended_vote),
        _fixed("abstain", 1, choice=VoteChoice.ABSTAIN),
        _fixed(
            "recused", 1, choice=VoteChoice.RECUSED, reasons="Jag leder den enhet som föreslås få uppdraget."
        ),
    ),
    "conclude": (
        Variant(
            "recommend", 8, True, _conclusion(DeliberationOutcome.RECOMMEND, "Förslaget gagnar båda parter.")
        ),
        Variant(
            "decline",
            4,
            True,
            _conclusion(DeliberationOutcome.DECLINE, "Förslaget saknar tillräckligt stöd."),
        ),
        Variant(
            "recommend_amended",
            4,
            True,
            _conclusion(DeliberationOutcome.RECOMMEND_AMENDED, "Genomförandet behöver följas upp."),
        ),
        Variant("note", 2, True, _conclusion(DeliberationOutcome.NOTE, "Frågan är löst i annan ordning.")),
        Variant(
            "table",
            2,
            False,
            _conclusion(DeliberationOutcome.TABLE, "Ärendet tas upp igen när budgeten är klar."),
        ),
        Variant(
            "prepare_again",
            1,
            False,
            _conclusion(DeliberationOutcome.PREPARE_AGAIN, "Underlaget behöver visa kostnaderna."),
        ),
        Variant(
            "hear_again",
            1,
            False,
            _conclusion(DeliberationOutcome.HEAR_AGAIN, "Parterna behöver bekräfta sina åtaganden."),
        ),
        Variant(
            "refer_back",
            1,
            False,
            _conclusion(DeliberationOutcome.REFER_BACK, "Initiativtagaren behöver avgränsa förslaget."),
        ),
    ),
    "agreement_need": (
        _fixed(
            "not_needed", 2, needed=False, reason="Parternas samarbetsavtal räcker för det som ska göras."
        ),
        _fixed(
            "needed",
            3,
            needed=True,
            reason="Åtaganden och rätt till resultat behöver regleras mellan parterna.",
        ),
    ),
    "draft_agreement": (Variant("draft", 1, True, _draft),),
    "review_agreement": (
        _fixed("cleared", 4, outcome=ReviewOutcome.CLEARED),
        _fixed(
            "changes",
            1,
            forward=False,
            outcome=ReviewOutcome.CHANGES,
            comment="Rätten till resultaten behöver preciseras.",
        ),
    ),
    "decide": (
        Variant("approve", 14, True, _decision(DecisionOutcome.APPROVE)),
        Variant("approve_amended", 3, True, _decision(DecisionOutcome.APPROVE_AMENDED)),
        Variant("note", 1, True, _decision(DecisionOutcome.NOTE, "Frågan är löst i annan ordning.")),
        Variant("reject", 1, True, _decision(DecisionOutcome.REJECT, "Det saknas utrymme i budgeten.")),
        Variant(
            "table", 1, False, _decision(DecisionOutcome.TABLE, "Ärendet tas upp vid nästa sammanträde.")
        ),
        Variant(
            "refer_back",
            1,
            False,
            _decision(DecisionOutcome.REFER_BACK, "Konsekvenserna behöver belysas bättre."),
        ),
    ),
    "sign": (
        Variant("sign", 8, True, _signing),
        _fixed(
            "refuse",
            1,
            forward=False,
            signed=False,
            checksum="",
            refusal_reason="Avtalstiden kan inte godtas.",
        ),
    ),
    "report": (
        Variant("done", 2, True, _report(Report.Status.DONE)),
        Variant("on_track", 4, False, _report(Report.Status.ON_TRACK)),
        Variant(
            "deviates",
            1,
            False,
            _report(Report.Status.DEVIATES, "Ett moment är försenat. Det tas igen under nästa period."),
        ),
        Variant("stopped", 1, False, _report(Report.Status.STOPPED)),
    ),
    "closing_report": (
        _fixed(
            "close",
            1,
            result="Verksamheten är genomförd och resultaten är överlämnade till parternas ordinarie verksamhet.",
            lessons="Utse ansvariga hos båda parter från början.",
        ),
    ),
    "answer": (
        _fixed("answer", 1, answer="Uppgiften finns i beskrivningen. Hör gärna av er om något är oklart."),
    ),
}


def allowed_variants(item: WorkItem) -> list[Variant]:
    """The variants that the rules allow for this item now: the votes bind the chair."""
    variants = list(VARIANTS[item.step])
    if item.step == "conclude":
        rules = profile_of(item.process).rules.deliberation
        allowed = tally_of(item.case.deliberations.latest("number"), rules).allowed_outcomes()
        variants = [variant for variant in variants if DeliberationOutcome(variant.name) in allowed]
    if item.step == "vote":
        # As long as two are left who can decide: a body in which everybody has a conflict needs other members.
        called = item.case.deliberations.latest("number").members
        if called - item.case.conflicts.filter(body=item.body_id).count() <= 2:
            variants = [variant for variant in variants if variant.name != "recused"]
    if item.step == "decide":
        ruled_out = set() if item.data["kind"] in ("decide", "delegate") else {"reject", "note"}
        earlier = item.case.decisions.filter(party=item.party_id, round=item.case.round)
        if not earlier.exists():
            ruled_out.add("approve_amended")  # nothing has been worded that could be amended
        variants = [variant for variant in variants if variant.name not in ruled_out]
    return variants


def refer_back_targets(item: WorkItem) -> tuple[str, ...]:
    """The earlier steps of the chain that the item's step may refer back to."""
    step = profile_of(item.process).chain(item.data["party"])[item.data["index"]]
    targets: tuple[str, ...] = step.may_refer_back_to
    return targets
