"""Where a process begins and ends, starts beside its main path, and what it does by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.nodes import mixins
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import PROCESS
from viewflow.workflow.token import Token

from workflows.models import WorkItem
from workflows.nodes.rows import InstantActivation


class BeginActivation(mixins.NextNodeActivationMixin, InstantActivation):
    """The first node of a process."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> BeginActivation:
        raise FlowRuntimeError("A process is begun with Begin.run")


class Begin(mixins.NextNodeMixin, Node):
    """Start event. ``run(act, profile_version)`` creates the process of the act's case and moves it to its first step."""

    task_type = "START"
    activation_class = BeginActivation
    bpmn_element = "startEvent"
    shape = nodes.Start.shape

    def run(self, act: Any, profile_version: Any, *, parent_task: WorkItem | None = None) -> Any:
        """Begin the flow for the act's case. The act's transaction holds the case's lock.

        ``parent_task`` is the step that a process beside the main one was begun from.
        """
        process = self.flow_class.process_class(
            flow_class=self.flow_class,
            case=act.case,
            profile_version=profile_version,
            profile_checksum=profile_version.checksum,
            parent_task=parent_task,
            created=act.now,
        )
        process.save(force_insert=True)
        act.move(process)
        task = WorkItem(
            process=process,
            case=act.case,
            flow_task=self,
            flow_task_type=self.task_type,
            step=self.name,
            token=Token("start"),
            created=act.now,
        )
        activation = self.activation_class(task)
        activation.complete()
        activation.activate_next()
        return process


class AsideActivation(BeginActivation):
    """A start beside the main path, in a process that runs already."""


class Aside(mixins.NextNodeMixin, Node):
    """A non-interrupting start event inside a running process: something asked for at any point."""

    task_type = "START"
    activation_class = AsideActivation
    bpmn_element = "startEvent"
    shape = nodes.Start.shape

    def run(self, act: Any, data: dict[str, Any]) -> None:
        """Open the side path in the act's process; ``data`` goes with its first step."""
        task = WorkItem(
            process=act.process,
            case=act.case,
            flow_task=self,
            flow_task_type=self.task_type,
            step=self.name,
            token=Token("aside"),
            data=data,
            created=act.now,
        )
        activation = self.activation_class(task)
        activation.complete()
        activation.activate_next()


class FinishActivation(InstantActivation):
    """An end: everything still open in the process is cancelled and the process is done."""

    @Activation.status.super()
    def complete(self) -> None:
        super().complete.original()
        act, process = self.process.act, self.process
        if self.flow_task.terminates:
            act.cancel_open(exclude=self.task.pk)
            process.status, process.finished = PROCESS.DONE, act.now
            process.save(update_fields=["status", "finished"])
            if self.flow_task.on_end is not None:
                self.flow_task.on_end(act)
        task_finished.send(sender=self.flow_class, process=process, task=self.task)

    @Activation.status.super()
    def create_next(self) -> list[Activation]:
        return []


class Finish(nodes.End):
    """End event. It ends the whole process (BPMN terminate) unless ``terminates`` is False (the end of a side path)."""

    activation_class = FinishActivation

    def __init__(self, on_end: Callable[[Any], None] | None = None, *, terminates: bool = True) -> None:
        super().__init__()
        self.on_end = on_end
        self.terminates = terminates

    def bpmn_content(self) -> str:
        return "<bpmn:terminateEventDefinition/>" if self.terminates else ""


class ScriptActivation(mixins.NextNodeActivationMixin, InstantActivation):
    """Does its work as it passes, in the act's transaction."""

    @Activation.status.super()
    def activate(self) -> None:
        self.flow_task.do(self.process.act)


class Script(mixins.NextNodeMixin, Node):
    """Something that the flow itself does to the case (BPMN script task)."""

    task_type = "FUNCTION"
    activation_class = ScriptActivation
    bpmn_element = "scriptTask"
    shape = nodes.Function.shape

    def __init__(self, do: Callable[[Any], None], *, title: Any) -> None:
        super().__init__()
        self.do = do
        self.task_title = title
