"""What each kind of message says, in the active language. The gate has let the message through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from cases.access import Access
from cases.models import Body, Case, CaseEvent, Comment, DeliberationOutcome, Person, Question, Role
from notifications import context, deadlines, referral_wording
from notifications.asks import ask_of
from notifications.headlines import headline
from notifications.letters import (
    Letter,
    address_of,
    address_of_case,
    day_in_words,
    facts_of,
    is_past,
    on_one_line,
)
from notifications.models import Kind, Message
from workflows.escalation import helps_as
from workflows.models import WorkItem
from workflows.policy import Action, acts_for, may_step


@dataclass(frozen=True)
class Writing:
    """What a letter is written from. ``access`` is the recipient's, of the day."""

    message: Message
    access: Access
    now: dt.datetime

    @property
    def event(self) -> CaseEvent:
        """What happened."""
        return self.message.case_event

    @property
    def case(self) -> Case:
        """To which case."""
        return self.message.about_case

    @property
    def item(self) -> WorkItem:
        """The task of a message that is about one."""
        assert self.message.item is not None
        self.message.item.case = self.case
        return self.message.item

    @property
    def actor(self) -> str:
        """Who did it; time itself when nobody did."""
        actor = self.event.actor
        return actor.name if actor is not None else _("Systemet")

    def letter(self, *, subject: str, heading: str, lead: list[str], why: str, button: str) -> Letter:
        """A letter with what all of them have."""
        return Letter(
            subject=on_one_line(subject),
            number=_("Ärende %(number)s") % {"number": self.case.number},
            title=self.case.title,
            heading=heading,
            lead=lead,
            why=why,
            button=button,
            url=address_of(self.message),
            facts=facts_of(self.message),
            answer_at=_(
                "Det här är ett automatiskt mejl från Samverka. Svar på det läses inte; skriv i ärendet i stället."
            ),
        )


def write(message: Message, access: Access, now: dt.datetime) -> Letter:
    """The letter of the message."""
    item = message.item
    if item is not None and item.step == Action.REFERRAL_ANSWER and Kind(message.kind) in _TO_THE_ASKED:
        return _TO_THE_ASKED[Kind(message.kind)](Writing(message, access, now))
    return _WRITERS[Kind(message.kind)](Writing(message, access, now))


# Tasks


def _why_theirs(writing: Writing) -> str:
    item = writing.item
    deputy_for = acts_for(writing.access, item)
    role = str(Role(item.role).label).lower()
    if deputy_for is not None:
        name = Person.objects.values_list("name", flat=True).get(pk=deputy_for)
        if item.owner_id not in (None, writing.message.recipient_id):
            return _("Du får det här mejlet för att du är ersättare för %(name)s, som har uppgiften.") % {
                "name": name
            }
        return _("Du får det här mejlet för att du ersätter %(name)s i rollen %(role)s.") % {
            "name": name,
            "role": role,
        }
    if item.owner_id is not None:
        return _("Du får det här mejlet för att uppgiften är din.")
    return _("Du får det här mejlet för att du har rollen %(role)s.") % {"role": role}


def _add_material(letter: Letter, writing: Writing) -> None:
    """What one needs to read in order to act."""
    item = writing.item
    if item.step in (Action.VOTE, Action.CONCLUDE, Action.DECIDE):
        letter.add_quote(_("Förslag till beslut"), context.proposed_decision(item))
    elif item.step == Action.COMPLETE:
        letter.add_quote(_("Det här behöver kompletteras"), context.why_returned(item))
    elif item.step == Action.ANSWER:
        question = context.question_of(item)
        if question is not None:
            letter.add_quote(_("Frågan"), question.text)


def _asked_by(item: WorkItem) -> str:
    question = context.question_of(item) if item.step == Action.ANSWER else None
    return question.asked_by.name if question is not None else ""


def _task_letter(writing: Writing, *, subject: str, heading: str, first: list[str]) -> Letter:
    item = writing.item
    ask = ask_of(item)
    assert item.due_on is not None
    due = day_in_words(item.due_on)
    words = {"step": item.title, "due": due, "title": writing.case.title}
    sentence = str(ask.sentence) % {
        "party": item.party.label if item.party is not None else "",
        "name": _asked_by(item),
    }
    letter = writing.letter(
        subject=subject % words,
        heading=heading % words,
        lead=[*first, sentence],
        why=_why_theirs(writing),
        button=str(ask.button),
    )
    letter.overdue = is_past(item.due_on, writing.now)
    letter.due = (_("Skulle ha varit klar %(due)s") if letter.overdue else _("Senast %(due)s")) % {"due": due}
    _add_material(letter, writing)
    return letter


def _task(writing: Writing) -> Letter:
    return _task_letter(
        writing, subject=_("%(step)s senast %(due)s: %(title)s"), heading=_("%(step)s"), first=[]
    )


def _reminder(writing: Writing) -> Letter:
    if writing.message.case_event.kind == "reminded_automatically":
        first = deadlines.days_left(writing.item, writing.now)
    else:
        first = _("%(name)s påminner om en uppgift som väntar på dig.") % {"name": writing.actor}
    return _task_letter(
        writing,
        subject=_("Påminnelse: %(step)s senast %(due)s: %(title)s"),
        heading=_("Påminnelse: %(step)s"),
        first=[first],
    )


def _escalation(writing: Writing) -> Letter:
    """To those who can do the late task: do it. To those who can help it along: whom it waits for, and what they can do."""
    item, case, access = writing.item, writing.message.about_case, writing.access
    assert item.due_on is not None
    subject, late = deadlines.how_late(item, case, writing.now)
    heading = _("Försenad: %(step)s") % {"step": item.title}
    if may_step(access, item, case):
        letter = _task_letter(writing, subject="%(title)s", heading="%(step)s", first=[late])
        letter.subject, letter.heading = on_one_line(subject), heading
        return letter
    letter = writing.letter(
        subject=subject,
        heading=heading,
        lead=[
            late,
            deadlines.whom_they_wait_for(item, writing.message.case_event.at),
            deadlines.how_to_help(access, case),
        ],
        why=_("Du får det här mejlet för att du har rollen %(role)s och kan hjälpa uppgiften vidare.")
        % {"role": str(Role(helps_as(access, item, case)).label).lower()},
        button=_("Öppna ärendet"),
    )
    letter.url = address_of_case(writing.message)
    letter.overdue = True
    letter.due = _("Skulle ha varit klar %(due)s") % {"due": day_in_words(item.due_on)}
    return letter


def _task_ended(writing: Writing) -> Letter:
    item, event = writing.item, writing.event
    ending = context.what_ended_it(event)
    if ending is None:
        lead = _("Uppgiften har upphört. Du behöver inte göra något.")
    else:
        lead = _("%(what)s. Uppgiften har därför upphört, och du behöver inte göra något.") % {
            "what": headline(ending)
        }
    letter = writing.letter(
        subject=_("Uppgiften har upphört: %(step)s: %(title)s")
        % {"step": item.title, "title": writing.case.title},
        heading=_("Uppgiften har upphört: %(step)s") % {"step": item.title},
        lead=[lead],
        why=_("Du får det här mejlet för att uppgiften väntade på dig."),
        button=_("Se vad som hände"),
    )
    if ending is not None:
        letter.add_quote(_("Skäl"), str(ending.data.get("reason") or ending.data.get("reasons") or ""))
    return letter


def _task_moved(writing: Writing) -> Letter:
    item, event = writing.item, writing.event
    to = Person.objects.values_list("name", flat=True).get(pk=event.data["to"])
    letter = writing.letter(
        subject=_("Uppgiften har lämnats över: %(step)s: %(title)s")
        % {"step": item.title, "title": writing.case.title},
        heading=_("Uppgiften har lämnats över: %(step)s") % {"step": item.title},
        lead=[
            _("%(name)s har lämnat över uppgiften till %(to)s. Du behöver inte göra något.")
            % {"name": writing.actor, "to": to}
        ],
        why=_("Du får det här mejlet för att uppgiften var din."),
        button=_("Öppna ärendet"),
    )
    letter.add_quote(_("Skäl"), event.data["reason"])
    return letter


def _why_unattended(writing: Writing) -> str:
    """Why nobody does the task."""
    event, item = writing.message.case_event, writing.item
    role = str(Role(item.role).label).lower()
    if event.kind == "role_empty":
        return _("Ingen har längre rollen %(role)s, som uppgiften väntar på.") % {"role": role}
    if event.kind == "seat_empty":
        member = Person.objects.filter(pk=event.data.get("member")).values_list("name", flat=True).first()
        return _(
            "%(name)s är inte längre ledamot, och ingen ersättare kan rösta i stället. Ge rösten till någon annan, eller stäng röstningen."
        ) % {"name": member or _("Ledamoten")}
    if item.owner_id is not None:
        name = Person.objects.values_list("name", flat=True).get(pk=item.owner_id)
        return _(
            "Uppgiften väntar på %(name)s, som är frånvarande och inte har någon ersättare på plats."
        ) % {"name": name}
    return _("Uppgiften väntar på rollen %(role)s, och alla som har den är frånvarande.") % {"role": role}


def _unattended(writing: Writing) -> Letter:
    item = writing.item
    assert item.due_on is not None
    due = day_in_words(item.due_on)
    letter = writing.letter(
        subject=_("Ingen kan göra uppgiften: %(step)s: %(title)s")
        % {"step": item.title, "title": writing.message.about_case.title},
        heading=_("Ingen kan göra uppgiften: %(step)s") % {"step": item.title},
        lead=[
            _why_unattended(writing),
            _(
                "På ärendets sida ser du vem som har uppgiften, och kan ge den till någon annan om du har rätt till det."
            ),
        ],
        why=_("Du får det här mejlet för att du håller i ärendet eller i organets arbete."),
        button=_("Öppna ärendet"),
    )
    letter.overdue = is_past(item.due_on, writing.now)
    letter.due = (_("Skulle ha varit klar %(due)s") if letter.overdue else _("Senast %(due)s")) % {"due": due}
    return letter


# The case


def _progress(writing: Writing) -> Letter:
    event, case = writing.event, writing.case
    heading = headline(event)
    if case.is_closed:
        lead = _("Ärendet är avslutat. På ärendets sida finns allt som hör till det.")
    else:
        lead = _("På ärendets sida ser du vem som har det nu och vad som händer härnäst.")
    letter = writing.letter(
        subject=_("%(heading)s: %(title)s") % {"heading": heading, "title": case.title},
        heading=heading,
        lead=[lead],
        why=_("Du får det här mejlet för att du har lämnat in förslaget."),
        button=_("Öppna ärendet") if case.is_closed else _("Följ ärendet"),
    )
    paragraph = context.paragraph_of(event)
    if paragraph:
        letter.facts.append((_("Paragraf"), paragraph))
    if event.data.get("outcome") == DeliberationOutcome.RECOMMEND_AMENDED:
        letter.add_quote(_("Ändrad lydelse"), event.data["text"])
    if event.kind == "party_decided":
        letter.add_quote(_("Beslut"), event.data["text"])
    reasons = context.reason_of_the_end(event) if event.kind == "closed" else event.data.get("reasons", "")
    letter.add_quote(_("Motivering"), reasons)
    return letter


def _answer(writing: Writing) -> Letter:
    event, case = writing.event, writing.case
    question = Question.objects.get(pk=event.data["question"])
    letter = writing.letter(
        subject=_("Svar på din fråga: %(title)s") % {"title": case.title},
        heading=_("Svar på din fråga"),
        lead=[_("%(name)s har svarat på din fråga.") % {"name": writing.actor}],
        why=_("Du får det här mejlet för att du ställde frågan."),
        button=_("Öppna ärendet"),
    )
    letter.add_quote(_("Din fråga"), question.text)
    letter.add_quote(_("Svaret"), question.answer)
    return letter


def _comment(writing: Writing) -> Letter:
    event, case, recipient = writing.event, writing.case, writing.message.recipient
    comment = Comment.objects.get(pk=event.data["comment"])
    letter = writing.letter(
        subject=_("Ny kommentar: %(title)s") % {"title": case.title},
        heading=_("Ny kommentar"),
        lead=[_("%(name)s har skrivit en kommentar som alla i ärendet ser.") % {"name": writing.actor}],
        why=_("Du får det här mejlet för att du har lämnat in förslaget.")
        if recipient is not None and recipient.pk == case.created_by_id
        else _("Du får det här mejlet för att du har en öppen uppgift i ärendet."),
        button=_("Öppna ärendet"),
    )
    letter.add_quote(_("Kommentaren"), comment.text)
    return letter


def _extract(writing: Writing) -> Letter:
    event, case = writing.event, writing.case
    body = Body.objects.get(pk=event.data["body"]).label
    paragraph = context.paragraph_of(event)
    letter = writing.letter(
        subject=_("Protokollsutdrag: %(title)s") % {"title": case.title},
        heading=_("Protokollsutdrag från %(body)s") % {"body": body},
        lead=[
            _("Beslutet är expedierat. Utdraget ur protokollet ligger bland ärendets handlingar."),
        ],
        why=_("Du får det här mejlet för att du har lämnat in förslaget.")
        if writing.message.recipient_id == case.created_by_id
        else _("Du får det här mejlet för att ärendet hör till din roll."),
        button=_("Läs utdraget"),
    )
    path = context.path_of_document(event.data["document"], writing.access)
    if path:
        letter.url = str(settings.SAMVERKA_BASE_URL).rstrip("/") + path
    else:
        letter.button = str(_("Öppna ärendet"))
    letter.facts.append((_("Paragraf"), paragraph))
    return letter


_WRITERS: dict[Kind, Callable[[Writing], Letter]] = {
    Kind.TASK: _task,
    Kind.REMINDER: _reminder,
    Kind.ESCALATION: _escalation,
    Kind.TASK_ENDED: _task_ended,
    Kind.TASK_MOVED: _task_moved,
    Kind.UNATTENDED: _unattended,
    Kind.PROGRESS: _progress,
    Kind.ANSWER: _answer,
    Kind.COMMENT: _comment,
    Kind.EXTRACT: _extract,
    Kind.REFERRAL_LINK: referral_wording.asked,
    Kind.REFERRAL_ANSWER: referral_wording.answer_came,
    Kind.REFERRAL_CLOSED: referral_wording.closed,
    Kind.REFERRAL_COMPILED: referral_wording.compiled,
    Kind.EXTENSION_ASKED: referral_wording.extension_asked,
    Kind.EXTENSION_DECIDED: referral_wording.extension_decided,
}
#: To those who were asked in a referral, who may see nothing else of the case.
_TO_THE_ASKED: dict[Kind, Callable[[Writing], Letter]] = {
    Kind.TASK: referral_wording.asked,
    Kind.REMINDER: referral_wording.asked,
    Kind.TASK_ENDED: referral_wording.no_longer_asked,
}
