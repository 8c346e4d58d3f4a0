"""Conclude the steering group's deliberation: the chair states what the votes came to."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Deliberation, DeliberationOutcome, Person
from workflows.act import acting
from workflows.deliberation import tally_of
from workflows.policy import Action


def conclude_deliberation(
    *,
    item_id: int,
    actor: Person,
    outcome: DeliberationOutcome,
    reasons: str = "",
    tabled_until: dt.date | None = None,
    now: dt.datetime,
) -> Deliberation:
    """The chair concludes. The votes bind the chair, who decides a tie alone (casting vote).

    Raises InvalidInput when the outcome is not one that the votes allow, or lacks its reasons or date.
    """
    with acting(item_id=item_id, actor=actor, step=Action.CONCLUDE, now=now) as act:
        deliberation = act.case.deliberations.latest("number")
        tally = tally_of(deliberation, act.profile.rules.deliberation)
        if outcome not in tally.allowed_outcomes():
            raise InvalidInput({"outcome": _("Rösterna ger inte den utgången.")})
        if outcome != DeliberationOutcome.RECOMMEND and not reasons:
            raise InvalidInput({"reasons": _("Motivera ställningstagandet.")})
        if outcome == DeliberationOutcome.TABLE:
            if tabled_until is None:
                raise InvalidInput({"tabled_until": _("Ange till vilken dag ärendet bordläggs.")})
            if tabled_until <= act.today:
                raise InvalidInput({"tabled_until": _("Dagen behöver ligga framåt i tiden.")})
        decisive = {DeliberationOutcome.RECOMMEND, DeliberationOutcome.DECLINE}
        deliberation.outcome = outcome
        deliberation.reasons = reasons
        deliberation.casting_vote = outcome in decisive and tally.has_quorum and tally.carried is None
        deliberation.tabled_until = tabled_until if outcome == DeliberationOutcome.TABLE else None
        deliberation.concluded_by = actor
        deliberation.concluded_at = now
        deliberation.save()
        act.record(
            "deliberation_concluded",
            outcome=DeliberationOutcome(outcome).value,
            reasons=reasons,
            casting_vote=deliberation.casting_vote,
            votes_for=tally.votes_for,
            votes_against=tally.votes_against,
            abstained=tally.abstained,
            recused=tally.recused,
            tabled_until=deliberation.tabled_until,
        )
        act.finish(DeliberationOutcome(outcome).value)
        return deliberation
