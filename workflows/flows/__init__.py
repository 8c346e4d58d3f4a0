"""The flows of the house, one file each; every one shows its whole process on a screen."""

from workflows.flows.proposal import ProposalFlow
from workflows.flows.referral import ReferralFlow

__all__ = ["ProposalFlow", "ReferralFlow", "title_of_step"]


def title_of_step(name: str) -> str:
    """What people call the step of that name, in whichever flow it is; the name itself when there is none."""
    node = getattr(ProposalFlow, name, None) or getattr(ReferralFlow, name, None)
    return str(getattr(node, "task_title", "") or name)
