"""The handles of the world that stands in the database of a benchmark."""

from __future__ import annotations

from django.utils import timezone

from cases.models import Body, FocusArea, Organisation, Partnership, Person
from tests.world import World


def world_handles() -> World:
    """The world that the steps were measured in, at the present time."""
    return World(
        Partnership.objects.get(slug="lk-liu"),
        FocusArea.objects.get(slug="hallbar-tillvaxt"),
        Body.objects.get(slug="samverkansradet"),
        Body.objects.get(slug="ks-lk"),
        {organisation.slug: organisation for organisation in Organisation.objects.all()},
        {person.email.partition("@")[0]: person.pk for person in Person.objects.all()},
        now=timezone.now(),
    )
