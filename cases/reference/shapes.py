"""The shapes of the reference files; ``docs/demo-data.md`` describes them for people."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from cases.models import Body, OrganisationKind, Partnership
from cases.models.roles import ROLE_SCOPES, Role, ScopeKind
from cases.reference.files import Shape
from cases.values.registry_pattern import RegistryPattern, RegistryPatternError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=50)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
GoalNumber = Annotated[int, Field(ge=1, le=17)]


class GoalShape(Shape):
    number: GoalNumber
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    name_en: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class GoalsFile(Shape):
    goals: tuple[GoalShape, ...]


class UnitShape(Shape):
    name: Name
    parent: Name | None = None
    also_written: tuple[Name, ...] = ()


class OrganisationShape(Shape):
    slug: Slug
    name: Name
    name_en: str = ""
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    kind: OrganisationKind
    parent: Slug | None = None
    registry_series: Annotated[str, StringConstraints(max_length=20)] = ""
    registry_pattern: Annotated[str, StringConstraints(max_length=60)] = ""
    also_written: tuple[Name, ...] = ()
    units: tuple[UnitShape, ...] = ()

    @field_validator("registry_pattern")
    @classmethod
    def _usable(cls, pattern: str) -> str:
        if pattern:
            try:
                RegistryPattern(pattern)
            except RegistryPatternError as error:
                raise ValueError(str(error)) from error
        return pattern

    @model_validator(mode="after")
    def _has_series(self) -> Self:
        if "{series}" in self.registry_pattern and not self.registry_series:
            raise ValueError("the pattern has {series} but there is no registry_series")
        return self


class OrganisationsFile(Shape):
    organisations: tuple[OrganisationShape, ...]


class AreaShape(Shape):
    slug: Slug
    name: Name
    name_en: str = ""
    description: str = ""
    goals: tuple[GoalNumber, ...] = ()


class PartnershipShape(Shape):
    slug: Slug
    name: Name
    name_en: str = ""
    kind: Partnership.Kind
    purpose: str = ""
    signed_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    notice_months: Annotated[int, Field(ge=0, le=60)] | None = None
    parties: Annotated[tuple[Slug, ...], Field(min_length=2)]
    overarching_goals: tuple[GoalNumber, ...] = ()
    areas: tuple[AreaShape, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


class PartnershipsFile(Shape):
    partnerships: tuple[PartnershipShape, ...]


class BodyShape(Shape):
    slug: Slug
    name: Name
    name_en: str = ""
    kind: Body.Kind
    organisation: Slug | None = None
    partnership: Slug | None = None
    about: str = ""

    @model_validator(mode="after")
    def _joint_or_not(self) -> Self:
        if (self.organisation is None) == (self.partnership is None):
            raise ValueError("name either organisation or partnership")
        return self


class BodiesFile(Shape):
    bodies: tuple[BodyShape, ...]


class RoleShape(Shape):
    role: Role
    organisation: Slug | None = None
    body: Slug | None = None
    partnership: Slug | None = None
    all: Literal[True] | None = None
    from_: Annotated[dt.date, Field(alias="from")]
    until: dt.date | None = None
    area: Slug | None = None
    represents: Slug | None = None
    deputy_for: str | None = None
    deputy_order: Annotated[int, Field(ge=0, le=50)] = 0

    @property
    def scope(self) -> tuple[ScopeKind, str]:
        """The kind of the scope and its slug, which is empty for the whole system."""
        for kind in (ScopeKind.ORGANISATION, ScopeKind.BODY, ScopeKind.PARTNERSHIP):
            slug = getattr(self, kind.value)
            if slug is not None:
                return kind, slug
        return ScopeKind.ALL, ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        named = [
            value for value in (self.organisation, self.body, self.partnership, self.all) if value is not None
        ]
        if len(named) != 1:
            raise ValueError("name exactly one of organisation, body, partnership, all")
        if self.scope[0] not in ROLE_SCOPES[self.role]:
            raise ValueError(f"the role {self.role.value} cannot be held at {self.scope[0].value}")
        if self.until is not None and self.until < self.from_:
            raise ValueError("until lies before from")
        if self.area is not None and self.role is not Role.CONTACT_PERSON:
            raise ValueError("only a contact person has an area")
        return self


class PersonShape(Shape):
    name: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    email: Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+@[a-z0-9.-]+\.example$", max_length=254)]
    title: Annotated[str, StringConstraints(max_length=150)] = ""
    organisation: Slug | None = None
    language: Literal["sv", "en"] = "sv"
    #: Files of the house hold nobody real.
    invented: Literal[True]
    absent_from: dt.date | None = None
    absent_until: dt.date | None = None
    roles: tuple[RoleShape, ...] = ()


class PeopleFile(Shape):
    people: tuple[PersonShape, ...]
