"""The addresses that mails about meetings lead to, by the contract that pages and mails share."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseNotFound
from django.urls import include, path


def _not_here(request: HttpRequest, meeting_id: int) -> HttpResponseNotFound:
    return HttpResponseNotFound()


urlpatterns = [
    path("", include("config.urls")),
    path("moten/<int:meeting_id>/", _not_here, name="meeting"),
    path("moten/<int:meeting_id>/svar/", _not_here, name="meeting-answer"),
    path("moten/<int:meeting_id>/protokoll/", _not_here, name="meeting-minutes"),
]
