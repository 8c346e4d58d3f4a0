"""Querysets that are compiled to SQL once and run many times with other values.

Working a queryset out to SQL costs Django several times what the database needs to answer it by key. For the two
reads that every single step makes this is half of the step's time; a :class:`Prepared` queryset pays it once for each
thread. It stays an ordinary queryset, written and tested as one: only the compiled text is kept.

Use it for hot reads with a fixed shape. Parameters are whole numbers and dates.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import ModelIterable, get_related_populators

Row = TypeVar("Row")
Value = int | dt.date


@dataclass
class _Compiled:
    """SQL with its parameters, some of them stand-ins, and how its rows become values."""

    sql: str
    params: tuple[Any, ...]
    compiler: Any
    converters: Any
    klass_info: dict[str, Any] | None

    def rows(self, connection: Any, params: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self.converters:
            rows = list(self.compiler.apply_converters(rows, self.converters))
        return list(rows)


class Prepared(Generic[Row]):
    """A queryset built once from stand-in values.

    :param build: makes the queryset from the parameters, by name; called with stand-ins once a thread and database.
    :param stand_ins: for every parameter a value of its type that the queryset does not hold otherwise.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], **stand_ins: Value) -> None:
        self._build = build
        self._stand_ins = stand_ins
        self._local = threading.local()

    def __call__(self, *, using: str = "default", **values: Value) -> list[Row]:
        """Run it with the values; model instances, or tuples for a ``values_list``."""
        connection = connections[using]
        compiled = self._compiled(using, connection)
        by_stand_in = {
            self._adapted(connection, stand_in): self._adapted(connection, values[name])
            for name, stand_in in self._stand_ins.items()
        }
        rows = compiled.rows(connection, [by_stand_in.get(param, param) for param in compiled.params])
        return rows if compiled.klass_info is None else self._instances(compiled, using, rows)

    @staticmethod
    def _adapted(connection: Any, value: Value) -> Any:
        return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value

    def _compiled(self, using: str, connection: Any) -> _Compiled:
        known: dict[str, _Compiled] = self._local.__dict__.setdefault("known", {})
        if using not in known:
            queryset = self._build(**self._stand_ins).using(using)
            of_models = issubclass(queryset._iterable_class, ModelIterable)
            compiler = queryset.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            missing = {self._adapted(connection, stand_in) for stand_in in self._stand_ins.values()} - set(
                params
            )
            if missing:
                raise ValueError(f"stand-ins that do not come back as parameters: {missing}")
            converters = compiler.get_converters([column[0] for column in compiler.select])
            info = compiler.klass_info if of_models else None
            known[using] = _Compiled(sql, tuple(params), compiler, converters, info)
        return known[using]

    @staticmethod
    def _instances(compiled: _Compiled, using: str, rows: list[Any]) -> list[Any]:
        info, select = compiled.klass_info, compiled.compiler.select
        assert info is not None
        columns = info["select_fields"]
        first, last = columns[0], columns[-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        # The types are those of Django 6, where it takes one argument more.
        populators = get_related_populators(info, select, using)  # type: ignore[call-arg]
        instances = []
        for row in rows:
            instance = info["model"].from_db(using, names, row[first:last])
            for populator in populators:
                populator.populate(row, instance)
            instances.append(instance)
        return instances
