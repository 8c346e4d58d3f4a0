"""When somebody leaves a role or the house: what they had taken is handed back at once.

Each is an act of its own and then one for each case: call them outside any transaction.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from cases.delegations import fit, lock_people
from cases.models import Person, RoleHolding
from cases.roles import end_role
from workflows.hand_over import hand_back_ended


def end_role_now(*, holding: RoleHolding, now: dt.datetime) -> int:
    """Let the role end yesterday, and hand back what the person, and who acted for them, had taken in it.

    A holding that only began today, or is still to begin, is taken away. Returns how many tasks were handed back.
    """
    last_day = timezone.localtime(now).date() - dt.timedelta(days=1)
    with transaction.atomic():
        lock_people(holding.person_id)
        concerned = {holding.person_id, *_delegates(holding)}
        if holding.valid_from > last_day:
            _take_away(holding)
        else:
            end_role(holding, last_day=last_day)
    return hand_back_ended(now, people=concerned)


def _delegates(holding: RoleHolding) -> list[int]:
    rows = RoleHolding.objects.filter(delegation__isnull=False, deputy_for=holding.person_id, key=holding.key)
    return list(rows.values_list("person_id", flat=True))


def _take_away(holding: RoleHolding) -> None:
    person = holding.person
    holding.delete()
    fit(person)


def make_inactive(*, person: Person, now: dt.datetime) -> int:
    """The person has left: they can no longer sign in, and what they had taken goes back. Returns how many tasks."""
    with transaction.atomic():
        lock_people(person.pk)
        Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    return hand_back_ended(now, people=[person.pk])
