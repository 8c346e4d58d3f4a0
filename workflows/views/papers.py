"""Papers made of a case, to save: the memo and the official report, as PDF/A and as Word.

A paper says that it was made when what it holds was written, so whoever saves it again gets the same file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from cases.access import own_party_among
from cases.errors import NotFound
from cases.papers.docx import docx_of
from cases.papers.memo import memo_paper
from cases.papers.names import as_attachment, file_name
from cases.papers.paper import Paper
from cases.papers.pdf import pdf_of
from cases.papers.report import is_report, report_paper
from workflows.middleware import SignedInRequest
from workflows.queries import find_decision, find_memo, parties_of
from workflows.views.errors import answers_domain_errors


@dataclass(frozen=True)
class Press:
    """How a paper becomes a file. The function takes ``at`` by name."""

    make: Callable[..., bytes]
    content_type: str


PRESSES: Final = {
    "pdf": Press(pdf_of, "application/pdf"),
    "docx": Press(docx_of, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def printed(paper: Paper, ending: str, *, at: dt.datetime, version: int = 1) -> HttpResponse:
    """The paper as a file to save. No cache keeps it: the view around it says so."""
    press = PRESSES[ending]
    answer = HttpResponse(press.make(paper, at=at), content_type=press.content_type)
    answer["Content-Disposition"] = as_attachment(file_name(paper, ending, version=version))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@answers_domain_errors
def memo(request: SignedInRequest, *, case_id: int, version: int, ending: str) -> HttpResponse:
    """A version of the memo, in the shape of the reader's own party; who has none gets the first party's."""
    found = find_memo(request.access, case_id, version)
    parties = parties_of(found.case)
    party = next(iter([*own_party_among(request.access, parties), *parties]))
    paper = memo_paper(found, party=party, internal=request.access.sees_internal(party.pk))
    return printed(paper, ending, at=found.created_at, version=found.version)


@require_safe
@answers_domain_errors
def report(request: SignedInRequest, *, case_id: int, decision_id: int, ending: str) -> HttpResponse:
    """The official report that a party's preparing step came to."""
    decision = find_decision(request.access, case_id, decision_id)
    if not is_report(decision):
        raise NotFound()
    paper = report_paper(decision, internal=request.access.sees_internal(decision.party_id))
    return printed(paper, ending, at=decision.decided_at)


_CASE = "arenden/<int:case_id>/"
urlpatterns = [
    route
    for ending in PRESSES
    for route in (
        path(f"{_CASE}underlag/<int:version>.{ending}", memo, {"ending": ending}, name=f"case-memo-{ending}"),
        path(
            f"{_CASE}tjansteutlatande/<int:decision_id>.{ending}",
            report,
            {"ending": ending},
            name=f"case-report-{ending}",
        ),
    )
]
