"""Who counts when an item is settled: deputies of members with a conflict, and each party where each has to say yes."""

from __future__ import annotations

import pytest

from cases.errors import InvalidInput
from cases.models import DeliberationOutcome, Role, VoteChoice
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall
from tests.world import build_world
from workflows.meetings import votes

pytestmark = pytest.mark.django_db


def hall_with(rules: str) -> Hall:
    return Hall(
        build_world(
            profile=MEETING_PROFILE.replace(
                "{quorum: 0.5, rule: simple, procedure: meeting}", f"{{{rules}, procedure: meeting}}"
            )
        )
    )


def test_a_deputy_who_votes_for_a_member_with_a_conflict_makes_the_quorum_of_all() -> None:
    hall = hall_with("quorum: 1.0, rule: simple")
    world = hall.world
    world.add_person("dep-lk", "lk")
    world.give(
        "dep-lk", Role.STEERING_MEMBER, world.council,
        represents=world.organisations["lk"], deputy_for=world.person("mem-lk"),
    )  # fmt: skip
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    votes.declare_conflict(
        meeting_id=meeting.pk, item_id=item.pk, actor=hall.person("mem-lk"), reason="Leder enheten.",
        now=world.tick(minutes=1),
    )  # fmt: skip
    hall.vote(item, "dep-lk", VoteChoice.FOR)
    hall.vote(item, "chair", VoteChoice.FOR)
    settled = hall.settle(item)  # mem-liu is there and does not vote: all three seats take part
    assert settled.outcome == "recommend"


def test_where_each_party_has_to_say_yes_none_does_so_in_its_absence() -> None:
    hall = hall_with("quorum: 0.5, rule: each_party")
    (case,) = hall.waiting()
    meeting = hall.opened([case], absent=("mem-liu",))
    item = hall.take_up(meeting, case)
    with pytest.raises(InvalidInput, match="Rösterna"):
        hall.settle(item)
    hall.call_the_roll(meeting)
    assert hall.settle(item, DeliberationOutcome.RECOMMEND).outcome == "recommend"
