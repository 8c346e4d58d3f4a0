"""What the mails about meetings say, read as their receivers read them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Meeting, MeetingStatus, Person
from notifications.compose import compose, load
from notifications.models import MEETING_KINDS, DropReason, Kind, Message
from tests.notifications.meetings.council import Council
from tests.notifications.test_letters import _LEFTOVERS, Page
from workflows.meetings import agenda, votes

pytestmark = pytest.mark.django_db

#: What mail programs know a signature by, the space at its end included.
SIGNATURE = "-- "


def test_a_members_notice_whole(council: Council) -> None:
    meeting = council.called(council.waiting(2))
    Meeting.objects.filter(pk=meeting.pk).update(message="Lunch serveras kl. 12.")
    mail = council.mail_to("mem-lk")
    assert mail.subject == "Kallelse: Samverkansrådet måndag 20 september 2021 kl. 11.00"
    assert mail.to == ["Mem-Lk <mem-lk@linkoping.example>"]
    assert (
        str(mail.body)
        == f"""\
Kallelse till möte
måndag 20 september 2021 kl. 11.00–13.00

Samverkansrådet kallar dig till möte.
Svara om du kommer. Svara även om du får förhinder, så att en ersättare hinner kallas.
Mötet följer med till din kalender. Svara i Samverka: ett svar från kalendern kommer inte fram.

Svara på kallelsen:
http://localhost:8000/moten/{meeting.pk}/svar/


Dagordning

1. Förslag 1
2. Förslag 2


Meddelande

Lunch serveras kl. 12.


Samverkansrådet
När: måndag 20 september 2021 kl. 11.00–13.00
Plats: Stadshuset, Eken

{SIGNATURE}
Du får det här mejlet för att du är ledamot i Samverkansrådet.
Det här är ett automatiskt mejl från Samverka. Svar på det läses inte; använd mötets sida i stället.
"""
    )


def test_a_deputys_call_whole(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    mail = council.mail_to("deputy")
    assert (
        mail.subject == "Du är näst på tur som ersättare: Samverkansrådet måndag 20 september 2021 kl. 11.00"
    )
    assert (
        str(mail.body)
        == f"""\
Du är näst på tur som ersättare
måndag 20 september 2021 kl. 11.00–13.00

Mem-Lk kan inte komma; du är näst på tur som ersättare.
Svara om du kan tjänstgöra. Kan du inte det kallas nästa ersättare.
Mötet följer med till din kalender. Svara i Samverka: ett svar från kalendern kommer inte fram.

Svara på kallelsen:
http://localhost:8000/moten/{meeting.pk}/svar/


Dagordning

1. Förslag 1


Samverkansrådet
När: måndag 20 september 2021 kl. 11.00–13.00
Plats: Stadshuset, Eken

{SIGNATURE}
Du får det här mejlet för att du är ersättare för Mem-Lk i Samverkansrådet.
Det här är ett automatiskt mejl från Samverka. Svar på det läses inte; använd mötets sida i stället.
"""
    )


def test_the_secretary_reads_that_the_notice_is_out_and_has_nothing_to_answer(council: Council) -> None:
    meeting = council.called(council.waiting())
    body = str(council.mail_to("secretary").body)
    assert "Kallelsen har gått ut till ledamöterna i Samverkansrådet." in body
    assert "Svara" not in body
    assert f"Öppna mötet:\nhttp://localhost:8000/moten/{meeting.pk}/\n" in body


def test_a_case_in_which_the_recipient_has_a_conflict_is_not_named(council: Council) -> None:
    one, two = council.waiting(2)
    meeting = council.called([one, two])
    votes.declare_conflict(
        meeting_id=meeting.pk,
        item_id=meeting.items.get(case=one).pk,
        actor=council.person("mem-lk"),
        reason="Styrelseledamot i bolaget.",
        now=council.world.tick(),
    )
    council.call_again(meeting)
    mail = council.mail_to("mem-lk")
    assert "1. Ärende som du har anmält jäv i\n2. Förslag 2\n" in str(mail.body)
    assert "Förslag 1" not in mail.message().as_string()
    assert "1. Förslag 1\n" in str(council.mail_to("mem-liu").body)


def test_a_new_notice_says_that_it_replaces_the_first_and_what_was_answered(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-liu", accept=True)
    agenda.add_free_item(
        meeting_id=meeting.pk, actor=council.person("secretary"), title="Övrigt", now=council.world.tick()
    )
    council.call_again(meeting)
    mail = council.mail_to("mem-liu")
    assert mail.subject.startswith("Ny kallelse: Samverkansrådet ")
    assert "Den här ersätter den som du har fått tidigare." in str(mail.body)
    assert "Du har svarat att du kommer." in str(mail.body)
    assert "Den nya inbjudan tar den tidigares plats i din kalender." in str(mail.body)
    assert "2. Övrigt" in str(mail.body)


def test_a_move_says_what_was_before(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.move(meeting, days=1, place="Campus Valla")
    mail = council.mail_to("mem-lk")
    assert mail.subject == "Ny tid: Samverkansrådet tisdag 21 september 2021 kl. 11.00"
    assert "Mötet har en ny tid och en ny plats" in str(mail.body)
    assert "Tidigare tid: måndag 20 september 2021 kl. 11.00–13.00" in str(mail.body)
    assert "Tidigare plats: Stadshuset, Eken" in str(mail.body)


def test_a_new_place_alone_is_called_that(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.move(meeting, place="Campus Valla")
    mail = council.mail_to("mem-lk")
    assert mail.subject.startswith("Ny plats: ")
    assert "Mötet har en ny plats" in str(mail.body)
    assert "Tidigare tid" not in str(mail.body)


def test_a_cancelled_meeting_says_who_and_why(council: Council) -> None:
    meeting = council.called(council.waiting())
    council.cancel(meeting)
    mail = council.mail_to("mem-lk")
    assert mail.subject == "Inställt: Samverkansrådet måndag 20 september 2021 kl. 11.00"
    assert "Sven Secretary har ställt in mötet. Du behöver inte göra något." in str(mail.body)
    assert "Lokalen är översvämmad." in str(mail.body)


def test_the_minutes_lead_to_the_page_of_the_minutes(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_made", minutes=2)
    body = str(council.mail_to("mem-lk").body)
    assert "Protokollet är klart att justera" in body
    assert "Det finns en ny version av protokollet, version 2." in body
    assert f"Läs och justera:\nhttp://localhost:8000/moten/{meeting.pk}/protokoll/\n" in body
    assert "för att du har utsetts att justera protokollet." in body


def test_a_remark_is_quoted(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    meeting.adjusters.filter(person=council.person("mem-lk")).update(
        remark="§ 1 saknar en mening.", remarked_at=council.world.now
    )
    council.record(meeting, "minutes_remarked", by="mem-lk", minutes=1)
    body = str(council.mail_to("secretary", kind=Kind.MINUTES_REMARK).body)
    assert "Mem-Lk har en anmärkning på protokollet." in body
    assert "§ 1 saknar en mening." in body


def test_posted_minutes_say_until_when(council: Council) -> None:
    meeting = council.opened(council.waiting())
    council.close(meeting)
    council.record(meeting, "minutes_posted", minutes=1)
    now = council.world.now
    Meeting.objects.filter(pk=meeting.pk).update(
        status=MeetingStatus.POSTED, adjusted_at=now, posted_at=now, posted_until=dt.date(2021, 10, 12)
    )
    body = str(council.mail_to("mem-lk", kind=Kind.MINUTES_POSTED).body)
    assert "Du behöver inte göra något." in body
    assert "Anslaget till och med: tisdag 12 oktober 2021" in body


def test_mails_of_one_meeting_answer_to_one_thread_and_cases_to_theirs(council: Council) -> None:
    meeting = council.called(council.waiting())
    first = council.mail_to("mem-lk").extra_headers
    council.move(meeting, days=1)
    moved = council.mail_to("mem-lk").extra_headers
    other = council.planned(days=30)
    agenda.add_free_item(
        meeting_id=other.pk, actor=council.person("secretary"), title="Övrigt", now=council.world.tick()
    )
    council.call_again(other)
    assert first["In-Reply-To"] == moved["In-Reply-To"] == moved["References"]
    assert first["Message-ID"] != moved["Message-ID"]
    assert council.mail_to("mem-lk", meeting=other).extra_headers["In-Reply-To"] != first["In-Reply-To"]


class Reader:
    """Composes every message as it comes, and remembers the kinds that it has read."""

    def __init__(self, council: Council, language: str) -> None:
        Person.objects.update(language=language)
        self.council, self.language, self.kinds = council, language, set[str]()

    def read(self) -> None:
        self.council.expand()
        for message in Message.objects.filter(status="queued", meeting__isnull=False):
            mail = compose(load(message.pk), self.council.world.now)
            if isinstance(mail, DropReason):
                continue
            html = next(str(content) for content, kind in mail.alternatives if kind == "text/html")
            page = Page(html)
            for words in (str(mail.subject), str(mail.body), page.text):
                assert not _LEFTOVERS.search(words), words
            assert page.languages == [self.language]
            assert page.fetched == []
            assert len(page.links) == 1
            assert page.links[0] in str(mail.body)
            assert len(html.encode()) < 90_000
            self.kinds.add(message.kind)
        Message.objects.all().delete()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_mail_is_whole_in_both_languages(council: Council, language: str) -> None:
    reader = Reader(council, language)
    off = council.called(council.waiting())
    reader.read()
    council.move(off, days=1)
    reader.read()
    council.cancel(off)
    reader.read()
    meeting = council.called(council.waiting())
    council.answer(meeting, "mem-lk", accept=False)
    reader.read()
    council.answer(meeting, "mem-lk", accept=True)
    council.answer(meeting, "mem-liu", accept=False)
    reader.read()
    for kind in ("answers_reminded", "meeting_reminded"):
        council.record(meeting, kind, by=None)
    reader.read()
    council.world.now = meeting.starts_at
    Meeting.objects.filter(pk=meeting.pk).update(
        status=MeetingStatus.CLOSED,
        chair=council.person("chair"),
        secretary=council.person("secretary"),
        opened_at=council.world.now,
        closed_at=council.world.now,
    )
    meeting.adjusters.create(person=council.person("mem-lk"))
    council.record(meeting, "minutes_made", minutes=1)
    council.record(meeting, "minutes_remarked", by="mem-lk", minutes=1, remark="Ett fel.")
    reader.read()
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.ADJUSTED)
    council.record(meeting, "meeting_adjusted", by="mem-lk", minutes=1)
    reader.read()
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.POSTED)
    council.record(meeting, "minutes_posted", minutes=1)
    reader.read()
    assert reader.kinds == MEETING_KINDS


def test_writing_a_mail_costs_as_much_with_one_item_as_with_ten(council: Council) -> None:
    def cost(cases: int) -> int:
        meeting = council.planned(days=14 * cases)
        for number in range(cases):
            agenda.add_free_item(
                meeting_id=meeting.pk,
                actor=council.person("secretary"),
                title=f"Punkt {number}",
                now=council.world.tick(minutes=1),
            )
        council.call_again(meeting)
        council.expand()
        message = Message.objects.get(recipient=council.person("mem-lk"), meeting=meeting)
        with CaptureQueriesContext(connection) as captured:
            assert not isinstance(compose(load(message.pk), council.world.now), DropReason)
        return len(captured)

    assert cost(1) == cost(10) <= 8
