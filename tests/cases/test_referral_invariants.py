"""What the database itself refuses of a referral, whoever writes to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from cases.models import (
    Referral,
    ReferralAnswer,
    ReferralExtension,
    ReferralMaterial,
    ReferralRecipient,
    ReferralView,
)
from cases.models.referrals import link_token, new_nonce, token_digest
from tests.workflows.referral.asking import answer_outside, text_file
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def referral(world: World) -> Referral:
    return world.refer(world.submitted())


def refused(rows: models.QuerySet[Any], **changes: Any) -> bool:
    try:
        with transaction.atomic():
            rows.update(**changes)
    except IntegrityError:
        return True
    return False


def test_a_case_has_one_unfinished_referral_and_each_round_once(referral: Referral) -> None:
    for changes in ({"number": 2}, {"number": 1, "status": "cancelled", "closed_at": referral.sent_at}):
        copy = Referral.objects.get(pk=referral.pk)
        copy.pk, copy._state.adding = None, True
        for name, value in changes.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_a_referral_says_what_it_asks_and_is_closed_and_compiled_as_a_whole(referral: Referral) -> None:
    rows = Referral.objects.filter(pk=referral.pk)
    assert refused(rows, title="")
    assert refused(rows, text="")
    assert refused(rows, status="compiling")
    assert refused(rows, closed_at=referral.sent_at)
    assert refused(rows, status="compiled", closed_at=referral.sent_at)
    assert refused(rows, summary="Något.")


@pytest.mark.parametrize("kind", ["body", "organisation", "person", "outside"])
def test_a_recipient_is_one_thing(world: World, referral: Referral, kind: str) -> None:
    rows = ReferralRecipient.objects.filter(referral=referral, kind=kind)
    for other in {"body", "organisation", "person", "outside", "unit"} - {kind}:
        assert refused(rows, kind=other), other
    if kind != "outside":
        assert refused(rows, email="a@b.example", nonce="n", token_digest="d")
    assert refused(rows, name="")


def test_only_one_who_is_asked_by_mail_has_a_link_and_has_it_whole(referral: Referral) -> None:
    rows = ReferralRecipient.objects.filter(referral=referral, kind="outside")
    assert refused(rows, nonce="")
    assert refused(rows, token_digest="")
    assert refused(rows, email="")
    assert refused(ReferralRecipient.objects.filter(referral=referral, kind="body"), token_digest="d")


def test_nobody_is_asked_twice(referral: Referral) -> None:
    for recipient in referral.recipients.all():
        copy = ReferralRecipient.objects.get(pk=recipient.pk)
        copy.pk, copy._state.adding = None, True
        if copy.is_outside:
            copy.renew_link()
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_an_answered_recipient_has_its_time_and_name_and_a_waiting_one_none(
    world: World, referral: Referral
) -> None:
    rows = ReferralRecipient.objects.filter(referral=referral, kind="outside")
    assert refused(rows, status="answered")
    assert refused(rows, late=True)
    answer_outside(world, referral)
    assert refused(rows, answered_name="")
    assert refused(rows, status="missing")


def test_an_answer_has_one_version_of_each_number_and_an_author(world: World, referral: Referral) -> None:
    given = answer_outside(world, referral)
    answer_outside(world, referral, after=1)
    assert refused(ReferralAnswer.objects.filter(version=2), version=1)
    assert refused(ReferralAnswer.objects.filter(pk=given.pk), author_name="")


def test_a_document_from_outside_names_its_sender_and_one_from_the_house_its_person(
    world: World, referral: Referral
) -> None:
    version = answer_outside(world, referral, files=[text_file()]).documents.get().versions.all()
    assert refused(version, received_from="")
    assert refused(version, uploaded_by=world.person("proposer"))


def test_one_wish_for_time_is_undecided_at_a_time_and_a_decision_is_somebodys(
    world: World, referral: Referral
) -> None:
    recipient = referral.recipients.get(kind="body")
    wish = {"recipient": recipient, "wanted_until": referral.due_on}
    ReferralExtension.objects.create(**wish)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralExtension.objects.create(**wish)
    rows = ReferralExtension.objects.filter(recipient=recipient)
    decided = {"decided_by": world.person("coordinator"), "decided_at": referral.sent_at}
    assert refused(rows, decision="denied")
    assert refused(rows, decision="granted", **decided)
    assert refused(rows, decision="denied", granted_until=referral.due_on, **decided)


def test_a_view_says_something_and_one_not_met_in_full_says_why(referral: Referral) -> None:
    body = referral.recipients.get(kind="body")
    row = ReferralView.objects.create(
        referral=referral, recipient=body, order=1, view="Dyrt.", how_met="noted"
    )
    rows = ReferralView.objects.filter(pk=row.pk)
    assert refused(rows, view="")
    assert refused(rows, how_met="partly")
    assert refused(rows, how_met="not_accepted")


def test_a_document_goes_out_once(world: World, referral: Referral) -> None:
    version = answer_outside(world, referral, files=[text_file()]).documents.get().versions.get()
    ReferralMaterial.objects.create(referral=referral, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralMaterial.objects.create(referral=referral, version=version)


def test_a_link_comes_of_chance_and_the_installations_key(settings: Any) -> None:
    nonce = new_nonce()
    token = link_token(nonce)
    assert link_token(nonce) == token
    assert link_token(new_nonce()) != token
    assert len(token_digest(token)) == 64
    settings.SECRET_KEY = "another" * 10
    assert link_token(nonce) != token
