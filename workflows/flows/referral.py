"""The referral: others are asked for their views, which are compiled (R2). It runs beside the preparation of its case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow.base import Flow

from cases.models import Role
from workflows import holders
from workflows.flows import referral_branches as branches
from workflows.flows.lock import case_lock
from workflows.models import CaseProcess, WorkItem
from workflows.nodes import Begin, Finish, ForEach, Meet, Script, Step

R = Role


class ReferralFlow(Flow):
    """Remiss"""

    process_class = CaseProcess
    task_class = WorkItem
    lock_impl = case_lock

    send = Begin().Annotation(title=_("Skickad")).Next(this.recipients)
    recipients = (
        ForEach(branches.recipients).Annotation(title=_("Varje remissinstans")).Do(this.referral_answer)
    )
    # A date that passes closes nothing: late answers are received, and marked, until the coordinator closes.
    referral_answer = Step(
        role=R.REFERRAL_RECIPIENT,
        at=holders.referral_recipient,
        stage=None,
        title=_("Besvara remissen"),
        due=branches.answer_due,
    ).Next(this.answers_in)
    answers_in = Meet().Annotation(title=_("Svaren är inne")).Next(this.close)
    close = Script(branches.close_answers, title=_("Remissen stängs")).Next(this.compile_referral)
    compile_referral = Step(
        role=R.COORDINATOR, at=holders.coordinator, stage=None, title=_("Sammanställ remissen")
    ).Next(this.compiled)
    compiled = Finish().Annotation(title=_("Sammanställd"))
