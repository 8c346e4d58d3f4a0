"""Who may *do* what: role x stage x action, as data, in one place.

Views, API, mail replies, templates and tests ask here. What one may *see* is :mod:`cases.access`, which this
module re-exports as :func:`visible_to`. ``python manage.py show_policy`` prints the table.

A *step* is an action on a work item: it also asks that the item waits for the person. A *case action* is
open at any point of the stages it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.access import Access
from cases.errors import AlreadyDone, NotAllowed, NotFound, WrongState
from cases.models import Case, CaseStatus, Role, Stage
from workflows.models import WorkItem


class Action(StrEnum):
    """Everything that people do to a case."""

    # Steps of the main flow, named as its nodes.
    SCREEN = "screen"
    COMPLETE = "complete"
    REGISTER = "register"
    STATEMENT = "statement"
    PREPARE = "prepare"
    AT_MEETING = "at_meeting"
    VOTE = "vote"
    CONCLUDE = "conclude"
    AGREEMENT_NEED = "agreement_need"
    DRAFT_AGREEMENT = "draft_agreement"
    REVIEW_AGREEMENT = "review_agreement"
    DECIDE = "decide"
    SIGN = "sign"
    REPORT = "report"
    CLOSING_REPORT = "closing_report"
    ANSWER = "answer"
    # Case actions.
    EDIT_DRAFT = "edit_draft"
    SUBMIT = "submit"
    DISCARD_DRAFT = "discard_draft"
    READ = "read"
    COMMENT = "comment"
    ADD_DOCUMENT = "add_document"
    WITHDRAW = "withdraw"
    HOLD = "hold"
    RESUME = "resume"
    CANCEL = "cancel"
    ASK = "ask"
    REASSIGN = "reassign"
    REMIND = "remind"
    CLOSE_VOTING = "close_voting"
    CHANGE_VOTE = "change_vote"
    MAKE_STATEMENT = "make_statement"


R, S = Role, Stage
_IN_FLOW = frozenset({S.DIALOGUE, S.PREPARATION, S.AGREEMENT, S.APPROVAL, S.FOLLOW_UP})
_BEFORE_APPROVAL = frozenset({S.DIALOGUE, S.PREPARATION, S.AGREEMENT})
_SEEING = frozenset(
    {
        R.PROPOSER,
        R.CONTACT_PERSON,
        R.COORDINATOR,
        R.REGISTRAR,
        R.LEGAL_COUNSEL,
        R.STEERING_MEMBER,
        R.STEERING_CHAIR,
        R.SECRETARY,
        R.DECISION_MAKER,
        R.SIGNATORY,
        R.REPORTER,
        R.LEADERSHIP,
        R.AUDITOR,
    }
)
_WORKING = _SEEING - {R.AUDITOR, R.LEADERSHIP}


@dataclass(frozen=True)
class Rule:
    """One row of the policy.

    ``own``: whether somebody may do it to a proposal of their own (separation of duties).
    ``while_on_hold``: whether it can be done to a case that is on hold.
    """

    action: Action
    roles: frozenset[Role]
    stages: frozenset[Stage]
    step: bool = False
    own: bool = True
    while_on_hold: bool = False


def _step(action: Action, stage: Stage | frozenset[Stage], *roles: Role, own: bool = True) -> Rule:
    stages = stage if isinstance(stage, frozenset) else frozenset({stage})
    return Rule(action, frozenset(roles), stages, step=True, own=own)


def _case(action: Action, stages: frozenset[Stage], roles: frozenset[Role], **options: bool) -> Rule:
    return Rule(action, roles, stages, **options)


RULES: dict[Action, Rule] = {
    rule.action: rule
    for rule in (
        _step(Action.SCREEN, S.DIALOGUE, R.COORDINATOR, own=False),
        _step(Action.COMPLETE, S.DIALOGUE, R.PROPOSER),
        _step(Action.REGISTER, S.DIALOGUE, R.REGISTRAR),
        _step(Action.STATEMENT, S.DIALOGUE, R.CONTACT_PERSON),
        _step(Action.PREPARE, S.PREPARATION, R.COORDINATOR),
        _step(Action.AT_MEETING, S.PREPARATION, R.SECRETARY, R.STEERING_CHAIR),
        _step(Action.VOTE, S.PREPARATION, R.STEERING_MEMBER, R.STEERING_CHAIR, own=False),
        _step(Action.CONCLUDE, S.PREPARATION, R.STEERING_CHAIR, own=False),
        _step(Action.AGREEMENT_NEED, S.AGREEMENT, R.COORDINATOR),
        _step(Action.DRAFT_AGREEMENT, S.AGREEMENT, R.COORDINATOR),
        _step(Action.REVIEW_AGREEMENT, S.AGREEMENT, R.LEGAL_COUNSEL),
        _step(Action.DECIDE, S.APPROVAL, R.DECISION_MAKER, R.COORDINATOR, R.SECRETARY, own=False),
        _step(Action.SIGN, S.APPROVAL, R.SIGNATORY),
        _step(Action.REPORT, S.FOLLOW_UP, R.REPORTER),
        _step(Action.CLOSING_REPORT, S.FOLLOW_UP, R.COORDINATOR),
        _step(Action.ANSWER, _IN_FLOW, R.PROPOSER),
        _case(Action.EDIT_DRAFT, frozenset({S.DRAFT}), frozenset({R.PROPOSER})),
        _case(Action.SUBMIT, frozenset({S.DRAFT}), frozenset({R.PROPOSER})),
        _case(Action.DISCARD_DRAFT, frozenset({S.DRAFT}), frozenset({R.PROPOSER})),
        _case(Action.READ, frozenset(S), _SEEING, while_on_hold=True),
        _case(Action.COMMENT, _IN_FLOW, _WORKING, while_on_hold=True),
        _case(Action.ADD_DOCUMENT, _IN_FLOW | {S.DRAFT}, _WORKING, while_on_hold=True),
        _case(Action.WITHDRAW, _BEFORE_APPROVAL, frozenset({R.PROPOSER}), while_on_hold=True),
        _case(Action.HOLD, _IN_FLOW, frozenset({R.COORDINATOR})),
        _case(Action.RESUME, _IN_FLOW, frozenset({R.COORDINATOR}), while_on_hold=True),
        _case(Action.CANCEL, _IN_FLOW, frozenset({R.COORDINATOR}), own=False, while_on_hold=True),
        _case(
            Action.ASK,
            _IN_FLOW,
            frozenset(
                {
                    R.COORDINATOR,
                    R.CONTACT_PERSON,
                    R.STEERING_MEMBER,
                    R.STEERING_CHAIR,
                    R.LEGAL_COUNSEL,
                    R.DECISION_MAKER,
                    R.REGISTRAR,
                }
            ),
            own=False,
        ),
        _case(Action.REASSIGN, _IN_FLOW, frozenset({R.COORDINATOR, R.STEERING_CHAIR})),
        _case(Action.REMIND, _IN_FLOW, frozenset({R.COORDINATOR, R.STEERING_CHAIR, R.SECRETARY})),
        _case(Action.CLOSE_VOTING, frozenset({S.PREPARATION}), frozenset({R.STEERING_CHAIR}), own=False),
        _case(
            Action.CHANGE_VOTE,
            frozenset({S.PREPARATION}),
            frozenset({R.STEERING_MEMBER, R.STEERING_CHAIR}),
            own=False,
        ),
        _case(
            Action.MAKE_STATEMENT,
            _IN_FLOW | {S.CLOSED},
            frozenset({R.STEERING_MEMBER, R.STEERING_CHAIR}),
            own=False,
            while_on_hold=True,
        ),
    )
}

STEP_ACTIONS: frozenset[Action] = frozenset(action for action, rule in RULES.items() if rule.step)


def _refusal(access: Access, rule: Rule, case: Case) -> Exception | None:
    """Why the rule does not let the person do it to this visible case; None when it does. The role is not asked here."""
    if case.is_closed and Stage.CLOSED not in rule.stages:
        return WrongState(_("Ärendet är avslutat."))
    if Stage(case.stage) not in rule.stages:
        return WrongState()
    if case.is_on_hold and not rule.while_on_hold:
        return WrongState(_("Ärendet är vilande. Det behöver återupptas först."))
    if rule.action is Action.RESUME and case.status != CaseStatus.ON_HOLD:
        return WrongState(_("Ärendet är inte vilande."))
    if not rule.own and case.created_by_id == access.person_id:
        return NotAllowed(_("Det är ditt eget förslag. Någon annan behöver göra detta."))
    return None


def require(access: Access, action: Action, case: Case) -> None:
    """Raise unless the person may do the action to the case: NotFound, NotAllowed or WrongState."""
    rule = RULES[action]
    if not access.sees(case):
        raise NotFound()
    if not rule.roles & access.roles_at(case):
        raise NotAllowed()
    refusal = _refusal(access, rule, case)
    if refusal is not None:
        raise refusal


def may(access: Access, action: Action, case: Case) -> bool:
    """Whether the person may do the action to the case."""
    try:
        require(access, action, case)
    except (NotFound, NotAllowed, WrongState):
        return False
    return True


def require_step(access: Access, item: WorkItem, case: Case) -> int | None:
    """Raise unless the item is open and waits for the person; return whom they act for, when as a deputy.

    A person who neither holds the step nor sees the case gets NotFound: its existence is not told.
    """
    rule = RULES[Action(item.step)]
    if item.internal_to_id is not None and not access.sees_internal(item.internal_to_id):
        raise NotFound()
    holds = _holds(access, item)
    if not holds and not access.sees(case):
        raise NotFound()
    if not holds:
        raise NotAllowed()
    if not item.open and item.finished is not None:
        raise AlreadyDone()
    refusal = _refusal(access, rule, case)
    if refusal is not None:
        raise refusal
    if not item.open:
        raise WrongState(_("Uppgiften väntar och kan inte göras ännu."))
    return acts_for(access, item)


def may_step(access: Access, item: WorkItem, case: Case) -> bool:
    """Whether the person may do the item's step now."""
    try:
        require_step(access, item, case)
    except (NotFound, NotAllowed, WrongState, AlreadyDone):
        return False
    return True


def _holds(access: Access, item: WorkItem) -> bool:
    """Whether the item is, or was when it closed, addressed to the person."""
    if item.role not in {role.value for role in RULES[Action(item.step)].roles}:
        return False
    return item.holder_key in access.keys or item.owner_id in ({access.person_id} | access.deputy_for_ids)


def acts_for(access: Access, item: WorkItem) -> int | None:
    """The primary key of the person on whose behalf this one acts on the item, None in their own right.

    Of a task that waits for, or was claimed from, a role: whom the person is deputy for when they hold the role only so.
    """
    if item.owner_id is not None and item.owner_id != access.person_id:
        return item.owner_id if item.owner_id in access.deputy_for_ids else None
    holdings = [held for held in access.held if held.key == item.role_key]
    if holdings and all(held.deputy_for_id is not None for held in holdings):
        return holdings[0].deputy_for_id if item.step != Action.VOTE else None
    return None


def may_claim(access: Access, item: WorkItem) -> bool:
    """Whether the person may take a task that waits for all who hold a role."""
    return item.open and item.owner_id is None and item.holder_key in access.keys


def visible_to(access: Access) -> models.Q:
    """The condition that a case is visible to the person; see :meth:`cases.access.Access.visible_cases`."""
    return access.visible_cases()


def table() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """The policy as rows: kind, action, roles, stages. Printed by ``manage.py show_policy``, walked by a test."""
    for action, rule in RULES.items():
        roles = [role.value for role in Role if role in rule.roles]
        stages = [stage.value for stage in Stage if stage in rule.stages]
        yield ("step" if rule.step else "case"), action.value, roles, stages
