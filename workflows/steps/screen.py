"""Screen a submitted proposal: take it up, return it to be completed, or decline it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Case, Person
from workflows.act import acting
from workflows.policy import Action


class ScreenOutcome(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"
    DECLINE = "decline"


def screen_proposal(
    *, item_id: int, actor: Person, outcome: ScreenOutcome, reasons: str = "", now: dt.datetime
) -> Case:
    """The coordinator takes the proposal up, returns it with what is missing, or declines it with reasons."""
    if outcome is not ScreenOutcome.ACCEPT and not reasons:
        raise InvalidInput({"reasons": _("Skriv varför, så att initiativtagaren förstår.")})
    with acting(item_id=item_id, actor=actor, step=Action.SCREEN, now=now) as act:
        act.record("screened", outcome=outcome.value, reasons=reasons)
        act.finish(outcome.value)
        return act.case
