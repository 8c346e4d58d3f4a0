"""Register the case in one party's own register (M1)."""

from __future__ import annotations

import datetime as dt

from cases.models import Organisation, Person, RegistryNumber
from cases.register import register_case
from workflows.act import acting
from workflows.policy import Action


def register_proposal(*, item_id: int, actor: Person, now: dt.datetime) -> RegistryNumber:
    """The party's registrar gives the case the party's next number."""
    with acting(item_id=item_id, actor=actor, step=Action.REGISTER, now=now) as act:
        assert act.item is not None
        organisation = Organisation.objects.get(pk=act.item.party_id)
        number = register_case(case=act.case, organisation=organisation, actor=actor, now=now)
        act.record("registered", organisation=organisation.pk, number=number.text)
        act.finish("registered")
        return number
