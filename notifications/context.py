"""What a letter quotes from the case, looked up when it is written, for whom the gate has let it through."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.access import Access
from cases.models import CaseEvent, Decision, DocumentVersion, Meeting, Memo, Question
from workflows.models import WorkItem

#: What can end a task that was not done, the most telling first.
_ENDINGS = (
    "withdrawn",
    "cancelled",
    "voting_closed",
    "party_decided",
    "agreement_refused",
    "screened",
    "referral_closed",
    "closed",
)


def proposed_decision(item: WorkItem) -> str:
    """The decision now proposed: as the party's chain has amended it in this round, else as the memo has it.

    For the holders of the item, who are the party's own people: the chain's steps are internal to it.
    """
    if item.party_id is not None and item.internal_to_id == item.party_id:
        amended = (
            Decision.objects.filter(case=item.case_id, party=item.party_id, round=item.case.round)
            .order_by("-decided_at", "-pk")
            .values_list("text", flat=True)
            .first()
        )
        if amended is not None:
            return amended
    return (
        Memo.objects.filter(case=item.case_id)
        .order_by("-version")
        .values_list("proposed_decision", flat=True)
        .first()
        or ""
    )


def why_returned(item: WorkItem) -> str:
    """Why the proposal came back to the proposer, in the words of the one who sent it back."""
    event = (
        CaseEvent.objects.filter(
            case=item.case_id,
            kind__in=("screened", "deliberation_concluded"),
            at__lte=item.created,
            internal_to__isnull=True,
        )
        .order_by("-seq")
        .first()
    )
    return str(event.data.get("reasons", "")) if event is not None else ""


def question_of(item: WorkItem) -> Question | None:
    """The question that the item asks for an answer to."""
    return Question.objects.select_related("asked_by").filter(pk=item.data.get("question")).first()


def what_ended_it(event: CaseEvent) -> CaseEvent | None:
    """Of the act that cancelled the tasks, the shared event that says why."""
    told = {
        other.kind: other
        for other in CaseEvent.objects.filter(
            case=event.case_id, at=event.at, kind__in=_ENDINGS, internal_to__isnull=True
        ).select_related("actor")
    }
    return next((told[kind] for kind in _ENDINGS if kind in told), None)


def reason_of_the_end(event: CaseEvent) -> str:
    """The reason given when a case was withdrawn or cancelled in the same act as the event."""
    found = CaseEvent.objects.filter(
        case=event.case_id, at=event.at, kind__in=("withdrawn", "cancelled")
    ).first()
    return str(found.data.get("reason", "")) if found is not None else ""


def paragraph_of(event: CaseEvent) -> str:
    """The paragraph of the minutes by which it was settled at a meeting, and its day: "§ 12, 14 mars 2022"; else empty."""
    number = event.data.get("paragraph")
    meeting = Meeting.objects.filter(pk=event.data.get("meeting")).first() if number is not None else None
    if meeting is None:
        return ""
    return _("§ %(number)s, %(day)s") % {"number": number, "day": date_format(meeting.day, "j F Y")}


def path_of_document(document_id: int, access: Access) -> str:
    """Where the newest version of a document is read; empty when the person may not see it."""
    version = (
        DocumentVersion.objects.filter(document=document_id)
        .filter(access.internal_filter("document__internal_to"))
        .order_by("-number")
        .values_list("document__case_id", "document_id", "number")
        .first()
    )
    return reverse("document-download", args=version) if version is not None else ""
