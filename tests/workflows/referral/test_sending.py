"""A case in preparation is sent on referral (R2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from cases.errors import InvalidInput, NotAllowed, NotFound, WrongState
from cases.models import Body, Case, Referral, Unit
from tests.workflows.referral.asking import asked, task_of
from tests.world import World
from workflows import case_acts
from workflows.models import WorkItem
from workflows.referral_sending import Recipient, start_referral


def send(world: World, case: Case, *recipients: Recipient, by: str = "coordinator") -> Referral:
    return start_referral(
        case_id=case.pk,
        actor=world.person(by),
        title="Mentorer",
        text="Är det bra?",
        due_on=(world.now + dt.timedelta(days=10)).date(),
        recipients=recipients or (Recipient(body=world.board),),
        now=world.tick(),
    )


def test_each_recipient_gets_a_task_of_their_own_with_the_referrals_date(
    world: World, case: Case, referral: Referral
) -> None:
    tasks = {row.kind: task_of(row) for row in referral.recipients.all()}
    assert {kind: task.holder_key for kind, task in tasks.items()} == {
        "body": f"decision_maker@body:{world.board.pk}",
        "organisation": f"registrar@organisation:{world.organisations['liu'].pk}",
        "person": f"person:{world.people_ids['outsider']}",
        "outside": f"referral_recipient@outside:{asked(referral, 'outside').pk}",
    }
    assert {task.due_on for task in tasks.values()} == {referral.due_on}
    assert all(task.open for task in tasks.values())


def test_a_body_with_a_secretary_is_asked_through_the_secretary(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    referral = send(world, case, Recipient(body=world.council))
    assert world.holder_of(task_of(referral.recipients.get())) == "secretary"


def test_an_organisation_with_a_coordinator_is_asked_through_the_coordinator(
    world: World, case: Case
) -> None:
    world.advance(case, to="prepare")
    referral = send(world, case, Recipient(organisation=world.organisations["lk"]))
    assert world.holder_of(task_of(referral.recipients.get())) == "clerk-lk"


def test_a_body_where_nobody_can_answer_is_named_and_nothing_is_sent(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    empty = Body.objects.create(
        name="Kulturnämnden", slug="kultur", kind=Body.Kind.BOARD, organisation=world.organisations["lk"]
    )
    with pytest.raises(InvalidInput, match="Kulturnämnden"):
        send(world, case, Recipient(body=empty), Recipient(body=world.board))
    assert not Referral.objects.exists()


def test_a_unit_answers_through_a_named_person_or_by_mail(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    unit = Unit.objects.create(organisation=world.organisations["lk"], name="Näringsliv")
    other = Unit.objects.create(organisation=world.organisations["lk"], name="Kultur")
    referral = send(
        world,
        case,
        Recipient(unit=unit, person=world.person("outsider")),
        Recipient(unit=other, name="Registrator", email="kultur@lk.example"),
    )
    assert list(referral.recipients.values_list("kind", "name", "email")) == [
        ("unit", "Näringsliv (Ove Outsider)", ""),
        ("unit", "Kultur (Registrator)", "kultur@lk.example"),
    ]


def test_an_address_that_is_an_accounts_is_asked_in_person_and_gets_no_link(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    referral = send(world, case, Recipient(name="Ove", email="Outsider@linkoping.example"))
    recipient = referral.recipients.get()
    assert (recipient.kind, recipient.person, recipient.token_digest) == (
        "person",
        world.person("outsider"),
        "",
    )


@pytest.mark.parametrize(
    "twice",
    [
        lambda world: (Recipient(body=world.board), Recipient(body=world.board)),
        lambda world: (Recipient(name="A", email="x@y.example"), Recipient(name="B", email="X@y.example")),
        lambda world: (
            Recipient(person=world.person("outsider")),
            Recipient(name="Ove", email="outsider@linkoping.example"),
        ),
    ],
    ids=["body", "address", "person by address"],
)
def test_nobody_is_asked_twice_in_the_same_referral(world: World, case: Case, twice: object) -> None:
    world.advance(case, to="prepare")
    with pytest.raises(InvalidInput, match="två gånger"):
        send(world, case, *twice(world))  # type: ignore[operator]


def test_what_goes_out_is_the_version_that_was_chosen_even_when_a_newer_comes(
    world: World, case: Case
) -> None:
    world.advance(case, to="prepare")
    coordinator = world.person("coordinator")
    first = case_acts.add_document(
        case_id=case.pk,
        actor=coordinator,
        title="Kalkyl",
        upload=ContentFile(b"ett\n", "a.txt"),
        now=world.tick(),
    )
    referral = world.refer(case, version_ids=[first.pk])
    case_acts.add_document_version(
        case_id=case.pk,
        document_id=first.document_id,
        actor=coordinator,
        upload=ContentFile(b"tva\n", "a.txt"),
        now=world.tick(),
    )
    assert [row.version for row in referral.material.all()] == [first]


def test_what_is_internal_to_a_party_cannot_go_out(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    internal = case_acts.add_document(
        case_id=case.pk,
        actor=world.person("contact-lk"),
        title="Kalkyl",
        upload=ContentFile(b"hemligt\n", "a.txt"),
        internal_to=world.organisations["lk"],
        now=world.tick(),
    )
    with pytest.raises(InvalidInput, match="handlingarna"):
        world.refer(case, version_ids=[internal.pk])


def test_another_cases_document_cannot_go_out(world: World, case: Case) -> None:
    other = world.submitted()
    version = case_acts.add_document(
        case_id=other.pk,
        actor=world.person("coordinator"),
        title="Plan",
        upload=ContentFile(b"plan\n", "a.txt"),
        now=world.tick(),
    )
    with pytest.raises(InvalidInput, match="handlingarna"):
        world.refer(case, version_ids=[version.pk])


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_the_date_lies_between_tomorrow_and_a_year_ahead(world: World, case: Case, days: int) -> None:
    world.advance(case, to="prepare")
    with pytest.raises(InvalidInput) as refused:
        world.refer(case, due_on=(world.now + dt.timedelta(days=days)).date())
    assert list(refused.value.errors) == ["due_on"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"text": ""}, "text"), ({"with_proposal": False}, "with_proposal")],
)
def test_a_referral_says_what_it_asks_and_has_something_to_read(
    world: World, case: Case, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.refer(case, **changes)
    assert list(refused.value.errors) == [field]


def test_a_referral_is_sent_while_the_memo_is_prepared_and_at_no_other_time(world: World, case: Case) -> None:
    with pytest.raises(WrongState):
        send(world, case)
    world.advance(case, to="vote")
    with pytest.raises(WrongState, match="beredningsunderlaget"):
        send(world, case)
    assert not WorkItem.objects.filter(step="referral_answer").exists()


def test_only_the_coordinator_sends_one(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    for name in ("proposer", "chair", "mem-liu", "reg-lk", "auditor"):
        with pytest.raises(NotAllowed):
            send(world, case, by=name)
    with pytest.raises(NotFound):
        send(world, case, by="outsider")


def test_the_case_keeps_its_stage_and_its_memo_waits(world: World, case: Case, referral: Referral) -> None:
    case.refresh_from_db()
    assert case.stage == "preparation"
    with pytest.raises(InvalidInput, match="ute på remiss"):
        world.act(case, "prepare")


def test_a_proposed_link_is_never_in_the_database(world: World, referral: Referral) -> None:
    outside = asked(referral, "outside")
    stored = " ".join(str(value) for value in vars(outside).values())
    assert len(outside.token) == 43
    assert outside.token not in stored
