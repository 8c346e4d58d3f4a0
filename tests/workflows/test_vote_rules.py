"""How a body votes (section 5): a table written by hand, and the same rules told once more seat by seat.

Neither is taken from the code. What is doubtful stands as a row: an abstention takes part but does not count, a member
with a conflict counts nowhere, without a casting vote a tie falls, between two wordings too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import DeliberationOutcome as Out
from workflows.deliberation import Tally
from workflows.profile import DeliberationRules

#: What can always be done, quorum or not: nothing of it settles the matter itself.
ALWAYS = {Out.PREPARE_AGAIN, Out.HEAR_AGAIN, Out.REFER_BACK, Out.TABLE}
LETTERS = {"R": Out.RECOMMEND, "A": Out.RECOMMEND_AMENDED, "D": Out.DECLINE, "N": Out.NOTE}
ONE, OTHER = 1, 2

# rule: the majority; "/c" the chair has a casting vote, "/-" not. share: the quorum. seats: members called.
# out: with a conflict of interest. for, amd, agn, abs: votes for, for with amendment, against, abstentions.
# there: seats filled at the meeting, "-" in writing. party: whether each party says yes (at a meeting without votes: is there).
# Then what follows: quorum, carried (tie: the casting vote decides), and what can be concluded: Recommend, recommend
# Amended, Decline, Note; "." is nothing but what can always be done.
TABLE = """
rule          share seats out for amd agn abs there party | quorum carried outcomes
simple/c      0.5       5   0   3   0   0   0     -   all | yes    yes     R
simple/c      0.5       5   0   3   0   2   0     -   all | yes    yes     R
simple/c      0.5       5   0   2   0   3   0     -   all | yes    no      D
simple/c      0.5       5   0   0   0   3   0     -   all | yes    no      DN
simple/c      0.5       5   0   2   0   0   0     -   all | no     yes     .
simple/c      0.5       5   0   2   0   0   1     -   all | yes    yes     R
simple/c      0.5       5   0   1   0   1   1     -   all | yes    tie     RD
simple/c      0.5       5   0   0   0   0   3     -   all | yes    tie     RDN
simple/c      0.5       5   0   2   0   2   0     -   all | yes    tie     RD
simple/c      0.5       5   0   2   0   2   1     -   all | yes    tie     RD
simple/c      0.5       5   0   0   0   0   0     -   all | no     tie     .
simple/c      0.5       4   0   2   0   0   0     -   all | no     yes     .
simple/c      0.5       4   0   2   0   1   0     -   all | yes    yes     R
simple/c      0.5       6   0   3   0   0   0     -   all | no     yes     .
simple/c      0.5       6   0   3   0   3   0     -   all | yes    tie     RD
simple/c      0.5       6   0   4   0   2   0     -   all | yes    yes     R
simple/c      0.5      14   0   7   0   0   0     -   all | no     yes     .
simple/c      0.5      14   0   5   0   2   1     -   all | yes    yes     R
simple/c      0.5       5   1   2   0   1   0     -   all | yes    yes     R
simple/c      0.5       5   1   2   0   0   0     -   all | no     yes     .
simple/c      0.5       5   2   2   0   0   0     -   all | yes    yes     R
simple/c      0.5       5   2   1   0   0   0     -   all | no     yes     .
simple/c      0.5       5   4   1   0   0   0     -   all | yes    yes     R
simple/c      0.5       5   5   0   0   0   0     -   all | no     tie     .
simple/c      0.5       3   1   1   0   1   0     -   all | yes    tie     RD
simple/c      0.5       1   0   1   0   0   0     -   all | yes    yes     R
simple/c      0.5       1   0   0   0   1   0     -   all | yes    no      DN
simple/c      0.5       5   0   1   2   0   0     -   all | yes    yes     A
simple/c      0.5       5   0   2   1   0   0     -   all | yes    yes     R
simple/c      0.5       5   0   0   3   2   0     -   all | yes    yes     A
simple/c      0.5       5   0   2   2   1   0     -   all | yes    yes     RA
simple/c      0.5       5   0   1   1   2   0     -   all | yes    tie     RAD
simple/c      0.5       5   0   0   2   3   0     -   all | yes    no      D
simple/c      0.5       5   0   1   1   3   0     -   all | yes    no      D
simple/c      0.5       5   0   0   2   2   1     -   all | yes    tie     AD
simple/-      0.5       5   0   2   0   2   0     -   all | yes    no      D
simple/-      0.5       5   0   0   0   0   3     -   all | yes    no      DN
simple/-      0.5       5   0   2   2   1   0     -   all | yes    yes     R
simple/-      0.5       5   0   1   2   1   0     -   all | yes    yes     A
simple/-      0.5       5   0   3   0   2   0     -   all | yes    yes     R
simple/-      0.5       5   0   1   1   2   0     -   all | yes    no      D
two_thirds/c  0.5       6   0   4   0   2   0     -   all | yes    yes     R
two_thirds/c  0.5       6   0   3   0   2   0     -   all | yes    no      D
two_thirds/c  0.5       6   0   2   0   1   1     -   all | yes    yes     R
two_thirds/c  0.5       6   0   3   0   3   0     -   all | yes    no      D
two_thirds/c  0.5       6   0   0   0   0   4     -   all | yes    no      DN
two_thirds/c  0.5       6   0   1   0   0   3     -   all | yes    yes     R
two_thirds/c  0.5       6   0   2   2   2   0     -   all | yes    yes     RA
two_thirds/-  0.5       6   0   2   2   2   0     -   all | yes    yes     R
two_thirds/c  0.5       6   0   1   3   2   0     -   all | yes    yes     A
two_thirds/c  0.5       7   0   4   0   3   0     -   all | yes    no      D
two_thirds/c  0.5       9   0   6   0   3   0     -   all | yes    yes     R
two_thirds/c  0.5       9   0   5   0   3   0     -   all | yes    no      D
unanimous/c   0.5       5   0   5   0   0   0     -   all | yes    yes     R
unanimous/c   0.5       5   0   4   0   1   0     -   all | yes    no      D
unanimous/c   0.5       5   0   2   0   0   1     -   all | yes    yes     R
unanimous/c   0.5       5   0   0   0   0   3     -   all | yes    no      DN
unanimous/c   0.5       5   1   4   0   0   0     -   all | yes    yes     R
unanimous/c   0.5       5   0   2   1   0   0     -   all | yes    yes     R
unanimous/c   0.5       5   0   0   3   0   0     -   all | yes    yes     A
unanimous/c   0.5       5   0   0   0   5   0     -   all | yes    no      DN
each_party/c  0.5       6   0   4   0   0   0     -   all | yes    yes     R
each_party/c  0.5       6   0   3   0   1   2     -   one | yes    no      D
each_party/c  0.5       6   0   5   0   0   1     -   one | yes    no      D
each_party/c  0.5       6   0   3   0   3   0     -   all | yes    tie     RD
each_party/c  0.5       6   0   3   0   3   0     -   one | yes    no      D
each_party/c  0.5       6   0   2   0   3   0     -   all | yes    no      D
each_party/c  0.5       6   0   2   2   1   0     -   all | yes    yes     RA
each_party/-  0.5       6   0   3   0   3   0     -   all | yes    no      D
each_party/c  0.5       6   0   0   0   0   4     -   one | yes    no      DN
simple/c      0.6       5   0   2   0   0   0     -   all | no     yes     .
simple/c      0.6       5   0   2   0   1   0     -   all | yes    yes     R
simple/c      0.6       6   0   3   0   0   0     -   all | no     yes     .
simple/c      0.6       6   0   4   0   0   0     -   all | yes    yes     R
simple/c      1.0       5   0   4   0   0   0     -   all | no     yes     .
simple/c      1.0       5   0   5   0   0   0     -   all | yes    yes     R
simple/c      1.0       5   1   4   0   0   0     -   all | yes    yes     R
simple/c      0.28     25   0   7   0   0   0     -   all | yes    yes     R
simple/c      0.28     25   0   6   0   0   0     -   all | no     yes     .
simple/c      0.56     25   0  14   0   0   0     -   all | yes    yes     R
simple/c      0.75      4   0   3   0   0   0     -   all | yes    yes     R
simple/c      0.34      3   0   1   0   0   0     -   all | no     yes     .
simple/c      0.1       5   0   1   0   0   0     -   all | yes    yes     R
simple/c      0.5       5   0   0   0   0   0     3   all | yes    tie     RADN
simple/c      0.5       5   0   0   0   0   0     2   all | no     tie     .
simple/c      0.5       5   0   2   0   1   0     5   all | yes    yes     R
simple/c      0.5       5   0   1   0   0   0     3   all | yes    yes     R
simple/c      0.5       5   0   2   0   0   0     2   all | no     yes     .
simple/c      0.5       5   0   2   0   1   0     2   all | yes    yes     R
simple/c      0.5       5   1   0   0   0   0     3   all | yes    tie     RADN
simple/c      0.5       5   2   0   0   0   0     2   all | yes    tie     RADN
simple/c      0.5       5   5   0   0   0   0     0   all | no     tie     .
simple/c      0.5       5   0   2   0   2   0     5   all | yes    tie     RD
simple/-      0.5       5   0   2   0   2   0     5   all | yes    no      D
simple/c      0.5       5   0   0   0   0   1     5   all | yes    tie     RDN
simple/c      0.5       5   0   0   1   0   0     5   all | yes    yes     A
simple/c      0.6       5   0   0   0   0   0     3   all | yes    tie     RADN
simple/c      0.6       5   0   0   0   0   0     2   all | no     tie     .
two_thirds/c  0.5       6   0   0   0   0   0     6   all | yes    no      RADN
unanimous/c   0.5       6   0   0   0   0   0     6   all | yes    no      RADN
unanimous/c   0.5       6   0   5   0   1   0     6   all | yes    no      D
each_party/c  0.5       6   0   0   0   0   0     4   all | yes    tie     RADN
each_party/c  0.5       6   0   0   0   0   0     4   one | yes    no      DN
each_party/c  0.5       6   0   4   0   0   0     6   one | yes    no      D
each_party/c  0.5       6   0   4   0   0   0     6   all | yes    yes     R
"""


class Row(NamedTuple):
    tally: Tally
    has_quorum: bool
    carried: bool | None
    outcomes: set[Out]


def row_of(line: str) -> Row:
    told, follows = line.split("|")
    name, share, *numbers, there, party = told.split()
    rule, casting = name.split("/")
    seats, out, votes_for, amended, against, abstained = map(int, numbers)
    has_quorum, carried, letters = follows.split()
    saying_yes = frozenset({ONE, OTHER} if party == "all" else {ONE})
    rules = DeliberationRules.model_validate(
        {"rule": rule, "quorum": float(share), "casting_vote": casting == "c"}
    )
    tally = Tally(
        called=seats,
        votes_for=votes_for,
        votes_amended=amended,
        votes_against=against,
        abstained=abstained,
        recused=out,
        present=None if there == "-" else int(there),
        rules=rules,
        parties=frozenset({ONE, OTHER}),
        parties_for=saying_yes,
        parties_present=saying_yes,
    )
    outcomes = {LETTERS[letter] for letter in letters if letter != "."}
    return Row(
        tally, has_quorum == "yes", {"yes": True, "no": False, "tie": None}[carried], outcomes | ALWAYS
    )


ROWS = TABLE.strip().splitlines()[1:]


def test_the_table_holds_every_rule_with_many_votes() -> None:
    assert len(ROWS) >= 100
    assert len(set(ROWS)) == len(ROWS)
    assert {line.split("/")[0] for line in ROWS} == {"simple", "two_thirds", "unanimous", "each_party"}


@pytest.mark.parametrize("line", ROWS)
def test_a_row_of_the_table(line: str) -> None:
    tally, has_quorum, carried, outcomes = row_of(line)
    assert tally.has_quorum is has_quorum
    assert tally.carried is carried
    assert set(tally.allowed_outcomes()) == outcomes
    assert len(tally.allowed_outcomes()) == len(outcomes)


# The rules once more, seat by seat, in fractions.

Does = Literal["for", "amended", "against", "abstains", "silent", "away", "out"]


@dataclass(frozen=True)
class Seat:
    """A seat: for which party, and what whoever fills it does. In writing the silent are as the absent."""

    party: int | None
    does: Does

    @property
    def says_yes(self) -> bool:
        return self.does in ("for", "amended")

    @property
    def votes(self) -> bool:
        return self.does in ("for", "amended", "against", "abstains")


@dataclass(frozen=True)
class Vote:
    """A whole vote: the seats, at a meeting or in writing, and the rules."""

    seats: tuple[Seat, ...]
    at_meeting: bool
    rules: DeliberationRules

    def count(self, does: Does) -> int:
        return sum(seat.does == does for seat in self.seats)

    def tally(self) -> Tally:
        """As the code is given it."""
        there = [seat for seat in self.seats if seat.does not in ("away", "out")]
        return Tally(
            called=len(self.seats),
            votes_for=self.count("for"),
            votes_amended=self.count("amended"),
            votes_against=self.count("against"),
            abstained=self.count("abstains"),
            recused=self.count("out"),
            present=len(there) if self.at_meeting else None,
            rules=self.rules,
            parties=frozenset(s.party for s in self.seats if s.party is not None and s.does != "out"),
            parties_for=frozenset(s.party for s in self.seats if s.party is not None and s.says_yes),
            parties_present=frozenset(s.party for s in there if s.party is not None),
        )

    def quorum(self) -> bool:
        eligible = [seat for seat in self.seats if seat.does != "out"]
        takes_part = [s for s in eligible if s.votes or (self.at_meeting and s.does == "silent")]
        share = Fraction(str(self.rules.quorum))
        if not eligible or not takes_part:
            return False
        part = Fraction(len(takes_part), len(eligible))
        return part > share if share == Fraction(1, 2) else part >= share

    def carried(self) -> bool | None:
        yes = sum(seat.says_yes for seat in self.seats)
        no = self.count("against")
        if self.rules.rule == "unanimous":
            return yes > 0 and no == 0
        if self.rules.rule == "two_thirds":
            return yes > 0 and Fraction(yes, yes + no) >= Fraction(2, 3)
        if self.rules.rule == "each_party":
            parties = {s.party for s in self.seats if s.does != "out"} - {None}
            if any(not any(s.party == party and s.says_yes for s in self.seats) for party in parties):
                return False
        if yes == no:
            return None if self.rules.casting_vote else False
        return yes > no

    def decisive(self) -> set[Out]:
        """What of the matter itself can be concluded."""
        if not self.quorum():
            return set()
        yes_side = self._yes_side()
        if self.at_meeting and not any(seat.votes for seat in self.seats):
            return {*yes_side, Out.DECLINE, Out.NOTE}
        outcomes = {Out.NOTE} if not any(seat.says_yes for seat in self.seats) else set()
        if self.carried() is not False:
            outcomes |= yes_side
        if self.carried() is not True:
            outcomes |= {Out.DECLINE}
        return outcomes

    def _yes_side(self) -> set[Out]:
        as_proposed, amended = self.count("for"), self.count("amended")
        if self.at_meeting and not any(seat.votes for seat in self.seats):
            eligible = {s.party for s in self.seats if s.does != "out"} - {None}
            there = {s.party for s in self.seats if s.does == "silent"} - {None}
            lacking = self.rules.rule == "each_party" and eligible - there
            return set() if lacking else {Out.RECOMMEND, Out.RECOMMEND_AMENDED}
        if amended > as_proposed:
            return {Out.RECOMMEND_AMENDED}
        if amended == as_proposed and amended > 0 and self.rules.casting_vote:
            return {Out.RECOMMEND, Out.RECOMMEND_AMENDED}
        return {Out.RECOMMEND}

    def with_seat(self, at: int, does: Does) -> Vote:
        seats = list(self.seats)
        seats[at] = replace(seats[at], does=does)
        return replace(self, seats=tuple(seats))


_does: st.SearchStrategy[Any] = st.sampled_from(
    ["for", "amended", "against", "abstains", "silent", "away", "out"]
)
_rules = st.builds(
    DeliberationRules,
    rule=st.sampled_from(["simple", "two_thirds", "unanimous", "each_party"]),
    casting_vote=st.booleans(),
    quorum=st.integers(1, 100).map(lambda percent: percent / 100) | st.just(0.5),
)
_votes = st.builds(
    Vote,
    seats=st.lists(st.builds(Seat, st.sampled_from([ONE, OTHER, None]), _does), min_size=1, max_size=30).map(
        tuple
    ),
    at_meeting=st.booleans(),
    rules=_rules,
)


@given(_votes)
def test_the_tally_says_what_the_seats_say(vote: Vote) -> None:
    tally = vote.tally()
    assert tally.has_quorum == vote.quorum()
    assert tally.carried == vote.carried()
    assert set(tally.allowed_outcomes()) == vote.decisive() | ALWAYS


#: Not carried, a tie, carried.
_RANK = {False: 0, None: 1, True: 2}


@given(_votes, st.data())
def test_one_more_vote_for_never_loses_what_was_carried(vote: Vote, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(vote.seats) - 1))
    if vote.seats[at].does == "out":
        return
    more = vote.with_seat(at, data.draw(st.sampled_from(["for", "amended"])))
    assert _RANK[more.tally().carried] >= _RANK[vote.tally().carried]
    assert more.tally().has_quorum >= vote.tally().has_quorum


@given(_votes, st.data())
def test_one_more_vote_against_never_carries(vote: Vote, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(vote.seats) - 1))
    if vote.seats[at].does == "out":
        return
    fewer = vote.with_seat(at, "against")
    assert _RANK[fewer.tally().carried] <= _RANK[vote.tally().carried]


@given(_votes, st.data())
def test_a_conflict_of_somebody_who_takes_part_never_makes_a_quorum(vote: Vote, data: st.DataObject) -> None:
    taking = [n for n, seat in enumerate(vote.seats) if seat.votes]
    if not taking:
        return
    out = vote.with_seat(data.draw(st.sampled_from(taking)), "out")
    assert out.tally().has_quorum <= vote.tally().has_quorum


@given(_votes)
def test_nobody_who_is_out_is_counted_anywhere(vote: Vote) -> None:
    without = replace(vote, seats=tuple(seat for seat in vote.seats if seat.does != "out"))
    assert _what_follows(vote) == _what_follows(without)


@given(_votes)
def test_the_casting_vote_is_asked_for_at_a_tie_only(vote: Vote) -> None:
    tally = vote.tally()
    both = {Out.RECOMMEND, Out.DECLINE} <= set(tally.allowed_outcomes()) or {
        Out.RECOMMEND_AMENDED,
        Out.DECLINE,
    } <= set(tally.allowed_outcomes())
    if both and not tally.acclaimed:
        assert tally.in_favour == tally.votes_against
        assert vote.rules.casting_vote


@given(st.integers(1, 200), st.integers(1, 100))
def test_the_share_of_a_quorum_is_rounded_up_to_whole_members(called: int, percent: int) -> None:
    needed = DeliberationRules(quorum=percent / 100).members_needed(called)
    share = Fraction(percent, 100)
    if percent == 50:
        assert Fraction(needed, called) > share >= Fraction(needed - 1, called)
    else:
        assert Fraction(needed, called) >= share > Fraction(needed - 1, called)


def _what_follows(vote: Vote) -> tuple[bool, bool | None, Sequence[Out]]:
    tally = vote.tally()
    return tally.has_quorum, tally.carried, sorted(tally.allowed_outcomes())
