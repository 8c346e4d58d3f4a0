"""The process as a picture and as a BPMN file."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.models import DecisionOutcome
from tests.world import World
from workflows.flows import ProposalFlow
from workflows.nodes import Step
from workflows.views.diagram import bpmn_text
from workflows.views.presenters.process_layout import lay_out

Visit = Callable[[str], Client]

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def test_the_bpmn_file_is_whole_every_reference_in_it_resolves() -> None:
    root = ET.fromstring(bpmn_text("sv"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    assert len(flows) > 50
    nodes = {element.get("id") for element in root.iter() if element.tag.startswith(BPMN)}
    for flow in flows:
        assert flow.get("sourceRef") in nodes
        assert flow.get("targetRef") in nodes
    for tag in ("incoming", "outgoing"):
        assert {element.text for element in root.iter(f"{BPMN}{tag}")} == {flow.get("id") for flow in flows}
    drawn = [*root.iter(f"{DI}BPMNShape"), *root.iter(f"{DI}BPMNEdge"), *root.iter(f"{DI}BPMNPlane")]
    assert {element.get("bpmnElement") for element in drawn} <= nodes
    steps = [node for node in ProposalFlow.instance.nodes() if isinstance(node, Step)]
    # Every step has two timers at its border, each with the message that it leads to.
    shapes = len(list(ProposalFlow.instance.nodes())) + 4 * len(steps)
    assert len(list(root.iter(f"{DI}BPMNShape"))) == shapes


def test_every_step_in_the_bpmn_file_has_a_reminder_and_an_escalation_that_interrupt_nothing() -> None:
    root = ET.fromstring(bpmn_text("sv"))
    tasks = {element.get("id") for element in root.iter(f"{BPMN}userTask")}
    timers = list(root.iter(f"{BPMN}boundaryEvent"))
    attached = [(event.get("attachedToRef"), event.get("name")) for event in timers]
    assert sorted(attached) == sorted((task, name) for task in tasks for name in ("Påminnelse", "Eskalering"))
    flows = {flow.get("id"): flow for flow in root.iter(f"{BPMN}sequenceFlow")}
    for event in timers:
        assert event.get("cancelActivity") == "false"
        # In the order of the schema: what it is called, what leaves it, what sets it off.
        assert [child.tag.removeprefix(BPMN) for child in event] == [
            "documentation",
            "outgoing",
            "timerEventDefinition",
        ]
        flow = flows[event.findtext(f"{BPMN}outgoing")]
        end = root.find(f".//*[@id='{flow.get('targetRef')}']")
        assert end is not None
        assert end.tag == f"{BPMN}endEvent"
        assert end.find(f"{BPMN}messageEventDefinition") is not None


def test_the_timers_sit_on_the_border_of_their_steps_and_nothing_stands_on_another() -> None:
    root = ET.fromstring(bpmn_text("sv"))
    boxes = {}
    for shape in root.iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        boxes[shape.get("bpmnElement")] = [
            float(bounds.get(side, "nan")) for side in ("x", "y", "width", "height")
        ]
    hosts = {event.get("id"): event.get("attachedToRef") for event in root.iter(f"{BPMN}boundaryEvent")}
    for event, host in hosts.items():
        x, y, width, height = boxes[event]
        left, top, wide, high = boxes[host]
        assert y + height / 2 == top + high
        assert left <= x + width / 2 <= left + wide
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
        assert apart or hosts.get(one) == other or hosts.get(other) == one, (one, other)


@pytest.mark.parametrize("form", ["svg", "bpmn"])
def test_the_flow_is_exported_from_the_command_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("flowexport", "workflows/flows.ProposalFlow", format=form)
    root = ET.fromstring(capsys.readouterr().out.strip())
    assert root.tag.endswith("svg" if form == "svg" else "definitions")


def test_every_node_is_drawn_once_and_none_over_another() -> None:
    boxes = lay_out(ProposalFlow).boxes
    names = [box.name for box in boxes if box.node is not None]
    assert sorted(names) == sorted(node.name for node in ProposalFlow.instance.nodes())
    for one, other in combinations(boxes, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one.name, other.name)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_everything_stands_within_the_drawing(language: str) -> None:
    with translation.override(language):
        layout = lay_out(ProposalFlow)
    for box in layout.boxes:
        assert box.x >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height


def test_the_picture_needs_nothing_but_itself(world: World, visit: Visit) -> None:
    case = world.submitted()
    answer = visit("coordinator").get(reverse("case-diagram", args=[case.pk]))
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "private" in answer["Cache-Control"]
    root = ET.fromstring(answer.content)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags.isdisjoint({"style", "script", "image", "foreignObject", "use"})
    assert not [
        name for element in root.iter() for name in element.attrib if name.startswith("on") or name == "style"
    ]


def test_the_picture_says_where_the_case_is(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    picture = visit("coordinator").get(reverse("case-diagram", args=[case.pk])).content.decode()
    assert "Beredning i styrgrupp (här är ärendet)" in picture
    assert picture.count(">NU<") == 1


def test_a_party_that_has_tabled_looks_like_one_that_decides(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    address = reverse("case-diagram", args=[case.pk])
    before = visit("decider-liu").get(address).content
    world.act(
        case,
        "decide",
        by="clerk-lk",
        outcome=DecisionOutcome.TABLE,
        reasons="Väntar.",
        tabled_until=world.now.date().replace(year=2099),
    )
    assert visit("decider-liu").get(address).content == before


def test_the_bpmn_file_is_saved_and_not_shown(world: World, visit: Visit) -> None:
    case = world.submitted()
    answer = visit("coordinator").get(reverse("case-bpmn", args=[case.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}-process.bpmn"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"<?xml")
