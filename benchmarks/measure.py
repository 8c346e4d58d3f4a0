"""Small tools for measuring: medians, statement counts, memory of a process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the median and the spread of the middle 90 per cent."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ms ({self.low:.2f} to {self.high:.2f})"


def timing_of(ready: Callable[[], T], act: Callable[[T], object], *, times: int) -> tuple[Timing, list[str]]:
    """Time ``act(ready())`` so many times, the getting ready outside the clock; also the statements of one call."""
    given = ready()
    counted = statements(lambda: act(given))
    for _ in range(5):
        act(ready())
    gc.collect()
    taken = []
    for _ in range(times):
        given = ready()
        started = time.perf_counter()
        act(given)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    low, high = taken[int(len(taken) * 0.05)], taken[max(0, int(len(taken) * 0.95) - 1)]
    return Timing(statistics.median(taken), low, high), counted


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
