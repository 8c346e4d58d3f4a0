"""One act: a person does one thing to one case, in one transaction.

:func:`acting` opens the transaction, locks the case, asks the policy, and writes the history at the end.
Every domain function of the house runs inside it, whether a page, the API, a mail reply, a timer or a test
calls. What the engine's nodes need while they run (the time, the person, the recorder) they find in the act.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from viewflow.workflow.status import PROCESS, STATUS

from cases.access import Access, access_of
from cases.errors import AlreadyDone, NotFound
from cases.history import Recorder, lock_case
from cases.models import Case, Organisation, Person, Stage
from cases.prepared import Prepared
from workflows import policy
from workflows.models import CaseProcess, WorkItem
from workflows.profile import BoundProfile, profile_of
from workflows.working_days import add_working_days


@dataclass
class Act:
    """What is being done right now, by whom, to which case."""

    case: Case
    actor: Person | None
    now: dt.datetime
    recorder: Recorder
    process: CaseProcess | None = None
    item: WorkItem | None = None
    on_behalf_of_id: int | None = None
    opened: list[WorkItem] = field(default_factory=list)
    #: What a split that is told its branches by the act itself branches to.
    branches: list[dict[str, Any]] | None = None

    @cached_property
    def profile(self) -> BoundProfile:
        """The rules that the running case began with."""
        assert self.process is not None
        return profile_of(self.process)

    @cached_property
    def parties(self) -> list[Organisation]:
        """The partnership's parties in their order."""
        return list(
            Organisation.objects.filter(party_rows__partnership_id=self.case.partnership_id).order_by(
                "party_rows__order"
            )
        )

    @property
    def today(self) -> dt.date:
        """The act's date in Sweden."""
        return timezone.localtime(self.now).date()

    def due(self, working_days: int) -> dt.date:
        """The date so many working days from today."""
        return add_working_days(self.today, working_days)

    def record(self, kind: str, *, internal_to: Organisation | int | None = None, **data: Any) -> None:
        """Add an event to the case's history; see :meth:`cases.history.Recorder.record`."""
        self.recorder.record(kind, internal_to=internal_to, **data)

    def enter(self, stage: Stage) -> None:
        """Move the case to the stage and say so in the history."""
        before = self.case.stage
        if self.case.enter_stage(stage, self.now):
            self.record("stage_entered", stage=stage.value, before=before)

    def note_opened(self, items: Iterable[WorkItem]) -> None:
        """Remember steps that were opened; they are told of, by step, when the act ends."""
        self.opened.extend(items)

    def finish(self, outcome: str = "") -> None:
        """Close the step in hand with the outcome and let the flow move on."""
        assert self.item is not None
        assert self.process is not None
        self.item.outcome = outcome
        activation = self.item.flow_task.activation_class(self.item)
        activation.start(None)
        activation.execute()

    def cancel_open(
        self, *, steps: Iterable[str] | None = None, exclude: int | None = None
    ) -> list[WorkItem]:
        """Cancel the process's unfinished steps, all or those named, and note whom it concerned."""
        assert self.process is not None
        rows = WorkItem.objects.filter(process=self.process).exclude(
            status__in=[STATUS.DONE, STATUS.CANCELED]
        )
        if steps is not None:
            rows = rows.filter(step__in=list(steps))
        if exclude is not None:
            rows = rows.exclude(pk=exclude)
        items = list(rows)
        if items:
            WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(
                status=STATUS.CANCELED, open=False, finished=self.now, outcome="cancelled"
            )
            self._record_by_step("steps_cancelled", [item for item in items if item.holder_key])
        return items

    def _record_by_step(self, kind: str, items: Iterable[WorkItem]) -> None:
        groups: dict[tuple[str, int | None], list[WorkItem]] = {}
        for item in items:
            groups.setdefault((item.step, item.internal_to_id), []).append(item)
        for (step, internal_to), group in groups.items():
            self.record(
                kind,
                internal_to=internal_to,
                step=step,
                items=[item.pk for item in group],
                due=group[0].due_on,
            )

    def move(self, process: CaseProcess) -> None:
        """Let the act move another process of the same case: a referral beside the main flow."""
        process.case, process.act = self.case, self
        self.process = process

    def end_beside(self) -> None:
        """End what runs beside the process in hand, with its open steps: the case is closing."""
        main = self.process
        others = CaseProcess.objects.filter(case=self.case, status=PROCESS.NEW)
        for process in others.exclude(pk=main.pk if main is not None else None):
            self.move(process)
            self.cancel_open()
            process.status, process.finished = PROCESS.CANCELED, self.now
            process.save(update_fields=["status", "finished"])
        self.process = main

    def flush(self) -> None:
        """Write the history of the act, opened steps last."""
        self._record_by_step("steps_opened", [item for item in self.opened if item.open])
        self.opened.clear()
        self.recorder.flush()


def begin(case: Case, actor: Person | None, now: dt.datetime, on_behalf_of_id: int | None = None) -> Act:
    """An act on a locked case whose right has been asked; whoever begins it flushes it, in the same transaction."""
    recorder = Recorder(case=case, actor=actor, now=now, on_behalf_of_id=on_behalf_of_id)
    return Act(case=case, actor=actor, now=now, recorder=recorder, on_behalf_of_id=on_behalf_of_id)


def access_for(person: Person, now: dt.datetime) -> Access:
    """The person's access on the day of the act, worked out once for each person object and day."""
    day = timezone.localtime(now).date()
    known: tuple[dt.date, Access] | None = getattr(person, "_access", None)
    if known is None or known[0] != day:
        known = (day, access_of(person, on=day))
        person._access = known  # type: ignore[attr-defined]
    return known[1]


_locked_item: Prepared[WorkItem] = Prepared(
    lambda item: (
        WorkItem.objects.select_for_update(of=("case",)).select_related("case", "process").filter(pk=item)
    ),
    item=-1,
)


@contextmanager
def acting(*, item_id: int, actor: Person, step: str, now: dt.datetime) -> Iterator[Act]:
    """Act on a work item: one transaction with the case locked, the right asked, the history written at the end.

    Raises :class:`NotFound` when the person may not know of it, :class:`AlreadyDone` when it is closed,
    :class:`NotAllowed` or :class:`WrongState` when the policy says no.
    """
    try:
        with _step_transaction(item_id=item_id, actor=actor, step=step, now=now) as act:
            yield act
    except IntegrityError as error:
        # Two did it at once and the database let only one: the other is told so, not that something broke.
        if WorkItem.objects.filter(pk=item_id, open=True).exists():
            raise
        raise AlreadyDone() from error


@contextmanager
def _step_transaction(*, item_id: int, actor: Person, step: str, now: dt.datetime) -> Iterator[Act]:
    with transaction.atomic():
        # The case row is the one lock of everything that happens to a case. On PostgreSQL the other tables of
        # this join may be read as they were before a wait for that lock: the item is therefore closed by
        # compare-and-set, never on what was read here.
        found = _locked_item(item=item_id)
        if not found or found[0].step != step:
            raise NotFound()
        item = found[0]
        access = access_for(actor, now)
        act = begin(item.case, actor, now, policy.require_step(access, item, item.case))
        act.item = item
        act.move(item.process)
        yield act
        act.flush()


@contextmanager
def acting_on_case(*, case_id: int, actor: Person, action: policy.Action, now: dt.datetime) -> Iterator[Act]:
    """Do something to a case beside its steps (withdraw, hold, comment …), with the same guarantees as :func:`acting`."""
    with transaction.atomic():
        try:
            case = lock_case(case_id)
        except Case.DoesNotExist:
            raise NotFound() from None
        access = access_for(actor, now)
        policy.require(access, action, case)
        act = begin(case, actor, now, policy.acts_for_in(access, action, case))
        _attach_process(act)
        yield act
        act.flush()


@contextmanager
def acting_by_itself(*, case_id: int, now: dt.datetime) -> Iterator[Act]:
    """What nobody does but time: a timer moves the case. The history has no actor then."""
    with transaction.atomic():
        try:
            case = lock_case(case_id)
        except Case.DoesNotExist:
            raise NotFound() from None
        act = begin(case, None, now)
        _attach_process(act)
        yield act
        act.flush()


@contextmanager
def acting_at_meeting(*, case_id: int, actor: Person, now: dt.datetime) -> Iterator[Act]:
    """What a body does to a case at its meeting. The right is that of the meeting, which the caller has asked and locked."""
    with transaction.atomic():
        try:
            case = lock_case(case_id)
        except Case.DoesNotExist:
            raise NotFound() from None
        act = begin(case, actor, now)
        _attach_process(act)
        yield act
        act.flush()


def _attach_process(act: Act) -> None:
    """The case's main process. What was begun from a step of it, such as a referral, runs beside it."""
    process = CaseProcess.objects.filter(case=act.case, status=PROCESS.NEW, parent_task__isnull=True).first()
    if process is not None:
        act.move(process)


def take_item(act: Act, item_id: int) -> WorkItem:
    """The case's open work item, re-read under the lock; the act moves its process from here on.

    Raises :class:`AlreadyDone` when it is closed.
    """
    item = WorkItem.objects.filter(pk=item_id, case=act.case).select_related("owner", "process").first()
    if item is None:
        raise NotFound()
    if item.status not in (STATUS.NEW, STATUS.ASSIGNED):
        raise AlreadyDone()
    item.case = act.case
    act.move(item.process)
    return item
