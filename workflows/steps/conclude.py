"""Conclude the steering group's written deliberation: the chair states what the votes came to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import DECISIVE, Deliberation, DeliberationOutcome, Person
from workflows.act import Act, acting
from workflows.deliberation import Tally, tally_of
from workflows.policy import Action


@dataclass(frozen=True)
class Conclusion:
    """What a deliberation came to, before it is written down. ``decision_text`` is the wording when it is amended."""

    outcome: DeliberationOutcome
    reasons: str = ""
    decision_text: str = ""
    tabled_until: dt.date | None = None


def conclude_deliberation(
    *,
    item_id: int,
    actor: Person,
    outcome: DeliberationOutcome,
    reasons: str = "",
    decision_text: str = "",
    tabled_until: dt.date | None = None,
    now: dt.datetime,
) -> Deliberation:
    """The chair concludes. The votes bind the chair, who decides a tie alone (casting vote).

    Raises InvalidInput when the outcome is not one that the votes allow, or lacks its reasons, wording or date.
    """
    with acting(item_id=item_id, actor=actor, step=Action.CONCLUDE, now=now) as act:
        deliberation = act.case.deliberations.filter(party__isnull=True).latest("number")
        tally = tally_of(deliberation, act.profile.rules.deliberation)
        conclusion = Conclusion(DeliberationOutcome(outcome), reasons, decision_text, tabled_until)
        write_conclusion(act, deliberation, tally, conclusion)
        act.finish(conclusion.outcome.value)
        return deliberation


def write_conclusion(
    act: Act, deliberation: Deliberation, tally: Tally, conclusion: Conclusion, **told: object
) -> None:
    """Check the conclusion against the votes and write it down, with its event; ``told`` goes with the event."""
    _check(act, deliberation, tally, conclusion)
    outcome = conclusion.outcome
    amended = outcome == DeliberationOutcome.RECOMMEND_AMENDED
    deliberation.outcome = outcome
    deliberation.reasons = conclusion.reasons
    if amended:
        deliberation.decision_text = conclusion.decision_text
    elif outcome == DeliberationOutcome.RECOMMEND:
        deliberation.decision_text = deliberation.proposed_text
    deliberation.acclaimed = tally.acclaimed and tally.has_quorum
    deliberation.casting_vote = (
        outcome in DECISIVE and tally.has_quorum and not tally.acclaimed and _chair_decides(tally, outcome)
    )
    deliberation.tabled_until = conclusion.tabled_until if outcome == DeliberationOutcome.TABLE else None
    deliberation.concluded_by = act.actor
    deliberation.concluded_at = act.now
    deliberation.save()
    act.record(
        "deliberation_concluded",
        internal_to=deliberation.party_id,
        deliberation=deliberation.pk,
        body=deliberation.body_id,
        outcome=outcome.value,
        reasons=conclusion.reasons,
        text=deliberation.decision_text,
        casting_vote=deliberation.casting_vote,
        acclaimed=deliberation.acclaimed,
        votes_for=tally.votes_for,
        votes_amended=tally.votes_amended,
        votes_against=tally.votes_against,
        abstained=tally.abstained,
        recused=tally.recused,
        tabled_until=deliberation.tabled_until,
        **told,
    )


def _chair_decides(tally: Tally, outcome: DeliberationOutcome) -> bool:
    """Whether it was the chair's vote that settled it: between yes and no, or between two wordings."""
    if tally.carried is None:
        return True
    return bool(tally.carried and tally.wordings_tie and outcome != DeliberationOutcome.DECLINE)


def _check(act: Act, deliberation: Deliberation, tally: Tally, conclusion: Conclusion) -> None:
    outcome = conclusion.outcome
    if outcome not in tally.allowed_outcomes():
        raise InvalidInput({"outcome": _("Rösterna ger inte den utgången.")})
    yes = (DeliberationOutcome.RECOMMEND, DeliberationOutcome.RECOMMEND_AMENDED)
    if outcome not in yes and not conclusion.reasons:
        raise InvalidInput({"reasons": _("Motivera ställningstagandet.")})
    if outcome == DeliberationOutcome.RECOMMEND_AMENDED:
        changed = conclusion.decision_text.split() != deliberation.proposed_text.split()
        if not conclusion.decision_text or not changed:
            raise InvalidInput({"decision_text": _("Skriv den ändrade lydelsen.")})
    if outcome == DeliberationOutcome.TABLE:
        if conclusion.tabled_until is None:
            raise InvalidInput({"tabled_until": _("Ange till vilken dag ärendet bordläggs.")})
        if conclusion.tabled_until <= act.today:
            raise InvalidInput({"tabled_until": _("Dagen behöver ligga framåt i tiden.")})
