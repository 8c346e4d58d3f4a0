"""The engine's lock, by way of the case row, which is the one lock of everything that happens to a case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from cases.models import Case


@contextmanager
def case_lock(flow_class: Any, process_pk: int) -> Iterator[None]:
    """Hold the row of the process's case for a transaction. Waits; on SQLite the immediate transaction serialises."""
    with transaction.atomic():
        Case.objects.select_for_update().filter(processes__pk=process_pk).exists()
        yield
