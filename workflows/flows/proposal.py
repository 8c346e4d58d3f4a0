"""The main flow: a proposal from submission to follow-up, in the five stages of the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow.base import Flow

from cases.models import EndState, Role, Stage
from workflows import holders
from workflows.flows import branches
from workflows.flows.lock import case_lock
from workflows.models import CaseProcess, WorkItem
from workflows.nodes import (
    Aside,
    Begin,
    ChainStep,
    Choice,
    Finish,
    ForEach,
    Meet,
    Pause,
    Script,
    Step,
    outcome,
)

R, S = Role, Stage


class ProposalFlow(Flow):
    """Förslag till samverkan"""

    process_class = CaseProcess
    task_class = WorkItem
    lock_impl = case_lock

    # Dialogue: screen, register, and hear every party.
    submit = Begin().Annotation(title=_("Inlämnat")).Next(this.screen)
    screen = Step(
        role=R.COORDINATOR, at=holders.coordinator, stage=S.DIALOGUE, title=_("Granska förslaget")
    ).Next(this.screened)
    screened = (
        Choice(_("Tas det upp?"))
        .Case(this.is_registered, outcome("accept"))
        .Case(this.complete, outcome("return"))
        .Default(this.declined)
    )
    complete = Step(
        role=R.PROPOSER, at=holders.proposer, stage=S.DIALOGUE, title=_("Komplettera förslaget")
    ).Next(this.screen)
    is_registered = (
        Choice(_("Registrerat hos parterna?"))
        .Case(this.dialogue, branches.registered_everywhere)
        .Default(this.registration)
    )
    registration = ForEach(branches.unregistered_parties).Annotation(title=_("Varje part")).Do(this.register)
    register = Step(
        role=R.REGISTRAR, at=holders.party(R.REGISTRAR), stage=S.DIALOGUE, title=_("Registrera i diariet")
    ).Next(this.registered)
    registered = Meet().Annotation(title=_("Registrerat")).Next(this.dialogue)
    dialogue = ForEach(branches.parties_in_dialogue).Annotation(title=_("Varje part")).Do(this.statement)
    statement = Step(
        role=R.CONTACT_PERSON, at=holders.contact_person, stage=S.DIALOGUE, title=_("Ange behov och nytta")
    ).Next(this.dialogue_held)
    dialogue_held = Meet().Annotation(title=_("Dialogen är förd")).Next(this.prepare)

    # Preparation by the steering group.
    prepare = Step(
        role=R.COORDINATOR, at=holders.coordinator, stage=S.PREPARATION, title=_("Bered underlaget")
    ).Next(this.procedure)
    procedure = (
        Choice(_("Skriftligt eller vid möte?"))
        .Case(this.at_meeting, branches.deliberates_at_meeting)
        .Default(this.deliberation)
    )
    at_meeting = Step(
        role=R.SECRETARY,
        at=holders.secretary,
        stage=S.PREPARATION,
        title=_("Behandla vid möte"),
        due=branches.meeting_due,
    ).Next(this.concluded)
    deliberation = ForEach(branches.called_members).Annotation(title=_("Varje ledamot")).Do(this.vote)
    vote = Step(role=R.STEERING_MEMBER, at=holders.member, stage=S.PREPARATION, title=_("Rösta")).Next(
        this.votes_in
    )
    votes_in = Meet().Annotation(title=_("Rösterna är lämnade")).Next(this.conclude)
    conclude = Step(
        role=R.STEERING_CHAIR, at=holders.chair, stage=S.PREPARATION, title=_("Avgör överläggningen")
    ).Next(this.concluded)
    concluded = (
        Choice(_("Styrgruppens ställningstagande"))
        .Case(this.agreement_need, outcome("recommend", "recommend_amended"))
        .Case(this.at_meeting, branches.tabled_at_meeting)
        .Case(this.tabled, outcome("table"))
        .Case(this.new_round, outcome("prepare_again"))
        .Case(this.hear_parties_again, outcome("hear_again"))
        .Case(this.back_to_dialogue, outcome("refer_back"))
        .Case(this.noted, outcome("note"))
        .Default(this.declined)
    )
    tabled = Pause(branches.tabled_until, stage=S.PREPARATION, title=_("Bordlagt till ett datum")).Next(
        this.procedure
    )

    new_round = Script(branches.begin_round, title=_("Ny beredningsomgång")).Next(this.prepare)
    hear_parties_again = Script(branches.begin_round, title=_("Parterna hörs på nytt")).Next(this.dialogue)
    back_to_dialogue = Script(branches.begin_round, title=_("Ny omgång i dialogen")).Next(this.complete)

    # The separate agreement.
    agreement_need = Step(
        role=R.COORDINATOR,
        at=holders.coordinator,
        stage=S.AGREEMENT,
        title=_("Avgör om särskilt avtal behövs"),
    ).Next(this.agreement_needed)
    agreement_needed = (
        Choice(_("Särskilt avtal?")).Case(this.draft_agreement, outcome("needed")).Default(this.approval)
    )
    draft_agreement = Step(
        role=R.COORDINATOR, at=holders.coordinator, stage=S.AGREEMENT, title=_("Upprätta avtalet")
    ).Next(this.agreement_review)
    agreement_review = ForEach(branches.parties).Annotation(title=_("Varje part")).Do(this.review_agreement)
    review_agreement = Step(
        role=R.LEGAL_COUNSEL, at=holders.party(R.LEGAL_COUNSEL), stage=S.AGREEMENT, title=_("Granska avtalet")
    ).Next(this.agreement_reviewed)
    agreement_reviewed = Meet().Annotation(title=_("Granskat")).Next(this.agreement_cleared)
    agreement_cleared = (
        Choice(_("Godtar alla lydelsen?"))
        .Case(this.approval, branches.agreement_cleared)
        .Default(this.draft_agreement)
    )

    # Approval: every party by its own chain, then the signatures.
    approval = ForEach(branches.chains).Annotation(title=_("Varje part")).Do(this.decide)
    decide = ChainStep(
        role=R.DECISION_MAKER,
        at=holders.chain_step,
        stage=S.APPROVAL,
        title=_("Besluta i partens ordning"),
        at_meeting=branches.due_at_meeting,
    ).Next(this.decided)
    decided = (
        Meet(settled=branches.somebody_said_no)
        .Annotation(title=_("Parterna har beslutat"))
        .Next(this.approved)
    )
    approved = (
        Choice(_("Parternas beslut"))
        .Case(this.rejected, branches.somebody_rejected)
        .Case(this.noted, branches.somebody_noted)
        .Case(this.new_round, branches.somebody_referred_back)
        .Case(this.signing, branches.agreement_is_needed)
        .Default(this.more_reports)
    )
    signing = ForEach(branches.parties).Annotation(title=_("Varje part")).Do(this.sign)
    sign = Step(
        role=R.SIGNATORY, at=holders.party(R.SIGNATORY), stage=S.APPROVAL, title=_("Underteckna avtalet")
    ).Next(this.signed)
    signed = Meet(settled=branches.somebody_refused).Annotation(title=_("Undertecknat")).Next(this.in_force)
    in_force = (
        Choice(_("Har alla undertecknat?"))
        .Case(this.new_agreement_round, branches.somebody_refused_to_sign)
        .Default(this.into_force)
    )
    new_agreement_round = Script(branches.begin_round, title=_("Ny förhandlingsomgång")).Next(
        this.draft_agreement
    )
    into_force = Script(branches.bring_into_force, title=_("Avtalet träder i kraft")).Next(this.more_reports)

    # Follow-up.
    more_reports = (
        Choice(_("Återstår rapporter?"))
        .Case(this.next_report, branches.report_remains)
        .Default(this.closing_report)
    )
    next_report = Pause(branches.report_opens, stage=S.FOLLOW_UP, title=_("Väntar på nästa rapport")).Next(
        this.report, task_data=branches.pass_on
    )
    report = Step(
        role=R.REPORTER,
        at=holders.reporter,
        stage=S.FOLLOW_UP,
        title=_("Rapportera"),
        due=branches.report_due,
    ).Next(this.reported)
    reported = (
        Choice(_("Är verksamheten genomförd?"))
        .Case(this.closing_report, outcome("done"))
        .Default(this.more_reports)
    )
    closing_report = Step(
        role=R.COORDINATOR,
        at=holders.coordinator,
        stage=S.FOLLOW_UP,
        title=_("Skriv slutrapport och avsluta"),
    ).Next(this.completed)

    # The ends.
    completed = Finish(branches.ends_as(EndState.COMPLETED)).Annotation(title=_("Genomfört"))
    declined = Finish(branches.ends_as(EndState.DECLINED)).Annotation(title=_("Avvisat"))
    noted = Finish(branches.ends_as(EndState.NOTED)).Annotation(title=_("Lagt till handlingarna"))
    rejected = Finish(branches.ends_as(EndState.REJECTED)).Annotation(title=_("Avslaget"))

    # At any open point: a question to the proposer.
    asked = Aside().Annotation(title=_("Fråga ställd")).Next(this.answer, task_data=branches.same_data)
    answer = Step(role=R.PROPOSER, at=holders.proposer, stage=None, title=_("Besvara en fråga")).Next(
        this.answered
    )
    answered = Finish(terminates=False).Annotation(title=_("Besvarat"))
