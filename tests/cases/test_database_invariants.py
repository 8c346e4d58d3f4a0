"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, models, transaction

from cases.models import (
    Body,
    Case,
    CaseEvent,
    Decision,
    FundingLine,
    Memo,
    Organisation,
    Partnership,
    Person,
    RegistryNumber,
    RoleHolding,
    Vote,
)
from tests.world import World, build_world
from workflows.models import CaseProcess, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except (IntegrityError, models.ProtectedError):
        return True
    return False


def test_a_closed_case_has_an_end_and_an_open_one_has_none(world: World) -> None:
    case = Case.objects.filter(pk=world.submitted().pk)
    assert refused(lambda: case.update(status="closed"))
    assert refused(lambda: case.update(end_state="completed"))
    assert refused(lambda: case.update(stage="closed"))
    assert refused(lambda: case.update(title=""))


def test_a_draft_is_not_submitted(world: World) -> None:
    case = Case.objects.filter(pk=world.draft().pk)
    assert refused(lambda: case.update(submitted_at=world.now))
    assert refused(lambda: case.update(status="open"))


def test_an_open_task_waits_for_somebody_and_has_a_date(world: World) -> None:
    item = WorkItem.objects.filter(pk=world.open_items(world.submitted())[0].pk)
    assert refused(lambda: item.update(holder_key=""))
    assert refused(lambda: item.update(due_on=None))
    assert refused(lambda: item.update(status="DONE"))


def test_a_case_has_one_running_process_of_a_flow(world: World) -> None:
    process = CaseProcess.objects.get(case=world.submitted())
    process.pk = None
    assert refused(lambda: process.save(force_insert=True))


def test_a_person_has_one_address_whatever_its_case(world: World) -> None:
    assert refused(lambda: Person.objects.create(email="COORDINATOR@linkoping.example", name="Annan"))


def test_a_role_has_exactly_one_scope_and_a_period_in_order(world: World) -> None:
    holding = RoleHolding.objects.filter(role="coordinator", partnership__isnull=False)
    assert refused(lambda: holding.update(organisation=world.organisations["lk"]))
    assert refused(lambda: holding.update(partnership=None))
    assert refused(lambda: holding.update(valid_until=dt.date(2019, 1, 1)))


def test_nobody_is_their_own_deputy(world: World) -> None:
    assert refused(lambda: RoleHolding.objects.update(deputy_for=models.F("person")))


def test_a_body_is_joint_or_one_organisations(world: World) -> None:
    assert refused(lambda: Body.objects.filter(slug="ks-lk").update(partnership=world.partnership))
    assert refused(lambda: Body.objects.filter(slug="ks-lk").update(organisation=None))


def test_a_partnership_does_not_end_before_it_begins(world: World) -> None:
    assert refused(lambda: Partnership.objects.update(valid_until=dt.date(1999, 1, 1)))


def test_an_event_number_stands_once_in_a_case(world: World) -> None:
    case = world.submitted()
    event = CaseEvent.objects.filter(case=case).first()
    assert event is not None
    event.pk = None
    assert refused(lambda: event.save(force_insert=True))


def test_a_registry_number_is_never_given_twice(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="statement")
    number = RegistryNumber.objects.get(case=case, organisation__slug="lk")
    number.pk, number.case = None, world.submitted()
    assert refused(lambda: number.save(force_insert=True))


def test_a_member_has_one_vote_and_a_recusal_its_reason(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    vote = world.act(case, "vote", by="mem-lk")
    assert refused(lambda: Vote.objects.filter(pk=vote.pk).update(choice="recused"))
    vote.pk = None
    assert refused(lambda: vote.save(force_insert=True))


def test_a_party_decides_once_a_round(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="sign")
    decision = Decision.objects.filter(case=case, is_final=True).first()
    assert decision is not None
    decision.pk = None
    assert refused(lambda: decision.save(force_insert=True))


def test_a_memo_is_whole_and_its_versions_are_one_each(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    memo = Memo.objects.get(case=case)
    assert refused(lambda: Memo.objects.filter(pk=memo.pk).update(related_check=""))
    memo.pk = None
    assert refused(lambda: memo.save(force_insert=True))


def test_money_is_not_negative_and_its_year_is_plausible(world: World) -> None:
    case = world.draft()
    assert refused(lambda: FundingLine.objects.create(case=case, source="ALF", amount=-1, year=2022))
    assert refused(lambda: FundingLine.objects.create(case=case, source="ALF", amount=1, year=22))
    assert refused(
        lambda: FundingLine.objects.create(case=case, source="ALF", amount=1, year=2022, currency="kr")
    )


def test_nothing_that_a_case_stands_on_can_be_deleted(world: World) -> None:
    case = world.submitted()
    assert refused(lambda: world.partnership.delete())
    assert refused(lambda: world.person("proposer").delete())
    assert refused(lambda: Case.objects.filter(pk=case.pk).delete())
    assert refused(lambda: Organisation.objects.filter(slug="lk").delete())
