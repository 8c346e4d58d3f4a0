"""The stock engine doing the least it can: a row of human steps with its own models, no rights, no history, no mail."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process, Task


class StockFlow(flow.Flow):
    """Fifty human steps in a row."""

    process_class = Process
    task_class = Task
    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle().Next(this.step_0)
    end = flow.End()
    for _number in range(50):
        locals()[f"step_{_number}"] = flow.View(view=None).Next(
            getattr(this, f"step_{_number + 1}") if _number < 49 else this.end
        )
    del _number


def begin() -> Process:
    """A new process at its first step."""
    process: Process = StockFlow.start.run()
    return process


def do_step(task_pk: int, user: Any) -> None:
    """Assign, start and execute one task in the engine's own manner."""
    task = Task.objects.get(pk=task_pk)
    with task.activation() as activation:
        activation.assign(user)
        activation.start(None)
        activation.execute()


def open_task(process: Process) -> int:
    """The process's open task."""
    return int(Task.objects.filter(process=process, status="NEW").values_list("pk", flat=True).get())
