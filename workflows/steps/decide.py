"""Decide in one step of a party's own chain (M2-M5, R1)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Decision, DecisionOutcome, Person
from workflows.act import Act, acting
from workflows.clock import morning
from workflows.policy import Action
from workflows.profile import ChainStep


def chain_step_of(act: Act) -> ChainStep:
    """The profile's step that the act's work item stands for."""
    assert act.item is not None
    chain: tuple[ChainStep, ...] = act.profile.chain(act.item.data["party"])
    return chain[int(act.item.data["index"])]


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
    """Approve, reject, refer back or table in the party's chain. Only the step that decides for the party can reject;
    the others propose what they will in the decision text and send it on.

    ``text`` is the decision text, which may be amended on its way. ``refer_back_to`` is the id of an earlier step of
    the chain, or empty for the joint preparation. Raises InvalidInput naming what is missing or not allowed.
    """
    errors = {}
    if not text:
        errors["text"] = _("Skriv beslutstexten.")
    if outcome != DecisionOutcome.APPROVE and not reasons:
        errors["reasons"] = _("Motivera beslutet.")
    if outcome == DecisionOutcome.TABLE and tabled_until is None:
        errors["tabled_until"] = _("Ange till vilken dag ärendet bordläggs.")
    if errors:
        raise InvalidInput(errors)
    with acting(item_id=item_id, actor=actor, step=Action.DECIDE, now=now) as act:
        assert act.item is not None
        step = chain_step_of(act)
        chain = act.profile.chain(act.item.data["party"])
        if outcome == DecisionOutcome.REJECT and step.kind != "decide":
            raise InvalidInput(
                {
                    "outcome": _(
                        "Bara partens beslutande instans kan avslå. Föreslå avslag i beslutstexten och skicka vidare."
                    )
                }
            )
        if outcome == DecisionOutcome.TABLE and (tabled_until is None or tabled_until <= act.today):
            raise InvalidInput({"tabled_until": _("Dagen behöver ligga framåt i tiden.")})
        target = refer_back_to if outcome == DecisionOutcome.REFER_BACK else ""
        if target and target not in step.may_refer_back_to:
            raise InvalidInput({"refer_back_to": _("Det går inte att återremittera dit härifrån.")})
        final = outcome == DecisionOutcome.REJECT or (
            outcome == DecisionOutcome.APPROVE and step is chain[-1]
        )
        decision = Decision.objects.create(
            case=act.case,
            party_id=act.item.party_id,
            body_id=act.item.body_id,
            round=act.case.round,
            step=step.id,
            step_title=step.title,
            step_kind=step.kind,
            is_final=final,
            outcome=outcome,
            text=text,
            reasons=reasons,
            tabled_until=tabled_until if outcome == DecisionOutcome.TABLE else None,
            refer_back_to=target,
            decided_by=actor,
            on_behalf_of_id=act.on_behalf_of_id,
            decided_at=now,
        )
        shared = final or (outcome == DecisionOutcome.REFER_BACK and not target)
        act.record(
            "party_decided" if shared else "chain_step_decided",
            internal_to=None if shared else act.item.party_id,
            party=act.item.party_id,
            step=step.id,
            title=step.title,
            outcome=DecisionOutcome(outcome).value,
            text=text,
            reasons=reasons,
            tabled_until=decision.tabled_until,
        )
        act.item.data["tabled_until"] = (
            morning(decision.tabled_until).isoformat() if decision.tabled_until else None
        )
        act.item.data["refer_back_to"] = target
        act.finish(DecisionOutcome(outcome).value)
        return decision
