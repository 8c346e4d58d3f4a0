"""The data of the house. One concept a file; everything public is re-exported here."""

from cases.models.agreements import (
    Agreement,
    AgreementReview,
    AgreementVersion,
    ReviewOutcome,
    Signature,
)
from cases.models.bodies import Body
from cases.models.case import Case, CaseStatus, EndState, Stage
from cases.models.comments import Comment, Question
from cases.models.decisions import APPROVING, Decision, DecisionOutcome, DelegatedReport
from cases.models.delegations import Delegation
from cases.models.deliberation import (
    DECISIVE,
    Conflict,
    Deliberation,
    DeliberationOutcome,
    MemberStatement,
    StatementKind,
    Vote,
    VoteChoice,
)
from cases.models.documents import Document, DocumentVersion
from cases.models.events import CaseEvent
from cases.models.grants import (
    CaseGroupGrant,
    CaseUserGrant,
    PartnershipGroupGrant,
    PartnershipUserGrant,
)
from cases.models.meetings import (
    Adjuster,
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    DeputyCall,
    Meeting,
    MeetingEvent,
    MeetingStatus,
    Minutes,
    ParagraphCounter,
    Response,
    Seat,
)
from cases.models.organisations import Organisation, OrganisationKind, Unit
from cases.models.partnerships import FocusArea, Goal, Partnership, PartnershipParty
from cases.models.people import Person
from cases.models.preparation import Memo, PartyStatement, Position
from cases.models.proposals import (
    CouncilTask,
    FundingLine,
    InitiativeKind,
    Proposal,
    ReportingKind,
    ResponsibleUnit,
)
from cases.models.referral_answers import HowMet, ReferralAnswer, ReferralExtension, ReferralView, Stance
from cases.models.referrals import Referral, ReferralMaterial, ReferralRecipient
from cases.models.register import RegistryCounter, RegistryNumber
from cases.models.reports import Report
from cases.models.roles import Role, RoleHolding

__all__ = [
    "APPROVING",
    "DECISIVE",
    "Adjuster",
    "AgendaItem",
    "AgendaKind",
    "AgendaStatus",
    "Agreement",
    "AgreementReview",
    "AgreementVersion",
    "Body",
    "Case",
    "CaseEvent",
    "CaseGroupGrant",
    "CaseStatus",
    "CaseUserGrant",
    "Comment",
    "Conflict",
    "CouncilTask",
    "Decision",
    "DecisionOutcome",
    "DelegatedReport",
    "Delegation",
    "Deliberation",
    "DeliberationOutcome",
    "DeputyCall",
    "Document",
    "DocumentVersion",
    "EndState",
    "FocusArea",
    "FundingLine",
    "Goal",
    "HowMet",
    "InitiativeKind",
    "Meeting",
    "MeetingEvent",
    "MeetingStatus",
    "MemberStatement",
    "Memo",
    "Minutes",
    "Organisation",
    "OrganisationKind",
    "ParagraphCounter",
    "Partnership",
    "PartnershipGroupGrant",
    "PartnershipParty",
    "PartnershipUserGrant",
    "PartyStatement",
    "Person",
    "Position",
    "Proposal",
    "Question",
    "Referral",
    "ReferralAnswer",
    "ReferralExtension",
    "ReferralMaterial",
    "ReferralRecipient",
    "ReferralView",
    "RegistryCounter",
    "RegistryNumber",
    "Report",
    "ReportingKind",
    "Response",
    "ResponsibleUnit",
    "ReviewOutcome",
    "Role",
    "RoleHolding",
    "Seat",
    "Signature",
    "Stage",
    "Stance",
    "StatementKind",
    "Unit",
    "Vote",
    "VoteChoice",
]
