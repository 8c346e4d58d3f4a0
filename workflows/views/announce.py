"""What the person is told after an act: what happened, and who has the ball now."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from workflows.middleware import SignedInRequest
from workflows.queries import unfinished_items
from workflows.views.presenters.ball import ball_in_brief


def who_is_next(request: SignedInRequest, case_id: int) -> str:
    """A sentence on whom the case waits for now, as much as the person may know. Two statements."""
    today = timezone.localdate()
    found = Case.objects.visible_to(request.access).filter(pk=case_id)
    case = found.prefetch_related(
        Prefetch("work_items", unfinished_items(today), to_attr="unfinished")
    ).first()
    if case is None:
        return ""
    if case.is_closed:
        return _("Ärendet är avslutat: %(end)s.") % {"end": case.get_end_state_display()}
    if case.is_on_hold:
        return _("Ärendet vilar tills det återupptas.")
    lines = ball_in_brief(case, case.unfinished, request.access, today=today).lines  # type: ignore[attr-defined]
    return _("Nu väntar ärendet på: %(who)s.") % {"who": "; ".join(lines)} if lines else ""


def announce(request: SignedInRequest, what_happened: str, case_id: int) -> None:
    """Tell, on the next page, what happened (a whole sentence) and who is next."""
    messages.success(request, f"{what_happened} {who_is_next(request, case_id)}".strip())
