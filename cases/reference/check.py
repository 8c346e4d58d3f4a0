"""What the reference files say of each other: every slug and address must stand for something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cases.reference.files import FixtureFault, FixtureFile, Where
from cases.reference.shapes import BodiesFile, GoalsFile, OrganisationsFile, PartnershipsFile, PeopleFile


def _twice(
    file: FixtureFile[GoalsFile]
    | FixtureFile[OrganisationsFile]
    | FixtureFile[PartnershipsFile]
    | FixtureFile[BodiesFile]
    | FixtureFile[PeopleFile],
    rows: Iterable[tuple[Where, object]],
) -> list[str]:
    rows = list(rows)
    counted = Counter(value for _where, value in rows)
    return [file.fault(where, f"{value!r} stands twice") for where, value in rows if counted[value] > 1]


def check_references(
    *,
    goals: FixtureFile[GoalsFile],
    organisations: FixtureFile[OrganisationsFile],
    partnerships: FixtureFile[PartnershipsFile],
    bodies: FixtureFile[BodiesFile],
    people: FixtureFile[PeopleFile],
) -> None:
    """Raise :class:`FixtureFault` with every key that stands twice and every reference to nothing."""
    faults = _twice(goals, ((("goals", i, "number"), g.number) for i, g in enumerate(goals.content.goals)))
    numbers = {goal.number for goal in goals.content.goals}

    known: set[str] = set()
    faults += _twice(
        organisations,
        ((("organisations", i, "slug"), o.slug) for i, o in enumerate(organisations.content.organisations)),
    )
    for i, organisation in enumerate(organisations.content.organisations):
        if organisation.parent is not None and organisation.parent not in known:
            faults.append(
                organisations.fault(
                    ("organisations", i, "parent"),
                    f"no organisation {organisation.parent!r} stands before this one",
                )
            )
        known.add(organisation.slug)
        units: set[str] = set()
        for j, unit in enumerate(organisation.units):
            where = ("organisations", i, "units", j)
            if unit.parent is not None and unit.parent not in units:
                faults.append(
                    organisations.fault((*where, "parent"), f"no unit {unit.parent!r} stands before this one")
                )
            if unit.name in units:
                faults.append(organisations.fault((*where, "name"), f"{unit.name!r} stands twice"))
            units.add(unit.name)

    areas: dict[str, set[str]] = {}
    parties: dict[str, set[str]] = {}
    rows = partnerships.content.partnerships
    faults += _twice(partnerships, ((("partnerships", i, "slug"), p.slug) for i, p in enumerate(rows)))
    for i, partnership in enumerate(rows):
        areas[partnership.slug] = {area.slug for area in partnership.areas}
        parties[partnership.slug] = set(partnership.parties)
        for j, slug in enumerate(partnership.parties):
            if slug not in known:
                faults.append(
                    partnerships.fault(("partnerships", i, "parties", j), f"no organisation {slug!r}")
                )
        for j, number in enumerate(partnership.overarching_goals):
            if number not in numbers:
                faults.append(
                    partnerships.fault(("partnerships", i, "overarching_goals", j), f"no goal {number}")
                )
        for k, area in enumerate(partnership.areas):
            faults += [
                partnerships.fault(("partnerships", i, "areas", k, "goals", j), f"no goal {number}")
                for j, number in enumerate(area.goals)
                if number not in numbers
            ]

    body_slugs = {body.slug for body in bodies.content.bodies}
    faults += _twice(bodies, ((("bodies", i, "slug"), b.slug) for i, b in enumerate(bodies.content.bodies)))
    for i, body in enumerate(bodies.content.bodies):
        if body.organisation is not None and body.organisation not in known:
            faults.append(
                bodies.fault(("bodies", i, "organisation"), f"no organisation {body.organisation!r}")
            )
        if body.partnership is not None and body.partnership not in areas:
            faults.append(bodies.fault(("bodies", i, "partnership"), f"no partnership {body.partnership!r}"))

    addresses = {person.email for person in people.content.people}
    faults += _twice(people, ((("people", i, "email"), p.email) for i, p in enumerate(people.content.people)))
    for i, person in enumerate(people.content.people):
        if person.organisation is not None and person.organisation not in known:
            faults.append(
                people.fault(("people", i, "organisation"), f"no organisation {person.organisation!r}")
            )
        for j, role in enumerate(person.roles):
            at: Where = ("people", i, "roles", j)
            checks = (
                ("organisation", role.organisation, known, "organisation"),
                ("body", role.body, body_slugs, "body"),
                ("partnership", role.partnership, set(areas), "partnership"),
                ("represents", role.represents, known, "organisation"),
                ("deputy_for", role.deputy_for, addresses, "person"),
            )
            faults += [
                people.fault((*at, field), f"no {what} {value!r}")
                for field, value, among, what in checks
                if value is not None and value not in among
            ]
            if role.deputy_for == person.email:
                faults.append(people.fault((*at, "deputy_for"), "nobody is their own deputy"))
            if role.area is not None and not any(
                role.organisation in parties[slug] and role.area in areas[slug] for slug in parties
            ):
                faults.append(
                    people.fault(
                        (*at, "area"), f"no area {role.area!r} in a partnership of {role.organisation!r}"
                    )
                )
    if faults:
        raise FixtureFault(faults)
