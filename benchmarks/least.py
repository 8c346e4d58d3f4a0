"""The least SQL that a step can mean: close a task, open the next, a history row, an outbox row, one commit."""

from __future__ import annotations

from django.db import connection, transaction


def create_tables() -> None:
    """Three bare tables with a primary key each."""
    key = "serial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY AUTOINCREMENT"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE least_task (id {key}, step integer NOT NULL, open boolean NOT NULL)")
        cursor.execute(f"CREATE TABLE least_event (id {key}, task integer NOT NULL, what text NOT NULL)")
        cursor.execute(f"CREATE TABLE least_outbox (id {key}, event text NOT NULL)")


def begin() -> int:
    """A first open task; its key."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO least_task (step, open) VALUES (0, true) RETURNING id")
        return int(cursor.fetchone()[0])


def do_step(task: int) -> int:
    """One step; the key of the task that it opened."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE least_task SET open = false WHERE id = %s AND open", [task])
        cursor.execute("INSERT INTO least_task (step, open) VALUES (1, true) RETURNING id")
        following = int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO least_event (task, what) VALUES (%s, 'done')", [task])
        cursor.execute("INSERT INTO least_outbox (event) VALUES ('done')")
    return following
