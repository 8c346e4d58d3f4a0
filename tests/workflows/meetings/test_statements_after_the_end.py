"""A member can dissent from the very decision that ended the case; a body that is first in its chain can amend."""

from __future__ import annotations

from cases.models import DeliberationOutcome, Role, StatementKind, VoteChoice
from tests.workflows.meetings.hall import MEETING_PROFILE, Hall, seat_the_board
from tests.world import build_world
from workflows.meetings import attendance, votes

OUT = DeliberationOutcome


def test_a_member_dissents_from_a_decision_that_closed_the_case(hall: Hall) -> None:
    (case,) = hall.waiting()
    item = hall.take_up(hall.opened([case]), case)
    hall.vote(item, "mem-lk", VoteChoice.FOR)
    for name in ("chair", "mem-liu"):
        hall.vote(item, name, VoteChoice.AGAINST)
    settled = hall.settle(item, OUT.DECLINE, reasons="Rådet ser ingen nytta.")
    case.refresh_from_db()
    assert case.is_closed
    assert settled.deliberation is not None
    row = votes.make_statement(
        deliberation_id=settled.deliberation.pk, actor=hall.person("mem-lk"), kind=StatementKind.DISSENT,
        text="Förslaget borde ha tillstyrkts.", now=hall.world.tick(minutes=1),
    )  # fmt: skip
    assert row.text == "Förslaget borde ha tillstyrkts."


def test_a_body_that_is_the_first_step_of_its_chain_can_amend_what_the_parties_prepared(db: None) -> None:
    lines = [line for line in MEETING_PROFILE.splitlines() if "id: tjansteskrivelse" not in line]
    chain_of_one = "\n".join(lines).replace(",\n       may_refer_back_to: [tjansteskrivelse]", "")
    hall = Hall(build_world(profile=chain_of_one))
    seat_the_board(hall)
    (case,) = hall.waiting()
    hall.settle(hall.take_up(hall.opened([case]), case))
    hall.world.act(case, "agreement_need", needed=False)
    hall.body = hall.world.board
    secretary = hall.world.people_ids["secretary"]
    hall.world.people_ids["secretary"] = hall.world.people_ids["ks-secretary"]
    chair = hall.world.people_ids["chair"]
    hall.world.people_ids["chair"] = hall.world.people_ids["ks-chair"]
    item = hall.take_up(hall.opened([case]), case)
    hall.settle(item, OUT.RECOMMEND_AMENDED, decision_text="Kommunen medverkar i en pilot.")
    hall.world.people_ids |= {"secretary": secretary, "chair": chair}
    decision = case.decisions.get(party=hall.world.organisations["lk"])
    assert (decision.outcome, decision.text, decision.is_final) == (
        "approve_amended",
        "Kommunen medverkar i en pilot.",
        True,
    )


def test_a_deputy_who_does_not_come_is_not_asked_for_another_seat(hall: Hall) -> None:
    world = hall.world
    for order, name in enumerate(("dep-one", "dep-two"), 1):
        world.add_person(name, "lk")
        for member in ("mem-lk", "mem-liu"):
            world.give(
                name, Role.STEERING_MEMBER, world.council, represents=world.organisations["lk"],
                deputy_for=world.person(member), deputy_order=order,
            )  # fmt: skip
    (case,) = hall.waiting()
    meeting = hall.called([case])

    def answer(name: str, *, accept: bool) -> None:
        attendance.answer_notice(
            meeting_id=meeting.pk, actor=hall.person(name), accept=accept, now=world.tick(minutes=1)
        )

    answer("mem-lk", accept=False)
    answer("dep-one", accept=False)
    answer("dep-two", accept=True)
    answer("mem-liu", accept=False)
    assert hall.seat(meeting, "mem-lk").serving_id == world.people_ids["dep-two"]
    assert not hall.seat(meeting, "mem-liu").calls.exists()
