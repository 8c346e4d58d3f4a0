"""What production does not start with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LEAST_KEY_LENGTH: Final = 50
LEAST_KEY_VARIETY: Final = 12
# Each of these ends in a file, a window or nowhere: the person never gets the mail.
MAIL_TO_NOBODY: Final = (
    "notifications.mailbox.FolderBackend",
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
    "anymail.backends.console.EmailBackend",
    "anymail.backends.test.EmailBackend",
)


def refuse_unsafe(values: Mapping[str, Any]) -> None:
    """Raise `ImproperlyConfigured` with every fault, each naming its variable and what to do."""
    faults = unsafe(values)
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise ImproperlyConfigured(
            f"Samverka does not start in mode production with these settings:\n{lines}"
        )


def unsafe(values: Mapping[str, Any]) -> list[str]:
    """The faults of a production installation's values (by variable name), in plain words; none when it may start."""
    return [*_key_faults(values), *_address_faults(values), *_opening_faults(values), *_mail_faults(values)]


def _key_faults(values: Mapping[str, Any]) -> list[str]:
    key = values["SAMVERKA_SECRET_KEY"] or ""
    how = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
    if not key:
        return [f"SAMVERKA_SECRET_KEY is missing. {how}"]
    if len(key) < LEAST_KEY_LENGTH or len(set(key)) < LEAST_KEY_VARIETY:
        return [
            f"SAMVERKA_SECRET_KEY is too easy to guess: at least {LEAST_KEY_LENGTH} random characters. {how}"
        ]
    return []


def _address_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    hosts: list[str] = values["SAMVERKA_ALLOWED_HOSTS"]
    if not hosts:
        faults.append(
            "SAMVERKA_ALLOWED_HOSTS is empty. Give the host names that people use, separated by commas."
        )
    elif "*" in hosts:
        faults.append(
            "SAMVERKA_ALLOWED_HOSTS contains *. Name the hosts instead; links in mail could be forged."
        )
    address = urlsplit(values["SAMVERKA_BASE_URL"] or "")
    if address.scheme != "https" or not address.hostname:
        faults.append(
            "SAMVERKA_BASE_URL is not an https address. Give the one that people use, as https://host."
        )
    return faults


def _opening_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    if values["SAMVERKA_DEBUG"]:
        faults.append(
            "SAMVERKA_DEBUG is on. Remove it or set it to false; debug pages show the inside of the system."
        )
    if values["SAMVERKA_DEMO_SIGN_IN"]:
        faults.append(
            "SAMVERKA_DEMO_SIGN_IN is on. Remove it or set it to false; it lets anybody in without a password."
        )
    return faults


def _mail_faults(values: Mapping[str, Any]) -> list[str]:
    backend = values["SAMVERKA_EMAIL_BACKEND"]
    if backend in MAIL_TO_NOBODY:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        return [
            f"SAMVERKA_EMAIL_BACKEND is {backend}, which delivers to nobody. Use {smtp} or one of django-anymail's."
        ]
    return []
