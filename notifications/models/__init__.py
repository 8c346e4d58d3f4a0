"""The outbox: events that concern somebody, and the messages that they became."""

from notifications.models.messages import MEETING_KINDS, DropReason, Kind, Message
from notifications.models.outbox import OutboxEntry

__all__ = ["MEETING_KINDS", "DropReason", "Kind", "Message", "OutboxEntry"]
