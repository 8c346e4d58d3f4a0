"""Who hears of a referral, and what the mail to somebody outside says (R2)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.models import Case, Person, Referral, Stance
from notifications.models import Message, OutboxEntry
from tests.notifications.post import deliver, expand, forget
from tests.workflows.referral.asking import answer_outside, asked, task_of
from tests.world import World, build_world
from workflows import case_acts
from workflows.referral_acts import close_referral, decide_extension, renew_link
from workflows.steps.referral import ask_extension

pytestmark = pytest.mark.django_db(transaction=True)

OUTSIDE = "remiss@karservice.example"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def case(world: World) -> Case:
    return world.submitted()


@pytest.fixture
def referral(world: World, case: Case) -> Referral:
    world.advance(case, to="prepare")
    forget()
    return world.refer(case)


def post(world: World) -> list[mail.EmailMessage]:
    """Send everything that is due, and return what was sent."""
    before = len(mail.outbox)
    expand(world.now)
    deliver(world.now)
    return list(mail.outbox[before:])


def sent(world: World) -> dict[str, str]:
    """What was sent now: the subject by the receiver's address."""
    return {re.sub(r".*<|>", "", letter.to[0]): str(letter.subject) for letter in post(world)}


def test_everybody_who_is_asked_gets_a_mail(world: World, referral: Referral) -> None:
    subject = "Remiss, svar senast måndag 4 oktober 2021: Mentorer för företagsledare"
    everybody = ("board-lk", "reg-liu", "outsider")
    assert sent(world) == {f"{name}@linkoping.example": subject for name in everybody} | {OUTSIDE: subject}


def test_the_mail_outside_asks_explains_the_link_and_says_nothing_else_of_the_case(
    world: World, referral: Referral
) -> None:
    letter = next(letter for letter in post(world) if OUTSIDE in letter.to[0])
    body = str(letter.body)
    outside = asked(referral, "outside")
    assert "Kajsa Coordinator på Linköpings kommun ber om synpunkter från Kårservice." in body
    assert "Är förslaget rätt avvägt?" in body
    assert "kräver ingen inloggning" in body
    assert reverse("referral-link", args=[outside.token]) in body
    assert "skriv i ärendet" not in body
    for secret in (
        "Reversed mentorship",
        "Petra Proposer",
        "Beredning i styrgrupp",
        f"/arenden/{referral.case_id}/",
    ):
        assert secret not in body, secret


def test_no_row_of_the_outbox_holds_a_link(world: World, referral: Referral) -> None:
    post(world)
    token = asked(referral, "outside").token
    rows = [str(vars(message)) for message in Message.objects.all()]
    assert rows
    assert not any(token in row for row in rows)


def test_a_message_goes_to_a_person_or_to_somebody_outside_and_not_to_both(
    world: World, referral: Referral
) -> None:
    post(world)
    ids = Message.objects.values_list("recipient_id", "outsider_id")
    assert {(person is None, outsider is None) for person, outsider in ids} == {(False, True), (True, False)}
    for both_or_none in ({"recipient": None}, {"outsider": asked(referral, "outside")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(recipient__isnull=False).update(**both_or_none)


def test_the_mail_is_expanded_twice_and_sent_once(world: World, referral: Referral) -> None:
    post(world)
    OutboxEntry.objects.update(status="queued", next_attempt_at=world.now, expanded_at=None)
    assert post(world) == []


def test_one_who_sees_no_case_is_written_from_the_referral_alone(world: World, referral: Referral) -> None:
    letter = next(letter for letter in post(world) if "outsider@" in letter.to[0])
    body = str(letter.body)
    assert f"/uppgifter/{task_of(asked(referral, 'person')).pk}/" in body
    assert "Reversed mentorship" not in body
    assert "Petra Proposer" not in body


def test_a_reminder_goes_to_the_one_who_has_not_answered(
    world: World, case: Case, referral: Referral
) -> None:
    post(world)
    for kind in ("outside", "body"):
        case_acts.remind(
            case_id=case.pk,
            item_id=task_of(asked(referral, kind)).pk,
            actor=world.person("coordinator"),
            now=world.tick(),
        )
    subject = "Påminnelse: Remiss, svar senast måndag 4 oktober 2021: Mentorer för företagsledare"
    assert sent(world) == {OUTSIDE: subject, "board-lk@linkoping.example": subject}


def test_who_has_answered_before_the_mail_goes_is_not_asked(world: World, referral: Referral) -> None:
    answer_outside(world, referral)
    assert OUTSIDE not in sent(world)
    assert Message.objects.get(outsider__isnull=False).drop_reason == "done"


def test_while_the_case_rests_nobody_outside_is_asked(world: World, case: Case, referral: Referral) -> None:
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Paus.", now=world.tick())
    post(world)
    assert Message.objects.get(outsider__isnull=False).drop_reason == "resting"
    case_acts.resume(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    assert OUTSIDE in sent(world)


def test_the_coordinator_hears_of_an_answer_and_that_it_was_late(
    world: World, case: Case, referral: Referral
) -> None:
    post(world)
    world.now += dt.timedelta(days=40)
    answer_outside(world, referral)
    (letter,) = post(world)
    assert "coordinator@linkoping.example" in letter.to[0]
    assert letter.subject == "Remissvar från Kårservice: Reversed mentorship"
    assert "Avstyrker. Svaret är lämnat av Kim Kår." in str(letter.body)
    assert "Svaret kom efter svarstiden." in str(letter.body)
    assert "3 remissinstanser har inte svarat än." in str(letter.body)


def test_the_last_answer_tells_the_coordinator_by_the_task_to_compile(
    world: World, case: Case, referral: Referral
) -> None:
    for name in ("board-lk", "reg-liu", "outsider"):
        world.act(case, "referral_answer", by=name)
    post(world)
    answer_outside(world, referral)
    told = sent(world)
    assert told["coordinator@linkoping.example"].startswith("Sammanställ remissen senast")
    assert told[OUTSIDE] == "Remissen är stängd: Mentorer för företagsledare"


def test_a_wish_for_time_goes_to_the_coordinator_and_the_answer_back(
    world: World, case: Case, referral: Referral
) -> None:
    post(world)
    outside = asked(referral, "outside")
    ask_extension(
        recipient_id=outside.pk,
        actor=None,
        digest=outside.token_digest,
        wanted_until=referral.due_on + dt.timedelta(days=7),
        reason="Styrelsen möts sent.",
        now=world.tick(),
    )
    (asks,) = post(world)
    assert "coordinator@" in asks.to[0]
    assert "Styrelsen möts sent." in str(asks.body)
    assert f"/remiss/instans/{outside.pk}/" in str(asks.body)
    decide_extension(
        case_id=case.pk,
        recipient_id=outside.pk,
        actor=world.person("coordinator"),
        granted=True,
        until=referral.due_on + dt.timedelta(days=7),
        message="Sista gången.",
        now=world.tick(),
    )
    (told,) = post(world)
    assert OUTSIDE in told.to[0]
    assert "till och med måndag 11 oktober 2021" in str(told.body)
    assert "Sista gången." in str(told.body)


def test_a_new_link_is_mailed_to_the_address_of_now_and_the_old_one_stands_in_no_mail_again(
    world: World, case: Case, referral: Referral
) -> None:
    post(world)
    outside = asked(referral, "outside")
    renew_link(
        case_id=case.pk,
        recipient_id=outside.pk,
        actor=world.person("coordinator"),
        email="ny@k.example",
        now=world.tick(),
    )
    (letter,) = post(world)
    assert "ny@k.example" in letter.to[0]
    assert asked(referral, "outside").token in str(letter.body)
    assert outside.token not in str(letter.body)


def test_the_closing_thanks_those_who_answered_and_tells_the_others_that_it_is_over(
    world: World, case: Case, referral: Referral
) -> None:
    world.act(case, "referral_answer", by="outsider")
    answer_outside(world, referral, stance=Stance.DECLINED, text="")
    post(world)
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    letters = {re.sub(r".*<|@.*", "", letter.to[0]): str(letter.body) for letter in post(world)}
    assert set(letters) == {"outsider", "remiss", "board-lk", "reg-liu", "coordinator"}
    assert "Tack för ert svar på remissen." in letters["outsider"]
    assert "Tack för att ni hörde av er om remissen." in letters["remiss"]
    assert "Ni behöver inte göra något." in letters["board-lk"]


def test_the_compilation_is_told_to_those_who_answered(world: World, case: Case, referral: Referral) -> None:
    world.act(case, "referral_answer", by="outsider")
    answer_outside(world, referral)
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    post(world)
    world.act(case, "compile_referral")
    assert sent(world) == {
        "outsider@linkoping.example": "Remissen är sammanställd: Mentorer för företagsledare",
        OUTSIDE: "Remissen är sammanställd: Mentorer för företagsledare",
    }


def test_somebody_outside_is_written_in_their_own_language(world: World, referral: Referral) -> None:
    referral.recipients.filter(kind="outside").update(language="en")
    letter: Any = next(letter for letter in post(world) if OUTSIDE in letter.to[0])
    assert 'lang="en"' in letter.alternatives[0][0]


def test_one_who_has_left_gets_nothing_more(world: World, case: Case, referral: Referral) -> None:
    Person.objects.filter(pk=world.people_ids["outsider"]).update(is_active=False)
    assert "outsider@linkoping.example" not in sent(world)
