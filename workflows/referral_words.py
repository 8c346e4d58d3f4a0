"""The words in which a referral asks: the same in the mail, in its preview and on the page."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Case, Person, Referral


def day_in_words(day: dt.date) -> str:
    """The date as people say it: "fredag 12 mars 2027"."""
    return date_format(day, "l j F Y")


def subject(title: str, due_on: dt.date) -> str:
    """The subject of the mail that asks."""
    return _("Remiss, svar senast %(due)s: %(title)s") % {"due": day_in_words(due_on), "title": title}


def heading(title: str) -> str:
    """What the mail and the page are headed with."""
    return _("Remiss: %(title)s") % {"title": title}


def asks(sender: Person, case: Case, recipient: str) -> str:
    """Who asks whom, in a sentence."""
    organisation = sender.organisation
    if organisation is None:
        return _("%(name)s ber om synpunkter från %(recipient)s.") % {
            "name": sender.name,
            "recipient": recipient,
        }
    return _("%(name)s på %(organisation)s ber om synpunkter från %(recipient)s.") % {
        "name": sender.name,
        "organisation": organisation.label,
        "recipient": recipient,
    }


def may_abstain() -> str:
    """That nobody needs to have views."""
    return _("Ni kan också meddela att ni avstår från att yttra er.")


def by_link() -> str:
    """What the personal link is, for somebody without an account."""
    return _(
        "Länken är personlig för er och kräver ingen inloggning. Den som har den kan svara för er, så sprid den inte vidare."
    )


def outcome(referral: Referral, *, recipients: int, answered: int, declined: int) -> str:
    """How a referral went, in the words that the memo begins with."""
    closed = timezone.localtime(referral.closed_at) if referral.closed_at is not None else None
    words = {
        "from": date_format(timezone.localtime(referral.sent_at), "j F Y"),
        "until": date_format(closed, "j F Y") if closed is not None else "",
        "number": referral.number,
        "recipients": recipients,
        "answered": answered,
        "declined": declined,
        "missing": recipients - answered - declined,
    }
    return (
        _(
            "Ärendet var på remiss %(from)s–%(until)s (omgång %(number)s). Remissinstanser: %(recipients)s. "
            "Svar: %(answered)s. Avstod från att yttra sig: %(declined)s. Svarade inte: %(missing)s."
        )
        % words
    )
