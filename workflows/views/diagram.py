"""The process as a picture with the case's live position, and as a BPMN 2.0 file."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows.flows import ProposalFlow
from workflows.middleware import SignedInRequest
from workflows.views.errors import answers_domain_errors, find_case
from workflows.views.presenters import process_drawing
from workflows.views.presenters.bpmn import bpmn_of


@require_safe
@answers_domain_errors
def show_diagram(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """The drawing of the case's process. It says no more of a party's own chain than the case page does."""
    case = find_case(request.access, case_id)
    items = case.work_items.filter(flow_task_type__in=["HUMAN", "TIMER"])
    drawing = process_drawing.draw(
        process_drawing.positions(items, case),
        stage=case.stage,
        title=_("Processen för %(number)s") % {"number": case.number},
    )
    answer = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@lru_cache(maxsize=4)
def bpmn_text(language: str) -> str:
    """The flow in BPMN 2.0, in the language that is active: the same for every case."""
    return bpmn_of(ProposalFlow)


@require_safe
@answers_domain_errors
def download_bpmn(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """The flow as a file for BPMN tools."""
    case = find_case(request.access, case_id)
    answer = HttpResponse(bpmn_text(get_language() or "sv"), content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{case.number}-process.bpmn"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
