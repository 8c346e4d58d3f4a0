"""Who can act: people and the roles that they hold, read once and asked often."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from cases.models import Case, Organisation, Person, Role, RoleHolding
from cases.models.roles import ScopeKind
from workflows import policy
from workflows.act import access_for
from workflows.models import WorkItem


class Directory:
    """The people of the database. Roles held at cases are looked up when asked for, all others are read once."""

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}
        self.forget()
        self._by_key: dict[str, list[RoleHolding]] = defaultdict(list)
        self._by_role: dict[str, list[RoleHolding]] = defaultdict(list)
        self._deputies: dict[int, set[int]] = defaultdict(set)
        holdings = (
            RoleHolding.objects.filter(case__isnull=True)
            .select_related("body")
            .order_by("deputy_for_id", "deputy_order", "pk")
        )
        for held in sorted(holdings, key=lambda row: row.deputy_for_id is not None):
            self._by_key[held.key].append(held)
            self._by_role[held.role].append(held)
            if held.deputy_for_id is not None:
                self._deputies[held.deputy_for_id].add(held.person_id)
        self._parties: dict[int, set[int]] = defaultdict(set)
        for partnership, organisation in Organisation.partnerships.through.objects.values_list(
            "partnership_id", "organisation_id"
        ):
            self._parties[partnership].add(organisation)

    def person(self, person_id: int) -> Person:
        """The person. What they may is remembered for the day, until :meth:`forget`."""
        return self._people[person_id]

    def forget(self) -> None:
        """Read people anew: roles at a case were given or ended."""
        self._people = {person.pk: person for person in Person.objects.filter(is_active=True).order_by("pk")}

    def by_email(self, email: str) -> Person:
        """The person with the address. Raises KeyError."""
        return {person.email: person for person in self._people.values()}[email]

    def at_body(self, body_id: int, *roles: Role) -> list[Person]:
        """Those who hold one of the roles in the body, ordinary holders before deputies."""
        ids = dict.fromkeys(
            held.person_id for role in roles for held in self._by_role[role] if held.body_id == body_id
        )
        return [self._people[person_id] for person_id in ids if person_id in self._people]

    def everybody(self) -> list[Person]:
        return list(self._people.values())

    def at_party_of(self, partnership_id: int) -> list[Person]:
        """Those who work at one of the partnership's parties."""
        parties = self._parties[partnership_id]
        return [person for person in self._people.values() if person.organisation_id in parties]

    def is_needed_for_own(self, person: Person) -> bool:
        """Whether nobody but the person holds some role whose steps nobody does in a proposal of their own.

        Such a person's proposal would wait for somebody who may not act, until another holder is named.
        """
        roles = {role for rule in policy.RULES.values() if rule.step and not rule.own for role in rule.roles}
        return any(
            {held.person_id for held in holdings} == {person.pk}
            for holdings in self._by_key.values()
            if holdings[0].role in roles
        )

    def candidates(self, item: WorkItem) -> list[int]:
        """Those for whom the item can wait: its owner and the owner's deputies, or who holds its role."""
        if item.owner_id is not None:
            return [item.owner_id, *sorted(self._deputies[item.owner_id])]
        return list(dict.fromkeys(held.person_id for held in self._by_key[item.holder_key]))

    def who_can_do(self, item: WorkItem, now: dt.datetime) -> list[Person]:
        """Those whom the policy lets do the open item now, ordinary holders before deputies, the absent last."""
        able = []
        for person_id in self.candidates(item):
            person = self.person(person_id)
            if policy.may_step(access_for(person, now), item, item.case):
                able.append(person)
        day = timezone.localtime(now).date()
        return sorted(able, key=lambda person: person.is_absent(day))

    def _is_of(self, held: RoleHolding, case: Case) -> bool:
        parties = self._parties[case.partnership_id]
        if held.scope_kind is ScopeKind.PARTNERSHIP:
            return held.partnership_id == case.partnership_id
        if held.body is not None:
            return held.body.partnership_id == case.partnership_id or held.body.organisation_id in parties
        return held.organisation_id in parties

    def who_may(self, action: policy.Action, case: Case, now: dt.datetime) -> list[Person]:
        """Those whom the policy lets do the action to the case now."""
        rule = policy.RULES[action]
        ids = dict.fromkeys(
            held.person_id
            for role in Role
            if role in rule.roles
            for held in self._by_role[role]
            if self._is_of(held, case)
        )
        if Role.PROPOSER in rule.roles:
            ids[case.created_by_id] = None
        if Role.REPORTER in rule.roles:
            ids.update(dict.fromkeys(case.holdings.values_list("person_id", flat=True)))
        people = [self.person(person_id) for person_id in ids]
        return [person for person in people if policy.may(access_for(person, now), action, case)]
