"""What a meeting comes to, told in the cases: the new outcomes, the paragraph, and the extract of the minutes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from cases.history import Recorder, lock_case
from cases.models import Case, DeliberationOutcome, Document, Organisation
from notifications.models import Kind, Message
from tests.notifications.meetings.council import Council
from tests.notifications.post import deliver, expand, forget, told
from tests.notifications.test_letters import mail_to
from tests.workflows.meetings.hall import seat_the_board
from workflows.case_acts import add_document
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db

OUT = DeliberationOutcome


def settled(council: Council, outcome: DeliberationOutcome, **values: Any) -> Case:
    """A case that the council's meeting has settled, with only that act's mail to come."""
    (case,) = council.waiting()
    meeting = council.opened([case])
    item = council.take_up(meeting, case)
    expand(council.world.now)
    forget()
    council.settle(item, outcome, **values)
    expand(council.world.now)
    return case


@pytest.mark.parametrize(
    ("outcome", "values", "heading"),
    [
        (
            OUT.RECOMMEND_AMENDED,
            {"decision_text": "Rådet tillstyrker en pilot."},
            "Samverkansrådet tillstyrker förslaget med ändring",
        ),
        (
            OUT.HEAR_AGAIN,
            {"reasons": "Står LiU bakom?"},
            "Samverkansrådet har återremitterat ärendet till parternas kontaktpersoner",
        ),
        (
            OUT.NOTE,
            {"reasons": "Informationen noteras."},
            "Samverkansrådet har lagt ärendet till handlingarna",
        ),
    ],
)
def test_the_proposer_reads_the_outcome_its_words_and_its_paragraph(
    council: Council, outcome: DeliberationOutcome, values: dict[str, str], heading: str
) -> None:
    case = settled(council, outcome, **values)
    mail = mail_to(council.world, "proposer", case=case, kind=Kind.PROGRESS)
    assert mail.subject == f"{heading}: Förslag 1"
    assert "Paragraf: § 1, 20 september 2021" in str(mail.body)
    assert next(iter(values.values())) in str(mail.body)


def test_the_secretary_is_asked_to_put_the_case_on_the_agenda(council: Council) -> None:
    (case,) = council.waiting()
    expand(council.world.now)
    mail = mail_to(council.world, "secretary", case=case)
    assert "Ärendet är klart för möte. Sätt upp det på dagordningen." in str(mail.body)
    assert "Sätt upp på dagordningen:" in str(mail.body)


def test_a_decision_that_a_board_makes_at_its_meeting_is_first_a_matter_for_its_agenda(
    council: Council,
) -> None:
    seat_the_board(council)
    case = settled(council, OUT.RECOMMEND)
    waiting = until_the_board(council, case)
    expand(council.world.now)
    mail = mail_to(council.world, "ks-secretary", item=waiting)
    assert "Sätt upp det på dagordningen." in str(mail.body)


def until_the_board(council: Council, case: Case) -> WorkItem:
    """Let the university and the municipality's clerk do the usual until the board is to meet about the case."""
    for _ in range(20):
        for item in council.world.open_items(case):
            if item.data.get("at_meeting"):
                return item
            council.world.do(item, by=council.world.holder_of(item))
    raise AssertionError("the board was not reached")


def extract(council: Council, case: Case, *, party: Organisation | None = None) -> Document:
    """File an extract of the minutes in the case, as the dispatch does, and record that it was."""
    meeting = council.body.meetings.latest("pk")
    document = add_document(
        case_id=case.pk,
        actor=council.person("coordinator"),
        title="Protokollsutdrag § 1",
        upload=ContentFile(b"%PDF-1.7\n%%EOF\n", name="utdrag.pdf"),
        now=council.world.tick(),
    ).document
    if party is not None:
        Document.objects.filter(pk=document.pk).update(internal_to=party)
    forget()
    with transaction.atomic():
        recorder = Recorder(
            case=lock_case(case.pk), actor=council.person("secretary"), now=council.world.tick()
        )
        recorder.record(
            "extract_dispatched",
            internal_to=party.pk if party is not None else None,
            body=council.body.pk,
            meeting=meeting.pk,
            paragraph=1,
            year=meeting.day.year,
            document=document.pk,
            title="Protokollsutdrag § 1",
        )
        recorder.flush()
    expand(council.world.now)
    return document


def test_an_extract_reaches_those_who_handle_the_decision(council: Council) -> None:
    case = settled(council, OUT.RECOMMEND)
    extract(council, case)
    assert [(name, kind) for name, kind, _item in told("extract_dispatched", case)] == [
        ("Contact-Liu", "extract"),
        ("Contact-Lk", "extract"),
        ("Kajsa Coordinator", "extract"),
        ("Petra Proposer", "extract"),
        ("Reg-Liu", "extract"),
        ("Reg-Lk", "extract"),
    ]


def test_an_extract_of_a_partys_own_body_reaches_that_partys_people_only(council: Council) -> None:
    case = settled(council, OUT.RECOMMEND)
    extract(council, case, party=council.world.organisations["liu"])
    names = {name for name, _kind, _item in told("extract_dispatched", case)}
    assert {"Contact-Liu", "Reg-Liu"} <= names
    assert not {"Contact-Lk", "Reg-Lk", "Petra Proposer"} & names


def test_the_extract_is_one_click_away(council: Council) -> None:
    case = settled(council, OUT.RECOMMEND)
    document = extract(council, case)
    mail = mail_to(council.world, "reg-lk", kind=Kind.EXTRACT)
    assert mail.subject == "Protokollsutdrag: Förslag 1"
    assert "Protokollsutdrag från Samverkansrådet" in str(mail.body)
    assert f"Läs utdraget:\nhttp://localhost:8000/arenden/{case.pk}/handlingar/{document.pk}/1/\n" in str(
        mail.body
    )
    assert "Paragraf: § 1, 20 september 2021" in str(mail.body)
    deliver(council.world.now)
    assert set(Message.objects.filter(kind=Kind.EXTRACT).values_list("status", flat=True)) == {"sent"}
