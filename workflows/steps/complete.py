"""Complete a returned proposal and send it back to be screened."""

from __future__ import annotations

import datetime as dt

from cases.models import Case, Person
from workflows.act import acting
from workflows.policy import Action
from workflows.proposals import ProposalContent, write_content


def complete_proposal(
    *, item_id: int, actor: Person, content: ProposalContent, message: str = "", now: dt.datetime
) -> Case:
    """The proposer completes the proposal. Raises InvalidInput naming what is still missing."""
    with acting(item_id=item_id, actor=actor, step=Action.COMPLETE, now=now) as act:
        changed = write_content(act, content)
        act.record("completed_by_proposer", fields=changed, message=message)
        act.finish("completed")
        return act.case
