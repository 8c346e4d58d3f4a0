"""Waiting until a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes import mixins
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone
from cases.models import Stage
from workflows.models import WorkItem
from workflows.nodes.rows import new_item


class PauseActivation(mixins.NextNodeActivationMixin, Activation):
    """A timer that waits in the database: a restart loses nothing."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> PauseActivation:
        act = prev_activation.process.act
        if flow_task.stage is not None:
            act.enter(flow_task.stage)
        task = new_item(flow_task, prev_activation, token, data)
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
