"""(b) The inbox page, the case list and the page of dates with a thousand, ten thousand and a hundred thousand open cases.

The reader is a normal user with the heaviest inbox there is: the one coordinator of a partnership whose every case
waits for them. Rows are written in bulk, in the shape that the domain functions leave.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.measure import Timing, timing_of
from cases.models import Case, CaseStatus, Person, Proposal, Stage
from cases.models.roles import Role, ScopeKind, role_key
from tests.world import World
from workflows.due_dates import set_due
from workflows.flows import ProposalFlow
from workflows.models import CaseProcess, ProfileVersion, WorkItem
from workflows.profile import profile_of_version

BATCH = 2000


def fill(world: World, upto: int) -> None:
    """Let there be so many open cases that wait for the coordinator to screen them."""
    present = Case.objects.count()
    version = ProfileVersion.objects.latest("number")
    rules = profile_of_version(version).rules
    proposer = world.people_ids["proposer"]
    key = role_key(Role.COORDINATOR, ScopeKind.PARTNERSHIP, world.partnership.pk)
    now = timezone.now()
    node = ProposalFlow.screen
    for first in range(present, upto, BATCH):
        numbers = range(first, min(first + BATCH, upto))
        cases = Case.objects.bulk_create(
            [
                Case(
                    partnership=world.partnership,
                    area=world.area,
                    title=f"Förslag nummer {number}",
                    stage=Stage.DIALOGUE,
                    status=CaseStatus.OPEN,
                    created_by_id=proposer,
                    created_at=now - dt.timedelta(minutes=number),
                    submitted_at=now - dt.timedelta(minutes=number),
                    updated_at=now - dt.timedelta(minutes=number),
                    stage_since=now,
                )
                for number in numbers
            ]
        )
        Proposal.objects.bulk_create([Proposal(case=case, kind="project") for case in cases])
        processes = CaseProcess.objects.bulk_create(
            [
                CaseProcess(
                    flow_class=ProposalFlow,
                    case=case,
                    profile_version=version,
                    profile_checksum=version.checksum,
                    created=now,
                )
                for case in cases
            ]
        )
        items = [
            WorkItem(
                process=process,
                case=process.case,
                flow_task=node,
                flow_task_type=node.task_type,
                step=node.name,
                created=now,
                role=Role.COORDINATOR,
                role_key=key,
                holder_key=key,
                open=True,
            )
            for process in processes
        ]
        for item in items:
            due_on = now.date() + dt.timedelta(days=item.case_id % 40)
            set_due(item, due_on, rules=rules, today=now.date())
        WorkItem.objects.bulk_create(items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(world: World, times: int) -> dict[str, tuple[Timing, int]]:
    """The median time of each page through the whole of Django, and its statements."""
    client = Client(headers={"accept-language": "sv"})
    client.force_login(
        Person.objects.get(pk=world.people_ids["coordinator"]), backend=settings.AUTHENTICATION_BACKENDS[1]
    )
    measured: dict[str, tuple[Timing, int]] = {}
    for name in ("inbox", "cases", "date-board"):
        url = reverse(name)

        def get(url: str = url) -> None:
            answer = client.get(url)
            assert answer.status_code == 200, answer.status_code

        timing, counted = timing_of(get, times=times)
        measured[name] = timing, len(counted)
    return measured
