"""Loading the demonstration: reference data, profiles, and cases that reach their stage because people act."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from cases.models import Case, Partnership
from cases.reference import FIXTURES, Counts, load_reference
from workflows.demo.course import Course
from workflows.demo.directory import Directory
from workflows.demo.plan import Names, Planned, content_from, read_plan
from workflows.profiles import load_profile_file

Tell = Callable[[str], None]


@dataclass
class Loaded:
    """What a load did."""

    reference: Counts
    profiles: int = 0
    cases: list[int] = field(default_factory=list)
    acts: int = 0
    stages: Counter[str] = field(default_factory=Counter)

    @property
    def nothing_to_do(self) -> bool:
        return self.reference.nothing_to_do and not self.profiles and not self.cases


def load_profiles(now: dt.datetime, directory: Path = FIXTURES) -> int:
    """Load every profile of the folder; returns how many were new or changed. Raises ProfileFault."""
    return sum(
        load_profile_file(path, now=now)[1] for path in sorted((directory / "profiles").glob("*.yaml"))
    )


def load_demo(*, now: dt.datetime, directory: Path = FIXTURES, tell: Tell = lambda _line: None) -> Loaded:
    """Load all of the folder, each part whole or not at all. What is there already is left as it is.

    The cases are played together in the order of time, so that registers number them as they came in. The same
    files on the same day give the same demonstration. Raises FixtureFault, ProfileFault or CourseError.
    """
    loaded = Loaded(load_reference(directory))
    tell(f"Reference data: {loaded.reference.created} created, {loaded.reference.updated} updated.")
    loaded.profiles = load_profiles(now, directory)
    tell(f"Process profiles: {loaded.profiles} new versions.")
    planned = [one for one in read_plan(directory) if not _exists(one)]
    if planned:
        with transaction.atomic():
            _play(planned, loaded, now=now, directory=directory, tell=tell)
    return loaded


def _exists(planned: Planned) -> bool:
    return Case.objects.filter(partnership__slug=planned.partnership, title=planned.activity.title).exists()


def _play(planned: list[Planned], loaded: Loaded, *, now: dt.datetime, directory: Path, tell: Tell) -> None:
    names, people = Names(directory), Directory()
    partnerships = {row.slug: row for row in Partnership.objects.all()}
    courses = [
        Course(
            one,
            content_from(one.activity, partnerships[one.partnership], names),
            directory=people,
            partnership=partnerships[one.partnership],
            seed=one.activity.title,
            now=now,
        )
        for one in planned
    ]
    queue = [(course.at, number) for number, course in enumerate(courses)]
    heapq.heapify(queue)
    year = 0
    while queue:
        at, number = heapq.heappop(queue)
        if at.year != year:
            year = at.year
            tell(f"  {year} …")
        course = courses[number]
        course.act()
        loaded.acts += 1
        if not course.over:
            heapq.heappush(queue, (course.at, number))
    for course in courses:
        course.let_time_pass(now)
        if course.case is not None:
            case = Case.objects.get(pk=course.case.pk)
            loaded.cases.append(case.pk)
            loaded.stages[case.end_state or case.stage] += 1
