from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "notifications"
    verbose_name = _("Aviseringar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.history import case_events_recorded
        from cases.meeting_history import meeting_events_recorded
        from notifications.meetings.outbox import queue_meeting_events
        from notifications.outbox import queue_events

        case_events_recorded.connect(queue_events, dispatch_uid="notifications.outbox")
        meeting_events_recorded.connect(queue_meeting_events, dispatch_uid="notifications.meetings.outbox")
