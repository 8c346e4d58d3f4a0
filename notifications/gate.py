"""May a message still go? Asked when its turn comes, of the recipient's access and the task as they are."""

from __future__ import annotations

from viewflow.workflow.status import STATUS

from cases.access import Access
from notifications.models import DropReason, Kind, Message
from workflows.escalation import helps_as
from workflows.policy import may_step, waits_for


def reason_to_drop(message: Message, access: Access) -> DropReason | None:
    """Why the message should not be sent; None when it should. A statement only for who would act as a deputy."""
    if not message.recipient.is_active:
        return DropReason.INACTIVE
    if not access.sees_internal(message.event.internal_to_id):
        return DropReason.NO_ACCESS
    if message.kind in (Kind.TASK, Kind.REMINDER):
        return _task_reason(message, access)
    if message.kind == Kind.ESCALATION:
        reason = _task_reason(message, access)
        if reason not in (DropReason.NOT_THEIRS, DropReason.NO_ACCESS):
            return reason
        if _helps(message, access):
            return None
        return reason if access.sees(message.case) else DropReason.NO_ACCESS
    if message.kind == Kind.UNATTENDED:
        return _closed_reason(message) or (None if access.sees(message.case) else DropReason.NO_ACCESS)
    if not access.sees(message.case):
        return DropReason.NO_ACCESS
    item = message.item
    if message.kind == Kind.TASK_MOVED and item is not None and item.open and waits_for(access, item):
        return DropReason.THEIRS_AGAIN
    return None


def _helps(message: Message, access: Access) -> bool:
    """Whether the person, who cannot do the late task, can help it along."""
    assert message.item is not None
    return bool(helps_as(access, message.item, message.case))


def _task_reason(message: Message, access: Access) -> DropReason | None:
    """A call to do something is sent only to somebody who can do it now."""
    item = message.item
    assert item is not None
    if not access.sees_internal(item.internal_to_id):
        return DropReason.NO_ACCESS
    closed = _closed_reason(message)
    if closed is not None:
        return closed
    if not waits_for(access, item):
        return DropReason.NOT_THEIRS
    return None if may_step(access, item, message.case) else DropReason.NO_ACCESS


def _closed_reason(message: Message) -> DropReason | None:
    """Why there is nothing to do in the task any more, or not now."""
    item = message.item
    assert item is not None
    if item.status == STATUS.CANCELED:
        return DropReason.CANCELLED
    if item.finished is not None:
        return DropReason.DONE
    return None if item.open else DropReason.RESTING
