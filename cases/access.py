"""Who may *see* what: the only place that answers it. Who may *do* what is asked in ``workflows.policy``.

A person's access is worked out once a request from two small statements, the role holdings of the day and, where
it is asked what they see, the guardian grants of their groups, and is then plain sets: every list filters with literal keys on indexed
columns, never through a grant for each case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from cases.models.case import Case, CaseStatus
from cases.models.deliberation import Conflict
from cases.models.grants import PartnershipGroupGrant
from cases.models.roles import CASE_ROLES, VOTING_ROLES, Role, RoleHolding, ScopeKind, person_key, reaches
from cases.prepared import Prepared

if TYPE_CHECKING:
    from cases.models import Body, Deliberation, Document, Organisation, Person, Vote

#: Roles that see every submitted case of the partnerships that their scope is part of. A contact person of
#: one area sees that area's cases only; roles held at a case see that case.
SEES_PARTNERSHIP: frozenset[Role] = frozenset(
    {
        Role.CONTACT_PERSON,
        Role.COORDINATOR,
        Role.REGISTRAR,
        Role.LEGAL_COUNSEL,
        Role.STEERING_MEMBER,
        Role.STEERING_CHAIR,
        Role.SECRETARY,
        Role.DECISION_MAKER,
        Role.SIGNATORY,
        Role.LEADERSHIP,
        Role.AUDITOR,
    }
)

#: Roles that vote in a body.
VOTES: frozenset[Role] = frozenset(VOTING_ROLES)

#: Roles that have to do with a body's meetings: its members and those who keep them.
SITS: frozenset[Role] = VOTES | {Role.SECRETARY}

#: Roles held at a case that let the person see it.
SEES_CASE: frozenset[Role] = CASE_ROLES


@dataclass(frozen=True)
class Held:
    """One role holding, as the rules need it. ``in_all``: the person stands in for somebody in everything."""

    role: str
    key: str
    scope_kind: ScopeKind
    scope_id: int | None
    area_id: int | None
    represents_id: int | None
    deputy_for_id: int | None
    in_all: bool = False


@dataclass(frozen=True)
class Access:
    """What one person holds and sees on one day. Build it with :func:`access_of`."""

    person_id: int
    held: tuple[Held, ...]
    own_organisation_ids: frozenset[int]

    @cached_property
    def partnerships_by_key(self) -> Mapping[str, frozenset[int]]:
        """By role key, the partnerships whose submitted cases it lets one see: the guardian grants of its group.

        One statement, when it is first asked for: who acts on a task of their own needs no more than the key.
        """
        by_key: dict[str, set[int]] = {}
        if self.keys:
            grants = PartnershipGroupGrant.objects.filter(
                group__name__in=sorted(self.keys), permission__codename="view_cases"
            )
            for key, partnership_id in grants.values_list("group__name", "content_object_id"):
                by_key.setdefault(key, set()).add(partnership_id)
        return {key: frozenset(ids) for key, ids in by_key.items()}

    @cached_property
    def _conflicts(self) -> Mapping[int, tuple[int, frozenset[int]]]:
        """By open case in which the person has declared a conflict of interest: its partnership and the bodies.

        One statement, when it is first asked for, and none for those who sit in no body.
        """
        if not any(h.role in VOTES and h.scope_kind is ScopeKind.BODY for h in self.held):
            return {}
        rows = (
            Conflict.objects.filter(person_id=self.person_id)
            .exclude(case__status=CaseStatus.CLOSED)
            .values_list("case_id", "case__partnership_id", "body_id")
        )
        found: dict[int, tuple[int, set[int]]] = {}
        for case_id, partnership_id, body_id in rows:
            found.setdefault(case_id, (partnership_id, set()))[1].add(body_id)
        return {case_id: (partnership, frozenset(bodies)) for case_id, (partnership, bodies) in found.items()}

    def _keys_at(self, case_id: int) -> frozenset[str]:
        """The keys that count in the case: not those of a body in which the person has a conflict there (section 5)."""
        if case_id not in self._conflicts:
            return self.keys
        bodies = self._conflicts[case_id][1]
        return frozenset(
            h.key for h in self.held if not (h.scope_kind is ScopeKind.BODY and h.scope_id in bodies)
        )

    @cached_property
    def _hidden_case_ids(self) -> frozenset[int]:
        """The cases that the person would see through a body, and does not because of a conflict of interest."""
        return frozenset(
            case_id
            for case_id, (partnership_id, _bodies) in self._conflicts.items()
            if not any(
                partnership_id in self.partnerships_by_key.get(key, frozenset())
                for key in self._keys_at(case_id)
            )
        )

    @cached_property
    def area_ids(self) -> frozenset[int]:
        """The areas of which the person is contact person."""
        return frozenset(h.area_id for h in self.held if h.area_id is not None)

    @cached_property
    def body_ids(self) -> frozenset[int]:
        """The bodies in which the person has a seat, or whose meetings they keep, their own or as a deputy."""
        return frozenset(
            h.scope_id
            for h in self.held
            if h.role in SITS and h.scope_kind is ScopeKind.BODY and h.scope_id is not None
        )

    @cached_property
    def case_ids(self) -> frozenset[int]:
        """The cases in which the person holds a role that lets them see it."""
        return frozenset(
            h.scope_id
            for h in self.held
            if h.scope_kind is ScopeKind.CASE and h.scope_id is not None and h.role in SEES_CASE
        )

    @cached_property
    def kept_body_ids(self) -> frozenset[int]:
        """The bodies whose secretary or chair the person is. Who stands in for a chair is not: a deputy is called in turn."""
        return frozenset(
            h.scope_id
            for h in self.held
            if h.scope_kind is ScopeKind.BODY
            and h.scope_id is not None
            and (h.role == Role.SECRETARY or (h.role == Role.STEERING_CHAIR and h.deputy_for_id is None))
        )

    @cached_property
    def partnership_ids(self) -> frozenset[int]:
        """The partnerships whose submitted cases the person sees."""
        return frozenset().union(*self.partnerships_by_key.values())

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every role key that the person holds, their own and as a deputy."""
        return frozenset(h.key for h in self.held)

    @cached_property
    def deputy_for_ids(self) -> frozenset[int]:
        """The people whom the person stands in for."""
        return frozenset(h.deputy_for_id for h in self.held if h.deputy_for_id is not None)

    @cached_property
    def in_all_for_ids(self) -> frozenset[int]:
        """The people whom the person stands in for in everything, their own proposals and reports included."""
        return frozenset(h.deputy_for_id for h in self.held if h.in_all and h.deputy_for_id is not None)

    @cached_property
    def only_as_deputy(self) -> Mapping[str, tuple[int, ...]]:
        """By role key that the person holds for others and not themselves: for whom, in order."""
        own = {h.key for h in self.held if h.deputy_for_id is None}
        found: dict[str, tuple[int, ...]] = {}
        for h in self.held:
            if h.deputy_for_id is not None and h.key not in own:
                found[h.key] = (*found.get(h.key, ()), h.deputy_for_id)
        return found

    def stands_in(self, other_id: int, *, role: str, role_key: str) -> bool:
        """Whether a task of the other person's, which came by the role, may be done by this one as their deputy."""
        return any(
            h.deputy_for_id == other_id and reaches(key=h.key, in_all=h.in_all, role=role, role_key=role_key)
            for h in self.held
        )

    def answers_to(self, holder_key: str, *, role: str, role_key: str) -> bool:
        """Whether what waits for the holder key, and came by the role, waits for this person or whom they stand in for."""
        if holder_key in self.keys or holder_key == person_key(self.person_id):
            return True
        return any(
            holder_key == person_key(other) and self.stands_in(other, role=role, role_key=role_key)
            for other in self.deputy_for_ids
        )

    def holds(self, role: str, key: str | None = None) -> bool:
        """Whether the person holds the role, at that key when one is given."""
        return any(h.role == role and (key is None or h.key == key) for h in self.held)

    def roles_at(self, case: Case) -> frozenset[str]:
        """The roles that the person holds where this case belongs: its partnership, its parties, its area, itself."""
        counted = self._keys_at(case.pk)
        roles = {h.role for h in self.held if h.key in counted and self._is_at(h, case)}
        if case.created_by_id == self.person_id or self._proposed_by_another(case):
            roles.add(Role.PROPOSER.value)
        return frozenset(roles)

    def acts_for_in(self, case: Case, roles: Iterable[str]) -> int | None:
        """On whose behalf the person does what the roles let them do to the case; None when in their own right."""
        if case.created_by_id == self.person_id and Role.PROPOSER in roles:
            return None
        wanted = frozenset(roles)
        giving = [h for h in self.held if h.role in wanted and self._is_at(h, case)]
        if any(h.deputy_for_id is None for h in giving):
            return None
        if giving:
            return giving[0].deputy_for_id
        return case.created_by_id if Role.PROPOSER in wanted and self._proposed_by_another(case) else None

    def _is_at(self, h: Held, case: Case) -> bool:
        return (
            (h.scope_kind is ScopeKind.CASE and h.scope_id == case.pk)
            or case.partnership_id in self.partnerships_by_key.get(h.key, frozenset())
            or (h.area_id is not None and h.area_id == case.area_id)
        )

    def _proposed_by_another(self, case: Case) -> bool:
        """Whether it is a submitted proposal of somebody whom the person stands in for in everything."""
        return case.created_by_id in self.in_all_for_ids and case.status != CaseStatus.DRAFT

    def visible_cases(self) -> models.Q:
        """The condition that a case is visible: own, of one's case roles, or submitted in one's partnerships."""
        submitted = models.Q(partnership_id__in=sorted(self.partnership_ids))
        if self._hidden_case_ids:
            submitted &= ~models.Q(pk__in=sorted(self._hidden_case_ids))
        if self.area_ids:
            submitted |= models.Q(area_id__in=sorted(self.area_ids))
        if self.in_all_for_ids:
            submitted |= models.Q(created_by_id__in=sorted(self.in_all_for_ids))
        mine = models.Q(created_by_id=self.person_id)
        if self.case_ids:
            mine |= models.Q(pk__in=sorted(self.case_ids))
        return mine | (submitted & ~models.Q(status=CaseStatus.DRAFT))

    def sees(self, case: Case) -> bool:
        """The same rule for one case in hand, without a statement."""
        if case.created_by_id == self.person_id or case.pk in self.case_ids:
            return True
        if case.status == CaseStatus.DRAFT:
            return False
        if case.created_by_id in self.in_all_for_ids or (
            case.area_id is not None and case.area_id in self.area_ids
        ):
            return True
        return case.partnership_id in self.partnership_ids and case.pk not in self._hidden_case_ids

    def sees_body(self, body: Body) -> bool:
        """Whether the person sees the body's meetings: a joint body's as the partnership's cases, a party's own within
        the party only."""
        if body.partnership_id is not None:
            return body.partnership_id in self.partnership_ids
        return body.organisation_id in self.own_organisation_ids

    def sees_votes(self, deliberation: Deliberation, votes: Iterable[Vote]) -> bool:
        """Whether the person may see how others have voted: in a closed ballot not before their own vote is cast.

        Whoever has no vote in it sees how it went when nobody can change it any more, or everybody has voted.
        """
        if not deliberation.closed_ballot or not deliberation.takes_votes:
            return True
        rows = list(votes)
        if any(self.person_id in (vote.cast_by_id, vote.member_id) for vote in rows):
            return True
        return len(rows) >= deliberation.members

    def sees_internal(self, organisation_id: int | None) -> bool:
        """Whether what is internal to that party may be seen: a party's preparation is its own."""
        return organisation_id is None or organisation_id in self.own_organisation_ids

    def internal_filter(self, field: str = "internal_to") -> models.Q:
        """The same rule as a condition on rows that carry ``internal_to``."""
        return models.Q(**{f"{field}__isnull": True}) | models.Q(
            **{f"{field}_id__in": sorted(self.own_organisation_ids)}
        )

    def decision_filter(self) -> models.Q:
        """The condition on a visible case's decisions: a party's chain is its own. The parties share what each came
        to, and what sends the case back to all of them."""
        shared = models.Q(is_final=True) | models.Q(outcome="refer_back", refer_back_to="")
        return shared | models.Q(party_id__in=sorted(self.own_organisation_ids))


_held_by: Prepared[tuple[Any, ...]] = Prepared(
    lambda person, day: (
        RoleHolding.objects.current(day)
        .filter(person_id=person)
        .order_by("pk")
        .values_list(
            "role",
            "key",
            "area_id",
            "represents_id",
            "deputy_for_id",
            "organisation_id",
            "body_id",
            "partnership_id",
            "case_id",
            "body__organisation_id",
            "delegation__role_key",
        )
    ),
    person=-1,
    day=dt.date(1900, 1, 1),
)


def access_of(person: Person, *, on: dt.date | None = None) -> Access:
    """The person's access on the date (today in Sweden when none is given). One statement now, one more when asked."""
    day = on if on is not None else timezone.localdate()
    rows = _held_by(person=person.pk, day=day)
    held: list[Held] = []
    own: set[int] = set()
    for (
        role,
        key,
        area,
        represents,
        deputy_for,
        organisation,
        body,
        partnership,
        case,
        body_organisation,
        delegated,
    ) in rows:
        own |= {pk for pk in (organisation, represents, body_organisation) if pk is not None}
        kind, scope_id = next(
            (
                (kind, pk)
                for kind, pk in (
                    (ScopeKind.ORGANISATION, organisation),
                    (ScopeKind.BODY, body),
                    (ScopeKind.PARTNERSHIP, partnership),
                    (ScopeKind.CASE, case),
                )
                if pk is not None
            ),
            (ScopeKind.ALL, None),
        )
        # A delegation that names no role is of everything.
        held.append(Held(role, key, kind, scope_id, area, represents, deputy_for, in_all=delegated == ""))
    # Who merely looks after a colleague's proposal does not come to know what the organisation keeps to itself.
    if person.organisation_id is not None and any(h.role != Role.PROPOSER or not h.in_all for h in held):
        own.add(person.organisation_id)
    return Access(person_id=person.pk, held=tuple(held), own_organisation_ids=frozenset(own))


def visible_documents(access: Access, documents: Iterable[Document]) -> list[Document]:
    """Those of a visible case's documents that the person may see."""
    return [d for d in documents if access.sees_internal(d.internal_to_id)]


def own_party_among(access: Access, parties: Iterable[Organisation]) -> list[Organisation]:
    """The parties on whose behalf the person may speak internally."""
    return [party for party in parties if party.pk in access.own_organisation_ids]
