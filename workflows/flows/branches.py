"""What the main flow's gateways ask: whom a split branches to, which way a choice goes, until when a pause waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cases.models import (
    Agreement,
    CaseStatus,
    Decision,
    DecisionOutcome,
    DeliberationOutcome,
    EndState,
    Meeting,
    RegistryNumber,
    ReviewOutcome,
    Role,
    RoleHolding,
    Signature,
    Stage,
)
from cases.models.meetings import BEFORE_MEETING
from workflows.clock import morning
from workflows.deliberation import open_deliberation
from workflows.flows.referral_branches import cancel_referral
from workflows.reporting import next_report_due

if TYPE_CHECKING:
    from workflows.act import Act
    from workflows.models import WorkItem


# Dialogue


def parties(act: Act) -> list[dict[str, Any]]:
    """One branch for every party of the partnership."""
    return [{"party": party_id} for party_id in act.profile.party_ids]


def _unregistered(act: Act) -> list[int]:
    done = set(RegistryNumber.objects.filter(case=act.case).values_list("organisation_id", flat=True))
    return [party.pk for party in act.parties if party.registry_pattern and party.pk not in done]


def unregistered_parties(act: Act) -> list[dict[str, Any]]:
    """One branch for every party that keeps a register here and has not registered the case (M1)."""
    return [{"party": party_id} for party_id in _unregistered(act)]


def registered_everywhere(activation: Any) -> bool:
    """Whether no party's register still waits for the case."""
    return not _unregistered(activation.process.act)


def parties_in_dialogue(act: Act) -> list[dict[str, Any]]:
    """One branch for every party, to the area's contact person where the party has one (U7)."""
    with_area: set[int | None] = set()
    if act.case.area_id is not None:
        with_area = set(
            RoleHolding.objects.current(act.today)
            .filter(
                role=Role.CONTACT_PERSON, area_id=act.case.area_id, organisation_id__in=act.profile.party_ids
            )
            .values_list("organisation_id", flat=True)
        )
    return [
        {"party": party_id, **({"area": act.case.area_id} if party_id in with_area else {})}
        for party_id in act.profile.party_ids
    ]


# Preparation


def called_members(act: Act) -> list[dict[str, Any]]:
    """Open a deliberation; one branch for every member called to vote."""
    return open_deliberation(act)


def deliberates_at_meeting(activation: Any) -> bool:
    """Whether the partnership's body deals with its cases at meetings, by the profile."""
    rules = activation.process.act.profile.rules.deliberation
    return bool(rules.procedure == "meeting")


def tabled_at_meeting(activation: Any) -> bool:
    """Whether a meeting tabled the case: it then waits among the body's matters, for the agenda of a later one."""
    previous: WorkItem = activation.previous_activation.task
    return previous.step == "at_meeting" and previous.outcome == "table"


def meeting_due(act: Act, item: WorkItem) -> dt.date:
    """When the body is to have dealt with the case: when it was tabled to, else its next meeting, else the usual time."""
    return due_at_meeting(act, act.profile.steering_body_id, act.profile.rules.deadline("at_meeting"))


def due_at_meeting(act: Act, body_id: int, working_days: int) -> dt.date:
    """The day that the last deliberation tabled the case to, else the body's next meeting, else so many working days."""
    last = (
        act.case.deliberations.filter(
            body_id=body_id, outcome=DeliberationOutcome.TABLE, concluded_at=act.now
        )
        .values_list("tabled_until", flat=True)
        .first()
    )
    if last is not None:
        return last
    following = (
        Meeting.objects.filter(body_id=body_id, status__in=BEFORE_MEETING, starts_at__gt=act.now)
        .order_by("starts_at")
        .first()
    )
    return following.day if following is not None else act.due(working_days)


def tabled_until(act: Act) -> dt.datetime:
    """The morning of the day that the deliberation was tabled to."""
    deliberation = act.case.deliberations.filter(party__isnull=True).latest("number")
    assert deliberation.tabled_until is not None
    return morning(deliberation.tabled_until)


# Agreement


def agreement_is_needed(activation: Any) -> bool:
    """Whether the case has a separate agreement that awaits signatures."""
    return Agreement.objects.filter(case=activation.process.act.case, needed=True).exists()


def agreement_cleared(activation: Any) -> bool:
    """Whether every party accepted the newest version's wording."""
    version = activation.process.act.case.agreement.versions.latest("number")
    return not version.reviews.filter(outcome=ReviewOutcome.CHANGES).exists()


# Approval


def chains(act: Act) -> list[dict[str, Any]]:
    """One branch for every party's chain, from its first step."""
    return [{"party": party_id, "index": 0} for party_id in act.profile.party_ids]


def _said_no(act: Act, outcome: DecisionOutcome) -> bool:
    return Decision.objects.filter(
        case=act.case, round=act.case.round, outcome=outcome, refer_back_to=""
    ).exists()


def somebody_said_no(act: Act) -> bool:
    """Whether a party rejected, laid aside or referred back to the joint preparation: the others need not go on."""
    return Decision.objects.filter(
        case=act.case,
        round=act.case.round,
        outcome__in=[DecisionOutcome.REJECT, DecisionOutcome.REFER_BACK, DecisionOutcome.NOTE],
        refer_back_to="",
    ).exists()


def somebody_rejected(activation: Any) -> bool:
    """Whether a party rejected in this round."""
    return _said_no(activation.process.act, DecisionOutcome.REJECT)


def somebody_noted(activation: Any) -> bool:
    """Whether a party laid the case to the files in this round."""
    return _said_no(activation.process.act, DecisionOutcome.NOTE)


def somebody_referred_back(activation: Any) -> bool:
    """Whether a party referred back to the joint preparation in this round."""
    return _said_no(activation.process.act, DecisionOutcome.REFER_BACK)


def begin_round(act: Act) -> None:
    """Begin the next round of preparation: what was decided stands in the history, and is decided anew."""
    act.case.round += 1
    act.record("round_begun", round=act.case.round)


def somebody_refused(act: Act) -> bool:
    """Whether a signatory refused to sign the newest version: both or none (U8)."""
    return Signature.objects.filter(
        version__agreement__case=act.case, version=act.case.agreement.versions.latest("number"), signed=False
    ).exists()


def somebody_refused_to_sign(activation: Any) -> bool:
    """The same, as the way to go."""
    return somebody_refused(activation.process.act)


def bring_into_force(act: Act) -> None:
    """Every party has signed: the agreement is in force."""
    agreement = act.case.agreement
    agreement.in_force_since = act.now
    agreement.save(update_fields=["in_force_since"])
    act.record("agreement_in_force")


# Follow-up


def report_remains(activation: Any) -> bool:
    """Whether the case's schedule has a report still to come (H7)."""
    return next_report_due(activation.process.act) is not None


def report_opens(act: Act) -> dt.datetime:
    """When the reporter is asked: the profile's lead days before the report is due."""
    due = next_report_due(act)
    assert due is not None
    return morning(due - dt.timedelta(days=act.profile.rules.report_lead_days))


def pass_on(activation: Any) -> dict[str, Any]:
    """The due date that was waited for, for the report that follows."""
    due = next_report_due(activation.process.act)
    return {"due": due.isoformat()} if due is not None else {}


def report_due(act: Act, item: WorkItem) -> dt.date:
    """When the report is due: the schedule's date, or the usual time when that has passed."""
    due = item.data.get("due")
    return (
        max(dt.date.fromisoformat(due), act.today) if due else act.due(act.profile.rules.deadline("report"))
    )


# Beside the main path


def same_data(activation: Any) -> dict[str, Any]:
    """What the side path was opened with, for its first step."""
    data: dict[str, Any] = activation.task.data
    return data


# The ends


def ends_as(end_state: EndState) -> Callable[[Act], None]:
    """What an end event does to the case."""

    def end(act: Act) -> None:
        close_case(act, end_state)

    return end


def close_case(act: Act, end_state: EndState) -> None:
    """Close the case with its end state; nothing of it stays open, nor anything that runs beside its main flow."""
    before = act.case.stage
    act.end_beside()
    cancel_referral(act)
    act.case.status = CaseStatus.CLOSED
    act.case.enter_stage(Stage.CLOSED, act.now)
    act.case.end_state = end_state
    act.case.closed_at = act.now
    act.record("closed", end_state=end_state.value, before=before)
