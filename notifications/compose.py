"""From a message to the mail that is sent, under the recipient's own access and in their language."""

from __future__ import annotations

import datetime as dt
from email.utils import formataddr

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from cases.access import Access, access_of
from notifications.gate import reason_to_drop, reason_to_drop_outside
from notifications.letters import Letter, lay_out
from notifications.meetings.letter import meeting_letter
from notifications.models import DropReason, Message
from notifications.wording import write

#: Styles are written into the elements: many mail programs read no style sheet. Nothing is ever fetched.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)

#: Everything that a letter is written from, read with the message.
_NEEDED = (
    "event__actor",
    "case__partnership",
    "case__created_by__organisation",
    "item__party",
    "meeting_event__actor",
    "meeting__body",
    "recipient",
    "outsider__referral",
)
#: Somebody outside sees nothing of the house: what they are written comes from the referral to them alone.
_OUTSIDE = Access(person_id=0, held=(), own_organisation_ids=frozenset())


def load(pk: int) -> Message:
    """The message with what it is written from."""
    return Message.objects.select_related(*_NEEDED).get(pk=pk)


def compose(message: Message, now: dt.datetime) -> EmailMultiAlternatives | DropReason:
    """The mail, or why it must not be sent. A constant number of statements."""
    access = (
        access_of(message.recipient, on=timezone.localtime(now).date())
        if message.recipient is not None
        else _OUTSIDE
    )
    to = message.addressee
    language = to.language
    with translation.override(language):
        letter = _letter(message, access, now)
        if isinstance(letter, DropReason):
            return letter
        text, html = lay_out(letter, language)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((to.name, to.email))],
        headers=_headers(message),
        alternatives=[(_INLINER.inline(html), "text/html")],
    )
    if letter.calendar is not None:
        # Programs that know invitations show the alternative as one; for the others the same lies beside as a file.
        mail.attach_alternative(letter.calendar.content, f"text/calendar; method={letter.calendar.method}")
        mail.attach("mote.ics", letter.calendar.content.encode(), "application/ics")
    # For anymail's senders; the others do not look at them. Neither says anything of the case.
    mail.tags = [message.kind]  # type: ignore[attr-defined]
    mail.metadata = {"message": message.pk}  # type: ignore[attr-defined]
    return mail


def _letter(message: Message, access: Access, now: dt.datetime) -> Letter | DropReason:
    if message.meeting is not None:
        return meeting_letter(message, access, now)
    message.case_event.case = message.about_case
    outside = message.recipient is None
    reason = reason_to_drop_outside(message) if outside else reason_to_drop(message, access)
    return reason if reason is not None else write(message, access, now)


def thread_of(message: Message) -> str:
    """The Message-ID that stands for the case or the meeting: no mail bears it, all mails about it answer to it."""
    about = str(message.case_id) if message.meeting_id is None else f"meeting:{message.meeting_id}"
    digest = salted_hmac("notifications.thread", about, algorithm="sha256").hexdigest()[:40]
    return f"<{digest}@{message.message_id.rstrip('>').rpartition('@')[2]}>"


def _headers(message: Message) -> dict[str, str]:
    thread = thread_of(message)
    return {
        "Message-ID": message.message_id,
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
