"""A prepared queryset gives what the queryset gives, on every thread and with other values."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import RoleHolding
from cases.prepared import Prepared
from tests.together import at_once
from tests.world import World, build_world
from workflows.models import WorkItem


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.django_db
def test_it_gives_the_same_rows_as_the_queryset_for_other_values(world: World) -> None:
    prepared: Prepared[RoleHolding] = Prepared(
        lambda person, day: RoleHolding.objects.current(day).filter(person_id=person).order_by("pk"),
        person=-1,
        day=dt.date(1900, 1, 1),
    )
    for name in ("coordinator", "chair", "outsider"):
        person = world.person(name)
        for day in (dt.date(2019, 1, 1), dt.date(2021, 9, 7)):
            assert prepared(person=person.pk, day=day) == list(
                RoleHolding.objects.current(day).filter(person=person).order_by("pk")
            )


@pytest.mark.django_db
def test_it_fills_related_objects_and_converts_values(
    world: World, django_assert_num_queries: object
) -> None:
    case = world.submitted()
    prepared: Prepared[WorkItem] = Prepared(
        lambda item: WorkItem.objects.select_related("case", "process").filter(pk=item), item=-1
    )
    item = world.open_items(case)[0]
    found = prepared(item=item.pk)[0]
    for field in WorkItem._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(item, field.attname)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert (found.case, found.process.case_id) == (case, case.pk)
    assert found.flow_task.name == "screen"


@pytest.mark.django_db(transaction=True)
def test_it_works_on_threads_of_their_own(world: World) -> None:
    prepared: Prepared[RoleHolding] = Prepared(
        lambda person: RoleHolding.objects.filter(person_id=person), person=-1
    )
    keys = [world.people_ids[name] for name in ("coordinator", "chair")]
    results = at_once(*(lambda key=key: prepared(person=key) for key in keys))
    assert [rows[0].person_id for rows in results] == keys


@pytest.mark.django_db
def test_a_stand_in_that_is_no_parameter_is_refused(world: World) -> None:
    prepared: Prepared[RoleHolding] = Prepared(lambda person: RoleHolding.objects.all(), person=-1)
    with pytest.raises(ValueError, match="stand-ins"):
        prepared(person=1)
