"""Every step of the flows with its page."""

from __future__ import annotations

from typing import Final

from workflows.forms import (
    agreement_need,
    answer,
    at_meeting,
    closing_report,
    compile_referral,
    complete,
    conclude,
    decide,
    draft_agreement,
    prepare,
    referral_answer,
    register,
    report,
    review_agreement,
    screen,
    sign,
    statement,
    vote,
)
from workflows.forms.page import StepPage
from workflows.models import WorkItem
from workflows.policy import Action

STEP_PAGES: Final[dict[str, StepPage]] = {
    Action.SCREEN: screen.PAGE,
    Action.COMPLETE: complete.PAGE,
    Action.REGISTER: register.PAGE,
    Action.STATEMENT: statement.PAGE,
    Action.PREPARE: prepare.PAGE,
    Action.AT_MEETING: at_meeting.PAGE,
    Action.VOTE: vote.PAGE,
    Action.CONCLUDE: conclude.PAGE,
    Action.AGREEMENT_NEED: agreement_need.PAGE,
    Action.DRAFT_AGREEMENT: draft_agreement.PAGE,
    Action.REVIEW_AGREEMENT: review_agreement.PAGE,
    Action.DECIDE: decide.PAGE,
    Action.SIGN: sign.PAGE,
    Action.REPORT: report.PAGE,
    Action.CLOSING_REPORT: closing_report.PAGE,
    Action.ANSWER: answer.PAGE,
    Action.REFERRAL_ANSWER: referral_answer.PAGE,
    Action.COMPILE_REFERRAL: compile_referral.PAGE,
}


def page_of(item: WorkItem) -> StepPage:
    """The step's page. What a body decides at a meeting is put on its agenda, whatever the step is called."""
    return at_meeting.PAGE if item.data.get("at_meeting") else STEP_PAGES[item.step]
