"""The flow as a BPMN 2.0 file: the engine's own export, with the timers that stand at the border of every step.

A step's reminder and its escalation are boundary timer events that interrupt nothing; each leads to a message that is
sent, which is the end of that side path. The engine knows nothing of them, since they stand in the step's own row and
not in rows of their own; they are added to what it writes, in room that is made below every row of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow import chart

from workflows.nodes import Step

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

#: The size of an event, the height that is made free below a row of steps, and where the message stands in it.
_EVENT = 32
_ROOM = 80
_MESSAGE_AT = 44


@dataclass(frozen=True)
class BoundaryTimer:
    """One of the timers of a step: its name, what it leads to, how its time is found, and its place on the border."""

    key: str
    title: Promise
    message: Promise
    when: Promise
    x: int


TIMERS = (
    BoundaryTimer(
        "remind",
        _("Påminnelse"),
        _("Påminnelse skickad"),
        _("Profilens remind_before_days arbetsdagar före den dag då steget ska vara klart."),
        -6,
    ),
    BoundaryTimer(
        "escalate",
        _("Eskalering"),
        _("Försening meddelad"),
        _("Profilens escalate_after_days arbetsdagar efter den dag då steget skulle ha varit klart."),
        34,
    ),
)


def bpmn_of(flow_class: Any) -> str:
    """The flow in BPMN 2.0, in the language that is active."""
    grid = chart.calc_layout_data(flow_class, edge_start_gap_size=0, edge_end_gap_size=0)
    # The engine's template begins with the line break of its own first line, which XML does not allow.
    root = ET.fromstring(chart.grid_to_bpmn(grid).lstrip())  # noqa: S314 our own engine wrote it
    process, plane = root.find(f"{{{BPMN}}}process"), root.find(f".//{{{BPMNDI}}}BPMNPlane")
    assert process is not None
    assert plane is not None
    steps = [cell for cell in grid.cells if isinstance(cell.node, Step)]
    bottoms: list[float] = sorted({cell.shape.y + cell.shape.height for cell in steps})

    def lowered(y: float) -> float:
        return y + _ROOM * sum(bottom < y for bottom in bottoms)

    for place in [*plane.iter(f"{{{DC}}}Bounds"), *plane.iter(f"{{{DI}}}waypoint")]:
        place.set("y", f"{lowered(float(place.get('y', '0'))):g}")
    for cell in steps:
        bottom = lowered(cell.shape.y) + cell.shape.height
        for timer in TIMERS:
            _add_timer(process, plane, cell.node, timer, cell.shape.x + timer.x, bottom)
    for prefix, uri in (("bpmn", BPMN), ("bpmndi", BPMNDI), ("dc", DC), ("di", DI)):
        ET.register_namespace(prefix, uri)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_timer(
    process: ET.Element, plane: ET.Element, step: Step, timer: BoundaryTimer, x: float, bottom: float
) -> None:
    name = f"{step.name}__{timer.key}"
    event_id, end_id, flow_id = f"id_node_{name}", f"id_node_{name}_sent", f"id_edge_{name}"
    event = ET.SubElement(
        process,
        f"{{{BPMN}}}boundaryEvent",
        id=event_id,
        name=str(timer.title),
        attachedToRef=f"id_node_{step.name}",
        cancelActivity="false",
    )
    ET.SubElement(event, f"{{{BPMN}}}documentation").text = str(timer.when)
    ET.SubElement(event, f"{{{BPMN}}}outgoing").text = flow_id
    ET.SubElement(event, f"{{{BPMN}}}timerEventDefinition")
    end = ET.SubElement(process, f"{{{BPMN}}}endEvent", id=end_id, name=str(timer.message))
    ET.SubElement(end, f"{{{BPMN}}}incoming").text = flow_id
    ET.SubElement(end, f"{{{BPMN}}}messageEventDefinition")
    ET.SubElement(process, f"{{{BPMN}}}sequenceFlow", id=flow_id, sourceRef=event_id, targetRef=end_id)
    for key, shape_y in ((event_id, bottom - _EVENT / 2), (end_id, bottom + _MESSAGE_AT)):
        shape = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{key}_shape", bpmnElement=key)
        ET.SubElement(
            shape, f"{{{DC}}}Bounds", x=f"{x:g}", y=f"{shape_y:g}", width=f"{_EVENT}", height=f"{_EVENT}"
        )
    edge = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{flow_id}_shape", bpmnElement=flow_id)
    for y in (bottom + _EVENT / 2, bottom + _MESSAGE_AT):
        ET.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x + _EVENT / 2:g}", y=f"{y:g}")
