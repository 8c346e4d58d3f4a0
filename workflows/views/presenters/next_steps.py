"""What happens next, read from the flow itself: the human steps that can follow those that are open."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.access import Access
from workflows.flows import ProposalFlow
from workflows.models import WorkItem
from workflows.nodes import Step
from workflows.profile import BoundProfile
from workflows.views.presenters.ball import is_anothers
from workflows.views.presenters.process_layout import declared_nodes, leads_back

#: Steps beside the main path: what follows upon them is not what follows next in the case.
_BESIDE = frozenset({"answer", "referral_answer", "compile_referral"})
#: More than this many ways to go are not told: the drawing shows them.
WAYS_TOLD = 4


@cache
def _order() -> dict[Any, int]:
    return {node: number for number, node in enumerate(declared_nodes(ProposalFlow))}


def steps_after(node: Any) -> list[Step]:
    """The human steps that the flow can come to from the node without passing another, in the flow's order.

    Ways back (a referral back, a completion) are told only when there is no way on.
    """
    found: set[Step] = set()
    seen = {node}
    frontier = [node]
    while frontier:
        here = frontier.pop()
        for edge in here._outgoing():
            if edge.dst in seen:
                continue
            seen.add(edge.dst)
            if isinstance(edge.dst, Step):
                found.add(edge.dst)
            else:
                frontier.append(edge.dst)
    order = _order()
    steps = sorted(found, key=lambda step: order[step])
    onward = [step for step in steps if order[step] > order[node] and not leads_back(step, order)]
    return onward or steps


def _further_in_chain(item: WorkItem, profile: BoundProfile | None) -> str:
    """The next step of the party's own chain, when there is one."""
    if profile is None or "index" not in item.data:
        return ""
    chain = profile.chain(item.data["party"])
    index = item.data["index"] + 1
    if index >= len(chain):
        return ""
    return (chain[index].title_en if get_language() == "en" else "") or chain[index].title


def next_text(unfinished: Iterable[WorkItem], access: Access, profile: BoundProfile | None) -> str:
    """The steps that can follow, in words; empty when the case ends with those that are open."""
    titles: list[str] = []
    main = [item for item in unfinished if item.step not in _BESIDE]
    for item in main:
        further = "" if is_anothers(item, access) else _further_in_chain(item, profile)
        ways = [further] if further else [str(step.task_title) for step in steps_after(item.flow_task)]
        titles += [title for title in ways if title not in titles]
    return str(get_text_list(titles[:WAYS_TOLD], _("eller"))) if titles else ""
