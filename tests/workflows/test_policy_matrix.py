"""Who may do what, walked through real requests: every role, every step and case act, allowed and denied.

The expectations are written out by hand from DOMAIN.md section 7, not read from the policy: the two must agree.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case, CaseEvent, DeliberationOutcome
from tests.posts import client_of, usual_post
from tests.world import World, build_world
from workflows import case_acts, policy
from workflows.act import access_for
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.referral_acts import close_referral
from workflows.referral_sending import Recipient
from workflows.steps.screen import ScreenOutcome

pytestmark = pytest.mark.django_db

#: Of each role one person who holds nothing else, at the municipality where roles are a party's.
PEOPLE = [
    "proposer",
    "contact-lk",
    "contact-liu",
    "coordinator",
    "reg-lk",
    "reg-liu",
    "counsel-lk",
    "counsel-liu",
    "mem-lk",
    "mem-liu",
    "chair",
    "secretary",
    "clerk-lk",
    "board-lk",
    "decider-liu",
    "sign-lk",
    "sign-liu",
    "lead-lk",
    "reporter",
    "auditor",
    "administrator",
    "outsider",
]
UNSEEING = {"administrator", "outsider"}
#: Those who belong to the municipality by a role, and so know of its own preparation.
OF_LK = {name for name in PEOPLE if name.endswith("-lk")} | {"coordinator", "chair", "secretary", "reporter"}

#: The person whose task it is, by step; for steps of several parties or members the one of the municipality.
DOERS = {
    "screen": "coordinator",
    "complete": "proposer",
    "register": "reg-lk",
    "statement": "contact-lk",
    "prepare": "coordinator",
    "vote": "mem-lk",
    "conclude": "chair",
    "agreement_need": "coordinator",
    "draft_agreement": "coordinator",
    "review_agreement": "counsel-lk",
    "decide": "clerk-lk",
    "sign": "sign-lk",
    "report": "reporter",
    "closing_report": "coordinator",
    "answer": "proposer",
    "referral_answer": "board-lk",
    "compile_referral": "coordinator",
}


@pytest.fixture
def world() -> World:
    world = build_world()
    world.add_person("reporter", "lk", full_name="Rut Reporter")
    return world


def case_at(world: World, step: str) -> tuple[Case, WorkItem]:
    case = world.submitted()
    if step == "complete":
        world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Mer.")
    elif step == "answer":
        case_acts.ask_proposer(case_id=case.pk, actor=world.person("coordinator"), text="?", now=world.tick())
    elif step in ("referral_answer", "compile_referral"):
        world.refer(case, Recipient(body=world.board))
        if step == "compile_referral":
            close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    elif step in ("report", "closing_report"):
        world.advance(case, to="prepare")
        world.act(case, "prepare", reporter=world.person("reporter"))
        world.advance(case, to="report")
        if step == "closing_report":
            world.act(case, "report", status="done")
    else:
        world.advance(case, to=step)
    return case, world.item_of(case, step, DOERS[step])


def sees_case(world: World, name: str, case: Case) -> bool:
    if name == "reporter":
        return case.holdings.filter(person_id=world.people_ids["reporter"]).exists()
    return name not in UNSEEING


def denied_status(world: World, name: str, case: Case, item: WorkItem) -> int:
    if not sees_case(world, name, case):
        return 404
    if item.step == "decide" and name not in OF_LK:
        return 404
    return 403


def test_every_step_of_the_flow_is_in_the_matrix() -> None:
    # What a body settles at a meeting is done at the meeting: tests/workflows/meetings/test_rights.py
    assert set(DOERS) | {"at_meeting"} == {action.value for action in policy.STEP_ACTIONS}


@pytest.mark.parametrize("step", sorted(DOERS))
def test_a_step_is_open_to_its_doer_and_closed_to_everybody_else(world: World, step: str) -> None:
    case, item = case_at(world, step)
    url, post = reverse("work-item", args=[item.pk]), usual_post(world, item)
    before = CaseEvent.objects.filter(case=case).count()
    for name in PEOPLE:
        if name == DOERS[step]:
            continue
        client = client_of(world, name)
        expected = denied_status(world, name, case, item)
        assert (name, client.get(url).status_code) == (name, expected)
        assert (name, client.post(url, post).status_code) == (name, expected)
        assert not policy.may_step(access_for(world.person(name), world.now), item, case)
    assert CaseEvent.objects.filter(case=case).count() == before
    assert WorkItem.objects.get(pk=item.pk).open
    client = client_of(world, DOERS[step])
    assert client.get(url).status_code == 200
    answer = client.post(url, post)
    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("case", args=[case.pk]))
    assert not WorkItem.objects.get(pk=item.pk).open


@pytest.mark.parametrize("step", sorted(DOERS))
def test_nobody_who_has_not_signed_in_reaches_a_step(world: World, step: str, client: Any) -> None:
    _case, item = case_at(world, step)
    url = reverse("work-item", args=[item.pk])
    for answer in (client.get(url), client.post(url, usual_post(world, item))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("sign-in"))


SEEING = set(PEOPLE) - UNSEEING - {"reporter"}
#: Who may do what beside the steps while the case is in dialogue, by hand from DOMAIN.md section 7.
ACTS: dict[Action, tuple[str, set[str], dict[str, Any]]] = {
    Action.WITHDRAW: ("case-withdraw", {"proposer"}, {"reason": "Ångrar mig."}),
    Action.HOLD: ("case-hold", {"coordinator", "clerk-lk"}, {"reason": "Väntar."}),
    Action.CANCEL: ("case-cancel", {"coordinator", "clerk-lk"}, {"reason": "Pengarna tog slut."}),
    Action.ASK: (
        "case-ask",
        {
            "coordinator",
            "clerk-lk",
            "contact-lk",
            "contact-liu",
            "mem-lk",
            "mem-liu",
            "chair",
            "counsel-lk",
            "counsel-liu",
            "board-lk",
            "decider-liu",
            "reg-lk",
            "reg-liu",
        },
        {"text": "Hur många?"},
    ),
    Action.COMMENT: ("case-comment", SEEING - {"auditor", "lead-lk"}, {"text": "Bra förslag."}),
}


@pytest.mark.parametrize("action", sorted(ACTS))
def test_a_case_act_is_open_to_its_roles_and_closed_to_everybody_else(world: World, action: Action) -> None:
    name_of_url, allowed, post = ACTS[action]
    case = world.submitted()
    url = reverse(name_of_url, args=[case.pk])
    before = CaseEvent.objects.filter(case=case).count()
    for name in PEOPLE:
        assert policy.may(access_for(world.person(name), world.now), action, case) == (name in allowed), name
        if name not in allowed:
            expected = 404 if not sees_case(world, name, case) else 403
            assert (name, client_of(world, name).post(url, post).status_code) == (name, expected)
    assert CaseEvent.objects.filter(case=case).count() == before
    for name in sorted(allowed):
        fresh = world.submitted()
        events = fresh.events.count()
        answer = client_of(world, name).post(reverse(name_of_url, args=[fresh.pk]), post)
        assert (name, answer.status_code) == (name, 302)
        assert fresh.events.count() > events


def test_resuming_and_closing_a_vote_are_for_those_who_may(world: World) -> None:
    held = world.submitted()
    case_acts.hold(case_id=held.pk, actor=world.person("coordinator"), reason="?", now=world.tick())
    voting = world.submitted()
    world.advance(voting, to="vote")
    world.act(voting, "vote", by="mem-lk")
    world.act(voting, "vote", by="chair")
    for url_name, case, allowed in (
        ("case-resume", held, {"coordinator", "clerk-lk"}),
        ("case-close-voting", voting, {"chair"}),
    ):
        url = reverse(url_name, args=[case.pk])
        for name in [n for n in PEOPLE if n not in allowed]:
            expected = 403 if sees_case(world, name, case) else 404
            assert (url_name, name, client_of(world, name).post(url).status_code) == (
                url_name,
                name,
                expected,
            )
        assert client_of(world, sorted(allowed)[-1]).post(url).status_code == 302


def test_reassigning_and_reminding_are_for_coordinator_and_chair(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    for url_name, allowed in (
        ("case-reassign", {"coordinator", "clerk-lk", "chair"}),
        ("case-remind", {"coordinator", "clerk-lk", "chair", "secretary"}),
    ):
        url = reverse(url_name, args=[case.pk, item.pk])
        for name in PEOPLE:
            status = client_of(world, name).get(url).status_code
            expected = 200 if name in allowed else 403 if sees_case(world, name, case) else 404
            assert (url_name, name, status) == (url_name, name, expected)


def test_nobody_decides_on_a_proposal_of_their_own_by_any_page(world: World) -> None:
    own = world.submitted(by="chair")
    world.advance(own, to="conclude")
    item = world.open_items(own, "conclude")[0]
    answer = client_of(world, "chair").post(
        reverse("work-item", args=[item.pk]), {"outcome": DeliberationOutcome.RECOMMEND.value}
    )
    assert answer.status_code == 403
    assert WorkItem.objects.get(pk=item.pk).open


def test_the_case_page_is_for_those_who_see_the_case(world: World) -> None:
    case = world.submitted()
    for name in PEOPLE:
        expected = 200 if sees_case(world, name, case) else 404
        assert (name, client_of(world, name).get(reverse("case", args=[case.pk])).status_code) == (
            name,
            expected,
        )


def test_a_draft_is_found_by_its_proposer_alone(world: World) -> None:
    draft = world.draft()
    for name in PEOPLE:
        status = client_of(world, name).get(reverse("proposal-edit", args=[draft.pk])).status_code
        assert (name, status) == (name, 200 if name == "proposer" else 404)
