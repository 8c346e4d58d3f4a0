"""Named errors of the domain. Each carries a message for the person, in Swedish, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise


class DomainError(Exception):
    """A rule said no. ``message`` tells the person why; ``field`` ties it to what was typed, where that is known."""

    default_message: Message = _("Det går inte att göra just nu.")

    def __init__(self, message: Message | None = None, *, field: str | None = None) -> None:
        self.message: Message = message if message is not None else self.default_message
        self.field = field
        super().__init__(str(self.message))


class NotAllowed(DomainError):
    """The person lacks the right. Raised only to somebody who may know that the thing exists."""

    default_message = _("Du har inte behörighet att göra detta.")


class NotFound(DomainError):
    """It does not exist, or the person may not know that it does: the same answer."""

    default_message = _("Det du söker finns inte, eller så har du inte tillgång till det.")


class AlreadyDone(DomainError):
    """Somebody else, or the same person a moment ago, was first."""

    default_message = _("Steget är redan gjort.")


class WrongState(DomainError):
    """The case is not where this can be done."""

    default_message = _("Ärendet är inte i ett läge där detta kan göras.")


class InvalidInput(DomainError):
    """What was given breaks a rule. ``errors`` maps field names to messages."""

    default_message = _("Kontrollera uppgifterna.")

    def __init__(self, errors: Mapping[str, Message] | None = None, message: Message | None = None) -> None:
        self.errors: dict[str, Message] = dict(errors or {})
        first: Any = next(iter(self.errors.values()), None)
        super().__init__(message if message is not None else first, field=next(iter(self.errors), None))
