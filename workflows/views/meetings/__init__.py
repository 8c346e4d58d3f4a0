"""The pages of a body's meetings: plan, agenda, notice, attendance, the meeting itself, and what a member sees."""

from __future__ import annotations

from workflows.views.meetings import (
    agenda,
    attendance,
    closing,
    lists,
    member,
    minutes,
    page,
    planning,
    session,
)

urlpatterns = [
    *lists.urlpatterns,
    *planning.urlpatterns,
    *page.urlpatterns,
    *agenda.urlpatterns,
    *attendance.urlpatterns,
    *session.urlpatterns,
    *closing.urlpatterns,
    *member.urlpatterns,
    *minutes.urlpatterns,
]
