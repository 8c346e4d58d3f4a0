"""The flows of the house, one file each; every one shows its whole process on a screen."""

from workflows.flows.proposal import ProposalFlow
from workflows.flows.referral import ReferralFlow

__all__ = ["ProposalFlow", "ReferralFlow"]
