"""Every kind of event that the house writes has its words."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from cases.models import CaseEvent
from tests.world import World
from workflows.timers import fire_due_timers
from workflows.views.presenters.timeline import TELLINGS, Names, tell, tell_all

ROOT = Path(__file__).parents[3]
#: The functions that write an event, with the place of the kind among their arguments.
WRITERS = {"record": 0, "_give": 2, "_record_by_step": 0}


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def is_told_of_a_meeting(path: Path, call: ast.Call) -> bool:
    """Whether the event belongs to a meeting's own history: there the case's act has a name of its own."""
    receiver = getattr(getattr(call.func, "value", None), "id", "")
    return "meetings" in path.parts and receiver != "case_act"


def kinds_in_code() -> set[str]:
    found: set[str] = set()
    for folder in ("cases", "workflows", "notifications"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if is_told_of_a_meeting(path, node):
                    continue
                if name in WRITERS and len(node.args) > WRITERS[name]:
                    found.update(texts(node.args[WRITERS[name]]))
    return found


def test_every_kind_in_the_code_has_words() -> None:
    kinds = kinds_in_code()
    assert len(kinds) > 35
    assert kinds - set(TELLINGS) == set()


def test_no_words_stand_for_a_kind_that_nobody_writes() -> None:
    assert set(TELLINGS) - kinds_in_code() == set()


def test_an_unknown_kind_is_a_fault_and_not_an_empty_line() -> None:
    with pytest.raises(KeyError):
        tell(CaseEvent(kind="unheard_of"), Names({}, {}))


def test_reminders_and_escalations_say_whose_step_it_was_and_who_was_told(
    world: World, visit: Callable[[str], Client]
) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    fire_due_timers(world.tick(days=19))
    fire_due_timers(world.tick(days=9))
    told = [line.text for line in visit("coordinator").get(f"/arenden/{case.pk}/").context["events"]]
    assert "Påminnelse om steget ”Ange behov och nytta” (LK), senast 27 september 2021" in told
    late = "är försenat, det skulle ha varit klart 27 september 2021"
    assert f"Steget ”Ange behov och nytta” (LK) {late}. Det meddelades Kajsa Coordinator" in told
    # Told of together with the other: the coordinator stands with the first of them.
    assert f"Steget ”Ange behov och nytta” (LiU) {late}" in told


def test_the_box_of_who_has_the_ball_says_when_a_step_was_reminded_of_and_escalated(
    world: World, visit: Callable[[str], Client]
) -> None:
    case = world.submitted()
    fire_due_timers(world.tick(days=4))
    fire_due_timers(world.tick(days=7))
    page = visit("coordinator").get(f"/arenden/{case.pk}/")
    assert page.context["waiting"][0].marks == (
        "Påminnelse skickad 10 september 2021",
        "Eskalerad 17 september 2021",
    )
    assert "Eskalerad 17 september 2021" in page.content.decode()


def test_a_whole_case_is_told_from_beginning_to_end(world: World) -> None:
    case = world.finish(world.submitted())
    events = list(case.events.select_related("actor", "on_behalf_of", "internal_to").order_by("seq"))
    people = {pk: world.person(name) for name, pk in world.people_ids.items()}
    parties = {party.pk: party for party in world.organisations.values()}
    told = tell_all(events, Names(people, parties))
    assert [line.text for line in told][1] == "Förslaget lämnades in"
    assert told[-1].text == "Ärendet avslutades: Genomfört"
    sentences = " ".join(line.text for line in told)
    assert "LK registrerade ärendet: KS 2021-00001" in sentences
    assert "okänd person" not in sentences
    assert "en part" not in sentences
