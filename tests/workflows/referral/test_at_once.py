"""Two at the same moment on two connections: one outcome, and a history that holds."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.errors import AlreadyDone, DomainError, NotFound, WrongState
from cases.history import verify_case
from cases.models import Case, Referral
from tests.together import at_once, outcomes
from tests.workflows.referral.asking import answer, asked, task_of
from tests.world import World, build_world
from workflows.models import WorkItem
from workflows.referral_acts import close_referral, decide_extension, renew_link
from workflows.referral_sending import Recipient, start_referral
from workflows.steps.referral import answer_as_recipient, answer_referral, ask_extension

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return build_world()


def unbroken(case: Case) -> bool:
    return not list(verify_case(Case.objects.get(pk=case.pk)))


def test_two_coordinators_send_a_referral_and_one_goes_out(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    one, other = world.person("coordinator"), world.person("clerk-lk")
    now = world.tick()

    def send(actor: object) -> Referral:
        return start_referral(
            case_id=case.pk,
            actor=actor,  # type: ignore[arg-type]
            title="Mentorer",
            text="Är det bra?",
            due_on=(now + dt.timedelta(days=10)).date(),
            recipients=[Recipient(body=world.board)],
            now=now,
        )

    done, refused = outcomes(at_once(lambda: send(one), lambda: send(other), behind=case))
    assert len(done) == 1
    assert [type(error) for error in refused] == [WrongState]
    assert Referral.objects.filter(case=case).count() == 1
    assert len(world.open_items(case, "referral_answer")) == 1
    assert unbroken(case)


@pytest.mark.parametrize("outside", [True, False])
def test_an_answer_against_the_closing(world: World, case: Case, referral: Referral, outside: bool) -> None:
    recipient = asked(referral, "outside" if outside else "body")
    digest, item = recipient.token_digest, task_of(recipient)
    board, coordinator, now = world.person("board-lk"), world.person("coordinator"), world.tick()

    def give() -> object:
        if not outside:
            return answer_referral(item_id=item.pk, actor=board, answer=answer(), now=now)
        return answer_as_recipient(
            recipient_id=recipient.pk, actor=None, digest=digest, after=0, answer=answer(), now=now
        )

    results = at_once(give, lambda: close_referral(case_id=case.pk, actor=coordinator, now=now), behind=case)
    _done, refused = outcomes(results)
    referral.refresh_from_db()
    recipient.refresh_from_db()
    assert referral.status == "compiling"
    # Either the answer came first and counts, or the closing did and the answer is refused.
    assert len(refused) in (0, 1)
    assert all(isinstance(error, DomainError) for error in refused)
    assert (recipient.status, recipient.answers.count()) == (("missing", 0) if refused else ("answered", 1))
    assert WorkItem.objects.filter(case=case, step="compile_referral").count() == 1
    assert unbroken(case)


def test_the_same_answer_posted_twice(world: World, case: Case, referral: Referral) -> None:
    outside, now = asked(referral, "outside"), world.tick()

    def give() -> object:
        return answer_as_recipient(
            recipient_id=outside.pk,
            actor=None,
            digest=outside.token_digest,
            after=0,
            answer=answer(),
            now=now,
        )

    done, refused = outcomes(at_once(give, give, behind=case))
    assert len(done) == 1
    assert [type(error) for error in refused] == [AlreadyDone]
    assert outside.answers.count() == 1
    assert unbroken(case)


def test_two_last_answers_close_the_referral_once(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    referral = world.refer(
        case, Recipient(body=world.board), Recipient(organisation=world.organisations["liu"])
    )
    first, second = (task_of(asked(referral, kind)) for kind in ("body", "organisation"))
    one, other, now = world.person("board-lk"), world.person("reg-liu"), world.tick()
    done, refused = outcomes(
        at_once(
            lambda: answer_referral(item_id=first.pk, actor=one, answer=answer(), now=now),
            lambda: answer_referral(item_id=second.pk, actor=other, answer=answer(), now=now),
            behind=case,
        )
    )
    assert (len(done), refused) == (2, [])
    assert case.events.filter(kind="referral_closed").count() == 1
    assert WorkItem.objects.filter(case=case, step="compile_referral").count() == 1
    assert unbroken(case)


def test_a_wish_for_time_against_the_closing(world: World, case: Case, referral: Referral) -> None:
    outside, coordinator, now = asked(referral, "outside"), world.person("coordinator"), world.tick()
    results = at_once(
        lambda: ask_extension(
            recipient_id=outside.pk,
            actor=None,
            digest=outside.token_digest,
            wanted_until=referral.due_on + dt.timedelta(days=7),
            reason="Sent möte.",
            now=now,
        ),
        lambda: close_referral(case_id=case.pk, actor=coordinator, now=now),
        behind=case,
    )
    _done, refused = outcomes(results)
    referral.refresh_from_db()
    assert referral.status == "compiling"
    assert [type(error) for error in refused] in ([], [WrongState])
    assert outside.extensions.count() == 1 - len(refused)
    assert unbroken(case)


def test_time_is_granted_and_the_answer_comes_at_once(world: World, case: Case, referral: Referral) -> None:
    outside, coordinator, now = asked(referral, "outside"), world.person("coordinator"), world.tick()
    results = at_once(
        lambda: decide_extension(
            case_id=case.pk,
            recipient_id=outside.pk,
            actor=coordinator,
            granted=True,
            until=referral.due_on + dt.timedelta(days=7),
            now=now,
        ),
        lambda: answer_as_recipient(
            recipient_id=outside.pk,
            actor=None,
            digest=outside.token_digest,
            after=0,
            answer=answer(),
            now=now,
        ),
        behind=case,
    )
    _done, refused = outcomes(results)
    assert [type(error) for error in refused] in ([], [AlreadyDone])
    assert asked(referral, "outside").status == "answered"
    assert unbroken(case)


def test_an_old_link_is_dead_the_moment_it_is_replaced(world: World, case: Case, referral: Referral) -> None:
    outside, coordinator, now = asked(referral, "outside"), world.person("coordinator"), world.tick()
    results = at_once(
        lambda: renew_link(case_id=case.pk, recipient_id=outside.pk, actor=coordinator, now=now),
        lambda: answer_as_recipient(
            recipient_id=outside.pk,
            actor=None,
            digest=outside.token_digest,
            after=0,
            answer=answer(),
            now=now,
        ),
        behind=case,
    )
    _done, refused = outcomes(results)
    assert [type(error) for error in refused] in ([], [NotFound])
    assert asked(referral, "outside").answers.count() == 1 - len(refused)
    assert unbroken(case)
