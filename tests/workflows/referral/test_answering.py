"""Those who were asked answer: text and files, abstain, late, corrected (R2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.errors import AlreadyDone, InvalidInput, NotFound, WrongState
from cases.history import verify_case
from cases.models import Case, Referral, Stance
from tests.workflows.referral.asking import answer, answer_outside, asked, task_of, text_file
from tests.workflows.steps.site import Site
from tests.world import World
from workflows import case_acts
from workflows.referral_acts import close_referral
from workflows.steps.referral import MOST_FILES, answer_as_recipient, answer_referral


def test_an_answer_closes_the_recipients_task_and_says_who_gave_it(
    world: World, case: Case, referral: Referral
) -> None:
    world.act(case, "referral_answer", by="board-lk", answer=answer(name="Britta Board", title="Ordförande"))
    body = asked(referral, "body")
    assert (body.status, body.answered_name, body.answered_by, body.late) == (
        "answered",
        "Britta Board",
        world.person("board-lk"),
        False,
    )
    assert body.answers.get().by == "Britta Board, Ordförande"
    assert task_of(body).done_by == world.person("board-lk")
    assert list(verify_case(Case.objects.get(pk=case.pk))) == []


def test_somebody_outside_answers_in_their_own_name_and_the_history_has_no_account_for_it(
    world: World, case: Case, referral: Referral
) -> None:
    answer_outside(world, referral)
    event = case.events.get(kind="referral_answered")
    assert (event.actor, event.data["by"], event.data["name"]) == (None, "Kim Kår", "Kårservice")
    assert task_of(asked(referral, "outside")).done_by is None


def test_one_may_abstain_without_a_word(world: World, case: Case, referral: Referral) -> None:
    answer_outside(world, referral, stance=Stance.DECLINED, text="")
    assert asked(referral, "outside").status == "declined"


def test_who_does_not_abstain_says_something(world: World, referral: Referral) -> None:
    for stance in set(Stance) - {Stance.DECLINED}:
        with pytest.raises(InvalidInput) as refused:
            answer_outside(world, referral, stance=stance, text="")
        assert list(refused.value.errors) == ["text"]


def test_an_answer_after_the_date_is_received_and_marked(
    world: World, case: Case, referral: Referral
) -> None:
    world.now += dt.timedelta(days=40)
    answer_outside(world, referral)
    assert asked(referral, "outside").late
    assert case.events.get(kind="referral_answered").data["late"]


def test_an_answer_on_the_very_day_is_in_time(world: World, referral: Referral) -> None:
    world.now = dt.datetime.combine(referral.due_on, dt.time(20, 0), tzinfo=dt.UTC)
    answer_outside(world, referral)
    assert not asked(referral, "outside").late


def test_files_become_documents_of_the_case_with_their_sender(
    world: World, case: Case, referral: Referral
) -> None:
    answer_outside(world, referral, files=[text_file(), text_file("bilaga.txt", b"Tal.\n")])
    versions = [document.versions.get() for document in case.documents.all()]
    assert [version.document.title for version in versions] == [
        "Remissvar från Kårservice: yttrande.txt",
        "Remissvar från Kårservice: bilaga.txt",
    ]
    assert {(version.uploaded_by, version.sender) for version in versions} == {(None, "Kim Kår (Kårservice)")}
    assert asked(referral, "outside").answers.get().documents.count() == 2


def test_a_file_that_is_no_document_is_refused_and_nothing_is_kept(
    world: World, case: Case, referral: Referral
) -> None:
    with pytest.raises(InvalidInput) as refused:
        answer_outside(world, referral, files=[text_file(), text_file("a.exe", b"MZ\x90\x00")])
    assert list(refused.value.errors) == ["attachments"]
    assert not case.documents.exists()
    assert asked(referral, "outside").status == "waiting"


def test_more_files_than_anybody_needs_are_refused(world: World, referral: Referral) -> None:
    many = [text_file(f"{n}.txt", f"{n}\n".encode()) for n in range(MOST_FILES + 1)]
    with pytest.raises(InvalidInput) as refused:
        answer_outside(world, referral, files=many)
    assert list(refused.value.errors) == ["attachments"]


def test_a_corrected_answer_is_a_new_version_that_brings_the_files_along(
    world: World, case: Case, referral: Referral
) -> None:
    answer_outside(world, referral, files=[text_file()])
    answer_outside(world, referral, after=1, stance=Stance.SUPPORTS, text="Vi har tänkt om.")
    outside = asked(referral, "outside")
    assert list(outside.answers.values_list("version", "stance")) == [(1, "opposes"), (2, "supports")]
    assert [row.documents.count() for row in outside.answers.all()] == [1, 1]
    assert case.events.filter(kind="referral_answer_corrected").count() == 1


def test_the_same_answer_posted_twice_counts_once(world: World, referral: Referral) -> None:
    answer_outside(world, referral)
    with pytest.raises(AlreadyDone):
        answer_outside(world, referral)
    assert asked(referral, "outside").answers.count() == 1


def test_one_with_an_account_corrects_theirs_and_nobody_elses(
    world: World, case: Case, referral: Referral
) -> None:
    world.act(case, "referral_answer", by="outsider")
    person, body = asked(referral, "person"), asked(referral, "body")
    actor = world.person("outsider")
    answer_as_recipient(recipient_id=person.pk, actor=actor, after=1, answer=answer(), now=world.tick())
    with pytest.raises(NotFound):
        answer_as_recipient(recipient_id=body.pk, actor=actor, after=0, answer=answer(), now=world.tick())
    assert person.answers.count() == 2


def test_no_answer_is_given_without_a_right_or_a_link(world: World, referral: Referral) -> None:
    outside = asked(referral, "outside")
    for digest in ("", "0" * 64):
        with pytest.raises(NotFound):
            answer_as_recipient(
                recipient_id=outside.pk,
                actor=None,
                digest=digest,
                after=0,
                answer=answer(),
                now=world.tick(),
            )


def test_after_the_closing_nothing_is_received(world: World, case: Case, referral: Referral) -> None:
    answer_outside(world, referral)
    item = task_of(asked(referral, "body"))
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    with pytest.raises(WrongState):
        answer_outside(world, referral, after=1)
    with pytest.raises(AlreadyDone):
        answer_referral(item_id=item.pk, actor=world.person("board-lk"), answer=answer(), now=world.tick())


def test_while_the_case_rests_no_answer_is_received(world: World, case: Case, referral: Referral) -> None:
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Paus.", now=world.tick())
    with pytest.raises(WrongState):
        answer_outside(world, referral)


def test_one_with_an_account_brings_files_on_the_page_of_the_task(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    url = f"/uppgifter/{task_of(asked(referral, 'person')).pk}/"
    typed = {"stance": "supports", "text": "Se bilagan."}
    wrong = SimpleUploadedFile("a.pdf", b"MZ\x90\x00 not a document")
    page = site.post("outsider", url, typed | {"attachments": wrong})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"attachments"})
    assert "Se bilagan." in page.content.decode()
    right = [SimpleUploadedFile(f"{n}.txt", f"{n}\n".encode()) for n in "ab"]
    assert site.post("outsider", url, typed | {"attachments": right}).status_code == 302
    documents = asked(referral, "person").answers.get().documents
    assert {document.versions.get().uploaded_by for document in documents.all()} == {world.person("outsider")}
    assert documents.count() == 2
