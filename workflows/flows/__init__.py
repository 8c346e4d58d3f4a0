"""The flows of the house, one file each; every one shows its whole process on a screen."""

from workflows.flows.proposal import ProposalFlow

__all__ = ["ProposalFlow"]
