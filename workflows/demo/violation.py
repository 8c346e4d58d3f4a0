"""A violation: something that must never be, was."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """Something that must never be, was: in which case, what rule, and what was seen."""

    case_id: int | None
    rule: str
    seen: str

    def __str__(self) -> str:
        where = "register" if self.case_id is None else f"case {self.case_id}"
        return f"{where}: {self.rule}: {self.seen}"
