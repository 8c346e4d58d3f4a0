"""Reading the demonstration's activities and courses, and checking that they fit each other and the reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.models import (
    Body,
    CouncilTask,
    FocusArea,
    Goal,
    Organisation,
    Partnership,
    Person,
    Role,
    RoleHolding,
    Unit,
)
from cases.reference.files import FIXTURES, FixtureFault, FixtureFile, read_fixture
from cases.reference.shapes import OrganisationsFile
from cases.values.responsible import ResponsiblePart, parse_responsible
from cases.values.vague_date import VagueDate
from workflows.demo.shapes import (
    ActivitiesFile,
    ActivityShape,
    AsideShape,
    CoursesFile,
    CourseShape,
    ReferralsFile,
    SittingsFile,
)
from workflows.proposals import Funding, ProposalContent, Responsible


@dataclass(frozen=True)
class Planned:
    """An activity, the partnership that it belongs to, and what people do with it."""

    partnership: str
    activity: ActivityShape
    course: CourseShape


def read_plan(directory: Path = FIXTURES) -> list[Planned]:
    """All activities with their courses, in the order of the files. Raises :class:`FixtureFault`."""
    planned: list[Planned] = []
    faults: list[str] = []
    emails = set(Person.objects.values_list("email", flat=True))
    for path in sorted((directory / "courses").glob("*.yaml")):
        courses = read_fixture(path, CoursesFile)
        activities = read_fixture(directory / "activities" / path.name, ActivitiesFile)
        faults += _faults(courses, activities, emails)
        by_title = {activity.title: activity for activity in activities.content.activities}
        planned += [
            Planned(courses.content.partnership, by_title[course.title], _with_note(courses.content, course))
            for course in courses.content.courses
            if course.title in by_title
        ]
    if faults:
        raise FixtureFault(faults)
    return planned


def _with_note(file: CoursesFile, course: CourseShape) -> CourseShape:
    if file.note is None:
        return course
    note = AsideShape(at="any", do="comment", by=file.note.by, text=file.note.text)
    return course.model_copy(update={"asides": (note, *course.asides)})


def _faults(
    courses: FixtureFile[CoursesFile], activities: FixtureFile[ActivitiesFile], emails: set[str]
) -> list[str]:
    faults = []
    slug = activities.content.partnership
    areas = set(FocusArea.objects.filter(partnership__slug=slug).values_list("slug", flat=True))
    if not Partnership.objects.filter(slug=slug).exists():
        faults.append(activities.fault(("partnership",), f"no partnership {slug!r}"))
    if courses.content.partnership != slug:
        faults.append(courses.fault(("partnership",), f"the activities are of {slug!r}"))
    for i, activity in enumerate(activities.content.activities):
        if activity.area not in areas:
            faults.append(
                activities.fault(("activities", i, "area"), f"no area {activity.area!r} in {slug!r}")
            )
    if courses.content.note is not None and courses.content.note.by not in emails:
        faults.append(courses.fault(("note", "by"), f"no person {courses.content.note.by!r}"))
    titles = {activity.title for activity in activities.content.activities}
    seen: set[str] = set()
    for i, course in enumerate(courses.content.courses):
        at = ("courses", i)
        if course.title not in titles:
            faults.append(courses.fault((*at, "title"), f"no activity {course.title!r}"))
        if course.title in seen:
            faults.append(courses.fault((*at, "title"), f"{course.title!r} stands twice"))
        seen.add(course.title)
        people = [("by", course.by), ("reporter", course.reporter)]
        faults += [
            courses.fault((*at, field), f"no person {email!r}")
            for field, email in people
            if email is not None and email not in emails
        ]
        named = [(("turns", j, "by"), turn.by) for j, turn in enumerate(course.turns)]
        named += [(("asides", j, "by"), aside.by) for j, aside in enumerate(course.asides)]
        named += [(("asides", j, "to"), aside.to) for j, aside in enumerate(course.asides)]
        faults += [
            courses.fault((*at, *where), f"no person {email!r}")
            for where, email in named
            if email is not None and email not in emails
        ]
    faults += [
        activities.fault(("activities", i, "title"), f"{activity.title!r} has no course")
        for i, activity in enumerate(activities.content.activities)
        if activity.title not in seen
    ]
    return faults


def read_sittings(directory: Path = FIXTURES) -> SittingsFile:
    """When bodies meet. Raises :class:`FixtureFault` when one is not known or has nobody to keep its minutes."""
    file = read_fixture(directory / "sittings.yaml", SittingsFile)
    bodies = set(Body.objects.values_list("slug", flat=True))
    kept = set(
        RoleHolding.objects.filter(role=Role.SECRETARY, body__isnull=False).values_list(
            "body__slug", flat=True
        )
    )
    faults = []
    for i, sitting in enumerate(file.content.sittings):
        if sitting.body not in bodies:
            faults.append(file.fault(("sittings", i, "body"), f"no body {sitting.body!r}"))
        elif sitting.body not in kept:
            faults.append(file.fault(("sittings", i, "body"), f"{sitting.body!r} has no secretary"))
    if faults:
        raise FixtureFault(faults)
    return file.content


def read_referrals(directory: Path = FIXTURES) -> ReferralsFile:
    """The demonstration's referrals. Raises :class:`FixtureFault`."""
    return read_fixture(directory / "referrals.yaml", ReferralsFile).content


class Names:
    """How documents write organisations and units, for reading lines of responsible units (H5)."""

    def __init__(self, directory: Path = FIXTURES) -> None:
        self.organisations: dict[str, str] = {}
        self._by_short = {row.short_name: row for row in Organisation.objects.all()}
        self._units = {
            (unit.organisation_id, unit.name.casefold()): unit
            for unit in Unit.objects.select_related("organisation")
        }
        for shape in read_fixture(directory / "organisations.yaml", OrganisationsFile).content.organisations:
            for name in (shape.name, shape.short_name, *shape.also_written):
                self.organisations[name] = shape.short_name
            owner = self._by_short[shape.short_name]
            for unit in shape.units:
                row = self._units[(owner.pk, unit.name.casefold())]
                self._units.update({(owner.pk, name.casefold()): row for name in unit.also_written})

    def responsible(self, line: str) -> tuple[Responsible, ...]:
        """The line's parts, each in the line's own words; what is not certain is marked for a person to look at."""
        parsed = parse_responsible(line, organisations=self.organisations)
        rows = [self._row(part) for part in parsed.parts]
        if parsed.unparsed:
            rows.append(Responsible(parsed.unparsed, needs_review=True))
        return tuple(rows)

    def _row(self, part: ResponsiblePart) -> Responsible:
        organisation = self._by_short.get(part.organisation)
        units: list[Unit | None] = []
        if organisation is not None:
            units = [self._units.get((organisation.pk, name.casefold())) for name in part.units]
        review = not (part.certain and part.known) or None in units
        return Responsible(part.text, organisation, units[0] if len(units) == 1 else None, review)


_TASKS: Mapping[str, CouncilTask] = {
    "följa projektet": CouncilTask.FOLLOW_PROJECT,
    "följa implementeringen": CouncilTask.FOLLOW_IMPLEMENTATION,
    "följa utvecklingen": CouncilTask.FOLLOW_DEVELOPMENT,
    "följa projekt och utfall av resultat och erfarenheter på modellnivå": CouncilTask.FOLLOW_MODEL_LEVEL,
    "följa projekt och utfall av resultat": CouncilTask.FOLLOW_RESULTS,
}


def council_task(words: str) -> str:
    """The standard value that the words begin with (H6); the words themselves are kept beside."""
    plain = words.casefold().rstrip(". ")
    return next(
        (task for begins, task in _TASKS.items() if plain.startswith(begins)),
        CouncilTask.OTHER if plain else "",
    )


def content_from(activity: ActivityShape, partnership: Partnership, names: Names) -> ProposalContent:
    """The activity as what a proposer writes, every word kept."""
    return ProposalContent(
        title=activity.title,
        kind=activity.kind.value,
        area=partnership.areas.get(slug=activity.area),
        description=activity.description,
        goals=tuple(Goal.objects.filter(number__in=activity.goals)),
        start=VagueDate.parse(activity.start),
        current_status=activity.current_status,
        council_task=council_task(activity.council_task),
        council_task_words=activity.council_task,
        reporting_words=activity.reporting,
        need=activity.need,
        purpose=activity.purpose,
        terms=activity.terms,
        benefit=activity.benefit,
        responsible=names.responsible(activity.responsible),
        funding=tuple(
            Funding(line.source, line.amount, line.year, line.currency, line.decided_by)
            for line in activity.funding
        ),
    )
