"""The minutes: what they say, who adjusts which version, posting, and the extract that each case gets."""

from __future__ import annotations

import io
from typing import Any

import docx
import pikepdf
import pytest
from django.core.management import CommandError, call_command

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, WrongState
from cases.history import verify_case
from cases.meeting_history import verify_meeting
from cases.models import (
    Case,
    DeliberationOutcome,
    Meeting,
    MeetingEvent,
    MeetingStatus,
    Minutes,
    StatementKind,
    VoteChoice,
)
from tests.workflows.meetings.hall import Hall
from workflows.meetings import dispatch, minutes, votes


def words_of(made: Minutes) -> str:
    """The text of the Word document, which is that of the PDF."""
    with made.docx.open() as file:
        document = docx.Document(io.BytesIO(file.read()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.fixture
def held(hall: Hall) -> tuple[Hall, Meeting, list[Case]]:
    """A meeting that settled one case by votes and one by acclamation."""
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    item = hall.take_up(meeting, one)
    hall.vote(item, "chair", VoteChoice.FOR)
    hall.vote(item, "mem-lk", VoteChoice.FOR)
    hall.vote(item, "mem-liu", VoteChoice.AGAINST)
    hall.settle(item, notes="Rådet diskuterade tidplanen.")
    votes.make_statement(
        deliberation_id=one.deliberations.get().pk,
        actor=hall.person("mem-liu"),
        kind=StatementKind.DISSENT,
        text="Jag reserverar mig: kostnaden är okänd.",
        now=hall.world.tick(minutes=1),
    )
    hall.settle(hall.take_up(meeting, two))
    return hall, hall.close(meeting), [one, two]


def make(hall: Hall, meeting: Meeting) -> Minutes:
    return minutes.make_minutes(
        meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick(minutes=1)
    )


def test_the_minutes_say_what_was_decided_how_it_was_voted_and_who_dissented(
    held: tuple[Hall, Meeting, list[Case]],
) -> None:
    hall, meeting, _cases = held
    said = words_of(make(hall, meeting))
    for expected in (
        "§ 1",
        "§ 2",
        "Samverkansrådet tillstyrker förslaget.",
        "Carin Chair, ordförande",
        "Avstyrker",
        "Reservation: Mem-Liu",
        "kostnaden är okänd",
        "Rådet diskuterade tidplanen.",
        "KS 2021-00001",
    ):
        assert expected in said


def test_the_minutes_are_an_accessible_archive_document(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    made = make(hall, meeting)
    with made.pdf.open() as file, pikepdf.open(io.BytesIO(file.read())) as pdf:
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
            assert meta["pdfuaid:part"] == "1"
        assert "/StructTreeRoot" in pdf.Root


def test_two_adjust_the_version_that_they_were_shown(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    made = make(hall, meeting)
    who: dict[str, Any] = {"meeting_id": meeting.pk, "sha256": made.sha256}
    minutes.adjust_minutes(actor=hall.person("mem-lk"), now=hall.world.tick(minutes=1), **who)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CLOSED
    with pytest.raises(AlreadyDone):
        minutes.adjust_minutes(actor=hall.person("mem-lk"), now=hall.world.tick(minutes=1), **who)
    minutes.adjust_minutes(actor=hall.person("mem-liu"), now=hall.world.tick(minutes=1), **who)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.ADJUSTED


def test_a_new_version_has_to_be_adjusted_anew(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    first = make(hall, meeting)
    minutes.adjust_minutes(
        meeting_id=meeting.pk,
        actor=hall.person("mem-lk"),
        sha256=first.sha256,
        now=hall.world.tick(minutes=1),
    )
    minutes.remark_on_minutes(
        meeting_id=meeting.pk,
        actor=hall.person("mem-liu"),
        remark="Fel år i § 1.",
        now=hall.world.tick(minutes=1),
    )
    minutes.edit_notes(
        meeting_id=meeting.pk,
        item_id=meeting.items.get(paragraph=1).pk,
        actor=hall.person("secretary"),
        notes="Rådet diskuterade tidplanen för 2022.",
        now=hall.world.tick(minutes=1),
    )
    with pytest.raises(WrongState, match="ändras"):
        minutes.adjust_minutes(
            meeting_id=meeting.pk,
            actor=hall.person("mem-liu"),
            sha256=first.sha256,
            now=hall.world.tick(minutes=1),
        )
    second = make(hall, meeting)
    assert not meeting.adjusters.filter(adjusted_at__isnull=False).exists()
    with pytest.raises(InvalidInput, match="ny version"):
        minutes.adjust_minutes(
            meeting_id=meeting.pk,
            actor=hall.person("mem-lk"),
            sha256=first.sha256,
            now=hall.world.tick(minutes=1),
        )
    assert "för 2022" in words_of(second)


def test_nobody_but_those_appointed_adjusts(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    made = make(hall, meeting)
    with pytest.raises(NotAllowed):
        minutes.adjust_minutes(
            meeting_id=meeting.pk, actor=hall.person("chair"), sha256=made.sha256, now=hall.world.tick()
        )


def test_the_posted_minutes_tell_of_their_adjustment(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    hall.adjust(meeting)
    posted = minutes.post_minutes(
        meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick(minutes=1)
    )
    final = posted.minutes.get(is_final=True)
    adjusted = posted.minutes.get(is_final=False)
    assert posted.posted_until is not None
    assert (posted.posted_until - hall.world.now.date()).days == 21
    said = words_of(final)
    assert "Protokollet är justerat i Samverka" in said
    assert adjusted.sha256 not in words_of(adjusted)
    assert list(verify_meeting(posted)) == []


def test_every_settled_case_gets_the_extract_of_its_paragraph_once(
    held: tuple[Hall, Meeting, list[Case]],
) -> None:
    hall, meeting, cases = held
    hall.adjust(meeting)
    who: dict[str, Any] = {"meeting_id": meeting.pk, "actor": hall.person("secretary")}
    assert dispatch.dispatch_extracts(now=hall.world.tick(minutes=1), **who) == 2
    assert dispatch.dispatch_extracts(now=hall.world.tick(minutes=1), **who) == 0
    for case, title in zip(cases, ("§ 1", "§ 2"), strict=True):
        document = case.documents.get()
        assert title in document.title
        assert case.events.filter(kind="extract_dispatched").count() == 1
        case.refresh_from_db()
        assert list(verify_case(case)) == []


def test_extracts_wait_for_the_adjustment(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, meeting, _cases = held
    with pytest.raises(WrongState):
        dispatch.dispatch_extracts(
            meeting_id=meeting.pk, actor=hall.person("secretary"), now=hall.world.tick()
        )


def test_a_member_who_sat_out_cannot_dissent(held: tuple[Hall, Meeting, list[Case]]) -> None:
    hall, _meeting, (one, _two) = held
    with pytest.raises(NotAllowed):
        votes.make_statement(
            deliberation_id=one.deliberations.get().pk,
            actor=hall.person("proposer"),
            kind=StatementKind.SPECIAL,
            text="Jag tycker annorlunda.",
            now=hall.world.tick(minutes=1),
        )


def test_what_was_tabled_says_until_when(hall: Hall) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.settle(
        hall.take_up(meeting, case),
        DeliberationOutcome.TABLE,
        reasons="Underlaget kom sent.",
        tabled_until=meeting.day.replace(month=12, day=1),
    )
    said = words_of(make(hall, hall.close(meeting)))
    assert "Bordlägger till 1 december" in said


def test_a_dissent_after_the_minutes_were_made_asks_for_a_new_version(
    held: tuple[Hall, Meeting, list[Case]],
) -> None:
    hall, meeting, (_one, two) = held
    made = make(hall, meeting)
    votes.make_statement(
        deliberation_id=two.deliberations.get().pk,
        actor=hall.person("mem-lk"),
        kind=StatementKind.SPECIAL,
        text="Parterna bör följa kostnaden.",
        now=hall.world.tick(minutes=1),
    )
    with pytest.raises(WrongState, match="nästa version"):
        minutes.adjust_minutes(
            meeting_id=meeting.pk,
            actor=hall.person("mem-lk"),
            sha256=made.sha256,
            now=hall.world.tick(minutes=1),
        )
    assert "Parterna bör följa kostnaden." in words_of(make(hall, meeting))


def test_a_changed_meeting_event_is_found(held: tuple[Hall, Meeting, list[Case]]) -> None:
    _hall, meeting, _cases = held
    call_command("verify_history", stdout=io.StringIO())
    event = meeting.events.get(kind="meeting_opened")
    MeetingEvent.objects.filter(pk=event.pk).update(data=event.data | {"present": 99})
    with pytest.raises(CommandError, match=f"meeting {meeting.pk}, event {event.seq}: changed event"):
        call_command("verify_history", stdout=io.StringIO())
