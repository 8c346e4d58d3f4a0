"""Addresses. The pages belong to the apps; only what concerns the installation as a whole stands here.

Faults are answered by Django's own handlers with the house's templates (400, 403, 403_csrf, 404 and 500.html).
"""

from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("workflows.urls")),
    path("", include("notifications.urls")),
]
