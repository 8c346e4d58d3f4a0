"""How long to wait between attempts, and what may be written down about a failure."""

import datetime as dt
import smtplib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.retrying import (
    FIRST_PAUSE,
    JITTER,
    LONGEST_PAUSE,
    MAX_ATTEMPTS,
    is_final,
    pause_after,
    what_went_wrong,
)

SECRET = "Reversed mentorship till petra@linkoping.example"


@given(attempts=st.integers(min_value=1, max_value=1000), seed=st.integers())
def test_a_pause_lies_between_the_first_and_the_longest(attempts: int, seed: int) -> None:
    pause = pause_after(attempts, Random(seed))
    assert FIRST_PAUSE * (1 - JITTER) <= pause <= LONGEST_PAUSE * (1 + JITTER)


@given(seed=st.integers())
def test_pauses_double(seed: int) -> None:
    for attempts in range(1, 7):
        difference = pause_after(attempts + 1, Random(seed)) - 2 * pause_after(attempts, Random(seed))
        assert abs(difference) <= dt.timedelta(microseconds=2)


@given(seed=st.integers())
def test_a_mail_server_may_be_away_over_a_weekend(seed: int) -> None:
    rng = Random(seed)
    assert sum((pause_after(n, rng) for n in range(1, MAX_ATTEMPTS)), dt.timedelta()) > dt.timedelta(hours=50)


def test_what_failed_together_does_not_come_back_together() -> None:
    rng = Random(1)
    assert len({pause_after(3, rng) for _ in range(50)}) > 40


@pytest.mark.parametrize(
    ("error", "noted"),
    [
        (smtplib.SMTPDataError(552, f"5.7.1 {SECRET}".encode()), "SMTPDataError 552 5.7.1"),
        (smtplib.SMTPSenderRefused(501, SECRET.encode(), "x@y.example"), "SMTPSenderRefused 501"),
        (
            smtplib.SMTPRecipientsRefused({"petra@linkoping.example": (450, SECRET.encode())}),
            "SMTPRecipientsRefused 450",
        ),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError Connection refused"),
        (FileNotFoundError(2, "No such file", f"/srv/{SECRET}"), "FileNotFoundError"),
        (ValueError(SECRET), "ValueError"),
        (smtplib.SMTPServerDisconnected(SECRET), "SMTPServerDisconnected"),
    ],
)
def test_a_failure_is_noted_without_what_the_mail_says(error: Exception, noted: str) -> None:
    assert what_went_wrong(error) == noted


def test_only_a_recipient_who_does_not_exist_is_final() -> None:
    assert is_final(smtplib.SMTPRecipientsRefused({"a@x.example": (550, b"no such user")}))
    assert not is_final(smtplib.SMTPRecipientsRefused({"a@x.example": (450, b"mailbox busy")}))
    assert not is_final(smtplib.SMTPSenderRefused(550, b"we do not relay", "x@y.example"))
    assert not is_final(TimeoutError())
