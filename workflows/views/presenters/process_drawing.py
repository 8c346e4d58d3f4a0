"""The process drawn with a case's live position, as an SVG that needs nothing but itself.

It is shown as an image, so that no style of ours reaches it and none of its own is needed: everything is said with
attributes. A party's own chain is one step here: the drawing says that the parties are deciding, never how far one
of them has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from cases.models import Case, EndState
from workflows.flows import ProposalFlow
from workflows.models import WorkItem
from workflows.nodes import ChainStep, ForEach, Meet, Script, Step
from workflows.views.presenters.process_layout import Band, Box, Layout, declared_nodes, lay_out, title_of

NOW, DONE = "now", "done"

_INK, _QUIET, _LINE, _PAPER = "#2a2925", "#565450", "#6d6b66", "#ffffff"
_BAND, _BAND_NOW, _BAND_EDGE = "#f7f4ef", "#eef7f5", "#d6d4cf"
_DONE_FILL, _DONE_EDGE = "#e4f6e8", "#22683b"
_NOW_FILL, _NOW_EDGE = "#1c5851", "#04302b"
_FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_ENDS = {EndState.COMPLETED: "completed", EndState.DECLINED: "declined", EndState.REJECTED: "rejected"}


def positions(items: Iterable[WorkItem], case: Case | None = None) -> dict[str, str]:
    """What the reader is told of each node by name: that it goes on now, or has been done.

    A step that waits for its date goes on like any other: what a party has tabled in its own chain is its own.
    """
    found: dict[str, str] = {"submit": DONE}
    for item in items:
        if item.status in (STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED):
            found[item.step] = NOW
        elif item.status == STATUS.DONE:
            found.setdefault(item.step, DONE)
    if case is not None and case.is_closed and case.end_state in _ENDS:
        found[_ENDS[EndState(case.end_state)]] = DONE
    return found


def in_words(found: Mapping[str, str]) -> dict[str, list[str]]:
    """The same as two lists of step titles in the flow's order: the text beside the drawing."""
    words: dict[str, list[str]] = {NOW: [], DONE: []}
    for node in declared_nodes(ProposalFlow):
        if node.name in found:
            words[found[node.name]].append(title_of(node))
    return words


def draw(found: Mapping[str, str], *, stage: str = "", title: str = "") -> str:
    """The drawing as SVG text."""
    layout = lay_out(ProposalFlow)
    legend_y = layout.height + 4
    width, height = round(layout.width), round(legend_y + 34)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'font-family="{_FONT}" font-size="13" fill="{_INK}">'
        ),
        f"<title>{escape(title)}</title>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
            f'orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0.5 8 4 0 7.5z" fill="{_LINE}"/></marker></defs>'
        ),
        f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>',
    ]
    parts += [_band(band, layout, band.stage == stage and bool(stage)) for band in layout.bands]
    parts += [_line(points) for points in layout.lines]
    parts += [_shape(box, found.get(box.name, "")) for box in layout.boxes]
    parts += [_legend(legend_y), "</svg>"]
    return "\n".join(parts)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _rect(x: float, y: float, width: float, height: float, rest: str) -> str:
    sizes = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f"<rect {sizes} {rest}/>"


def _band(band: Band, layout: Layout, current: bool) -> str:
    fill = _BAND_NOW if current else _BAND
    edge, thick = (_NOW_FILL, 2) if current else (_BAND_EDGE, 1)
    label = _("%(stage)s (här är ärendet)") % {"stage": band.label} if current else band.label
    return (
        _rect(
            8,
            band.y,
            layout.width - 16,
            band.height,
            f'rx="8" fill="{fill}" stroke="{edge}" stroke-width="{thick}"',
        )
        + f'<text x="22" y="{_number(band.y + 24)}" font-size="15" font-weight="600">{escape(label)}</text>'
    )


def _line(points: list[tuple[float, float]]) -> str:
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'
    )


def _lines_of_text(
    lines: list[str], x: float, y: float, *, size: float = 13, fill: str = _INK, weight: int = 400
) -> str:
    """Lines centred at x; y is the middle of the block."""
    step = size * 1.25
    first = y - step * (len(lines) - 1) / 2 + size * 0.35
    return "".join(
        f'<text x="{_number(x)}" y="{_number(first + number * step)}" text-anchor="middle" font-size="{_number(size)}" '
        f'font-weight="{weight}" fill="{fill}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _shape(box: Box, state: str) -> str:
    fill, edge, thick, ink = {
        NOW: (_NOW_FILL, _NOW_EDGE, 2, _PAPER),
        DONE: (_DONE_FILL, _DONE_EDGE, 1.5, _INK),
    }.get(state, (_PAPER, _LINE, 1.2, _INK))
    style = f'fill="{fill}" stroke="{edge}" stroke-width="{thick}"'
    match box.kind:
        case "step" | "pause":
            shape = _task(box, style, ink, state)
        case "gate":
            shape = _gateway(box)
        case "sign":
            shape = _rect(
                box.x,
                box.y,
                box.width,
                box.height,
                f'rx="12" fill="{_PAPER}" stroke="{_LINE}" stroke-dasharray="4 3"',
            ) + _lines_of_text(box.text, box.cx, box.cy, size=12, fill=_QUIET)
        case _:
            thick_end = ' stroke-width="4"' if box.kind == "end" else ""
            circle = f'<circle cx="{_number(box.cx)}" cy="{_number(box.cy)}" r="15" {style}/>'
            if thick_end:
                circle = circle.replace(f'stroke-width="{thick}"', thick_end.strip())
            shape = circle + _lines_of_text(box.text, box.cx, box.y + box.height + 11, size=12, fill=_QUIET)
            if state == DONE:
                shape += _check(box.cx - 5, box.cy - 4)
    name = title_of(box.node) if box.node is not None else box.text[0]
    return f"<g><title>{escape(name)}</title>{shape}</g>"


def _check(x: float, y: float) -> str:
    return (
        f'<path d="M{_number(x)} {_number(y + 4)} l4 4 l7 -8" fill="none" stroke="{_DONE_EDGE}" stroke-width="2.2" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _task(box: Box, style: str, ink: str, state: str) -> str:
    dash = ' stroke-dasharray="5 3"' if isinstance(box.node, Script) or box.kind == "pause" else ""
    parts = [_rect(box.x, box.y, box.width, box.height, f'rx="8" {style}{dash}')]
    many = getattr(box.node, "_multi_instance", False) or isinstance(box.node, ChainStep)
    lift = 4 if many else 0
    parts.append(
        _lines_of_text(box.text, box.cx, box.cy - lift, fill=ink, weight=600 if state == NOW else 400)
    )
    if many:
        x, y = box.cx, box.y + box.height - 11
        upright = f"M{_number(x - 5)} {_number(y)} v7 M{_number(x)} {_number(y)} v7 M{_number(x + 5)} {_number(y)} v7"
        parts.append(f'<path d="{upright}" stroke="{ink}" stroke-width="1.8"/>')
    if isinstance(box.node, Step):
        parts.append(_clock(box.x + 16, box.y + box.height))
    if state == DONE:
        parts.append(_check(box.x + box.width - 18, box.y + 6))
    elif state == NOW:
        word = _("NU")
        parts.append(
            _rect(box.x + box.width - 32, box.y - 9, 36, 18, f'rx="9" fill="#f2cf8a" stroke="{_NOW_EDGE}"')
            + _lines_of_text([word], box.x + box.width - 14, box.y, size=11, fill="#2c2105", weight=700)
        )
    return "".join(parts)


def _clock(x: float, y: float) -> str:
    """The boundary timer of a step, drawn dashed since it interrupts nothing: it reminds, then it escalates."""
    return (
        f'<circle cx="{_number(x)}" cy="{_number(y)}" r="8" fill="{_PAPER}" stroke="{_LINE}" stroke-dasharray="3 2"/>'
        f'<path d="M{_number(x)} {_number(y - 4.5)} v4.5 l3 2" fill="none" stroke="{_LINE}" stroke-width="1.3" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _gateway(box: Box) -> str:
    half = box.width / 2
    points = [(box.cx, box.y), (box.x + box.width, box.cy), (box.cx, box.y + box.height), (box.x, box.cy)]
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    parts = [f'<polygon points="{path}" fill="{_PAPER}" stroke="{_LINE}" stroke-width="1.2"/>']
    arm = half * 0.42
    if isinstance(box.node, ForEach | Meet):
        long = _number(2 * arm)
        d = f"M{_number(box.cx - arm)} {_number(box.cy)} h{long} M{_number(box.cx)} {_number(box.cy - arm)} v{long}"
    else:
        a, b = _number(box.cx - arm * 0.7), _number(box.cy - arm * 0.7)
        c = _number(1.4 * arm)
        d = f"M{a} {b} l{c} {c} m0 -{c} l-{c} {c}"
    parts.append(f'<path d="{d}" fill="none" stroke="{_LINE}" stroke-width="2"/>')
    if box.text:
        top = box.y - 5 - 12 * 1.25 * (len(box.text) - 1) / 2 - 6
        parts.append(_lines_of_text(box.text, box.cx, top, size=12, fill=_QUIET))
    return "".join(parts)


def _legend(y: float) -> str:
    samples: list[tuple[str, str, Any]] = [
        (_("Pågår nu"), _NOW_FILL, _NOW_EDGE),
        (_("Gjort"), _DONE_FILL, _DONE_EDGE),
        (_("Inte gjort"), _PAPER, _LINE),
    ]
    parts, x = [], 22.0
    for label, fill, edge in samples:
        parts.append(
            _rect(x, y, 22, 14, f'rx="3" fill="{fill}" stroke="{edge}" stroke-width="1.5"')
            + f'<text x="{_number(x + 30)}" y="{_number(y + 12)}">{escape(label)}</text>'
        )
        x += 50 + 7.5 * len(label)
    label = _("Påminner före och eskalerar efter tidsgränsen")
    parts.append(
        _clock(x + 10, y + 7) + f'<text x="{_number(x + 30)}" y="{_number(y + 12)}">{escape(label)}</text>'
    )
    return "".join(parts)
