"""Entries about meetings are written in the act's own transaction, by one statement, and hold no words."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.meeting_history import MeetingRecorder, lock_meeting
from cases.models import CaseEvent, MeetingEvent
from notifications.models import Message, OutboxEntry
from tests.notifications.meetings.council import Council
from tests.notifications.post import expand, forget
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_an_act_leaves_an_entry_for_what_concerns_somebody(council: Council) -> None:
    meeting = council.called(council.waiting())
    entries = OutboxEntry.objects.filter(meeting_event__isnull=False)
    assert list(entries.values_list("meeting_event__kind", "meeting_event__meeting", "status")) == [
        ("meeting_called", meeting.pk, "queued")
    ]


def test_an_act_that_is_rolled_back_tells_nobody(council: Council) -> None:
    cases = council.waiting()
    forget()
    with transaction.atomic():
        council.called(cases)
        transaction.set_rollback(True)
    assert OutboxEntry.objects.count() == 0


def test_an_act_of_many_events_costs_one_statement(council: Council) -> None:
    meeting = council.called(council.waiting())
    with transaction.atomic():
        recorder = MeetingRecorder(lock_meeting(meeting.pk), None, council.world.tick())
        for _ in range(40):
            recorder.record("no_deputy", member=council.person("mem-lk").pk)
        with CaptureQueriesContext(connection) as captured:
            recorder.flush()
    assert sum("notifications_" in query["sql"] for query in captured) == 1
    assert OutboxEntry.objects.filter(meeting_event__kind="no_deputy").count() == 40


def test_an_act_that_concerns_nobody_costs_no_statement(council: Council) -> None:
    meeting = council.called(council.waiting())
    with CaptureQueriesContext(connection) as captured:
        council.answer(meeting, "mem-lk", accept=True)
    assert not [query for query in captured if "notifications_" in query["sql"]]


def test_neither_entries_nor_messages_hold_what_the_meeting_is_about(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    rows = [*Message.objects.filter(meeting=meeting).values(), *OutboxEntry.objects.values()]
    assert len(rows) > 4
    assert "Eken" not in str(rows)


def test_an_entry_and_a_message_tell_of_exactly_one_thing(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.expand()
    of_case, of_meeting = CaseEvent.objects.latest("pk"), MeetingEvent.objects.latest("pk")
    entry = OutboxEntry.objects.get(meeting_event__kind="meeting_called")
    message = Message.objects.filter(meeting=meeting).latest("pk")
    for row, fields in (
        (entry, {"event": of_case}),
        (entry, {"meeting_event": None}),
        (message, {"event": of_case, "case_id": of_case.case_id}),
        (message, {"meeting": None}),
        (message, {"meeting_event": None, "meeting": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**fields)
    assert of_meeting.pk == message.meeting_event_id


def test_expanding_again_makes_no_second_message_and_the_same_message_ids(council: Council) -> None:
    council.called(council.waiting())
    council.expand()
    mails = Message.objects.filter(meeting__isnull=False).order_by("recipient")
    first = list(mails.values_list("pk", "message_id"))
    OutboxEntry.objects.update(status="queued", expanded_at=None)
    council.expand()
    assert list(mails.values_list("pk", "message_id")) == first
    Message.objects.all().delete()
    OutboxEntry.objects.update(status="queued", expanded_at=None)
    council.expand()
    assert [row[1] for row in mails.values_list("pk", "message_id")] == [row[1] for row in first]
    assert len({row[1] for row in first}) == len(first) == 4


@pytest.mark.django_db(transaction=True)
def test_workers_that_expand_at_once_make_each_message_once(council: Council) -> None:
    forget()
    council.called(council.waiting())
    OutboxEntry.objects.filter(event__isnull=False).delete()
    now = council.world.now
    handled = at_once(*[lambda: expand(now)] * 4)
    assert [type(number) for number in handled] == [int] * 4, handled
    assert Message.objects.filter(meeting__isnull=False).count() == 4
