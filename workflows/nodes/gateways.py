"""Where the flow branches, meets again, and chooses its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from workflows.models import WorkItem
from workflows.nodes.rows import InstantActivation, new_item


class ForEachActivation(InstantActivation):
    """Opens one branch per datum; all rows of the branches' first steps in one statement."""

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        node, act = self.flow_task, self.process.act
        data = list(node.each(act))
        if not data:
            raise FlowRuntimeError(f"{node.name}: nobody to branch to")
        target = node.target
        if target.stage is not None:
            act.enter(target.stage)
        tokens = Token.split_token_source(self.task.token, self.task.pk)
        activations = [target.activation_class.build(target, self, next(tokens), datum) for datum in data]
        items = [activation.task for activation in activations]
        WorkItem.objects.bulk_create(items)
        act.note_opened(items)
        yield from activations


class ForEach(Node):
    """Parallel gateway with one branch per item of ``each(act)``, each given as data to its first step."""

    task_type = "PARALLEL_GATEWAY"
    activation_class = ForEachActivation
    bpmn_element = "parallelGateway"
    shape = nodes.Split.shape

    def __init__(self, each: Callable[[Any], Iterable[dict[str, Any]]]) -> None:
        super().__init__()
        self.each = each
        self.target: Any = None

    def Do(self, step: Any) -> ForEach:  # noqa: N802 in the manner of the engine's Next, Then, Else
        """The step that every branch begins with."""
        self.target = step
        return self

    def _resolve(self, instance: Any) -> None:
        self.target = this.resolve(instance, self.target)
        # The engine marks the targets of its own data splits only; the drawing and the export ask for this mark.
        self.target._multi_instance = True

    def _outgoing(self) -> Iterator[Edge]:
        yield Edge(src=self, dst=self.target, edge_class="default")


class MeetActivation(JoinActivation):
    """Waits until every branch of its split has come, or the outcome is settled."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> MeetActivation:
        act = prev_activation.process.act
        task = WorkItem.objects.filter(
            process=prev_activation.process, flow_task=flow_task, status=STATUS.STARTED
        ).first()
        if task is None:
            task = new_item(flow_task, prev_activation, token.get_base_split_token(), data)
            # The token of a branch is that of its split and a number: what stands before the number is common.
            task.data["branches"] = str(prev_activation.task.token).rpartition("_")[0] + "_"
            task.status, task.started = STATUS.STARTED, act.now
            task.save(force_insert=True)
        else:
            task.process, task.case = prev_activation.process, act.case
        return cls(task)

    @Activation.status.transition(source=STATUS.STARTED)
    def activate(self) -> None:
        """Its row says already that it has started."""

    def _waiting(self) -> Any:
        return WorkItem.objects.filter(
            process=self.process, token__startswith=self.task.data["branches"]
        ).exclude(status__in=[STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED])

    def is_done(self) -> bool:
        """Whether no branch is open, or the rest no longer matters."""
        settled = self.flow_task.settled
        if settled is not None and settled(self.process.act):
            return True
        return not self._waiting().exists()

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE, conditions=[this.is_done])
    def complete(self) -> None:
        act = self.process.act
        if self.flow_task.settled is not None:
            waiting = list(self._waiting().values_list("step", flat=True))
            if waiting:
                act.cancel_open(steps=set(waiting))
        self.task.finished = act.now
        WorkItem.objects.filter(pk=self.task.pk).update(status=STATUS.DONE, finished=act.now)
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)


class Meet(nodes.Join):
    """Where the branches of a :class:`ForEach` meet.

    :param settled: ``(act) -> bool``; once true, the branches still open are cancelled and the flow goes on (one
        party said no: the others need not go on deciding).
    """

    activation_class = MeetActivation

    def __init__(self, settled: Callable[[Any], bool] | None = None) -> None:
        super().__init__()
        self.settled = settled

    @property
    def bpmn_element(self) -> str:
        return "complexGateway" if self.settled is not None else "parallelGateway"

    @property
    def shape(self) -> dict[str, Any]:
        shape: dict[str, Any] = nodes.Split.shape
        return shape

    def reopen_if_done(self, act: Any) -> None:
        """Let the flow go on after branches were cancelled from outside (voting was closed)."""
        task = WorkItem.objects.filter(process=act.process, flow_task=self, status=STATUS.STARTED).first()
        if task is None:
            return
        task.process, task.case = act.process, act.case
        activation = self.activation_class(task)
        activation._activate_next({activation})

    def settle(self, act: Any, branch: WorkItem) -> None:
        """Let the flow go on after all open branches were cancelled from outside, if none of them has come here yet.

        ``branch`` is one of those that were cancelled.
        """
        task = WorkItem.objects.filter(process=act.process, flow_task=self, status=STATUS.STARTED).first()
        branch.process, branch.case = act.process, act.case
        if task is None:
            before = branch.flow_task.activation_class(branch)
            activation = self.activation_class.create(self, before, branch.token)
        else:
            task.process, task.case = act.process, act.case
            activation = self.activation_class(task)
        activation._activate_next({activation})


class ChoiceActivation(InstantActivation):
    """Takes the first branch whose condition holds."""

    chosen: Any = None

    @Activation.status.super()
    def activate(self) -> None:
        for node, condition in self.flow_task._branches:
            if condition is None or condition(self):
                self.chosen = node
                return
        raise FlowRuntimeError(f"{self.flow_task.name}: no way to go")

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        data = self.flow_task.data_for(self.chosen, self) if self.flow_task.data_for is not None else None
        yield self.chosen._create(self, self.task.token, data=data)


class Choice(nodes.Switch):
    """Exclusive gateway. Conditions read the outcome of the step before it: ``.Case(this.step, outcome("accept"))``."""

    activation_class = ChoiceActivation

    def __init__(
        self, title: Any = "", *, data_for: Callable[[Any, Any], dict[str, Any] | None] | None = None
    ) -> None:
        super().__init__()
        self.task_title = title
        self.data_for = data_for


def outcome(*values: str) -> Callable[[Any], bool]:
    """The condition that the step before the choice ended with one of the values."""

    def holds(activation: Any) -> bool:
        return activation.previous_activation.task.outcome in values

    return holds
