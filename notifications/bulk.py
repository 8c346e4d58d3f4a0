"""Many new rows in one statement, whatever their number.

``bulk_create`` cuts its insert at a thousand parameters on SQLite, so that its statements grow with the rows.
Here the rows travel as one JSON parameter, and rows that exist already are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert_new(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert the rows, passing over those that a unique constraint knows already. Objects get no primary key.

    For models whose columns are numbers, texts, booleans and times: no JSON and no binary columns.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    if connection.vendor == "sqlite":
        values = ", ".join(f"json_extract(j.value, '$[{n}]')" for n in range(len(fields)))
        source = "json_each(%s) AS j WHERE true"  # SQLite needs the WHERE to tell an upsert from a join.
    else:
        values = ", ".join(
            f"(j.value ->> {n})::{field.db_type(connection)}" for n, field in enumerate(fields)
        )
        source = "jsonb_array_elements(%s::jsonb) AS j(value)"
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) "  # noqa: S608 our own table and column names
        f"SELECT {values} FROM {source} ON CONFLICT DO NOTHING"
    )

    def plain(row: models.Model) -> list[Any]:
        return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]

    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps([plain(row) for row in rows], default=str)])
