"""From a message about a meeting to its letter, or to why it must not be sent."""

from __future__ import annotations

import datetime as dt

from cases.access import Access
from notifications.letters import Letter
from notifications.meetings.gate import reason_to_drop
from notifications.meetings.standing import standing_of
from notifications.meetings.wording import write
from notifications.models import DropReason, Message


def meeting_letter(message: Message, access: Access, now: dt.datetime) -> Letter | DropReason:
    """The letter in the active language, under the recipient's own access. A constant number of statements."""
    assert message.meeting is not None
    standing = standing_of(message.meeting, access)
    reason = reason_to_drop(message, access, standing, now)
    return reason if reason is not None else write(message, access, standing)
