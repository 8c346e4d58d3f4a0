"""What lets somebody in by a mailed link is not written to the log."""

from __future__ import annotations

import logging

import pytest

from config.logs import SecretLinkFilter


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/remiss/svar/FiXXSep6A5ZYO3CZHkKuZGfypLsdebn8/", "/remiss/svar/(…)/"),
        ("/remiss/svar/FiXXSep6A5/handlingar/7/", "/remiss/svar/(…)/handlingar/7/"),
        ("/logga-in/nytt/MQ/c0ffee-123/", "/logga-in/nytt/MQ/(…)/"),
        ("/arenden/5/remiss/ny/", "/arenden/5/remiss/ny/"),
    ],
)
def test_a_refused_requests_path_is_logged_without_its_secret(path: str, logged: str) -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "%s: %s", ("Not Found", path), None
    )
    assert SecretLinkFilter().filter(record)
    assert record.getMessage() == f"Not Found: {logged}"
