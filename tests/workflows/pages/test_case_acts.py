"""Acts on a case: a page that says what follows, and a button that does it once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, CaseStatus, EndState, VoteChoice
from tests.world import World

Visit = Callable[[str], Client]


def address(name: str, case: Case, *more: int) -> str:
    return reverse(name, args=[case.pk, *more])


ACTS = [
    ("case-withdraw", "proposer", {"reason": ""}),
    ("case-hold", "coordinator", {"reason": "Budget."}),
    ("case-cancel", "coordinator", {"reason": "Parterna är överens."}),
    ("case-ask", "coordinator", {"text": "Hur många?"}),
]


@pytest.mark.parametrize(("name", "who", "given"), ACTS)
def test_reading_the_page_changes_nothing(
    world: World, visit: Visit, name: str, who: str, given: dict[str, str]
) -> None:
    case = world.submitted()
    page = visit(who).get(address(name, case))
    assert page.status_code == 200
    assert "Det här händer" in page.content.decode()
    before, case.event_head = case.event_head, ""
    case.refresh_from_db()
    assert case.event_head == before


@pytest.mark.parametrize(("name", "who", "given"), ACTS)
def test_an_act_leads_back_to_the_case_and_says_what_happened(
    world: World, visit: Visit, name: str, who: str, given: dict[str, str]
) -> None:
    case = world.submitted()
    answer = visit(who).post(address(name, case), given, follow=True)
    assert answer.redirect_chain == [(reverse("case", args=[case.pk]), 302)]
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize(("name", "who"), [(name, who) for name, who, given in ACTS if all(given.values())])
def test_a_missing_reason_comes_back_on_its_field(world: World, visit: Visit, name: str, who: str) -> None:
    case = world.submitted()
    answer = visit(who).post(address(name, case), {})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN


@pytest.mark.parametrize("name", [name for name, _who, _given in ACTS])
def test_who_may_not_is_told_so_and_nothing_happens(world: World, visit: Visit, name: str) -> None:
    case = world.submitted()
    for client, method in ((visit("auditor"), "get"), (visit("auditor"), "post")):
        answer = getattr(client, method)(address(name, case), {"reason": "x", "text": "x"})
        assert answer.status_code == 403
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN


def test_a_form_without_the_token_is_refused(world: World) -> None:
    case = world.submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person("proposer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address("case-withdraw", case), {"reason": ""}).status_code == 403
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN


def test_a_withdrawn_case_is_closed_and_says_so(world: World, visit: Visit) -> None:
    case = world.submitted()
    page = visit("proposer").post(address("case-withdraw", case), {"reason": "Dubblett."}, follow=True)
    assert "Förslaget är återkallat. Ärendet är avslutat: Återkallat." in page.content.decode()
    case.refresh_from_db()
    assert case.end_state == EndState.WITHDRAWN


def test_withdrawing_twice_answers_that_the_case_is_closed(world: World, visit: Visit) -> None:
    case, client = world.submitted(), visit("proposer")
    client.post(address("case-withdraw", case), {"reason": ""})
    again = client.post(address("case-withdraw", case), {"reason": ""})
    assert again.status_code == 409
    assert "Ärendet är avslutat." in again.content.decode()


def test_a_case_rests_and_is_taken_up_again(world: World, visit: Visit) -> None:
    case, client = world.submitted(), visit("coordinator")
    held = client.post(address("case-hold", case), {"reason": "Budget."}, follow=True)
    assert "Ärendet är vilande. Ärendet vilar tills det återupptas." in held.content.decode()
    assert world.open_items(case) == []
    resumed = client.post(address("case-resume", case), follow=True)
    assert "Ärendet är återupptaget. Nu väntar ärendet på: Granska förslaget: Handläggare." in (
        resumed.content.decode()
    )
    assert len(world.open_items(case)) == 1


def test_a_question_becomes_the_proposers_task(world: World, visit: Visit) -> None:
    case = world.submitted()
    visit("coordinator").post(address("case-ask", case), {"text": "Hur många studenter?"})
    assert [item.owner for item in world.open_items(case, "answer")] == [world.person("proposer")]
    assert "Hur många studenter?" in visit("mem-liu").get(reverse("case", args=[case.pk])).content.decode()


def test_a_task_is_given_to_a_named_person_with_the_reason(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    item = world.open_items(case, "conclude")[0]
    member = world.person("mem-liu")
    client, where = visit("coordinator"), address("case-reassign", case, item.pk)
    assert client.post(where, {"to": member.pk}).status_code == 422
    page = client.post(where, {"to": member.pk, "reason": "Ordföranden är sjuk."}, follow=True)
    assert "Mem-Liu har nu uppgiften ”Avgör överläggningen”." in page.content.decode()
    item.refresh_from_db()
    assert item.owner == member


def test_a_reminder_goes_out_once_a_day(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    item = world.open_items(case, "statement")[0]
    client, where = visit("coordinator"), address("case-remind", case, item.pk)
    assert client.get(where).status_code == 200
    assert case.events.filter(kind="reminded").count() == 0
    assert "Påminnelsen är skickad." in client.post(where, follow=True).content.decode()
    again = client.post(where)
    assert again.status_code == 409
    assert "En påminnelse har redan skickats" in again.content.decode()
    assert case.events.filter(kind="reminded").count() == 1


def test_a_closed_task_cannot_be_reminded_of_and_the_page_says_who_did_it(world: World, visit: Visit) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.act(case, "screen")
    answer = visit("coordinator").post(address("case-remind", case, item.pk))
    assert answer.status_code == 409
    assert "Kajsa Coordinator gjorde uppgiften" in answer.content.decode()


def test_the_chair_closes_a_vote_that_has_its_quorum(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    client, where = visit("chair"), address("case-close-voting", case)
    early = client.post(where)
    assert early.status_code == 422
    assert "Röstningen kan stängas först när 2 ledamöter har röstat." in early.content.decode()
    for name in ("mem-lk", "mem-liu"):
        world.act(case, "vote", by=name, choice=VoteChoice.FOR)
    page = client.post(where, follow=True)
    assert "Röstningen är stängd." in page.content.decode()
    assert [item.step for item in world.open_items(case)] == ["conclude"]
