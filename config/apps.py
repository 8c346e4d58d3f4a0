from django.apps import AppConfig

from config import health


class ProjectConfig(AppConfig):
    """The project itself: tells the health page what to look at."""

    name = "config"

    def ready(self) -> None:
        # Here and not in the app: no app knows of the project that it is part of.
        from notifications.health import outbox_health

        health.register("database", health.database_answers)
        health.register("migrations", health.migrations_applied)
        health.register("disk", health.disk_has_room)
        health.register("outbox", outbox_health)
