"""What each kind of message about a meeting says, in the active language. The gate has let the message through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cases.access import Access
from cases.models import Meeting, MeetingEvent, Person, Response
from notifications.letters import Letter, day_in_words, on_one_line
from notifications.meetings import calendar
from notifications.meetings.agenda import agenda_lines
from notifications.meetings.standing import Standing
from notifications.meetings.when import moment_in_words, span_in_words
from notifications.models import Kind, Message


@dataclass(frozen=True)
class Writing:
    """What a letter is written from: the message, and what its recipient is at the meeting and may see."""

    message: Message
    access: Access
    standing: Standing

    @property
    def meeting(self) -> Meeting:
        assert self.message.meeting is not None
        return self.message.meeting

    @property
    def event(self) -> MeetingEvent:
        assert self.message.meeting_event is not None
        return self.message.meeting_event

    @property
    def actor(self) -> str:
        """Who did it; time itself when nobody did."""
        return self.event.actor.name if self.event.actor is not None else _("Systemet")

    @cached_property
    def member(self) -> str:
        """The name of the member whom the event is about."""
        return Person.objects.values_list("name", flat=True).get(pk=self.event.data["member"])

    @property
    def words(self) -> dict[str, str]:
        """The body, and when its meeting begins: what every subject says."""
        return {"body": self.meeting.body.label, "when": moment_in_words(self.meeting.starts_at)}

    def url(self, name: str = "meeting") -> str:
        """The address of one of the meeting's pages."""
        return str(settings.SAMVERKA_BASE_URL).rstrip("/") + reverse(name, args=[self.meeting.pk])

    def letter(
        self, *, subject: str, heading: str, lead: list[str], button: str, page: str = "meeting"
    ) -> Letter:
        """A letter with what all of them have. The subject may name ``%(body)s`` and ``%(when)s``."""
        meeting = self.meeting
        return Letter(
            subject=on_one_line(subject % self.words),
            number=meeting.body.label,
            title=span_in_words(meeting.starts_at, meeting.ends_at),
            heading=heading,
            lead=lead,
            why=_why(self),
            button=button,
            url=self.url(page),
            facts=[
                (_("När"), span_in_words(meeting.starts_at, meeting.ends_at)),
                (_("Plats"), meeting.place),
            ],
            answer_at=_(
                "Det här är ett automatiskt mejl från Samverka. Svar på det läses inte; använd mötets sida i stället."
            ),
        )

    def answer_button(self) -> tuple[str, str]:
        """What is to be done next about the notice, and on which page."""
        if not self.standing.is_called or self.standing.response == Response.ACCEPTED:
            return _("Öppna mötet"), "meeting"
        if self.standing.response == Response.DECLINED:
            return _("Ändra ditt svar"), "meeting-answer"
        return _("Svara på kallelsen"), "meeting-answer"


def write(message: Message, access: Access, standing: Standing) -> Letter:
    """The letter of the message."""
    return _WRITERS[Kind(message.kind)](Writing(message, access, standing))


def _why(writing: Writing) -> str:
    """Why the mail came to this person."""
    standing, words = writing.standing, {"body": writing.meeting.body.label}
    if writing.message.kind == Kind.MINUTES_TO_ADJUST:
        return _("Du får det här mejlet för att du har utsetts att justera protokollet.")
    if standing.seat is not None and standing.seat.is_chair:
        return _("Du får det här mejlet för att du är ordförande i %(body)s.") % words
    if standing.seat is not None:
        return _("Du får det här mejlet för att du är ledamot i %(body)s.") % words
    if standing.stands_in_for:
        return _("Du får det här mejlet för att du är ersättare för %(member)s i %(body)s.") % {
            "member": standing.stands_in_for,
            **words,
        }
    if standing.keeps:
        return _("Du får det här mejlet för att du är sekreterare eller ordförande i %(body)s.") % words
    return _("Du får det här mejlet för att du är ersättare i %(body)s.") % words


# The notice


def _what_to_answer(standing: Standing) -> str:
    """What the person has answered and can answer now."""
    if standing.stands_in_for:
        member = {"member": standing.stands_in_for}
        if standing.response == Response.ACCEPTED:
            return (
                _(
                    "Du tjänstgör i stället för %(member)s. Ändra ditt svar på mötets sida om du får förhinder."
                )
                % member
            )
        return _("Du är tillfrågad som ersättare för %(member)s. Svara om du kan tjänstgöra.") % member
    if standing.response == Response.ACCEPTED:
        return _("Du har svarat att du kommer. Ändra ditt svar på mötets sida om du får förhinder.")
    if standing.response == Response.DECLINED:
        return _("Du har svarat att du inte kommer. Ändra ditt svar om du kan komma.")
    return _("Svara om du kommer. Svara även om du får förhinder, så att en ersättare hinner kallas.")


def _about_the_calendar(standing: Standing, *, again: bool) -> str:
    if standing.response == Response.WAITING:
        return _(
            "Mötet följer med till din kalender. Svara i Samverka: ett svar från kalendern kommer inte fram."
        )
    if again:
        return _("Den nya inbjudan tar den tidigares plats i din kalender.")
    return _("Mötet följer med till din kalender.")


def _about_coming(standing: Standing, *, again: bool) -> list[str]:
    """What the person can answer, when anything, and what their calendar gets."""
    answer = [_what_to_answer(standing)] if standing.is_called else []
    return [*answer, _about_the_calendar(standing, again=again)]


def _invite(letter: Letter, writing: Writing) -> Letter:
    """Give the letter the agenda, what the secretary wrote, and the calendar's invitation."""
    letter.agenda = agenda_lines(writing.meeting, writing.access)
    letter.add_quote(_("Meddelande"), writing.meeting.message)
    letter.calendar = calendar.invitation(
        writing.meeting, writing.message.person, at=writing.event.at, url=writing.url()
    )
    return letter


def _called(writing: Writing) -> Letter:
    standing, recipient = writing.standing, writing.message.recipient_id
    again = writing.event.data["again"] and recipient not in writing.event.data["added"]
    if again:
        first = _("Kallelsen till mötet har ändrats. Den här ersätter den som du har fått tidigare.")
    elif standing.is_called:
        first = _("%(body)s kallar dig till möte.") % writing.words
    else:
        first = _("Kallelsen har gått ut till ledamöterna i %(body)s.") % writing.words
    button, page = writing.answer_button()
    letter = writing.letter(
        subject=_("Ny kallelse: %(body)s %(when)s") if again else _("Kallelse: %(body)s %(when)s"),
        heading=_("Ny kallelse till möte") if again else _("Kallelse till möte"),
        lead=[first, *_about_coming(standing, again=again)],
        button=button,
        page=page,
    )
    return _invite(letter, writing)


def _moment(value: str) -> dt.datetime:
    moment = parse_datetime(value)
    assert moment is not None
    return moment


def _moved(writing: Writing) -> Letter:
    before, after = writing.event.data["before"], writing.event.data["after"]
    same_time = (before["starts_at"], before["ends_at"]) == (after["starts_at"], after["ends_at"])
    same_place = before["place"] == after["place"]
    old = span_in_words(_moment(before["starts_at"]), _moment(before["ends_at"]))
    if same_time:
        heading, first = (
            _("Mötet har en ny plats"),
            _("Mötet hålls på en annan plats än den som stod i kallelsen."),
        )
    elif same_place:
        heading, first = (
            _("Mötet har en ny tid"),
            _("Mötet hålls vid en annan tid än den som stod i kallelsen."),
        )
    else:
        heading = _("Mötet har en ny tid och en ny plats")
        first = _("Mötet hålls vid en annan tid och på en annan plats än de som stod i kallelsen.")
    button, page = writing.answer_button()
    letter = writing.letter(
        subject=_("Ny plats: %(body)s %(when)s") if same_time else _("Ny tid: %(body)s %(when)s"),
        heading=heading,
        lead=[first, *_about_coming(writing.standing, again=True)],
        button=button,
        page=page,
    )
    if not same_time:
        letter.facts.append((_("Tidigare tid"), old))
    if not same_place:
        letter.facts.append((_("Tidigare plats"), before["place"]))
    return _invite(letter, writing)


def _cancelled(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Inställt: %(body)s %(when)s"),
        heading=_("Mötet är inställt"),
        lead=[
            _("%(name)s har ställt in mötet. Du behöver inte göra något.") % {"name": writing.actor},
            _("Ärendena på dagordningen väntar på ett senare möte."),
        ],
        button=_("Öppna mötet"),
    )
    letter.add_quote(_("Skäl"), writing.meeting.cancelled_reason)
    letter.calendar = _taken_out(writing)
    return letter


def _taken_out(writing: Writing) -> calendar.CalendarPart:
    return calendar.cancellation(
        writing.meeting, writing.message.person, at=writing.event.at, url=writing.url()
    )


# Deputies


def _deputy_called(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Du är näst på tur som ersättare: %(body)s %(when)s"),
        heading=_("Du är näst på tur som ersättare"),
        lead=[
            _("%(member)s kan inte komma; du är näst på tur som ersättare.") % {"member": writing.member},
            _("Svara om du kan tjänstgöra. Kan du inte det kallas nästa ersättare."),
            _about_the_calendar(writing.standing, again=False),
        ],
        button=_("Svara på kallelsen"),
        page="meeting-answer",
    )
    return _invite(letter, writing)


def _deputy_released(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Du behöver inte tjänstgöra: %(body)s %(when)s"),
        heading=_("Du behöver inte tjänstgöra"),
        lead=[
            _("%(member)s kan komma till mötet, så du behövs inte som ersättare.")
            % {"member": writing.member},
            _("Mötet tas bort ur din kalender."),
        ],
        button=_("Öppna mötet"),
    )
    letter.calendar = _taken_out(writing)
    return letter


def _no_deputy(writing: Writing) -> Letter:
    return writing.letter(
        subject=_("Ersättare saknas: %(body)s %(when)s"),
        heading=_("Ingen ersättare för %(member)s") % {"member": writing.member},
        lead=[
            _("%(member)s kan inte komma, och det finns ingen ersättare kvar att kalla.")
            % {"member": writing.member},
            _("Se på mötets sida vilka som kommer, och om mötet blir beslutfört."),
        ],
        button=_("Se vilka som kommer"),
    )


# Reminders


def _unanswered(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Påminnelse om svar: %(body)s %(when)s"),
        heading=_("Svara på kallelsen"),
        lead=[_("Du har inte svarat om du kommer till mötet."), _what_to_answer(writing.standing)],
        button=_("Svara på kallelsen"),
        page="meeting-answer",
    )
    letter.agenda = agenda_lines(writing.meeting, writing.access)
    return letter


def _soon(writing: Writing) -> Letter:
    standing = writing.standing
    waits = standing.is_called and standing.response == Response.WAITING
    button, page = writing.answer_button() if waits else (_("Läs handlingarna"), "meeting")
    lead = [_("Mötet hålls %(when)s.") % writing.words]
    if waits:
        lead.append(_("Du har inte svarat om du kommer."))
    if standing.is_called:
        lead.append(_what_to_answer(standing))
    letter = writing.letter(
        subject=_("Påminnelse: %(body)s %(when)s"),
        heading=_("Påminnelse om mötet"),
        lead=lead,
        button=button,
        page=page,
    )
    letter.agenda = agenda_lines(writing.meeting, writing.access)
    return letter


# The minutes


def _to_adjust(writing: Writing) -> Letter:
    number = writing.event.data["minutes"]
    lead = [_("Läs protokollet. Justera det, eller lämna en anmärkning om något inte stämmer.")]
    if number > 1:
        lead.insert(0, _("Det finns en ny version av protokollet, version %(number)s.") % {"number": number})
    return writing.letter(
        subject=_("Justera protokollet: %(body)s %(when)s"),
        heading=_("Protokollet är klart att justera"),
        lead=lead,
        button=_("Läs och justera"),
        page="meeting-minutes",
    )


def _remark(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Anmärkning på protokollet: %(body)s %(when)s"),
        heading=_("Anmärkning på protokollet"),
        lead=[
            _("%(name)s har en anmärkning på protokollet.") % {"name": writing.actor},
            _("Gör en ny version om du håller med."),
        ],
        button=_("Öppna protokollet"),
        page="meeting-minutes",
    )
    remark = writing.event.data.get("remark") or (
        writing.meeting.adjusters.filter(person=writing.event.actor_id)
        .values_list("remark", flat=True)
        .first()
    )
    letter.add_quote(_("Anmärkningen"), remark or "")
    return letter


def _adjusted(writing: Writing) -> Letter:
    return writing.letter(
        subject=_("Protokollet kan anslås: %(body)s %(when)s"),
        heading=_("Protokollet är justerat"),
        lead=[_("Alla har justerat protokollet. Det kan anslås.")],
        button=_("Öppna protokollet"),
        page="meeting-minutes",
    )


def _posted(writing: Writing) -> Letter:
    letter = writing.letter(
        subject=_("Protokollet är anslaget: %(body)s %(when)s"),
        heading=_("Protokollet är anslaget"),
        lead=[_("Protokollet från mötet är justerat och anslaget. Du behöver inte göra något.")],
        button=_("Läs protokollet"),
        page="meeting-minutes",
    )
    if writing.meeting.posted_until is not None:
        letter.facts.append((_("Anslaget till och med"), day_in_words(writing.meeting.posted_until)))
    return letter


_WRITERS: dict[Kind, Callable[[Writing], Letter]] = {
    Kind.MEETING_CALL: _called,
    Kind.MEETING_MOVED: _moved,
    Kind.MEETING_CANCELLED: _cancelled,
    Kind.DEPUTY_CALL: _deputy_called,
    Kind.DEPUTY_RELEASED: _deputy_released,
    Kind.NO_DEPUTY: _no_deputy,
    Kind.MEETING_UNANSWERED: _unanswered,
    Kind.MEETING_SOON: _soon,
    Kind.MINUTES_TO_ADJUST: _to_adjust,
    Kind.MINUTES_REMARK: _remark,
    Kind.MINUTES_ADJUSTED: _adjusted,
    Kind.MINUTES_POSTED: _posted,
}
