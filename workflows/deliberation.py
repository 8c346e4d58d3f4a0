"""The steering group's deliberation: who is called, when there is a quorum, what the votes come to (U6, section 5)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import WrongState
from cases.models import Case, Deliberation, DeliberationOutcome, RoleHolding, Vote, VoteChoice
from cases.models.roles import VOTING_ROLES
from workflows import conflicts
from workflows.profile import DeliberationRules

if TYPE_CHECKING:
    from workflows.act import Act


@dataclass(frozen=True)
class Tally:
    """How a vote stands. ``called`` are the members' seats; those with a conflict of interest do not count.

    ``present`` is, at a meeting, how many seats are filled now by somebody without a conflict; None in writing, where
    only those who vote take part. ``parties`` are those with an eligible member, ``parties_for`` those of them that
    have a vote for, ``parties_present`` those with somebody eligible there, which is asked when nobody votes.
    """

    called: int
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    rules: DeliberationRules
    votes_amended: int = 0
    present: int | None = None
    parties: frozenset[int] = frozenset()
    parties_for: frozenset[int] = frozenset()
    parties_present: frozenset[int] = frozenset()

    @property
    def eligible(self) -> int:
        """Members who count towards the quorum."""
        return self.called - self.recused

    @property
    def in_favour(self) -> int:
        """Votes for the proposal, as it stands or amended."""
        return self.votes_for + self.votes_amended

    @property
    def voted(self) -> int:
        """Members who voted or abstained."""
        return self.in_favour + self.votes_against + self.abstained

    @property
    def taking_part(self) -> int:
        """Members who take part: at a meeting those who are there, in writing those who voted."""
        return self.voted if self.present is None else max(self.voted, self.present)

    @property
    def missing(self) -> int:
        """Called members who have neither voted nor declared a conflict."""
        return self.called - self.voted - self.recused

    @property
    def needed(self) -> int:
        """How many must take part."""
        return self.rules.members_needed(self.eligible)

    @property
    def has_quorum(self) -> bool:
        """Whether enough members take part."""
        return self.eligible > 0 and self.taking_part >= self.needed

    @property
    def acclaimed(self) -> bool:
        """Whether the meeting can settle it by acclamation: nobody has asked for a vote by casting one."""
        return self.present is not None and self.voted == 0

    @property
    def carried(self) -> bool | None:
        """Whether the proposal is carried; None for a tie, which the chair's casting vote decides."""
        return self.rules.carried(
            self.in_favour, self.votes_against, every_party_for=self.parties <= self.parties_for
        )

    @property
    def wordings_tie(self) -> bool:
        """Whether as many want the proposal amended as want it as it stands, so that the casting vote chooses."""
        return self.rules.casting_vote and 0 < self.votes_amended == self.votes_for

    def _yes(self) -> list[DeliberationOutcome]:
        """The wordings that a majority for allows: the one with more votes, both where the casting vote chooses.

        Without a casting vote an amendment with no more votes than the proposal falls.
        """
        as_proposed, amended = DeliberationOutcome.RECOMMEND, DeliberationOutcome.RECOMMEND_AMENDED
        if self.wordings_tie:
            return [as_proposed, amended]
        return [amended] if self.votes_amended > self.votes_for else [as_proposed]

    def _acclaimed(self) -> list[DeliberationOutcome]:
        """What those who are there can settle without a vote. No party says yes in its absence where each has to."""
        yes = [DeliberationOutcome.RECOMMEND, DeliberationOutcome.RECOMMEND_AMENDED]
        if self.rules.rule == "each_party" and not self.parties <= self.parties_present:
            yes = []
        return [*yes, DeliberationOutcome.DECLINE, DeliberationOutcome.NOTE]

    def allowed_outcomes(self) -> list[DeliberationOutcome]:
        """What the chair can conclude: the votes bind; without a quorum nothing is decided in the matter itself."""
        outcome = DeliberationOutcome
        always = [outcome.PREPARE_AGAIN, outcome.HEAR_AGAIN, outcome.REFER_BACK, outcome.TABLE]
        if not self.has_quorum:
            return always
        if self.acclaimed:
            return [*self._acclaimed(), *always]
        # To lay the matter aside without an answer is open only to a body in which nobody wants a yes.
        aside = [outcome.NOTE] if self.in_favour == 0 else []
        if self.carried is None:
            return [*self._yes(), outcome.DECLINE, *aside, *always]
        return [*(self._yes() if self.carried else [outcome.DECLINE]), *aside, *always]


def tally_of(
    deliberation: Deliberation,
    rules: DeliberationRules,
    *,
    conflicted: frozenset[int] = frozenset(),
    present: int | None = None,
    parties_present: frozenset[int] = frozenset(),
) -> Tally:
    """How the deliberation's votes stand. One statement.

    ``conflicted`` are called members in whose seat somebody with a conflict sits, or who have one themselves. A deputy
    who votes in such a seat takes part; ``present`` and ``parties_present`` are without those seats.
    """
    votes = list(deliberation.votes.values_list("member_id", "choice", "party_id"))
    counts = Counter(choice for _member, choice, _party in votes)
    out = {member for member, choice, _party in votes if choice == VoteChoice.RECUSED}
    voted = {member for member, choice, _party in votes if choice != VoteChoice.RECUSED}
    out |= conflicted - voted
    yes = (VoteChoice.FOR, VoteChoice.FOR_AMENDED)
    return Tally(
        called=deliberation.members,
        votes_for=counts[VoteChoice.FOR],
        votes_amended=counts[VoteChoice.FOR_AMENDED],
        votes_against=counts[VoteChoice.AGAINST],
        abstained=counts[VoteChoice.ABSTAIN],
        recused=len(out),
        rules=rules,
        present=None if present is None else present + len(conflicted & voted),
        parties_present=parties_present,
        parties=frozenset(
            party for member, party in deliberation.called if party is not None and member not in out
        ),
        parties_for=frozenset(
            party for _member, choice, party in votes if choice in yes and party is not None
        ),
    )


@dataclass(frozen=True)
class Member:
    """An ordinary seat of a body: who sits in it, in which role, for which party."""

    person_id: int
    role: str
    party_id: int | None


def members_of(body_id: int, on: dt.date) -> list[Member]:
    """The body's ordinary voting members on the date, the chair first; somebody who holds two roles once."""
    members: dict[int, Member] = {}
    holdings = (
        RoleHolding.objects.current(on)
        .ordinary()
        .filter(body_id=body_id, role__in=VOTING_ROLES, person__is_active=True)
        .order_by("role", "pk")
    )
    for person_id, role, party_id in holdings.values_list("person_id", "role", "represents_id"):
        members.setdefault(person_id, Member(person_id, role, party_id))
    return list(members.values())


def proposed_text_of(case: Case, party_id: int | None = None) -> str:
    """The wording now proposed: as the party's chain has it in this round, else as the memo or the body left it."""
    if party_id is not None:
        own = case.decisions.filter(party_id=party_id, round=case.round).order_by("-decided_at", "-pk")
        text = own.values_list("text", flat=True).first()
        if text:
            return str(text)
    adopted = (
        case.deliberations.filter(party__isnull=True)
        .exclude(decision_text="")
        .order_by("-number")
        .values_list("decision_text", "concluded_at")
        .first()
    )
    memo = case.memos.order_by("-version").values_list("proposed_decision", "created_at").first()
    if adopted is not None and adopted[1] is not None and (memo is None or adopted[1] > memo[1]):
        return str(adopted[0])
    return str(memo[0]) if memo is not None else ""


def new_deliberation(
    act: Act,
    *,
    body_id: int,
    called: Sequence[tuple[int, int | None]],
    rules: DeliberationRules,
    party_id: int | None = None,
    chain_step: str = "",
) -> Deliberation:
    """Open the case's next deliberation in the body for those called, as (person, party)."""
    number = act.case.deliberations.count() + 1
    deliberation = Deliberation.objects.create(
        case=act.case,
        body_id=body_id,
        party_id=party_id,
        chain_step=chain_step,
        number=number,
        members=len(called),
        called=[list(pair) for pair in called],
        quorum=rules.members_needed(len(called)),
        closed_ballot=rules.ballot == "closed",
        proposed_text=proposed_text_of(act.case, party_id),
        opened_at=act.now,
    )
    act.record(
        "deliberation_opened",
        internal_to=party_id,
        number=number,
        members=len(called),
        deliberation=deliberation.pk,
        body=body_id,
    )
    return deliberation


def open_deliberation(act: Act) -> list[dict[str, Any]]:
    """Open the next written deliberation and call the members: one datum for each, as the vote step needs it.

    The proposer is not called to a vote on a proposal of their own. Somebody who has declared a conflict of interest in
    the case is not asked: their deputy is, the first in order who has none; without one the seat does not count. Raises
    :class:`WrongState` when nobody could be asked.
    """
    body_id = act.profile.steering_body_id
    members = [
        member for member in members_of(body_id, act.today) if member.person_id != act.case.created_by_id
    ]
    reasons = conflicts.reasons_in(act.case.pk, body_id)
    deputies = _deputies_of_conflicted(act, body_id, members, reasons)
    asked = [m for m in members if m.person_id not in reasons or m.person_id in deputies]
    if not asked:
        raise WrongState(_("Styrgruppen har inga ledamöter som kan rösta. Lägg till ledamöter först."))
    deliberation = new_deliberation(
        act,
        body_id=body_id,
        called=[(member.person_id, member.party_id) for member in members],
        rules=act.profile.rules.deliberation,
    )
    Vote.objects.bulk_create(
        [
            Vote(
                deliberation=deliberation,
                member_id=member.person_id,
                cast_by_id=member.person_id,
                party_id=member.party_id,
                choice=VoteChoice.RECUSED,
                reasons=reasons[member.person_id],
                cast_at=act.now,
            )
            for member in members
            if member not in asked
        ]
    )
    return [
        {
            "deliberation": deliberation.pk,
            "member": member.person_id,
            "role": member.role,
            "party": member.party_id,
            **({"deputy": deputies[member.person_id]} if member.person_id in deputies else {}),
        }
        for member in asked
    ]


def _deputies_of_conflicted(
    act: Act, body_id: int, members: Sequence[Member], conflicted: Mapping[int, str]
) -> dict[int, int]:
    """By member with a conflict of interest, the deputy who is asked to vote in the seat. Nobody is asked twice."""
    found: dict[int, int] = {}
    for member in members:
        if member.person_id in conflicted:
            deputy = conflicts.next_deputy(
                member_id=member.person_id,
                body_id=body_id,
                case=act.case,
                deliberation_id=None,
                passed=found.values(),
                on=act.today,
            )
            if deputy is not None:
                found[member.person_id] = deputy
    return found
