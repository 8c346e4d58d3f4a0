"""Human steps: a task for a role at a scope with a deadline, and a party's whole decision chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import get_language
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone
from cases.models import APPROVING, Role, Stage
from workflows.due_dates import set_due
from workflows.models import WorkItem
from workflows.nodes.rows import Holder, new_item


class StepActivation(nodes.View.activation_class):
    """A human step: written once when opened, closed by compare-and-set."""

    @classmethod
    def build(
        cls, node: Step, previous: Activation, token: Any, data: dict[str, Any] | None
    ) -> StepActivation:
        """The step's row, not yet written."""
        act = previous.process.act
        task = new_item(node, previous, token, data)
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
            set_due(task, node.due_on(act, task), rules=act.profile.rules, today=act.today)
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
        task.done_for_id = act.on_behalf_of_id
        closed = WorkItem.objects.filter(pk=task.pk, open=True, holder_key=task.holder_key).update(
            status=STATUS.DONE,
            open=False,
            started=task.started,
            finished=task.finished,
            done_by=act.actor,
            done_for=act.on_behalf_of_id,
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
        set_due(task, self.flow_task.due_on(act, task), rules=act.profile.rules, today=act.today)
        task.status = STATUS.NEW if task.owner_id is None else STATUS.ASSIGNED
        woken = WorkItem.objects.filter(pk=task.pk, status=STATUS.SCHEDULED).update(
            status=task.status,
            open=True,
            due_on=task.due_on,
            timer=task.timer,
            timer_at=task.timer_at,
            scheduled=None,
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
        if task.outcome in APPROVING and index + 1 < len(chain):
            again = {"index": index + 1}
        elif task.outcome == "table" and chain[index].deliberation is not None:
            again = {"index": index}  # it waits among the body's matters, for the agenda of a later meeting
        elif task.outcome == "table":
            again = {"index": index, "not_before": task.data["tabled_until"]}
        elif task.outcome == "refer_back" and task.data.get("refer_back_to"):
            again = {"index": [step.id for step in chain].index(task.data["refer_back_to"])}
        if again is not None:
            yield node._create(self, task.token, data={"party": task.data["party"], **again})
        else:
            yield node._next._create(self, task.token)


class ChainStep(Step):
    """A party's decision chain: the same node once for every step of the chain in the profile (M2-M5, R1).

    :param at_meeting: ``(act, body, working days) -> date``: when a body that decides at meetings is to have done so.
    """

    activation_class = ChainStepActivation

    def __init__(
        self, *, at_meeting: Callable[[Any, int, int], dt.date] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._at_meeting = at_meeting

    def due_on(self, act: Any, item: WorkItem) -> dt.date:
        step = act.profile.chain(item.data["party"])[item.data["index"]]
        days = step.deadline or act.profile.rules.deadline(self.name)
        if step.deliberation is not None and self._at_meeting is not None:
            return self._at_meeting(act, act.profile.chain_scope(step)[1], days)
        due: dt.date = act.due(days)
        return due

    def title_for(self, item: WorkItem) -> str:
        title = item.data.get("title") or self.task_title
        return str(item.data.get("title_en") or title) if get_language() == "en" else str(title)

    def bpmn_content(self) -> str:
        return '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'

    @property
    def shape(self) -> dict[str, Any]:
        return {**nodes.View.shape, "svg": nodes.View.shape["svg"] + _SEQUENTIAL}
