"""A letter: what a mail says, before it is laid out. The words are found in :mod:`notifications.wording`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cases.models import Stage
from notifications.meetings.calendar import CalendarPart
from notifications.models import Message

#: How much of what somebody wrote a mail carries; the rest is read in the case.
LONGEST_QUOTE = 1500


@dataclass(frozen=True)
class Quote:
    """Something that somebody wrote, with a heading."""

    label: str
    text: str


@dataclass
class Letter:
    """What one mail says to one person, in that person's language.

    ``number`` says in a word or two what the letter belongs to. ``lead`` says in a sentence or two who asks what; ``why``
    says why it came to this person, ``answer_at`` where to write instead of answering the mail. ``calendar`` is what the
    recipient's calendar gets.
    """

    subject: str
    number: str
    title: str
    heading: str
    lead: list[str]
    why: str
    button: str
    url: str
    due: str = ""
    overdue: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    agenda: list[str] = field(default_factory=list)
    answer_at: str = ""
    calendar: CalendarPart | None = None

    def add_quote(self, label: str, text: str) -> None:
        """Quote what somebody wrote, shortened; nothing when there is nothing."""
        if text.strip():
            self.quotes.append(Quote(label, Truncator(text.strip()).chars(LONGEST_QUOTE)))


def day_in_words(day: dt.date) -> str:
    """The date as people say it: "fredag 12 mars 2027"."""
    return date_format(day, "l j F Y")


def on_one_line(text: str) -> str:
    """The text without line breaks, as a subject must be."""
    return " ".join(text.split())


def address_of(message: Message) -> str:
    """Where the mail's button leads: the very task, or the case."""
    if message.item_id is not None and message.kind in ("task", "reminder", "escalation", "task_ended"):
        return _absolute(reverse("work-item", args=[message.item_id]))
    return address_of_case(message)


def address_of_case(message: Message) -> str:
    """The page of the case that the message is about."""
    return _absolute(reverse("case", args=[message.case_id]))


def _absolute(path: str) -> str:
    return str(settings.SAMVERKA_BASE_URL).rstrip("/") + path


def facts_of(message: Message) -> list[tuple[str, str]]:
    """Whose case it is and where it stands."""
    case = message.about_case
    proposer = case.created_by
    who = proposer.name
    if proposer.organisation is not None:
        who = _("%(name)s, %(organisation)s") % {"name": who, "organisation": proposer.organisation.label}
    stage = str(Stage(case.stage).label)
    if case.is_on_hold:
        stage = _("%(stage)s (vilande)") % {"stage": stage}
    elif case.is_closed:
        stage = _("%(stage)s: %(end)s") % {"stage": stage, "end": case.get_end_state_display()}
    return [
        (_("Samarbete"), case.partnership.label),
        (_("Initiativtagare"), who),
        (_("Skede"), stage),
    ]


def lay_out(letter: Letter, language: str) -> tuple[str, str]:
    """The letter as text and as HTML, both from the same words. Styles are still in the HTML's head."""
    context = {"letter": letter, "language": language}
    text = render_to_string("notifications/mail/base.txt", context)
    html = render_to_string("notifications/mail/base.html", context)
    return text.strip() + "\n", html


def is_past(day: dt.date, now: dt.datetime) -> bool:
    """Whether the day lies before today in Sweden."""
    return day < timezone.localtime(now).date()
