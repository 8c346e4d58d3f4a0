"""Drafting, submitting and completing a proposal (H3, U3, U4, R7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.documents import delete_draft_documents
from cases.errors import InvalidInput, Message, NotAllowed, WrongState
from cases.history import Recorder
from cases.models import (
    Case,
    CaseEvent,
    CaseStatus,
    FocusArea,
    FundingLine,
    Goal,
    InitiativeKind,
    Organisation,
    Partnership,
    Person,
    Proposal,
    ReportingKind,
    ResponsibleUnit,
    Role,
    Stage,
    Unit,
)
from cases.values.reporting import ReportingSchedule
from cases.values.vague_date import VagueDate
from workflows.act import Act, access_for, acting_on_case
from workflows.flows import ProposalFlow
from workflows.models import ProcessProfile
from workflows.policy import Action


@dataclass(frozen=True)
class Funding:
    """One line of money: source, amount in whole and hundredths of the currency, year, who decides (R7)."""

    source: str
    amount: Decimal
    year: int
    currency: str = "SEK"
    decided_by: str = ""


@dataclass(frozen=True)
class Responsible:
    """One responsible unit, or organisation that may be no party (H5). ``name`` is as it was given."""

    name: str
    organisation: Organisation | None = None
    unit: Unit | None = None
    needs_review: bool = False


@dataclass(frozen=True)
class ProposalContent:
    """Everything that a proposer writes. Empty strings and None mean not said yet."""

    title: str
    kind: str = InitiativeKind.PROJECT
    area: FocusArea | None = None
    description: str = ""
    goals: tuple[Goal, ...] = ()
    start: VagueDate = field(default_factory=VagueDate.missing)
    current_status: str = ""
    council_task: str = ""
    council_task_words: str = ""
    reporting_words: str = ""
    need: str = ""
    purpose: str = ""
    terms: str = ""
    benefit: str = ""
    responsible: tuple[Responsible, ...] = ()
    funding: tuple[Funding, ...] = ()


def _kind_of_reporting(words: str) -> str:
    return ReportingKind(ReportingSchedule.parse(words).kind.value)


def _write(case: Case, content: ProposalContent) -> list[str]:
    """Write the content to the case and its proposal; return the names of the fields that changed."""
    if content.area is not None and content.area.partnership_id != case.partnership_id:
        raise InvalidInput({"area": _("Området hör till ett annat samarbete.")})
    if not content.title.strip():
        raise InvalidInput({"title": _("Ange en titel.")})
    proposal = Proposal.objects.filter(case=case).first() or Proposal(case=case)
    new = proposal._state.adding
    before = {name: getattr(proposal, name) for name in _PROPOSAL_FIELDS}
    before.update(title=case.title, area=case.area_id)
    case.title, case.area = content.title.strip(), content.area
    proposal.kind = content.kind
    proposal.description = content.description
    proposal.start = content.start
    proposal.current_status = content.current_status
    proposal.council_task = content.council_task
    proposal.council_task_words = content.council_task_words
    proposal.reporting_words = content.reporting_words
    proposal.reporting_kind = _kind_of_reporting(content.reporting_words)
    proposal.need, proposal.purpose = content.need, content.purpose
    proposal.terms, proposal.benefit = content.terms, content.benefit
    proposal.save()
    after = {name: getattr(proposal, name) for name in _PROPOSAL_FIELDS}
    after.update(title=case.title, area=case.area_id)
    changed = [name for name, value in after.items() if before[name] != value]
    goals = {goal.pk for goal in content.goals}
    if new or goals != set(proposal.goals.values_list("pk", flat=True)):
        proposal.goals.set(goals)
        if goals:
            changed.append("goals")
    if _replace_responsible(case, content.responsible):
        changed.append("responsible")
    if _replace_funding(case, content.funding):
        changed.append("funding")
    return changed


_PROPOSAL_FIELDS = (
    "kind",
    "description",
    "start_words",
    "current_status",
    "council_task",
    "council_task_words",
    "reporting_words",
    "need",
    "purpose",
    "terms",
    "benefit",
)


def _replace_responsible(case: Case, lines: Iterable[Responsible]) -> bool:
    wanted = [(line.name, line.organisation, line.unit, line.needs_review) for line in lines]
    present = [
        (row.name, row.organisation, row.unit, row.needs_review)
        for row in case.responsible_units.select_related("organisation", "unit")
    ]
    if wanted == present:
        return False
    case.responsible_units.all().delete()
    ResponsibleUnit.objects.bulk_create(
        [
            ResponsibleUnit(
                case=case, name=name, organisation=organisation, unit=unit, needs_review=review, order=order
            )
            for order, (name, organisation, unit, review) in enumerate(wanted, 1)
        ]
    )
    return True


def _replace_funding(case: Case, lines: Iterable[Funding]) -> bool:
    wanted = [(line.source, line.amount, line.currency, line.year, line.decided_by) for line in lines]
    present = [(row.source, row.amount, row.currency, row.year, row.decided_by) for row in case.funding.all()]
    if wanted == present:
        return False
    case.funding.all().delete()
    FundingLine.objects.bulk_create(
        [
            FundingLine(case=case, source=source, amount=amount, currency=currency, year=year, decided_by=by)
            for source, amount, currency, year, by in wanted
        ]
    )
    return True


#: Roles that may start an initiative in the partnerships that they see (H8: council members may).
INITIATING_ROLES: frozenset[str] = frozenset(
    {
        Role.CONTACT_PERSON,
        Role.COORDINATOR,
        Role.STEERING_MEMBER,
        Role.STEERING_CHAIR,
        Role.SECRETARY,
        Role.LEADERSHIP,
        Role.DECISION_MAKER,
    }
)


def partnerships_open_to(person: Person, now: dt.datetime) -> list[Partnership]:
    """The partnerships with a profile in which the person may start an initiative.

    Anybody who works at a party may (the proposer is *any* person at a party), and so may those who hold a role
    in the partnership (H8).
    """
    access = access_for(person, now)
    by_role: set[int] = set()
    for held in access.held:
        if held.role in INITIATING_ROLES:
            by_role |= access.partnerships_by_key.get(held.key, frozenset())
    partnerships = Partnership.objects.filter(profile__versions__isnull=False).distinct().order_by("name")
    return [
        partnership
        for partnership in partnerships.prefetch_related("party_rows")
        if partnership.pk in by_role
        or any(row.organisation_id == person.organisation_id for row in partnership.party_rows.all())
    ]


@transaction.atomic
def create_draft(
    *, partnership: Partnership, actor: Person, content: ProposalContent, now: dt.datetime
) -> Case:
    """Begin a proposal. It is the proposer's own until it is submitted. Raises :class:`NotAllowed`, :class:`InvalidInput`."""
    if partnership not in partnerships_open_to(actor, now):
        raise NotAllowed(_("Du kan inte lämna förslag i det samarbetet."))
    case = Case.objects.create(
        partnership=partnership,
        title=content.title.strip() or "–",
        created_by=actor,
        created_at=now,
        updated_at=now,
        stage_since=now,
    )
    recorder = Recorder(case=case, actor=actor, now=now)
    changed = _write(case, content)
    recorder.record("draft_created", fields=changed)
    recorder.flush()
    return case


def save_draft(*, case_id: int, actor: Person, content: ProposalContent, now: dt.datetime) -> Case:
    """Save the draft as it now reads."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.EDIT_DRAFT, now=now) as act:
        changed = _write(act.case, content)
        if changed:
            act.record("draft_saved", fields=changed)
        return act.case


@transaction.atomic
def discard_draft(*, case_id: int, actor: Person, now: dt.datetime) -> None:
    """Throw a draft away for good. What was never submitted was never received, and leaves no trace."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.DISCARD_DRAFT, now=now) as act:
        case_pk = act.case.pk
        if act.case.documents.exists():
            delete_draft_documents(act.case)
        act.case.proposal.goals.clear()
        act.case.proposal.delete()
        act.case.responsible_units.all().delete()
        act.case.funding.all().delete()
    CaseEvent.objects.filter(case_id=case_pk).delete()
    Case.objects.filter(pk=case_pk).delete()


def missing_for_submission(case: Case) -> dict[str, Message]:
    """What a proposal lacks before it can be submitted, by field. Staff exchanges need more (U4)."""
    proposal = case.proposal
    missing: dict[str, Message] = {}
    if not proposal.description and not proposal.current_status:
        missing["description"] = _("Beskriv vad förslaget gäller.")
    if case.area_id is None and case.partnership.areas.exists():
        missing["area"] = _("Välj det område som förslaget hör till.")
    if not case.responsible_units.all():
        missing["responsible"] = _("Ange minst en ansvarig enhet.")
    if proposal.kind == InitiativeKind.STAFF_EXCHANGE:
        if not proposal.purpose:
            missing["purpose"] = _("Ett personutbyte behöver ett tydligt syfte.")
        if not proposal.terms:
            missing["terms"] = _("Ett personutbyte behöver tydliga villkor.")
        if not proposal.benefit:
            missing["benefit"] = _("Ange vilken nytta båda organisationerna har av personutbytet.")
    return missing


def submit_proposal(*, case_id: int, actor: Person, now: dt.datetime) -> Case:
    """Submit the draft: it becomes a case that moves, by the newest version of the partnership's profile.

    Raises :class:`InvalidInput` naming every field that is missing.
    """
    with acting_on_case(case_id=case_id, actor=actor, action=Action.SUBMIT, now=now) as act:
        missing = missing_for_submission(act.case)
        if missing:
            raise InvalidInput(missing)
        profile = ProcessProfile.objects.filter(partnership_id=act.case.partnership_id).first()
        if profile is None:
            raise WrongState(_("Samarbetet saknar processprofil. Be systemförvaltaren läsa in en."))
        version = profile.newest()
        act.case.status = CaseStatus.OPEN
        act.case.submitted_at = now
        act.case.enter_stage(Stage.DIALOGUE, now)
        act.record("submitted", profile_version=version.number)
        ProposalFlow.submit.run(act, version)
        return act.case


def write_content(act: Act, content: ProposalContent) -> list[str]:
    """Write a returned proposal's content in the act of completing it; returns the changed fields."""
    changed = _write(act.case, content)
    missing = missing_for_submission(act.case)
    if missing:
        raise InvalidInput(missing)
    return changed
