"""The steering group's deliberation: who is called, when there is a quorum, what the votes come to (U6, section 5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import WrongState
from cases.models import Deliberation, DeliberationOutcome, RoleHolding, VoteChoice
from cases.models.roles import VOTING_ROLES
from workflows.profile import DeliberationRules

if TYPE_CHECKING:
    from workflows.act import Act


@dataclass(frozen=True)
class Tally:
    """How a vote stands. ``called`` are the members who were called; those with a conflict of interest do not count."""

    called: int
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    rules: DeliberationRules

    @property
    def eligible(self) -> int:
        """Members who count towards the quorum."""
        return self.called - self.recused

    @property
    def taking_part(self) -> int:
        """Members who voted or abstained."""
        return self.votes_for + self.votes_against + self.abstained

    @property
    def missing(self) -> int:
        """Called members who have neither voted nor declared a conflict."""
        return self.called - self.taking_part - self.recused

    @property
    def needed(self) -> int:
        """How many must take part."""
        return self.rules.members_needed(self.eligible)

    @property
    def has_quorum(self) -> bool:
        """Whether enough members take part."""
        return self.eligible > 0 and self.taking_part >= self.needed

    @property
    def carried(self) -> bool | None:
        """Whether the proposal is carried; None for a tie, which the chair's casting vote decides."""
        return self.rules.carried(self.votes_for, self.votes_against)

    def allowed_outcomes(self) -> list[DeliberationOutcome]:
        """What the chair can conclude: the votes bind; without a quorum nothing is decided in the matter itself."""
        always = [
            DeliberationOutcome.PREPARE_AGAIN,
            DeliberationOutcome.REFER_BACK,
            DeliberationOutcome.TABLE,
        ]
        if not self.has_quorum:
            return always
        if self.carried is None:
            return [DeliberationOutcome.RECOMMEND, DeliberationOutcome.DECLINE, *always]
        return [DeliberationOutcome.RECOMMEND if self.carried else DeliberationOutcome.DECLINE, *always]


def tally_of(deliberation: Deliberation, rules: DeliberationRules) -> Tally:
    """How the deliberation's votes stand. One statement."""
    counts = Counter(deliberation.votes.values_list("choice", flat=True))
    return Tally(
        called=deliberation.members,
        votes_for=counts[VoteChoice.FOR],
        votes_against=counts[VoteChoice.AGAINST],
        abstained=counts[VoteChoice.ABSTAIN],
        recused=counts[VoteChoice.RECUSED],
        rules=rules,
    )


def open_deliberation(act: Act) -> list[dict[str, Any]]:
    """Open the next deliberation and call the members: one datum for each, as the vote step needs it.

    The proposer is not called to a vote on a proposal of their own. Somebody who both chairs and is a member is
    called once. Raises :class:`WrongState` when nobody could be called.
    """
    called: dict[int, dict[str, Any]] = {}
    holdings = (
        RoleHolding.objects.current(act.today)
        .ordinary()
        .filter(body_id=act.profile.steering_body_id, role__in=VOTING_ROLES)
        .order_by("role", "pk")
    )
    for holding in holdings:
        if holding.person_id != act.case.created_by_id:
            called.setdefault(
                holding.person_id,
                {"member": holding.person_id, "role": holding.role, "party": holding.represents_id},
            )
    if not called:
        raise WrongState(_("Styrgruppen har inga ledamöter som kan rösta. Lägg till ledamöter först."))
    number = act.case.deliberations.count() + 1
    deliberation = Deliberation.objects.create(
        case=act.case,
        body_id=act.profile.steering_body_id,
        number=number,
        members=len(called),
        quorum=act.profile.rules.deliberation.members_needed(len(called)),
        opened_at=act.now,
    )
    act.record("deliberation_opened", number=number, members=len(called))
    return [{"deliberation": deliberation.pk, **datum} for datum in called.values()]
