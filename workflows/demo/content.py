"""A case's proposal as content that can be given back, changed or not."""

from __future__ import annotations

from cases.models import Case
from workflows.proposals import Funding, ProposalContent, Responsible


def content_of(case: Case) -> ProposalContent:
    """Everything that the proposal says now."""
    proposal = case.proposal
    return ProposalContent(
        title=case.title,
        kind=proposal.kind,
        area=case.area,
        description=proposal.description,
        goals=tuple(proposal.goals.all()),
        start=proposal.start,
        current_status=proposal.current_status,
        council_task=proposal.council_task,
        council_task_words=proposal.council_task_words,
        reporting_words=proposal.reporting_words,
        need=proposal.need,
        purpose=proposal.purpose,
        terms=proposal.terms,
        benefit=proposal.benefit,
        responsible=tuple(
            Responsible(row.name, row.organisation, row.unit, row.needs_review)
            for row in case.responsible_units.select_related("organisation", "unit")
        ),
        funding=tuple(
            Funding(row.source, row.amount, row.year, row.currency, row.decided_by)
            for row in case.funding.all()
        ),
    )
