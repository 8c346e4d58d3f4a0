"""Decide in one step of a party's own chain (M2-M5, R1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput, WrongState
from cases.models import (
    APPROVING,
    Decision,
    DecisionOutcome,
    DelegatedReport,
    Deliberation,
    Person,
)
from workflows.act import Act, acting
from workflows.clock import morning
from workflows.policy import Action
from workflows.profile import ChainStep


def chain_step_of(act: Act) -> ChainStep:
    """The profile's step that the act's work item stands for."""
    assert act.item is not None
    chain: tuple[ChainStep, ...] = act.profile.chain(act.item.data["party"])
    return chain[int(act.item.data["index"])]


@dataclass(frozen=True)
class Ruling:
    """What a step of a chain came to, before it is written down.

    ``refer_back_to`` is the id of an earlier step of the chain, or empty for the joint preparation.
    """

    outcome: DecisionOutcome
    text: str
    reasons: str = ""
    tabled_until: dt.date | None = None
    refer_back_to: str = ""

    def check(self) -> None:
        """Raise InvalidInput naming what is missing."""
        errors = {}
        if not self.text:
            errors["text"] = _("Skriv beslutstexten.")
        if self.outcome not in APPROVING and not self.reasons:
            errors["reasons"] = _("Motivera beslutet.")
        if self.outcome == DecisionOutcome.TABLE and self.tabled_until is None:
            errors["tabled_until"] = _("Ange till vilken dag ärendet bordläggs.")
        if errors:
            raise InvalidInput(errors)


def decide(
    *,
    item_id: int,
    actor: Person,
    outcome: DecisionOutcome,
    text: str,
    reasons: str = "",
    tabled_until: dt.date | None = None,
    refer_back_to: str = "",
    now: dt.datetime,
) -> Decision:
    """Approve, approve with amendment, reject, refer back, table or lay aside in the party's chain.

    Only the step that decides for the party can reject or lay aside; the others propose what they will in the decision
    text and send it on. ``text`` is the decision text; whoever changes what the step before proposed approves *with
    amendment*. Raises InvalidInput naming what is missing or not allowed, WrongState when a meeting of the body is to
    settle the matter.
    """
    ruling = Ruling(DecisionOutcome(outcome), text, reasons, tabled_until, refer_back_to)
    ruling.check()
    with acting(item_id=item_id, actor=actor, step=Action.DECIDE, now=now) as act:
        if chain_step_of(act).deliberation is not None:
            raise WrongState(_("Ärendet avgörs vid ett möte. Sätt upp det på dagordningen."))
        return rule(act, ruling)


def rule(act: Act, ruling: Ruling, *, deliberation: Deliberation | None = None) -> Decision:
    """Write the ruling of the act's chain step down and let the case move on. Raises InvalidInput where it is not open to
    the step."""
    assert act.item is not None
    assert act.actor is not None
    step = chain_step_of(act)
    before = deliberation.proposed_text if deliberation is not None else proposed_before(act)
    _check_open_to(act, step, ruling, before)
    final = ruling.outcome in (DecisionOutcome.REJECT, DecisionOutcome.NOTE) or (
        ruling.outcome in APPROVING and step is act.profile.chain(act.item.data["party"])[-1]
    )
    tables = ruling.outcome == DecisionOutcome.TABLE
    target = ruling.refer_back_to if ruling.outcome == DecisionOutcome.REFER_BACK else ""
    decision = Decision.objects.create(
        case=act.case,
        party_id=act.item.party_id,
        body_id=act.item.body_id,
        round=act.case.round,
        step=step.id,
        step_title=step.title,
        step_kind=step.kind,
        deliberation=deliberation,
        is_final=final,
        outcome=ruling.outcome,
        text=ruling.text,
        reasons=ruling.reasons,
        tabled_until=ruling.tabled_until if tables else None,
        refer_back_to=target,
        decided_by=act.actor,
        on_behalf_of_id=act.on_behalf_of_id,
        decided_at=act.now,
    )
    if final and step.report_to is not None:
        DelegatedReport.objects.create(decision=decision, body_id=act.profile.body_ids[step.report_to])
    shared = final or (ruling.outcome == DecisionOutcome.REFER_BACK and not target)
    act.record(
        "party_decided" if shared else "chain_step_decided",
        internal_to=None if shared else act.item.party_id,
        party=act.item.party_id,
        step=step.id,
        title=step.title,
        outcome=ruling.outcome.value,
        text=ruling.text,
        reasons=ruling.reasons,
        tabled_until=decision.tabled_until,
    )
    act.item.data["tabled_until"] = (
        morning(decision.tabled_until).isoformat() if decision.tabled_until else None
    )
    act.item.data["refer_back_to"] = target
    act.finish(ruling.outcome.value)
    return decision


def proposed_before(act: Act) -> str:
    """The wording that the earlier steps of the party's chain propose in this round; empty when this is the first."""
    assert act.item is not None
    found = act.case.decisions.filter(party_id=act.item.party_id, round=act.case.round)
    return found.order_by("-decided_at", "-pk").values_list("text", flat=True).first() or ""


def _check_open_to(act: Act, step: ChainStep, ruling: Ruling, before: str) -> None:
    match ruling.outcome:
        case DecisionOutcome.REJECT | DecisionOutcome.NOTE if not step.decides:
            raise InvalidInput(
                {
                    "outcome": _(
                        "Bara partens beslutande instans kan avslå eller lägga till handlingarna. "
                        "Föreslå det i beslutstexten och skicka vidare."
                    )
                }
            )
        case DecisionOutcome.TABLE if ruling.tabled_until is None or ruling.tabled_until <= act.today:
            raise InvalidInput({"tabled_until": _("Dagen behöver ligga framåt i tiden.")})
        case DecisionOutcome.REFER_BACK if (
            ruling.refer_back_to and ruling.refer_back_to not in step.may_refer_back_to
        ):
            raise InvalidInput({"refer_back_to": _("Det går inte att återremittera dit härifrån.")})
        case DecisionOutcome.APPROVE | DecisionOutcome.APPROVE_AMENDED:
            _check_amendment(ruling, before)


def _check_amendment(ruling: Ruling, before: str) -> None:
    """Whether the wording that was proposed was changed must be said, so that nobody down the chain misses it."""
    changed = bool(before) and before.split() != ruling.text.split()
    if ruling.outcome == DecisionOutcome.APPROVE and changed:
        raise InvalidInput({"outcome": _("Beslutstexten är ändrad. Välj bifall med ändring.")})
    if ruling.outcome == DecisionOutcome.APPROVE_AMENDED and not changed:
        raise InvalidInput({"text": _("Skriv den ändrade lydelsen, eller välj bifall.")})
