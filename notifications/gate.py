"""May a message still go? Asked when its turn comes, of the recipient's access and the task as they are."""

from __future__ import annotations

from viewflow.workflow.status import STATUS

from cases.access import Access
from notifications.models import DropReason, Kind, Message
from workflows.escalation import helps_as
from workflows.models import WorkItem
from workflows.policy import is_recipient, may_step, waits_for


def reason_to_drop(message: Message, access: Access) -> DropReason | None:
    """Why the message should not be sent; None when it should. A statement only for who would act as a deputy."""
    assert message.recipient is not None
    if not message.recipient.is_active:
        return DropReason.INACTIVE
    if not access.sees_internal(message.case_event.internal_to_id):
        return DropReason.NO_ACCESS
    if message.kind in (Kind.TASK, Kind.REMINDER):
        return _task_reason(message, access)
    if message.kind == Kind.ESCALATION:
        reason = _task_reason(message, access)
        if reason not in (DropReason.NOT_THEIRS, DropReason.NO_ACCESS):
            return reason
        if _helps(message, access):
            return None
        return reason if access.sees(message.about_case) else DropReason.NO_ACCESS
    if message.kind == Kind.UNATTENDED:
        assert message.item is not None
        return _state_reason(message.item) or (
            None if access.sees(message.about_case) else DropReason.NO_ACCESS
        )
    if message.item is not None and is_recipient(access, message.item, message.about_case):
        # Who was asked in a referral hears of it, if they see nothing else of the case.
        return None
    if not access.sees(message.about_case):
        return DropReason.NO_ACCESS
    item = message.item
    if message.kind == Kind.TASK_MOVED and item is not None and item.open and waits_for(access, item):
        return DropReason.THEIRS_AGAIN
    return None


def _helps(message: Message, access: Access) -> bool:
    """Whether the person, who cannot do the late task, can help it along."""
    assert message.item is not None
    return bool(helps_as(access, message.item, message.about_case))


def reason_to_drop_outside(message: Message) -> DropReason | None:
    """The same for somebody outside, who holds nothing but the link to their own task."""
    item = message.item
    if message.kind in (Kind.TASK, Kind.REMINDER):
        assert item is not None
        return _state_reason(item)
    return None


def _state_reason(item: WorkItem) -> DropReason | None:
    """Why nobody can do the task now; None when somebody can."""
    if item.status == STATUS.CANCELED:
        return DropReason.CANCELLED
    if item.finished is not None:
        return DropReason.DONE
    return None if item.open else DropReason.RESTING


def _task_reason(message: Message, access: Access) -> DropReason | None:
    """A call to do something is sent only to somebody who can do it now."""
    item = message.item
    assert item is not None
    if not access.sees_internal(item.internal_to_id):
        return DropReason.NO_ACCESS
    reason = _state_reason(item)
    if reason is not None:
        return reason
    if not waits_for(access, item):
        return DropReason.NOT_THEIRS
    return None if may_step(access, item, message.about_case) else DropReason.NO_ACCESS
