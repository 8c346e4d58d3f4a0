"""Rows as they stood, to be put back in a few statements: building the world by its domain functions takes hundreds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.color import no_style
from django.db import connection, models

from cases.models import (
    Body,
    FocusArea,
    Goal,
    Organisation,
    Partnership,
    PartnershipGroupGrant,
    PartnershipParty,
    Person,
    RoleHolding,
    Unit,
)
from workflows.models import ProcessProfile, ProfileVersion

#: What a world without cases consists of, in the order in which rows refer to each other.
MODELS: tuple[type[models.Model], ...] = (
    Goal,
    Organisation,
    Unit,
    Person,
    Partnership,
    PartnershipParty,
    FocusArea,
    FocusArea.goals.through,
    Body,
    Group,
    Person.groups.through,
    RoleHolding,
    PartnershipGroupGrant,
    ProcessProfile,
    ProfileVersion,
)


@dataclass(frozen=True)
class Snapshot:
    """The rows of every model of :data:`MODELS`."""

    rows: tuple[tuple[type[models.Model], list[dict[str, Any]]], ...]

    @classmethod
    def taken(cls) -> Snapshot:
        """As the database stands."""
        return cls(tuple((model, list(model._default_manager.values())) for model in MODELS))

    def put_back(self) -> None:
        """Into a database without them. Permissions have keys of their own after every flush."""
        view_cases = Permission.objects.get(content_type__app_label="cases", codename="view_cases").pk
        for model, rows in self.rows:
            changes = {"permission_id": view_cases} if model is PartnershipGroupGrant else {}
            model._default_manager.bulk_create([model(**(row | changes)) for row in rows])
        resets = connection.ops.sequence_reset_sql(no_style(), list(MODELS))
        if resets:
            with connection.cursor() as cursor:
                cursor.execute(";".join(resets))
