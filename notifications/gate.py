"""May a message still go? Asked when its turn comes, of the recipient's access and the task as they are."""

from __future__ import annotations

from viewflow.workflow.status import STATUS

from cases.access import Access
from notifications.models import DropReason, Kind, Message
from workflows.policy import may_step


def reason_to_drop(message: Message, access: Access) -> DropReason | None:
    """Why the message should not be sent; None when it should. No statement."""
    if not message.recipient.is_active:
        return DropReason.INACTIVE
    if not access.sees_internal(message.case_event.internal_to_id):
        return DropReason.NO_ACCESS
    if message.kind in (Kind.TASK, Kind.REMINDER):
        return _task_reason(message, access)
    if not access.sees(message.about_case):
        return DropReason.NO_ACCESS
    item = message.item
    if (
        message.kind == Kind.TASK_MOVED
        and item is not None
        and item.open
        and item.holder_key in access.holder_keys
    ):
        return DropReason.THEIRS_AGAIN
    return None


def _task_reason(message: Message, access: Access) -> DropReason | None:
    """A call to do something is sent only to somebody who can do it now."""
    item = message.item
    assert item is not None
    if not access.sees_internal(item.internal_to_id):
        return DropReason.NO_ACCESS
    if item.status == STATUS.CANCELED:
        return DropReason.CANCELLED
    if item.finished is not None:
        return DropReason.DONE
    if not item.open:
        return DropReason.RESTING
    if item.holder_key not in access.holder_keys:
        return DropReason.NOT_THEIRS
    return None if may_step(access, item, message.about_case) else DropReason.NO_ACCESS
