"""Two people, or one impatient one, at the same moment: real threads on real connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, models, transaction


def _waiting() -> int:
    """How many connections wait for a lock of this database (PostgreSQL)."""
    with connection.cursor() as cursor:
        # Within a transaction the server shows its activity as it first was, unless told to look again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def at_once(*acts: Callable[[], Any], behind: models.Model | None = None) -> list[Any]:
    """Run the acts at the same moment, each on a connection of its own; return results and exceptions in order.

    With ``behind``, that row (a case's, a meeting's) is held until every act has reached it, so that they truly contend: on PostgreSQL
    until the server says that they wait for the lock, on SQLite (which has one writer) until all have begun.
    """
    results: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts) + 1)

    def run(number: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[number] = act()
        except Exception as error:  # the test looks at what came
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    if behind is None:
        barrier.wait()
    else:
        with transaction.atomic():
            type(behind)._default_manager.select_for_update().get(pk=behind.pk)
            barrier.wait()
            if connection.vendor == "postgresql":
                deadline = time.monotonic() + 10
                while _waiting() < len(acts) and time.monotonic() < deadline:
                    time.sleep(0.005)
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "an act never came back: a deadlock"
    return results


def outcomes(results: list[Any]) -> tuple[list[Any], list[Exception]]:
    """What succeeded and what was refused."""
    refused = [r for r in results if isinstance(r, Exception)]
    return [r for r in results if not isinstance(r, Exception)], refused
