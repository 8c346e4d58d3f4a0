"""Trying again: how long to wait, when to give up, and what may be written down about a failure."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from random import Random

from anymail.exceptions import AnymailRecipientsRefused

#: The first pause, doubled each time up to the ceiling.
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=4)
#: How far a pause may differ either way, so that what failed together does not come back together.
JITTER = 0.2
#: After this many attempts a person has to look: with these pauses about three days, more than a weekend.
MAX_ATTEMPTS = 25

_ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def never() -> bool:
    """Nobody has asked the pass to stop."""
    return False


def pause_after(attempts: int, rng: Random) -> dt.timedelta:
    """How long to wait after so many failed attempts."""
    doubled: dt.timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 16)
    return min(doubled, LONGEST_PAUSE) * rng.uniform(1 - JITTER, 1 + JITTER)


def is_final(error: Exception) -> bool:
    """Whether trying again is no use: the server says for good that there is no such recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, AnymailRecipientsRefused)


def what_went_wrong(error: Exception) -> str:
    """The failure as it may be stored and logged: its kind and its codes, never its text.

    A mail server's answer can quote addresses and subjects, and a template's error the case itself.
    """
    details: list[str] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        details = [_codes(code, text) for code, text in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        details = [_codes(error.smtp_code, error.smtp_error)]
    elif isinstance(error, OSError) and error.strerror is not None and error.filename is None:
        details = [error.strerror]
    elif (status := getattr(error, "status_code", None)) is not None:
        details = [str(status)]
    return " ".join([type(error).__name__, *details])[:200]


def _codes(code: int, text: bytes | str) -> str:
    plain = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    enhanced = _ENHANCED_CODE.search(plain)
    return f"{code} {enhanced.group()}" if enhanced is not None else str(code)
