"""(c) Whole cases per second, from draft to closed, with one and with four workers on one database."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Barrier
from typing import Any


def _carry(cases: int, barrier: Barrier, results: Any) -> None:
    """One worker: carry its own cases through the whole flow by all who act in it."""
    import django

    django.setup()
    from django.db import connections

    from benchmarks.handles import world_handles
    from tests.world import START

    world = world_handles()
    # Within the partnership's years, so that every case also reports before it closes.
    world.now = START
    barrier.wait()
    started = time.perf_counter()
    for _ in range(cases):
        world.finish(world.submitted())
    results.put(time.perf_counter() - started)
    connections.close_all()


def run(*, workers: int, cases_each: int) -> float:
    """Cases per second of all workers together; each is a process of its own."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(workers), context.Queue()
    processes = [context.Process(target=_carry, args=(cases_each, barrier, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    taken = [results.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    rate: float = workers * cases_each / max(taken)
    return rate
