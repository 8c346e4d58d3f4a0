"""The read models behind the inbox, the case list and the case page: as many statements whatever the rows.

Everything read here has passed :mod:`cases.access`: rows internal to a party are left out in the statement itself
for those who may not see them. The one exception is :func:`unfinished_items`, which the presenters need in order to
say "with LiU for decision"; what they may say of it, they ask the access.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from viewflow.workflow.status import STATUS

from cases.access import Access
from cases.errors import NotFound
from cases.models import (
    Agreement,
    AgreementReview,
    AgreementVersion,
    Case,
    CaseEvent,
    CaseStatus,
    Comment,
    Decision,
    Deliberation,
    Document,
    DocumentVersion,
    EndState,
    Goal,
    Memo,
    Organisation,
    Partnership,
    PartyStatement,
    Person,
    Question,
    RegistryNumber,
    Report,
    RoleHolding,
    Signature,
    Vote,
)
from workflows.models import CaseProcess, WorkItem

#: Rows on a page of the case list; own cases that the inbox shows; events that a case page begins with.
PAGE_ROWS = 25
FOLLOWED_CASES = 12
EVENTS_FIRST = 50
RELATED_CASES = 6
INBOX_COUNT_CAP = 99

_UNFINISHED = [STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED]


def unfinished_items() -> models.QuerySet[WorkItem]:
    """Steps and pauses that are not done, soonest due first, with whom they wait for."""
    return (
        WorkItem.objects.filter(status__in=_UNFINISHED, flow_task_type__in=["HUMAN", "TIMER"])
        .select_related("owner", "party", "body")
        .order_by("due_on", "pk")
    )


def _with_list_relations(cases: models.QuerySet[Case]) -> models.QuerySet[Case]:
    """What a row in a list of cases shows: two statements beside the cases' own."""
    relations: list[Any] = [
        Prefetch("registry_numbers", RegistryNumber.objects.select_related("organisation")),
        Prefetch("work_items", unfinished_items(), to_attr="unfinished"),
    ]
    return cases.select_related("partnership", "area").prefetch_related(*relations)


# The inbox


def inbox_items(access: Access) -> list[WorkItem]:
    """The person's open tasks with what their cards show. One statement."""
    return list(
        WorkItem.objects.for_user(access).select_related("case__partnership", "owner", "party", "body")
    )


def inbox_count(access: Access) -> int:
    """How many open tasks the person has, counted no further than :data:`INBOX_COUNT_CAP`. One statement."""
    return WorkItem.objects.for_user(access, limit=INBOX_COUNT_CAP).count()


def followed_cases(access: Access) -> list[Case]:
    """The person's own drafts and running cases, the latest changed first."""
    cases = Case.objects.filter(created_by_id=access.person_id).exclude(status=CaseStatus.CLOSED)
    return list(_with_list_relations(cases.order_by("-updated_at", "-pk"))[:FOLLOWED_CASES])


# The case list


@dataclass(frozen=True)
class CaseFilters:
    """What the list is narrowed to. None and empty mean not at all. ``today`` decides what is overdue."""

    today: dt.date
    partnership_id: int | None = None
    area_id: int | None = None
    party_partnership_ids: frozenset[int] | None = None
    stage: str = ""
    kind: str = ""
    status: str = ""
    text: str = ""
    mine: bool = False
    overdue: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place in the list: after or before the case with this time of change and key."""

    updated_at: dt.datetime
    case_id: int
    backwards: bool = False


@dataclass(frozen=True)
class CasePage:
    """One page of the list."""

    cases: list[Case]
    has_previous: bool
    has_next: bool


def _words(text: str) -> Iterable[set[str]]:
    """Each word in the cases that it may stand in: SQLite folds the case of A to Z only."""
    for word in text.split()[:6]:
        yield {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def _contains(text: str) -> Q:
    condition = Q()
    for spellings in _words(text):
        either = Q()
        for word in spellings:
            numbers = RegistryNumber.objects.filter(case=OuterRef("pk"), text__icontains=word)
            either |= Q(title__icontains=word) | Q(proposal__description__icontains=word) | Q(Exists(numbers))
            house_number = word.upper().removeprefix("S-")
            if house_number.isascii() and house_number.isdecimal() and len(house_number) < 10:
                either |= Q(pk=int(house_number))
        condition &= either
    return condition


def filter_cases(access: Access, filters: CaseFilters) -> models.QuerySet[Case]:
    """The visible cases that the filters leave. Nothing that the person may not see can change the answer."""
    cases = Case.objects.visible_to(access)
    if filters.partnership_id is not None:
        cases = cases.filter(partnership_id=filters.partnership_id)
    if filters.area_id is not None:
        cases = cases.filter(area_id=filters.area_id)
    if filters.party_partnership_ids is not None:
        cases = cases.filter(partnership_id__in=sorted(filters.party_partnership_ids))
    if filters.stage:
        cases = cases.filter(stage=filters.stage)
    if filters.kind:
        cases = cases.filter(proposal__kind=filters.kind)
    if filters.status in EndState.values:
        cases = cases.filter(end_state=filters.status)
    elif filters.status:
        cases = cases.filter(status=filters.status)
    if filters.mine:
        cases = cases.filter(created_by_id=access.person_id)
    if filters.text:
        cases = cases.filter(_contains(filters.text))
    if filters.overdue:
        late = WorkItem.objects.overdue(filters.today).filter(access.internal_filter(), case=OuterRef("pk"))
        cases = cases.filter(Exists(late))
    return cases


def page_of_cases(cases: models.QuerySet[Case], cursor: Cursor | None, *, rows: int = PAGE_ROWS) -> CasePage:
    """One page, the latest changed first. One row more than shown tells whether more follow: nothing is counted."""
    order = ["-updated_at", "-pk"]
    if cursor is not None:
        sign = "gt" if cursor.backwards else "lt"
        same = Q(updated_at=cursor.updated_at) & Q(**{f"pk__{sign}": cursor.case_id})
        cases = cases.filter(Q(**{f"updated_at__{sign}": cursor.updated_at}) | same)
        if cursor.backwards:
            order = ["updated_at", "pk"]
    found = list(_with_list_relations(cases.order_by(*order))[: rows + 1])
    more, found = len(found) > rows, found[:rows]
    if cursor is not None and cursor.backwards:
        return CasePage(found[::-1], has_previous=more, has_next=True)
    return CasePage(found, has_previous=cursor is not None, has_next=more)


def partnerships_with_cases(access: Access) -> list[Partnership]:
    """The partnerships that the person may see cases of, with areas and parties, for the filters."""
    own = Case.objects.filter(created_by_id=access.person_id).values("partnership_id")
    return list(
        Partnership.objects.filter(
            Q(pk__in=sorted(access.partnership_ids)) | Q(areas__in=sorted(access.area_ids)) | Q(pk__in=own)
        )
        .distinct()
        .prefetch_related("areas", "party_rows__organisation")
    )


# The case page


@dataclass
class CaseReading:
    """Everything that one person may read of one case."""

    case: Case
    parties: list[Organisation]
    registry_numbers: list[RegistryNumber]
    goals: list[Goal]
    overarching_goals: set[int]
    statements: list[PartyStatement]
    memos: list[Memo]
    deliberations: list[Deliberation]
    agreement: Agreement | None
    agreement_versions: list[AgreementVersion]
    decisions: list[Decision]
    reports: list[Report]
    questions: list[Question]
    documents: list[Document]
    comments: list[Comment]
    items: list[WorkItem]
    process: CaseProcess | None
    events: list[CaseEvent]
    more_events: bool
    related: list[Case]
    holders: dict[str, list[Person]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)

    @property
    def unfinished(self) -> list[WorkItem]:
        """Steps and pauses that are not done, soonest due first; those internal to another party among them."""
        rows = [item for item in self.items if item.status in _UNFINISHED]
        return sorted(rows, key=lambda item: (item.due_on or dt.date.max, item.pk))


def _goals(case: Case) -> tuple[list[Goal], set[int]]:
    """The case's own goals, or its area's where it names none, with the partnership's overarching ones (H2)."""
    own = list(case.proposal.goals.all())
    if not own and case.area is not None:
        own = list(case.area.goals.all())
    overarching = list(case.partnership.overarching_goals.all())
    by_number = {goal.pk: goal for goal in [*own, *overarching]}
    return [by_number[number] for number in sorted(by_number)], {goal.pk for goal in overarching}


def _agreement_versions(agreement: Agreement | None) -> list[AgreementVersion]:
    if agreement is None:
        return []
    return list(
        agreement.versions.select_related("author").prefetch_related(
            Prefetch("reviews", AgreementReview.objects.select_related("party", "reviewer")),
            Prefetch("signatures", Signature.objects.select_related("party", "signatory")),
        )
    )


def _people_named_in(events: Iterable[CaseEvent]) -> dict[int, Person]:
    keys = {event.data.get(name) for event in events for name in ("to", "before", "person", "member")}
    return Person.objects.in_bulk([key for key in keys if isinstance(key, int)])


def _holders(items: Iterable[WorkItem], today: dt.date) -> dict[str, list[Person]]:
    """Who holds the roles that unclaimed tasks wait for today, by role key."""
    keys = {item.holder_key for item in items if item.owner_id is None and item.holder_key}
    holders: dict[str, list[Person]] = {}
    rows = RoleHolding.objects.current(today).ordinary().filter(key__in=sorted(keys), person__is_active=True)
    for row in rows.select_related("person").order_by("person__name"):
        holders.setdefault(row.key, []).append(row.person)
    return holders


def read_case(access: Access, case_id: int, *, today: dt.date, all_events: bool = False) -> CaseReading:
    """What the person may read of the case. Raises NotFound.

    The number of statements depends on whether the case has an agreement or deliberations, never on how many rows
    there are.
    """
    case = (
        Case.objects.visible_to(access)
        .select_related("partnership", "area", "created_by__organisation", "proposal", "agreement")
        .prefetch_related("responsible_units__organisation", "funding")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise NotFound()
    internal = access.internal_filter()
    goals, overarching = _goals(case)
    agreement = getattr(case, "agreement", None)
    items = list(
        case.work_items.filter(flow_task_type__in=["HUMAN", "TIMER"])
        .select_related("owner", "done_by", "party", "body")
        .order_by("pk")
    )
    for item in items:
        item.case = case
    events = (
        case.events.filter(internal).select_related("actor", "on_behalf_of", "internal_to").order_by("-seq")
    )
    shown = list(events if all_events else events[: EVENTS_FIRST + 1])
    more = not all_events and len(shown) > EVENTS_FIRST
    if more:
        shown = shown[:EVENTS_FIRST]
    decisions = case.decisions.filter(
        Q(is_final=True)
        | Q(outcome="refer_back", refer_back_to="")
        | Q(party_id__in=sorted(access.own_organisation_ids))
    )
    related = Case.objects.visible_to(access).exclude(pk=case.pk).exclude(status=CaseStatus.DRAFT)
    near = Q(area_id=case.area_id) if case.area_id is not None else Q(partnership_id=case.partnership_id)
    return CaseReading(
        case=case,
        parties=list(
            Organisation.objects.filter(party_rows__partnership_id=case.partnership_id).order_by(
                "party_rows__order"
            )
        ),
        registry_numbers=list(case.registry_numbers.select_related("organisation")),
        goals=goals,
        overarching_goals=overarching,
        statements=list(case.statements.select_related("party", "author")),
        memos=list(case.memos.select_related("author")),
        deliberations=list(
            case.deliberations.filter(access.internal_filter("party"))
            .select_related("body", "concluded_by")
            .prefetch_related(Prefetch("votes", Vote.objects.select_related("member", "cast_by", "party")))
        ),
        agreement=agreement,
        agreement_versions=_agreement_versions(agreement),
        decisions=list(decisions.select_related("party", "body", "decided_by", "on_behalf_of")),
        reports=list(case.reports.select_related("author")),
        questions=list(case.questions.select_related("asked_by", "answered_by")),
        documents=list(
            case.documents.filter(internal)
            .select_related("internal_to")
            .prefetch_related(Prefetch("versions", DocumentVersion.objects.select_related("uploaded_by")))
        ),
        comments=list(case.comments.filter(internal).select_related("author__organisation", "internal_to")),
        items=items,
        process=case.processes.select_related("profile_version").order_by("-pk").first(),
        events=shown,
        more_events=more,
        related=list(related.filter(near).order_by("-updated_at", "-pk")[:RELATED_CASES]),
        holders=_holders((item for item in items if item.open), today),
        people=_people_named_in(shown),
    )


def find_version(access: Access, case_id: int, document_id: int, number: int) -> DocumentVersion:
    """One version of a document that the person may see. Raises NotFound."""
    version = (
        DocumentVersion.objects.filter(document_id=document_id, document__case_id=case_id, number=number)
        .filter(access.internal_filter("document__internal_to"))
        .filter(document__case__in=Case.objects.visible_to(access))
        .select_related("document")
        .first()
    )
    if version is None:
        raise NotFound()
    return version


def find_document(access: Access, case_id: int, document_id: int) -> Document:
    """A document of a case that the person may see. Raises NotFound."""
    document = (
        Document.objects.filter(pk=document_id, case_id=case_id)
        .filter(access.internal_filter())
        .filter(case__in=Case.objects.visible_to(access))
        .select_related("case__partnership")
        .first()
    )
    if document is None:
        raise NotFound()
    return document
