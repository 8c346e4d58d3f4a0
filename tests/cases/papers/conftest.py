"""A world whose case has been prepared and sent on by the municipality's office, with a document of each kind."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from cases.models import Case
from tests.world import World, build_world
from workflows import case_acts


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def add_document(
    world: World, case: Case, title: str, *, internal_to: str = "", by: str = "coordinator"
) -> None:
    """A document of the case, or one that a party keeps to itself."""
    case_acts.add_document(
        case_id=case.pk,
        actor=world.person(by),
        title=title,
        upload=ContentFile(f"{title}\n".encode(), "fil.txt"),
        internal_to=world.organisations[internal_to] if internal_to else None,
        now=world.tick(),
    )


@pytest.fixture
def case(world: World) -> Case:
    case = world.submitted()
    add_document(world, case, "Projektplan")
    add_document(world, case, "Kalkyl", internal_to="lk", by="contact-lk")
    add_document(world, case, "Yttrande", internal_to="liu", by="contact-liu")
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk", text="Kommunen deltar.", reasons="Förvaltningen ser nytta.")
    add_document(world, case, "Efterhand")
    return Case.objects.get(pk=case.pk)
