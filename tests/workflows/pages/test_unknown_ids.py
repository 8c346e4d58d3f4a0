"""Every address answers the same for what one may not see as for what does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, reverse

from tests.world import World
from workflows import case_acts
from workflows.models import WorkItem
from workflows.urls import urlpatterns

Visit = Callable[[str], Client]

NOWHERE = 987654321
KEYS = {"case_id", "item_id", "document_id", "number", "version", "decision_id"}


def numbered() -> Iterator[tuple[str, list[str]]]:
    """The names of the addresses that hold a case, a step, a document or a paper, with what they hold."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        holds = list(pattern.pattern.converters)
        if holds and set(holds) <= KEYS:
            yield str(pattern.name), holds


ADDRESSES = dict(numbered())


def body(client: Client, method: str, name: str, ids: dict[str, int]) -> tuple[int, str]:
    """The answer's status and its body without what differs by request: the token and the address itself."""
    where = reverse(name, kwargs=ids)
    answer = getattr(client, method)(
        where, {"reason": "x", "text": "x", "to": "1"} if method == "post" else {}
    )
    text = answer.content.decode() if not answer.streaming else "file"
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text).replace(where, "HERE")
    return answer.status_code, text


def test_there_are_addresses_to_walk() -> None:
    assert {"case", "work-item", "document-download", "case-remind", "proposal-edit"} <= set(ADDRESSES)
    assert {"case-memo-pdf", "case-report-docx"} <= set(ADDRESSES)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_case_of_others_is_like_no_case(world: World, visit: Visit, method: str) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    item = world.open_items(case)[0]
    version = case_acts.add_document(
        case_id=case.pk,
        actor=world.person("coordinator"),
        title="Plan",
        upload=ContentFile(b"plan\n", "plan.txt"),
        now=world.tick(),
    )
    real = {
        "case_id": case.pk,
        "item_id": item.pk,
        "document_id": version.document_id,
        "number": 1,
        "version": case.memos.get().version,
        "decision_id": case.decisions.get().pk,
    }
    client = visit("outsider")
    for name, holds in ADDRESSES.items():
        there = body(client, method, name, {key: real[key] for key in holds})
        nowhere = body(client, method, name, dict.fromkeys(holds, NOWHERE))
        assert there == nowhere, name
        assert there[0] in (404, 405), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_step_within_another_party_is_like_no_step(world: World, visit: Visit, method: str) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    internal = world.item_of(case, "decide", "clerk-lk")
    client = visit("decider-liu")
    for name, holds in ADDRESSES.items():
        if "item_id" in holds:
            others = {"case_id": case.pk} if "case_id" in holds else {}
            there = body(client, method, name, {"item_id": internal.pk, **others})
            assert there == body(client, method, name, {"item_id": NOWHERE, **others}), name
            assert there[0] in (404, 405), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_document_within_another_party_is_like_no_document(world: World, visit: Visit, method: str) -> None:
    case = world.submitted()
    version = case_acts.add_document(
        case_id=case.pk,
        actor=world.person("contact-lk"),
        title="Kalkyl",
        upload=ContentFile(b"kalkyl\n", "kalkyl.txt"),
        internal_to=world.organisations["lk"],
        now=world.tick(),
    )
    client = visit("mem-liu")
    for name, holds in ADDRESSES.items():
        if "document_id" in holds:
            rest = {"case_id": case.pk, **({"number": 1} if "number" in holds else {})}
            there = body(client, method, name, {"document_id": version.document_id, **rest})
            assert there == body(client, method, name, {"document_id": NOWHERE, **rest}), name
            assert there[0] in (404, 405), name


def test_a_step_is_not_reached_by_way_of_another_case(world: World, visit: Visit) -> None:
    one, other = world.submitted(), world.submitted()
    item = world.open_items(other)[0]
    client = visit("coordinator")
    assert client.get(reverse("case-remind", args=[one.pk, item.pk])).status_code == 404
    assert client.get(reverse("case-reassign", args=[one.pk, item.pk])).status_code == 404


def test_the_engines_own_rows_are_no_steps(world: World, visit: Visit) -> None:
    case = world.submitted()
    row = WorkItem.objects.filter(case=case).exclude(flow_task_type="HUMAN")[0]
    assert visit("coordinator").get(reverse("work-item-hand-over", args=[row.pk])).status_code == 404


def test_everything_asks_for_sign_in(world: World) -> None:
    case = world.submitted()
    for name in ("inbox", "cases"):
        assert Client().get(reverse(name)).status_code == 302
    for name in ("case", "case-diagram", "case-bpmn", "case-withdraw"):
        answer = Client().get(reverse(name, args=[case.pk]))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign-in"))
