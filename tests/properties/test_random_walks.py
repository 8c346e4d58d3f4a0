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

from tests.world import PROFILE, START, build_world
from workflows.demo.walk import Walker

pytestmark = pytest.mark.django_db

UNANIMOUS = PROFILE.replace("rule: simple", "rule: unanimous")
TWO_THIRDS = PROFILE.replace("rule: simple", "rule: two_thirds").replace("quorum: 0.5", "quorum: 1.0")


def walk(draw: Callable[[int], int], *, parties: int = 2, profile: str = PROFILE, cases: int = 1) -> Walker:
    build_world(parties=parties, profile=profile)
    walker = Walker(draw, now=START, cases=cases)
    walker.run(limit=5000)
    return walker


@settings(
    max_examples=12,
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


@pytest.mark.parametrize("profile", [UNANIMOUS, TWO_THIRDS], ids=["unanimous", "two thirds, everybody"])
def test_every_walk_ends_under_other_rules_of_voting(profile: str) -> None:
    walker = walk(random.Random(4).randrange, profile=profile, cases=6)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 6


def test_many_cases_at_once_share_the_people_and_the_register() -> None:
    walker = walk(random.Random(11).randrange, cases=12)
    assert [str(violation) for violation in walker.violations] == []
    assert len(walker.ended) + walker.discarded == 12
