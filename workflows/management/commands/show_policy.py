"""``manage.py show_policy``: who may do what, as the table that the system itself asks."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import Any

from django.core.management.base import BaseCommand

from workflows.policy import RULES, Action, table

_HEADINGS = ("kind", "action", "roles", "stages", "own proposal", "while resting")
_WIDTHS = (4, 16, 60, 36, 12, 13)


class Command(BaseCommand):
    help = "Prints the policy: which roles may do which action in which stages."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            (
                kind,
                action,
                ", ".join(roles),
                ", ".join(stages),
                "yes" if RULES[Action(action)].own else "no",
                "yes" if RULES[Action(action)].while_on_hold else "no",
            )
            for kind, action, roles, stages in table()
        ]
        cells = [
            [textwrap.wrap(cell, width) for cell, width in zip(row, _WIDTHS, strict=True)] for row in rows
        ]
        self._line(_HEADINGS)
        self._line(tuple("-" * width for width in _WIDTHS))
        for row in cells:
            for line in zip_longest(*row, fillvalue=""):
                self._line(line)

    def _line(self, cells: tuple[str, ...]) -> None:
        self.stdout.write(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
        )
