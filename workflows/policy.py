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
from cases.models.roles import CASE_ROLES, VOTING_ROLES, ScopeKind
from workflows.conflicts import conflicts_of
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
    # Steps of the referral.
    REFERRAL_ANSWER = "referral_answer"
    COMPILE_REFERRAL = "compile_referral"
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
    START_REFERRAL = "start_referral"
    CLOSE_REFERRAL = "close_referral"
    EXTEND_REFERRAL = "extend_referral"
    RENEW_LINK = "renew_link"


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
        _step(
            Action.REFERRAL_ANSWER,
            S.PREPARATION,
            R.REFERRAL_RECIPIENT,
            R.SECRETARY,
            R.STEERING_CHAIR,
            R.DECISION_MAKER,
            R.COORDINATOR,
            R.REGISTRAR,
        ),
        _step(Action.COMPILE_REFERRAL, S.PREPARATION, R.COORDINATOR),
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
        _case(Action.START_REFERRAL, frozenset({S.PREPARATION}), frozenset({R.COORDINATOR})),
        _case(Action.CLOSE_REFERRAL, frozenset({S.PREPARATION}), frozenset({R.COORDINATOR})),
        _case(Action.EXTEND_REFERRAL, frozenset({S.PREPARATION}), frozenset({R.COORDINATOR})),
        _case(Action.RENEW_LINK, frozenset({S.PREPARATION}), frozenset({R.COORDINATOR})),
    )
}


class PersonAction(StrEnum):
    """What is done to a person's own affairs, beside any case."""

    DELEGATE = "delegate"
    END_DELEGATION = "end_delegation"


@dataclass(frozen=True)
class PersonRule:
    """One row about people. ``themselves``: whether the person may; ``roles``: who may do it for anybody.

    ``not_to_oneself``: whoever does it for somebody else must not be the one who gains by it.
    """

    action: PersonAction
    themselves: bool
    roles: frozenset[Role]
    not_to_oneself: bool = False


PERSON_RULES: dict[PersonAction, PersonRule] = {
    rule.action: rule
    for rule in (
        PersonRule(PersonAction.DELEGATE, True, frozenset({R.ADMINISTRATOR}), not_to_oneself=True),
        PersonRule(PersonAction.END_DELEGATION, True, frozenset({R.ADMINISTRATOR})),
    )
}


def may_for_anybody(access: Access, action: PersonAction) -> bool:
    """Whether the person may do it to the affairs of anybody."""
    return any(access.holds(role) for role in PERSON_RULES[action].roles)


def require_for_person(
    access: Access, action: PersonAction, person_id: int, *, gains_id: int | None = None
) -> None:
    """Raise unless this person may do the action to the other's affairs. Who may not is not told that there are any."""
    rule = PERSON_RULES[action]
    if rule.themselves and person_id == access.person_id:
        return
    if not may_for_anybody(access, action):
        raise NotFound()
    if rule.not_to_oneself and gains_id == access.person_id:
        raise NotAllowed(_("Du kan inte delegera någon annans roller till dig själv."))


STEP_ACTIONS: frozenset[Action] = frozenset(action for action, rule in RULES.items() if rule.step)


_THEIR_PROPOSAL = _("Det är ett förslag av den du ersätter. Någon annan behöver göra detta.")


def _refusal(person_id: int | None, rule: Rule, case: Case) -> Exception | None:
    """Why the rule does not let the person do it to this visible case; None when it does. The role is not asked here."""
    if case.is_closed and Stage.CLOSED not in rule.stages:
        return WrongState(_("Ärendet är avslutat."))
    if Stage(case.stage) not in rule.stages:
        return WrongState()
    if case.is_on_hold and not rule.while_on_hold:
        return WrongState(_("Ärendet är vilande. Det behöver återupptas först."))
    if rule.action is Action.RESUME and case.status != CaseStatus.ON_HOLD:
        return WrongState(_("Ärendet är inte vilande."))
    if not rule.own and case.created_by_id == person_id:
        return NotAllowed(_("Det är ditt eget förslag. Någon annan behöver göra detta."))
    return None


def require(access: Access, action: Action, case: Case) -> None:
    """Raise unless the person may do the action to the case: NotFound, NotAllowed or WrongState."""
    rule = RULES[action]
    if not access.sees(case):
        raise NotFound()
    if not rule.roles & access.roles_at(case):
        raise NotAllowed()
    refusal = _refusal(access.person_id, rule, case)
    if refusal is not None:
        raise refusal
    if not rule.own and acts_for_in(access, action, case) == case.created_by_id:
        raise NotAllowed(_THEIR_PROPOSAL)


def may(access: Access, action: Action, case: Case) -> bool:
    """Whether the person may do the action to the case."""
    try:
        require(access, action, case)
    except (NotFound, NotAllowed, WrongState):
        return False
    return True


def chases(access: Access) -> bool:
    """Whether the person, somewhere, may remind of steps or hand them over: it is for them to know all dates."""
    roles = RULES[Action.REMIND].roles | RULES[Action.REASSIGN].roles
    return any(held.role in roles for held in access.held)


def require_step(access: Access, item: WorkItem, case: Case) -> int | None:
    """Raise unless the item is open and waits for the person; return whom they act for, when as a deputy.

    A person who neither holds the step nor sees the case gets NotFound: its existence is not told.
    One statement more for who acts in somebody else's stead, since they must have no interest in the matter.
    """
    rule = RULES[Action(item.step)]
    if item.internal_to_id is not None and not access.sees_internal(item.internal_to_id):
        raise NotFound()
    holds = _holds(access, item, case)
    if not holds and not access.sees(case):
        raise NotFound()
    if not holds:
        raise NotAllowed()
    if not item.open and item.finished is not None:
        raise AlreadyDone()
    refusal = _refusal(access.person_id, rule, case)
    if refusal is not None:
        raise refusal
    if not item.open:
        raise WrongState(_("Uppgiften väntar och kan inte göras ännu."))
    return require_free_hands(access, item)


def require_referral_runs(case: Case) -> None:
    """Raise WrongState unless a referral of the case can be answered now, by those whom :func:`is_recipient` knows
    or by somebody outside with a link of their own.
    """
    refusal = _refusal(None, RULES[Action.REFERRAL_ANSWER], case)
    if refusal is not None:
        raise refusal


def is_recipient(access: Access, item: WorkItem, case: Case) -> bool:
    """Whether the referral's question was put to the person: then they see its material, if nothing else of the case."""
    return item.step == Action.REFERRAL_ANSWER and _holds(access, item, case)


def may_step(access: Access, item: WorkItem, case: Case) -> bool:
    """Whether the person may do the item's step now."""
    try:
        require_step(access, item, case)
    except (NotFound, NotAllowed, WrongState, AlreadyDone):
        return False
    return True


def require_free_hands(access: Access, item: WorkItem) -> int | None:
    """A deputy may not do what the other could not, nor anything where they themselves have an interest (jäv).

    Returns whom they act for, None in their own right.
    """
    other_id = acts_for(access, item)
    if other_id is None:
        return None
    if not RULES[Action(item.step)].own and other_id == item.case.created_by_id:
        raise NotAllowed(_THEIR_PROPOSAL)
    if conflicts_of(access.person_id, [item.case_id], own=False):
        raise NotAllowed(_("Du har anmält jäv i ärendet och kan inte göra uppgiften i någon annans ställe."))
    return other_id


def _holds(access: Access, item: WorkItem, case: Case) -> bool:
    """Whether the item is, or was when it closed, addressed to the person, who is still in the role that it came by."""
    if item.role not in {role.value for role in RULES[Action(item.step)].roles}:
        return False
    if item.owner_id is None:
        return item.holder_key in access.keys
    if item.owner_id == access.person_id:
        return is_still_in_role(access, item, case)
    return access.stands_in(item.owner_id, role=item.role, role_key=item.role_key)


def is_still_in_role(access: Access, item: WorkItem, case: Case) -> bool:
    """Whether the person holds the role that the item came by, themselves or as a deputy, there or near enough.

    Near enough is where :func:`workflows.case_acts.eligible_for` would let the task be given to them. Seldom more
    than what is at hand: a statement only for who was given a partnership's task by another party's role.
    """
    if item.role_key in access.keys:
        return True
    if item.role in CASE_ROLES:
        return case.created_by_id == access.person_id
    if item.step in (Action.VOTE, Action.CONCLUDE):
        return any(
            h.scope_kind is ScopeKind.BODY and h.scope_id == item.body_id and h.role in VOTING_ROLES
            for h in access.held
        )
    if item.party_id is not None:
        return item.party_id in access.own_organisation_ids and access.holds(item.role)
    return item.role in access.roles_at(case)


def waits_for(access: Access, item: WorkItem) -> bool:
    """Whether the item's holder is the person, a role of theirs, or somebody whom they stand in for in its role."""
    return access.answers_to(item.holder_key, role=item.role, role_key=item.role_key)


def concerns(access: Access, item: WorkItem) -> bool:
    """Whether the person may know of the item by what they hold, whatever else they see of the case."""
    return waits_for(access, item) or item.role_key in access.keys


def acts_for(access: Access, item: WorkItem) -> int | None:
    """The primary key of the person on whose behalf this one acts on the item, None in their own right.

    Of a task that waits for, or was claimed from, a role: whom the person is deputy for when they hold the role only so.
    A vote is always the called member's, whoever it was given to. No statement.
    """
    if item.step == Action.VOTE:
        member: int | None = item.data.get("member", item.owner_id)
        return member if member != access.person_id else None
    if item.owner_id is not None and item.owner_id != access.person_id:
        stands_in = access.stands_in(item.owner_id, role=item.role, role_key=item.role_key)
        return item.owner_id if stands_in else None
    others = access.only_as_deputy.get(item.role_key, ())
    if len(others) > 1 and not RULES[Action(item.step)].own:
        # Of several, one who could do it themselves.
        others = tuple(pk for pk in others if pk != item.case.created_by_id)
    return others[0] if others else None


def acts_for_in(access: Access, action: Action, case: Case) -> int | None:
    """On whose behalf the person does something beside the steps, None in their own right."""
    return access.acts_for_in(case, [role.value for role in RULES[action].roles])


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
