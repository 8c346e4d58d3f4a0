"""Small tools for measuring: medians, statement counts, memory of a process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the median and the spread of the middle 90 per cent."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ms ({self.low:.2f} to {self.high:.2f})"


@dataclass
class Measured:
    """Something to time: ``act(ready())``, the getting ready outside the clock."""

    ready: Callable[[], Any]
    act: Callable[[Any], object]


def timings_in_turn(measured: dict[str, Measured], *, times: int) -> dict[str, tuple[Timing, list[str]]]:
    """Time all of them by turns, A B C A B C, so that what drifts on the machine drifts for all; and the statements of one
    call of each."""
    counted = {}
    for name, one in measured.items():
        given = one.ready()
        counted[name] = statements(partial(one.act, given))
        for _ in range(5):
            one.act(one.ready())
    gc.collect()
    taken: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(times):
        for name, one in measured.items():
            given = one.ready()
            started = time.perf_counter()
            one.act(given)
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: (_timing(values), counted[name]) for name, values in taken.items()}


def timing_of(act: Callable[[], object], *, times: int) -> tuple[Timing, list[str]]:
    """Time one thing alone; see :func:`timings_in_turn`."""
    return timings_in_turn({"": Measured(lambda: None, lambda _given: act())}, times=times)[""]


def _timing(taken: list[float]) -> Timing:
    values = sorted(taken)
    return Timing(
        statistics.median(values),
        values[int(len(values) * 0.05)],
        values[max(0, int(len(values) * 0.95) - 1)],
    )


def statements(act: Callable[[], object]) -> list[str]:
    """The SQL statements of one call, BEGIN and COMMIT included."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def memory_mb(pid: int) -> float:
    """Resident memory of a process in megabytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
