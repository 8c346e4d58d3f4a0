"""Loading the reference files into the models: found by natural key, written only where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cases.models import (
    Body,
    FocusArea,
    Goal,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    RoleHolding,
    Unit,
)
from cases.models.roles import ScopeKind, role_key
from cases.reference.check import check_references
from cases.reference.files import FIXTURES, FixtureFile, read_fixture
from cases.reference.shapes import (
    BodiesFile,
    GoalsFile,
    OrganisationsFile,
    OrganisationShape,
    PartnershipsFile,
    PartnershipShape,
    PeopleFile,
    RoleShape,
)
from cases.roles import Scope, give_role, sync_grants


@dataclass
class Counts:
    """What a load did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def nothing_to_do(self) -> bool:
        return not self.created and not self.updated


@dataclass(frozen=True)
class ReferenceFiles:
    """The validated files of one folder."""

    goals: FixtureFile[GoalsFile]
    organisations: FixtureFile[OrganisationsFile]
    partnerships: FixtureFile[PartnershipsFile]
    bodies: FixtureFile[BodiesFile]
    people: FixtureFile[PeopleFile]


def read_reference(directory: Path = FIXTURES) -> ReferenceFiles:
    """Read all files and check what they say of each other. Raises :class:`FixtureFault`."""
    files = ReferenceFiles(
        goals=read_fixture(directory / "goals.yaml", GoalsFile),
        organisations=read_fixture(directory / "organisations.yaml", OrganisationsFile),
        partnerships=read_fixture(directory / "partnerships.yaml", PartnershipsFile),
        bodies=read_fixture(directory / "bodies.yaml", BodiesFile),
        people=read_fixture(directory / "people.yaml", PeopleFile),
    )
    check_references(
        goals=files.goals,
        organisations=files.organisations,
        partnerships=files.partnerships,
        bodies=files.bodies,
        people=files.people,
    )
    return files


@transaction.atomic
def load_reference(directory: Path = FIXTURES) -> Counts:
    """Load the folder's reference data, all of it or nothing. Raises :class:`FixtureFault`."""
    files = read_reference(directory)
    counts = Counts()
    for goal in files.goals.content.goals:
        _upsert(counts, Goal, {"number": goal.number}, {"name": goal.name, "name_en": goal.name_en})
    for organisation in files.organisations.content.organisations:
        _load_organisation(counts, organisation)
    for partnership in files.partnerships.content.partnerships:
        _load_partnership(counts, partnership)
    for body in files.bodies.content.bodies:
        _upsert(
            counts,
            Body,
            {"slug": body.slug},
            {
                "name": body.name,
                "name_en": body.name_en,
                "kind": body.kind.value,
                "organisation": Organisation.objects.get(slug=body.organisation)
                if body.organisation
                else None,
                "partnership": Partnership.objects.get(slug=body.partnership) if body.partnership else None,
                "about": body.about,
            },
        )
    _load_people(counts, files.people.content)
    if not counts.nothing_to_do:
        sync_grants()
    return counts


def _upsert(
    counts: Counts, model: type[models.Model], key: Mapping[str, Any], values: Mapping[str, Any]
) -> Any:
    manager = model._default_manager
    row = manager.filter(**key).first()
    if row is None:
        counts.created += 1
        return manager.create(**key, **values)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        counts.updated += 1
    else:
        counts.unchanged += 1
    return row


def _set(counts: Counts, manager: Any, wanted: set[int], *, new: bool) -> None:
    if set(manager.values_list("pk", flat=True)) != wanted:
        manager.set(wanted)
        counts.updated += not new


def _load_organisation(counts: Counts, shape: OrganisationShape) -> None:
    organisation = _upsert(
        counts,
        Organisation,
        {"slug": shape.slug},
        {
            "name": shape.name,
            "name_en": shape.name_en,
            "short_name": shape.short_name,
            "kind": shape.kind.value,
            "parent": Organisation.objects.get(slug=shape.parent) if shape.parent else None,
            "registry_series": shape.registry_series,
            "registry_pattern": shape.registry_pattern,
        },
    )
    for unit in shape.units:
        parent = Unit.objects.get(organisation=organisation, name=unit.parent) if unit.parent else None
        _upsert(counts, Unit, {"organisation": organisation, "name": unit.name}, {"parent": parent})


def _load_partnership(counts: Counts, shape: PartnershipShape) -> None:
    before = counts.created
    partnership = _upsert(
        counts,
        Partnership,
        {"slug": shape.slug},
        {
            "name": shape.name,
            "name_en": shape.name_en,
            "kind": shape.kind.value,
            "purpose": shape.purpose,
            "signed_on": shape.signed_on,
            "valid_from": shape.valid_from,
            "valid_until": shape.valid_until,
            "notice_months": shape.notice_months,
        },
    )
    for order, slug in enumerate(shape.parties, 1):
        organisation = Organisation.objects.get(slug=slug)
        _upsert(
            counts,
            PartnershipParty,
            {"partnership": partnership, "organisation": organisation},
            {"order": order},
        )
    _set(counts, partnership.overarching_goals, set(shape.overarching_goals), new=counts.created > before)
    for order, area in enumerate(shape.areas, 1):
        before = counts.created
        row = _upsert(
            counts,
            FocusArea,
            {"partnership": partnership, "slug": area.slug},
            {"name": area.name, "name_en": area.name_en, "description": area.description, "order": order},
        )
        _set(counts, row.goals, set(area.goals), new=counts.created > before)


def _load_people(counts: Counts, file: PeopleFile) -> None:
    organisations = {row.slug: row for row in Organisation.objects.all()}
    people: dict[str, Person] = {}
    for shape in file.people:
        values = {
            "name": shape.name,
            "title": shape.title,
            "organisation": organisations[shape.organisation] if shape.organisation else None,
            "language": shape.language,
            "invented": True,
            "absent_from": shape.absent_from,
            "absent_until": shape.absent_until,
        }
        if Person.objects.filter(email=shape.email).exists():
            people[shape.email] = _upsert(counts, Person, {"email": shape.email}, values)
        else:
            # Without a password: nobody signs in with one, and the demonstration's sign-in asks for none.
            people[shape.email] = Person.objects.create_user(shape.email, None, **values)
            counts.created += 1
    for shape in file.people:
        for role in shape.roles:
            _load_role(counts, people, people[shape.email], role, organisations)


def _load_role(
    counts: Counts,
    people: Mapping[str, Person],
    person: Person,
    shape: RoleShape,
    organisations: Mapping[str, Organisation],
) -> None:
    kind, slug = shape.scope
    scope: Scope = None
    if kind is ScopeKind.ORGANISATION:
        scope = organisations[slug]
    elif kind is ScopeKind.BODY:
        scope = Body.objects.get(slug=slug)
    elif kind is ScopeKind.PARTNERSHIP:
        scope = Partnership.objects.get(slug=slug)
    area = (
        FocusArea.objects.get(partnership__parties=organisations[slug], slug=shape.area)
        if shape.area
        else None
    )
    deputy_for = people[shape.deputy_for] if shape.deputy_for else None
    key = role_key(shape.role, kind, scope.pk if scope else None, area.pk if area else None)
    rest = {
        "valid_until": shape.until,
        "represents": organisations[shape.represents] if shape.represents else None,
        "deputy_order": shape.deputy_order,
    }
    found = RoleHolding.objects.filter(person=person, key=key, valid_from=shape.from_, deputy_for=deputy_for)
    if found.exists():
        _upsert(
            counts,
            RoleHolding,
            {"person": person, "key": key, "valid_from": shape.from_, "deputy_for": deputy_for},
            rest,
        )
        return
    give_role(
        person=person,
        role=shape.role,
        scope=scope,
        area=area,
        valid_from=shape.from_,
        deputy_for=deputy_for,
        **rest,  # type: ignore[arg-type]  # one value type for each name, checked by the shape
    )
    counts.created += 1
