"""Values that cases are made of: text, vague dates, schedules, number patterns, the responsible. No models
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class RefusedValue(ValueError):
    """A value that cannot be accepted, with a message for the person who gave it.

    The message stays untranslated with its placeholders beside it until somebody reads it, so that a value
    refused in a worker is explained in the language of the reader. `django.core.exceptions.ValidationError`
    takes the three attributes as they are.
    """

    def __init__(
        self, code: str, message: StrPromise | str, params: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(code, message, params)
        self.code = code
        self.message = message
        self.params: Mapping[str, object] = params or {}

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)
