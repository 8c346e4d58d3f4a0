"""A conflict of interest stands: in the next deliberation the member is not asked again, the deputy is (section 5)."""

from __future__ import annotations

import pytest

from cases.models import Case, DeliberationOutcome, Role, VoteChoice
from tests.world import World
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


def prepared_again(world: World, *, conflicted: tuple[str, ...]) -> Case:
    """A case whose council is to vote for the second time; some declared a conflict in the first vote."""
    case = world.submitted()
    world.advance(case, to="vote")
    for name in conflicted:
        world.act(case, "vote", by=name, choice=VoteChoice.RECUSED, reasons="Jag leder enheten.")
    world.advance(case, to="conclude")
    world.act(
        case,
        "conclude",
        outcome=DeliberationOutcome.PREPARE_AGAIN,
        reasons="Kostnaderna saknas i underlaget.",
    )
    world.advance(case, to="vote")
    return case


def asked(world: World, case: Case) -> set[str]:
    names = {pk: name for name, pk in world.people_ids.items()}
    return {names[item.owner_id] for item in world.open_items(case, "vote") if item.owner_id is not None}


def test_a_member_with_a_conflict_is_not_asked_again_and_does_not_count(world: World) -> None:
    case = prepared_again(world, conflicted=("mem-lk",))
    assert asked(world, case) == {"chair", "mem-liu"}
    again = case.deliberations.latest("number")
    assert again.members == 3
    assert [(vote.member_id, vote.choice, vote.reasons) for vote in again.votes.all()] == [
        (world.people_ids["mem-lk"], "recused", "Jag leder enheten.")
    ]


def test_the_deputy_of_a_member_with_a_conflict_is_asked_from_the_beginning(world: World) -> None:
    world.add_person("dep-lk", "lk")
    case = prepared_again(world, conflicted=("mem-lk",))
    assert asked(world, case) == {"chair", "mem-liu"}
    world.give(
        "dep-lk", Role.STEERING_MEMBER, world.council,
        represents=world.organisations["lk"], deputy_for=world.person("mem-lk"),
    )  # fmt: skip
    world.act(case, "vote", by="chair")
    world.act(case, "vote", by="mem-liu")
    world.act(
        case,
        "conclude",
        outcome=DeliberationOutcome.PREPARE_AGAIN,
        reasons="Kostnaderna saknas i underlaget.",
    )
    world.advance(case, to="vote")
    assert asked(world, case) == {"chair", "mem-liu", "dep-lk"}
    vote = world.act(case, "vote", by="dep-lk", choice=VoteChoice.AGAINST)
    assert (vote.member_id, vote.cast_by_id) == (world.people_ids["mem-lk"], world.people_ids["dep-lk"])


def test_one_deputy_of_two_members_with_a_conflict_votes_once(world: World) -> None:
    world.add_person("dep", "lk")
    for member in ("mem-lk", "mem-liu"):
        world.give(
            "dep", Role.STEERING_MEMBER, world.council,
            represents=world.organisations[member.removeprefix("mem-")], deputy_for=world.person(member),
        )  # fmt: skip
    case = world.submitted()
    world.advance(case, to="vote")
    for member in ("mem-lk", "mem-liu"):
        world.act(case, "vote", by=member, choice=VoteChoice.RECUSED, reasons="Jag leder enheten.")
    assert asked(world, case) == {"chair", "dep"}
    assert WorkItem.objects.filter(case=case, step="vote", open=True).count() == 2
    world.act(case, "vote", by="dep")
    world.act(case, "vote", by="chair")
    assert world.open_items(case, "conclude")
