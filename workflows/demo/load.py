"""Loading the demonstration: reference data, profiles, and cases that reach their stage because people act."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cases.models import Body, Case, Partnership
from cases.reference import FIXTURES, Counts, load_reference
from workflows.demo.course import Course
from workflows.demo.directory import Directory
from workflows.demo.plan import Names, Planned, content_from, read_plan, read_referrals, read_sittings
from workflows.demo.referring import play_referral
from workflows.demo.shapes import SittingShape
from workflows.demo.sitting import Sitting, sitting_days
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


def _sittings(
    shapes: Sequence[SittingShape], *, people: Directory, courses: Mapping[int, Course], now: dt.datetime
) -> Iterator[Sitting]:
    """The meetings of every body that has had none here."""
    today = timezone.localtime(now).date()
    bodies = {body.slug: body for body in Body.objects.filter(meetings__isnull=True)}
    for shape in shapes:
        if shape.body not in bodies:
            continue
        days = sitting_days(shape, today)
        following = [*(one.day for one in days[1:]), None]
        for one, after in zip(days, following, strict=True):
            yield Sitting(
                one,
                following=after,
                body=bodies[shape.body],
                directory=people,
                courses=courses,
                now=now,
            )


def _play(planned: list[Planned], loaded: Loaded, *, now: dt.datetime, directory: Path, tell: Tell) -> None:
    names, people = Names(directory), Directory()
    sittings_file = read_sittings(directory)
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
    by_case: dict[int, Course] = {}
    players: list[Course | Sitting] = [
        *courses,
        *_sittings(sittings_file.sittings, people=people, courses=by_case, now=now),
    ]
    numbers = {id(player): number for number, player in enumerate(players)}
    queue = [(player.at, number) for number, player in enumerate(players)]
    heapq.heapify(queue)
    year = 0
    while queue:
        at, number = heapq.heappop(queue)
        if at > now:
            break
        if at.year != year:
            year = at.year
            tell(f"  {year} …")
        player = players[number]
        player.act()
        loaded.acts += 1
        going: list[Course | Sitting] = [player]
        if isinstance(player, Sitting):
            going += player.woken
        for one in going:
            if not one.over and not one.parked:
                heapq.heappush(queue, (one.at, numbers[id(one)]))
        if isinstance(player, Course) and player.case is not None:
            by_case[player.case.pk] = player
    for shape in read_referrals(directory).referrals:
        play_referral(shape, people, now=now)
    for course in courses:
        course.let_time_pass(now)
        if course.case is not None:
            case = Case.objects.get(pk=course.case.pk)
            loaded.cases.append(case.pk)
            loaded.stages[case.end_state or case.stage] += 1
