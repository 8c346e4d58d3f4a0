"""A recipient asks for more time, and the coordinator grants or denies it, or gives it unasked (R2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, WrongState
from cases.models import Case, Referral, ReferralExtension
from tests.workflows.referral.asking import answer_outside, asked, task_of
from tests.workflows.steps.site import Site
from tests.world import World
from workflows.referral_acts import close_referral, decide_extension, renew_link
from workflows.steps.referral import ask_extension


def ask(world: World, referral: Referral, *, days: int = 7, reason: str = "Sent möte.") -> ReferralExtension:
    person = asked(referral, "person")
    return ask_extension(
        recipient_id=person.pk,
        actor=world.person("outsider"),
        wanted_until=referral.due_on + dt.timedelta(days=days),
        reason=reason,
        now=world.tick(),
    )


def decide(
    world: World, referral: Referral, *, granted: bool, days: int = 7, kind: str = "person", **more: Any
) -> ReferralExtension:
    return decide_extension(
        case_id=referral.case_id,
        recipient_id=asked(referral, kind).pk,
        actor=world.person(more.pop("by", "coordinator")),
        granted=granted,
        until=referral.due_on + dt.timedelta(days=days) if granted else None,
        now=world.tick(),
        **more,
    )


def test_granting_moves_the_recipients_own_date_and_nobody_elses(world: World, referral: Referral) -> None:
    ask(world, referral)
    extension = decide(world, referral, granted=True)
    later = referral.due_on + dt.timedelta(days=7)
    assert (extension.decision, extension.granted_until) == ("granted", later)
    assert (asked(referral, "person").due_on, task_of(asked(referral, "person")).due_on) == (later, later)
    assert asked(referral, "body").due_on == referral.due_on


def test_the_reminder_moves_with_the_date(world: World, referral: Referral) -> None:
    before = task_of(asked(referral, "body")).timer_at
    decide(world, referral, granted=True, days=14, kind="body")
    task = task_of(asked(referral, "body"))
    assert before is not None
    assert task.timer_at is not None
    assert task.timer == "remind"
    assert task.timer_at > before + dt.timedelta(days=9)


def test_an_answer_within_the_new_date_is_in_time(world: World, case: Case, referral: Referral) -> None:
    decide(world, referral, granted=True, days=30, kind="outside")
    world.now += dt.timedelta(days=40)
    answer_outside(world, referral)
    assert not asked(referral, "outside").late


def test_denying_leaves_the_date(world: World, referral: Referral) -> None:
    ask(world, referral)
    extension = decide(world, referral, granted=False, message="Det brådskar.")
    assert (extension.decision, extension.message) == ("denied", "Det brådskar.")
    assert asked(referral, "person").due_on == referral.due_on


def test_one_asks_once_at_a_time_for_a_later_day_and_says_why(world: World, referral: Referral) -> None:
    for changes, field in (
        ({"days": 0}, "wanted_until"),
        ({"days": 999}, "wanted_until"),
        ({"reason": ""}, "reason"),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask(world, referral, **changes)
        assert list(refused.value.errors) == [field]
    ask(world, referral)
    with pytest.raises(AlreadyDone):
        ask(world, referral)
    decide(world, referral, granted=False)
    ask(world, referral)


def test_who_has_answered_needs_no_more_time(world: World, case: Case, referral: Referral) -> None:
    world.act(case, "referral_answer", by="outsider")
    with pytest.raises(AlreadyDone):
        ask(world, referral)
    with pytest.raises(AlreadyDone):
        decide(world, referral, granted=True)


def test_after_the_closing_nobody_asks_and_nothing_is_granted(
    world: World, case: Case, referral: Referral
) -> None:
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    with pytest.raises(WrongState):
        ask(world, referral)
    with pytest.raises(WrongState):
        decide(world, referral, granted=True)


def test_what_nobody_asked_for_cannot_be_denied_and_time_is_given_forwards_only(
    world: World, referral: Referral
) -> None:
    with pytest.raises(WrongState):
        decide(world, referral, granted=False)
    with pytest.raises(InvalidInput):
        decide(world, referral, granted=True, days=0)


def test_only_the_coordinator_decides_and_only_of_this_case(
    world: World, case: Case, referral: Referral
) -> None:
    with pytest.raises(NotAllowed):
        decide(world, referral, granted=True, by="chair")
    with pytest.raises(NotFound):
        decide(world, referral, granted=True, by="outsider")
    other = world.refer(world.submitted())
    with pytest.raises(WrongState):
        decide_extension(
            case_id=case.pk,
            recipient_id=asked(other, "body").pk,
            actor=world.person("coordinator"),
            granted=True,
            until=referral.due_on + dt.timedelta(days=7),
            now=world.tick(),
        )


def test_a_new_link_goes_to_a_new_address_that_nobody_else_has(
    world: World, case: Case, referral: Referral
) -> None:
    outside, coordinator = asked(referral, "outside"), world.person("coordinator")
    renewed = renew_link(
        case_id=case.pk, recipient_id=outside.pk, actor=coordinator, email="Ny@k.example", now=world.tick()
    )
    assert renewed.email == "ny@k.example"
    assert renewed.token != outside.token
    with pytest.raises(WrongState):
        renew_link(
            case_id=case.pk, recipient_id=asked(referral, "body").pk, actor=coordinator, now=world.tick()
        )


def test_the_coordinator_does_it_on_the_recipients_page(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    ask(world, referral)
    url = reverse("case-referral-recipient", args=[case.pk, asked(referral, "person").pk])
    page = site.get("coordinator", url)
    assert page.context["grant_form"]["until"].value() == referral.due_on + dt.timedelta(days=7)
    wrong = site.post("coordinator", url, {"what": "grant", "until": "2021-01-01", "message": "Ja."})
    assert wrong.status_code == 422
    assert "Ja." in wrong.content.decode()
    right = site.post("coordinator", url, {"what": "grant", "until": "2021-10-20", "message": ""})
    assert right.status_code == 302
    assert asked(referral, "person").due_on == dt.date(2021, 10, 20)
    outside = reverse("case-referral-recipient", args=[case.pk, asked(referral, "outside").pk])
    old = asked(referral, "outside").token_digest
    assert site.post("coordinator", outside, {"what": "link", "email": "x"}).status_code == 422
    assert site.post("coordinator", outside, {"what": "link", "email": "x@y.example"}).status_code == 302
    assert asked(referral, "outside").token_digest != old


def test_the_recipient_asks_on_their_own_page(world: World, site: Site, referral: Referral) -> None:
    url = reverse("referral-own", args=[asked(referral, "person").pk])
    assert site.post("outsider", url, {"what": "extend", "wanted_until": "igår"}).status_code == 422
    wish = {"what": "extend", "wanted_until": "2021-10-20", "reason": "Sent möte."}
    assert site.post("outsider", url, wish).status_code == 302
    assert "Ni har bett om tid till 20 oktober 2021." in site.get("outsider", url).content.decode()
