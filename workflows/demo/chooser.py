"""Choices drawn from outside, so that a seeded generator and a property test can both drive the same walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Gives a whole number from 0 up to, not including, its argument: ``random.Random(seed).randrange`` or
#: ``lambda n: data.draw(integers(0, n - 1))``.
Draw = Callable[[int], int]


class Chooser:
    """Chooses among options with one drawn number each. Zero draws the first option: put the plainest there."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all as likely."""
        return options[self._draw(len(options))] if len(options) > 1 else options[0]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of the options; each is as likely as its weight says. Options of weight 0 are never chosen."""
        total = sum(weight for weight, _option in options)
        at = self._draw(total) if total > 1 else 0
        for weight, option in options:
            at -= weight
            if at < 0:
                return option
        raise ValueError("no option has a weight")

    def chance(self, one_in: int) -> bool:
        """True once in so many times."""
        return self._draw(one_in) == one_in - 1
