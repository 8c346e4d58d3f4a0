"""Where the nodes of a flow are drawn: a band for every stage, the main way above, ways back and out below it.

The engine's own drawing lays a flow of this size out almost four thousand pixels wide. Here a stage is a line of
reading: ways that lead to another stage than the next are shown as a small sign with the name of where they lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext as _

from cases.models.case import VISIBLE_STAGES
from workflows.nodes import Aside, Begin, Choice, Finish, ForEach, Meet, Pause, Script, Step

#: Sizes in the drawing's own units, which are pixels at its natural size.
MARGIN = 16
GAP = 26
STEP = (136, 58)
GATE = 34
EVENT = 34
SIGN_HEIGHT = 24
BAND_HEAD = 46
TEXT_ROW = 30
LANE = 13
STEP_TEXT = 18
GATE_TEXT = 13


@dataclass
class Box:
    """A node, or a sign that names where a way leads, with its place."""

    name: str
    kind: str
    text: list[str]
    width: int
    height: int
    band: int
    node: Any = None
    x: float = 0
    y: float = 0

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def room(self) -> int:
        """The width that the box needs in its row, with the words above it."""
        return max(self.width, 74) if self.kind == "gate" and self.text else self.width


@dataclass
class Band:
    """A stage's part of the drawing."""

    label: str
    stage: str
    upper: list[Box] = field(default_factory=list)
    lower: list[Box] = field(default_factory=list)
    y: float = 0
    height: float = 0
    #: The heights of the lanes: of ways over the upper row, of ways back up to it, and of the way down.
    over_y: float = 0
    back_y: float = 0
    trunk_y: float = 0


Point = tuple[float, float]


@dataclass
class Layout:
    """The whole drawing."""

    bands: list[Band]
    lines: list[list[Point]]
    width: float
    height: float

    @property
    def boxes(self) -> list[Box]:
        return [box for band in self.bands for box in [*band.upper, *band.lower]]


_ASIDE = len(VISIBLE_STAGES)


def declared_nodes(flow_class: Any) -> list[Any]:
    """The flow's nodes in the order in which the flow's file declares them, which is the order of reading."""
    nodes = {node.name: node for node in flow_class.instance.nodes()}
    return [nodes[name] for name in vars(flow_class) if name in nodes]


def title_of(node: Any) -> str:
    """The node's name as people read it."""
    return str(node.task_title or "")


def _anchored(node: Any) -> int | None:
    """The band that the node names itself."""
    if isinstance(node, ForEach):
        return _anchored(node.target)
    if isinstance(node, Step | Pause):
        return VISIBLE_STAGES.index(node.stage) if node.stage is not None else _ASIDE
    return None


def _targets(node: Any) -> list[Any]:
    return [edge.dst for edge in node._outgoing()]


def _bands_of(nodes: Sequence[Any]) -> dict[Any, int]:
    """The band of every node: its own, else that of where it comes from; of where it leads when all lead further on."""
    bands: dict[Any, int] = {}
    for node in nodes:
        own = _anchored(node)
        if own is None:
            after = [band for edge in node._outgoing() if (band := _anchored(edge.dst)) is not None]
            before = [bands[source] for source in nodes if source in bands and node in _targets(source)]
            if isinstance(node, Begin | Aside) or not before:
                own = after[0] if after else 0
            elif isinstance(node, Choice) and after and min(after) > max(before):
                own = min(after)
            else:
                own = before[0]
        bands[node] = own
    return bands


def _wrap(text: str, width: int) -> list[str]:
    return wrap(text, width, break_long_words=False)


def _box(node: Any, band: int) -> Box:
    title = title_of(node)
    if isinstance(node, Step | Script):
        return Box(node.name, "step", _wrap(title, STEP_TEXT), *STEP, band, node)
    if isinstance(node, Pause):
        return Box(node.name, "pause", _wrap(title, STEP_TEXT), *STEP, band, node)
    if isinstance(node, Begin | Aside):
        return Box(node.name, "begin", _wrap(title, GATE_TEXT), EVENT, EVENT, band, node)
    if isinstance(node, Finish):
        return Box(node.name, "end", _wrap(title, GATE_TEXT), EVENT, EVENT, band, node)
    return Box(
        node.name, "gate", [] if isinstance(node, Meet) else _wrap(title, GATE_TEXT), GATE, GATE, band, node
    )


def leads_back(node: Any, order: Mapping[Any, int]) -> bool:
    """Whether the node is a way out of a choice that leads nowhere but back, or ends. ``order`` is the declared one."""
    from_choice = any(isinstance(edge.src, Choice) for edge in node._incoming())
    return from_choice and all(order[edge.dst] < order[node] for edge in node._outgoing())


def _sign(target: Any, number: int, band: int) -> Box:
    text = _("till: %(step)s") % {"step": title_of(target)}
    return Box(f"sign{number}", "sign", [text], 14 + round(6.6 * len(text)), SIGN_HEIGHT, band)


class _Builder:
    def __init__(self, flow_class: Any) -> None:
        self.nodes = declared_nodes(flow_class)
        self.order = {node: number for number, node in enumerate(self.nodes)}
        band_of = _bands_of(self.nodes)
        labels = [(str(stage.label), stage.value) for stage in VISIBLE_STAGES] + [(_("När som helst"), "")]
        self.bands = [Band(label, stage) for label, stage in labels]
        self.boxes = {node: _box(node, band_of[node]) for node in self.nodes}
        self.below: set[Any] = set()
        self.signs: dict[tuple[Any, Any], Box] = {}
        self.lines: list[list[Point]] = []
        for node in self.nodes:
            band = self.bands[band_of[node]]
            if leads_back(node, self.order):
                self.below.add(node)
            else:
                band.upper.append(self.boxes[node])
        self._place_below()

    def _place_below(self) -> None:
        """Queue the lower row of every band, from its choices: what a choice leads back to, then the signs."""
        for node in self.nodes:
            box = self.boxes[node]
            targets = _targets(node)
            lower = self.bands[box.band].lower
            for target in targets:
                there = self.boxes[target]
                if target in self.below and there.band == box.band and there not in lower:
                    lower.append(there)
                    for further in _targets(target):
                        self._maybe_sign(target, further)
            if node not in self.below:
                for target in targets:
                    self._maybe_sign(node, target)

    def _maybe_sign(self, node: Any, target: Any) -> None:
        here, there = self.boxes[node].band, self.boxes[target].band
        if there in (here, here + 1) and not (there == here + 1 and there == _ASIDE):
            return
        sign = _sign(target, len(self.signs), here)
        self.signs[node, target] = sign
        self.bands[here].lower.append(sign)

    def build(self) -> Layout:
        width = 0.0
        for band in self.bands:
            x: float = MARGIN + 8
            for box in band.upper:
                box.x = x + (box.room - box.width) / 2
                x += box.room + GAP
            width = max(width, x - GAP + MARGIN)
        for band in self.bands:
            self._place_lower_row(band, width)
        # A choice with many ways out may need more room than its stage has.
        width = max(width, *(box.x + box.width + MARGIN for band in self.bands for box in band.lower))
        y: float = MARGIN
        for number, band in enumerate(self.bands):
            y = self._place_band(number, band, y)
        for node in self.nodes:
            for edge in node._outgoing():
                self._route(edge.src, edge.dst)
        return Layout(self.bands, self.lines, width + MARGIN, y)

    def _source_of(self, box: Box) -> Box:
        if box.node is None:
            return self.boxes[next(node for (node, _target), sign in self.signs.items() if sign is box)]
        sources = [edge.src for edge in box.node._incoming() if self.boxes[edge.src].band == box.band]
        return self.boxes[sources[0]]

    def _place_lower_row(self, band: Band, width: float) -> None:
        """Below the choice, then to its left; from the right edge when there is no room there."""
        taken: list[tuple[float, float]] = []
        for box in band.lower:
            source = self._source_of(box)
            below = source.node in self.below
            x = source.x - GAP - box.width if below else source.cx - box.width / 2
            if not below and any(self.boxes[target].band == box.band + 1 for target in _targets(source.node)):
                # Room for the way that goes down to the next stage at the source's right side.
                x = min(x, source.x + source.width + 2 - box.width)
            x = min(x, width - MARGIN - box.width)
            while any(x < right + 14 and x + box.width + 14 > left for left, right in taken):
                x -= 4
            if x < MARGIN:
                x = max((right + GAP for _left, right in taken), default=MARGIN + 8)
            box.x = x
            taken.append((x, x + box.width))

    def _over(self, band: Band) -> list[tuple[Any, Any]]:
        """The ways within the upper row that pass over other nodes."""
        row = [box.node for box in band.upper]
        place = {node: number for number, node in enumerate(row)}
        return [
            (edge.src, edge.dst)
            for node in row
            for edge in node._outgoing()
            if edge.dst in place and place[edge.dst] != place[node] + 1
        ]

    def _back(self, band: Band) -> list[tuple[Any, Any]]:
        """The ways from the lower row up to the upper one."""
        nodes = {box.node for box in band.upper}
        return [
            (box.node, edge.dst)
            for box in band.lower
            if box.node is not None
            for edge in box.node._outgoing()
            if edge.dst in nodes
        ]

    def _place_band(self, number: int, band: Band, y: float) -> float:
        over, back = self._over(band), self._back(band)
        band.y = y
        band.over_y = y + BAND_HEAD
        top = y + BAND_HEAD + LANE * len(over) + TEXT_ROW
        centre = top + STEP[1] / 2
        for box in band.upper:
            box.y = centre - box.height / 2
        bottom = top + STEP[1]
        if band.lower:
            band.back_y = bottom + LANE + 4
            band.trunk_y = bottom + LANE * (len(back) + 1) + 4
            low = bottom + LANE * (len(back) + 2) + 10
            tallest = max(box.height for box in band.lower)
            for box in band.lower:
                box.y = low + (tallest - box.height) / 2
            bottom = low + tallest + (16 if any(box.kind == "end" for box in band.lower) else 0)
        band.height = bottom + 14 - y
        return band.y + band.height + 30

    def _route(self, source: Any, target: Any) -> None:
        a, b = self.boxes[source], self.boxes[target]
        band = self.bands[a.band]
        sign = self.signs.get((source, target))
        if sign is not None:
            self._down(band, a, sign)
        elif a.band != b.band:
            self._to_next_band(band, a, b)
        elif target in self.below:
            self._down(band, a, b)
        elif source in self.below:
            lane = band.back_y + LANE * self._back(band).index((source, target))
            out, into = a.cx - a.width / 4, b.cx - b.width / 6
            self.lines.append([(out, a.y), (out, lane), (into, lane), (into, b.y + b.height)])
        elif (source, target) in self._over(band):
            lane = band.over_y + LANE * self._over(band).index((source, target))
            # To the side of the middle, past the words that stand over a gateway.
            out = a.cx + (a.room / 2 + 5 if b.x > a.x else -a.room / 2 - 5) if a.kind == "gate" else a.cx
            into = b.cx - (b.room / 2 + 5) if b.kind == "gate" else b.cx + b.width / 5
            start = [(a.cx, a.cy), (out, a.cy)] if a.kind == "gate" else [(out, a.y)]
            end = [(into, b.cy), (b.x, b.cy)] if b.kind == "gate" else [(into, b.y)]
            self.lines.append([*start, (out, lane), (into, lane), *end])
        else:
            self.lines.append([(a.x + a.width, a.cy), (b.x, b.cy)])

    def _down(self, band: Band, a: Box, b: Box) -> None:
        if a.node in self.below:
            start, end = (
                ((a.x, a.cy), (b.x + b.width, b.cy)) if b.x < a.x else ((a.x + a.width, a.cy), (b.x, b.cy))
            )
            self.lines.append([start, end])
            return
        trunk = band.trunk_y
        self.lines.append([(a.cx, a.y + a.height), (a.cx, trunk), (b.cx, trunk), (b.cx, b.y)])

    def _to_next_band(self, band: Band, a: Box, b: Box) -> None:
        """Out to the right, down between the bands, and into the next stage from the left."""
        between = band.y + band.height + 15
        right = a.x + a.width + GAP / 2
        left = b.x - (b.room - b.width) / 2 - 11
        self.lines.append(
            [
                (a.x + a.width, a.cy),
                (right, a.cy),
                (right, between),
                (left, between),
                (left, b.cy),
                (b.x, b.cy),
            ]
        )


def lay_out(flow_class: Any) -> Layout:
    """The places of everything in the drawing of the flow, in the reader's language."""
    return _Builder(flow_class).build()
