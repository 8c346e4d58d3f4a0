"""Random legal people walk the main flow: whatever they choose, the case ends and nothing that must hold breaks.

The invariants (``workflows.demo.invariants``) are asked after every act: somebody can act or a timer is set, no task
is open in a closed or resting case, every event chain verifies, stages move along legal edges only, the register has
no gaps, and what the policy refuses changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Role
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall, seat_the_board
from tests.world import PROFILE, START, build_world
from workflows.demo.walk import Walker

pytestmark = pytest.mark.django_db

_CHAINS = """chains:
  lk:
    - {{id: tjansteskrivelse, title: Tjänsteskrivelse, kind: prepare, role: coordinator, organisation: lk}}{middle}
    - {{id: sist, title: Beslut, {last}, role: decision_maker, may_refer_back_to: [tjansteskrivelse]}}
  liu:
    - {{id: rektor, title: Rektor, kind: decide, role: decision_maker, organisation: liu}}
"""
_AT_MEETING = "body: ks-lk, deliberation: {{rule: {rule}, casting_vote: {casting}, procedure: meeting, adjusters: 1, ballot: {ballot}}}"


def profile_of(
    *, rule: str, casting: bool, procedure: str, ballot: str, quorum: float, middle: str, last: str
) -> str:
    """A profile with those rules, in the joint body and in the body of the municipality's chain."""
    told = str(casting).lower()
    at_meeting = _AT_MEETING.format(rule=rule, casting=told, ballot=ballot)
    ends = {
        "decide": "kind: decide, body: ks-lk",
        "decide at meeting": f"kind: decide, {at_meeting}",
        "delegate": "kind: delegate, organisation: lk, report_to: ks-lk",
    }
    step = (
        f"\n    - {{id: mitt, title: Yttrande, kind: {middle}, role: decision_maker, {at_meeting}}}"
        if middle
        else ""
    )
    rules = (
        f"{{quorum: {quorum}, rule: {rule}, casting_vote: {told}, procedure: {procedure}, ballot: {ballot}}}"
    )
    before, _chains = PROFILE.split("chains:")
    before = before.replace("{quorum: 0.5, rule: simple}", rules)
    return before + _CHAINS.format(middle=step, last=ends[last])


UNANIMOUS = PROFILE.replace("rule: simple", "rule: unanimous")
TWO_THIRDS = PROFILE.replace("rule: simple", "rule: two_thirds").replace("quorum: 0.5", "quorum: 1.0")


def walk(draw: Callable[[int], int], *, parties: int = 2, profile: str = PROFILE, cases: int = 1) -> Walker:
    world = build_world(parties=parties, profile=profile)
    seat_the_board(Hall(world))
    for name, member in (("dep-liu", "mem-liu"), ("dep-lk", "mem-lk")):
        party = member.removeprefix("mem-")
        world.add_person(name, party)
        world.give(
            name, Role.STEERING_MEMBER, world.council,
            represents=world.organisations[party], deputy_for=world.person(member),
        )  # fmt: skip
    world.add_person("director", "lk")
    world.give("director", Role.DECISION_MAKER, world.organisations["lk"])
    walker = Walker(draw, now=START, cases=cases)
    walker.run(limit=5000)
    return walker


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(data=st.data(), parties=st.sampled_from([2, 3]))
def test_every_walk_ends_and_breaks_nothing(data: st.DataObject, parties: int) -> None:
    # The first choices of a walk are hypothesis's own, to be shrunk; the tail is drawn from a seed of its choosing.
    rest = random.Random(data.draw(st.integers(0, 2**32 - 1)))
    drawn = 0

    def draw(n: int) -> int:
        nonlocal drawn
        drawn += 1
        return data.draw(st.integers(0, n - 1)) if drawn <= 40 else rest.randrange(n)

    with transaction.atomic():
        walker = walk(draw, parties=parties)
        transaction.set_rollback(True)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 1


@pytest.mark.long_walk
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(
    profile=st.builds(
        profile_of,
        rule=st.sampled_from(["simple", "two_thirds", "unanimous", "each_party"]),
        casting=st.booleans(),
        procedure=st.sampled_from(["written", "meeting"]),
        ballot=st.sampled_from(["open", "closed"]),
        quorum=st.sampled_from([0.5, 0.6, 1.0]),
        middle=st.sampled_from(["", "endorse", "propose"]),
        last=st.sampled_from(["decide", "decide at meeting", "delegate"]),
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_walk_ends_under_every_profile(profile: str, seed: int) -> None:
    with transaction.atomic():
        walker = walk(random.Random(seed).randrange, profile=profile)
        transaction.set_rollback(True)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 1


@pytest.mark.long_walk
def test_many_cases_share_the_meetings_of_two_bodies() -> None:
    walker = walk(random.Random(2).randrange, profile=MEETING_PROFILE, cases=4)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 4
    assert {"settle recommend", "close meeting", "call the roll"} <= set(walker.acts)


@pytest.mark.long_walk
@pytest.mark.parametrize("profile", [UNANIMOUS, TWO_THIRDS], ids=["unanimous", "two thirds, everybody"])
def test_every_walk_ends_under_other_rules_of_voting(profile: str) -> None:
    walker = walk(random.Random(4).randrange, profile=profile, cases=4)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 4


@pytest.mark.long_walk
def test_many_cases_at_once_share_the_people_and_the_register() -> None:
    walker = walk(random.Random(11).randrange, cases=6)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 6
