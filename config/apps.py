import contextlib
import sqlite3
from importlib import import_module

from django.apps import AppConfig

from config import health


def let_sqlite_take_many_parameters() -> None:
    """Tell Django how many parameters this SQLite takes: it reckons with 999, and cuts a large insert into many."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        limit = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    # Imported here: the back end's parts import each other, and its base comes first.
    import_module("django.db.backends.sqlite3.base")
    features = import_module("django.db.backends.sqlite3.features")
    features.DatabaseFeatures.max_query_params = min(limit, 32_766)


class ProjectConfig(AppConfig):
    """The project itself: tells the health page what to look at."""

    name = "config"

    def ready(self) -> None:
        let_sqlite_take_many_parameters()
        # Here and not in the app: no app knows of the project that it is part of.
        from notifications.health import outbox_health

        health.register("database", health.database_answers)
        health.register("migrations", health.migrations_applied)
        health.register("disk", health.disk_has_room)
        health.register("outbox", outbox_health)
