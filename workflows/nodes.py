"""The house's own nodes on the engine's base classes, so that a flow reads like the process that it draws.

* :class:`Step` - a task for a role at a scope, with a deadline (BPMN user task).
* :class:`ForEach` - one branch per party or per member (parallel gateway; its targets are multi-instance).
* :class:`ChainStep` - a party's decision chain, as many steps as its profile says (sequential multi-instance).
* :class:`Meet` - where branches meet again; can end the other branches when the outcome is settled.
* :class:`Choice` - which way to go (exclusive gateway). :class:`Pause` - wait until a date (timer event).
* :class:`Begin`, :class:`Finish`, :class:`Aside` - start, ends, and a start beside the main path.

The engine saves a task several times as it passes; these nodes write each row once and all rows of a split
together, so that a step costs a constant number of statements. What they need to know of the moment, they find
in the act that ``process.act`` holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.nodes import mixins
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from cases.errors import AlreadyDone
from cases.models import Role, Stage
from workflows.models import WorkItem


@dataclass(frozen=True)
class Holder:
    """Whom a step waits for: a role key, or one person (``owner_id``), with the party and body it is done for."""

    role_key: str
    owner_id: int | None = None
    party_id: int | None = None
    body_id: int | None = None
    internal_to_id: int | None = None


def _item(
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
        activation = cls(_item(flow_task, prev_activation, token, data))
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


# Start and ends


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

    def run(self, act: Any, profile_version: Any) -> Any:
        """Begin the flow for the act's case. The act's transaction holds the case's lock."""
        process = self.flow_class.process_class(
            flow_class=self.flow_class,
            case=act.case,
            profile_version=profile_version,
            profile_checksum=profile_version.checksum,
            created=act.now,
        )
        process.save(force_insert=True)
        process.act, act.process = act, process
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


# Human steps


class StepActivation(nodes.View.activation_class):
    """A human step: written once when opened, closed by compare-and-set."""

    @classmethod
    def build(
        cls, node: Step, previous: Activation, token: Any, data: dict[str, Any] | None
    ) -> StepActivation:
        """The step's row, not yet written."""
        act = previous.process.act
        task = _item(node, previous, token, data)
        holder = node.holder(act, task)
        task.role_key = holder.role_key
        task.role = holder.role_key.partition("@")[0]
        task.owner_id = holder.owner_id
        task.holder_key = holder.role_key if holder.owner_id is None else f"person:{holder.owner_id}"
        task.party_id, task.body_id = holder.party_id, holder.body_id
        task.internal_to_id = holder.internal_to_id
        not_before = (data or {}).get("not_before")
        if not_before is None:
            task.status = STATUS.NEW if holder.owner_id is None else STATUS.ASSIGNED
            task.open = True
            task.due_on = node.due_on(act, task)
        else:
            task.status = STATUS.SCHEDULED
            task.scheduled = dt.datetime.fromisoformat(not_before)
        return cls(task)

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> StepActivation:
        activation = cls.build(flow_task, prev_activation, token, data)
        activation.task.save(force_insert=True)
        prev_activation.process.act.note_opened([activation.task])
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Waits for a person."""

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.STARTED)
    def start(self, request: Any) -> None:
        self.task.started = self.process.act.now

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        act, task = self.process.act, self.task
        task.finished, task.open, task.done_by = act.now, False, act.actor
        closed = WorkItem.objects.filter(pk=task.pk, open=True, holder_key=task.holder_key).update(
            status=STATUS.DONE,
            open=False,
            started=task.started,
            finished=task.finished,
            done_by=act.actor,
            outcome=task.outcome,
        )
        if not closed:
            raise AlreadyDone()
        task_finished.send(sender=self.flow_class, process=self.process, task=task)

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        self.complete()
        self.activate_next()

    @Activation.status.transition(source=STATUS.SCHEDULED, target=STATUS.NEW)
    def wake(self) -> None:
        """Open a step that waited for its date."""
        act, task = self.process.act, self.task
        task.open = True
        task.due_on = self.flow_task.due_on(act, task)
        task.status = STATUS.NEW if task.owner_id is None else STATUS.ASSIGNED
        woken = WorkItem.objects.filter(pk=task.pk, status=STATUS.SCHEDULED).update(
            status=task.status, open=True, due_on=task.due_on, scheduled=None
        )
        if not woken:
            raise AlreadyDone()
        act.note_opened([task])


#: The three upright bars of BPMN's parallel multi-instance and the three lying ones of the sequential.
_PARALLEL = '<path d="M70,84 v10 M75,84 v10 M80,84 v10" stroke="black" stroke-width="2"/>'
_SEQUENTIAL = '<path d="M70,85 h11 M70,89 h11 M70,93 h11" stroke="black" stroke-width="2"/>'


class Step(nodes.View):
    """A task for a role at a scope, with a deadline from the profile.

    :param role: whose task it is; ``at`` says at which scope and who fills it: a callable
        ``(act, item) -> Holder``, see :mod:`workflows.holders`.
    :param stage: the visible stage that the case is in while the step is open.
    """

    activation_class = StepActivation

    def __init__(
        self,
        *,
        role: Role,
        at: Callable[[Any, WorkItem], Holder],
        stage: Stage | None,
        title: Any,
        due: Callable[[Any, WorkItem], dt.date] | None = None,
    ) -> None:
        super().__init__(view=None)
        self._due = due
        self.role = role
        self.stage = stage
        self.task_title = title
        self._at = at

    def holder(self, act: Any, item: WorkItem) -> Holder:
        """Whom a new item of the step waits for."""
        return self._at(act, item)

    def due_on(self, act: Any, item: WorkItem) -> dt.date:
        """When a new item of the step is due: the step's own rule, else the profile's working days from today."""
        if self._due is not None:
            return self._due(act, item)
        due: dt.date = act.due(act.profile.rules.deadline(self.name))
        return due

    def title_for(self, item: WorkItem) -> str:
        """The step's name as the person reads it."""
        return str(self.task_title)

    def _create(self, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        if self.stage is not None:
            prev_activation.process.act.enter(self.stage)
        return super()._create(prev_activation, token, data=data, seed=seed)

    @property
    def shape(self) -> dict[str, Any]:
        mark = _PARALLEL if self._multi_instance else ""
        return {**nodes.View.shape, "svg": nodes.View.shape["svg"] + mark}


class ChainStepActivation(StepActivation):
    """One step of a party's chain; approving opens the next one until the party has decided."""

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        act, task, node = self.process.act, self.task, self.flow_task
        chain = act.profile.chain(task.data["party"])
        index: int = task.data["index"]
        again: dict[str, Any] | None = None
        if task.outcome == "approve" and index + 1 < len(chain):
            again = {"index": index + 1}
        elif task.outcome == "table":
            again = {"index": index, "not_before": task.data["tabled_until"]}
        elif task.outcome == "refer_back" and task.data.get("refer_back_to"):
            again = {"index": [step.id for step in chain].index(task.data["refer_back_to"])}
        if again is not None:
            yield node._create(self, task.token, data={"party": task.data["party"], **again})
        else:
            yield node._next._create(self, task.token)


class ChainStep(Step):
    """A party's decision chain: the same node once for every step of the chain in the profile (M2-M5, R1)."""

    activation_class = ChainStepActivation

    def due_on(self, act: Any, item: WorkItem) -> dt.date:
        step = act.profile.chain(item.data["party"])[item.data["index"]]
        due: dt.date = act.due(step.deadline or act.profile.rules.deadline(self.name))
        return due

    def title_for(self, item: WorkItem) -> str:
        title = item.data.get("title") or self.task_title
        return str(item.data.get("title_en") or title) if get_language() == "en" else str(title)

    def bpmn_content(self) -> str:
        return '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'

    @property
    def shape(self) -> dict[str, Any]:
        return {**nodes.View.shape, "svg": nodes.View.shape["svg"] + _SEQUENTIAL}


# Gateways


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
            task = _item(flow_task, prev_activation, token.get_base_split_token(), data)
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


# Waiting


class PauseActivation(mixins.NextNodeActivationMixin, Activation):
    """A timer that waits in the database: a restart loses nothing."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> PauseActivation:
        act = prev_activation.process.act
        if flow_task.stage is not None:
            act.enter(flow_task.stage)
        task = _item(flow_task, prev_activation, token, data)
        task.status, task.scheduled = STATUS.SCHEDULED, flow_task.until(act)
        task.save(force_insert=True)
        act.record("waiting", step=flow_task.name, until=task.scheduled)
        return cls(task)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        """Its row says already until when it waits."""

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Never by itself: a pause ends when its timer fires."""

    @Activation.status.transition(source=STATUS.SCHEDULED, target=STATUS.DONE)
    def fire(self) -> None:
        """The time has come. Raises :class:`AlreadyDone` when another worker was first."""
        act, task = self.process.act, self.task
        task.finished = act.now
        fired = WorkItem.objects.filter(pk=task.pk, status=STATUS.SCHEDULED).update(
            status=STATUS.DONE, started=act.now, finished=act.now
        )
        if not fired:
            raise AlreadyDone()
        task_finished.send(sender=self.flow_class, process=self.process, task=task)


class Pause(nodes.Timer):
    """Intermediate timer event: wait until ``until(act)`` (an aware datetime)."""

    activation_class = PauseActivation

    def __init__(self, until: Callable[[Any], dt.datetime], *, stage: Stage | None, title: Any) -> None:
        super().__init__(delay=None)
        self.until = until
        self.stage = stage
        self.task_title = title
