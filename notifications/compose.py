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
from notifications.letters import lay_out
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
    message.event.case = message.case
    if message.recipient is None:
        access = _OUTSIDE
        reason = reason_to_drop_outside(message)
    else:
        access = access_of(message.recipient, on=timezone.localtime(now).date())
        reason = reason_to_drop(message, access)
    if reason is not None:
        return reason
    to = message.addressee
    language = to.language
    with translation.override(language):
        letter = write(message, access, now)
        text, html = lay_out(letter, language)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((to.name, to.email))],
        headers=_headers(message),
        alternatives=[(_INLINER.inline(html), "text/html")],
    )
    # For anymail's senders; the others do not look at them. Neither says anything of the case.
    mail.tags = [message.kind]  # type: ignore[attr-defined]
    mail.metadata = {"message": message.pk}  # type: ignore[attr-defined]
    return mail


def thread_of(message: Message) -> str:
    """The Message-ID that stands for the case: no mail bears it, all of the case's mails answer to it."""
    digest = salted_hmac("notifications.thread", str(message.case_id), algorithm="sha256").hexdigest()[:40]
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
