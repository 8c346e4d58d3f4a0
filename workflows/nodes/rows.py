"""The row of a step, and nodes that pass at once. The engine saves a task several times as it passes; these write it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.status import STATUS

from workflows.models import WorkItem


@dataclass(frozen=True)
class Holder:
    """Whom a step waits for: a role key, or one person (``owner_id``), with the party and body it is done for."""

    role_key: str
    owner_id: int | None = None
    party_id: int | None = None
    body_id: int | None = None
    internal_to_id: int | None = None


def new_item(
    node: Node, previous: Activation, token: Any, data: dict[str, Any] | None, **fields: Any
) -> WorkItem:
    act = previous.process.act
    return WorkItem(
        process=previous.process,
        case=act.case,
        flow_task=node,
        flow_task_type=node.task_type,
        step=node.name,
        token=token,
        data=data or {},
        created=act.now,
        came_from=previous.task,
        **fields,
    )


class InstantActivation(Activation):
    """A node that passes at once: its row is written once, when it is done."""

    previous_activation: Activation | None = None

    # The engine keeps activations in sets by their row's key; these have none until they are done.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> InstantActivation:
        activation = cls(new_item(flow_task, prev_activation, token, data))
        activation.previous_activation = prev_activation
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Nothing to prepare."""

    @Activation.status.super()
    def complete(self) -> None:
        task = self.task
        task.status, task.started, task.finished = STATUS.DONE, task.created, task.created
        task.save(force_insert=True)
