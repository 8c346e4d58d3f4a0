"""Running processes, their steps, and the profiles they began with."""

from workflows.models.processes import CaseProcess
from workflows.models.profiles import ProcessProfile, ProfileVersion
from workflows.models.work_items import Timer, WorkItem

__all__ = ["CaseProcess", "ProcessProfile", "ProfileVersion", "Timer", "WorkItem"]
