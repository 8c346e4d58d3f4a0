"""State a party's need and benefit in the dialogue (U2, U4, U7)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import PartyStatement, Person, Position
from workflows.act import acting
from workflows.policy import Action


def state_need(
    *,
    item_id: int,
    actor: Person,
    position: Position,
    need: str,
    benefit: str,
    resources: str = "",
    now: dt.datetime,
) -> PartyStatement:
    """The party's contact person says what the party needs and gains, and whether it stands behind the proposal."""
    missing = {}
    if not need:
        missing["need"] = _("Beskriv partens behov, eller att det inte finns något.")
    if not benefit:
        missing["benefit"] = _("Beskriv nyttan för parten.")
    if missing:
        raise InvalidInput(missing)
    with acting(item_id=item_id, actor=actor, step=Action.STATEMENT, now=now) as act:
        assert act.item is not None
        statement = PartyStatement.objects.create(
            case=act.case,
            party_id=act.item.party_id,
            round=act.case.round,
            position=position,
            need=need,
            benefit=benefit,
            resources=resources,
            author=actor,
            created_at=now,
        )
        act.record("statement_made", party=act.item.party_id, position=Position(position).value)
        act.finish("stated")
        return statement
