"""A mailbox of files: the mail back end of demonstrations and trials, and what reads it back.

Each mail is one ``.eml`` file named after its Message-ID, so that a mail that is sent again is the same file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from email.utils import getaddresses, parseaddr
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NAME = re.compile(r"[0-9a-f]{40}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def folder() -> Path:
    """Where the mails lie."""
    return Path(settings.SAMVERKA_MAILBOX_DIR)


class FolderBackend(BaseEmailBackend):
    """Writes each mail to a file of its own, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            parsed = mail.message()
            name = hashlib.sha256(str(parsed["Message-ID"]).encode()).hexdigest()[:40]
            _write(folder() / f"{name}.eml", parsed.as_bytes())
        return len(email_messages)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Summary:
    """A line of the mailbox."""

    name: str
    subject: str
    recipients: tuple[tuple[str, str], ...]
    arrived: dt.datetime


@dataclass(frozen=True)
class StoredMail(Summary):
    """A mail of the mailbox, opened. ``link`` is the path of the page here that it leads to, ``attachments`` the names
    of the files that came with it."""

    sender: str
    text: str
    html: str
    link: str
    attachments: tuple[str, ...] = ()


def summaries() -> list[Summary]:
    """The mails, newest first."""
    found = [
        _summary(entry.path, entry.stat().st_mtime_ns)
        for entry in (os.scandir(folder()) if folder().is_dir() else ())
        if entry.name.endswith(".eml")
    ]
    return sorted(found, key=lambda mail: (mail.arrived, mail.name), reverse=True)


def sent_to(mails: Sequence[Summary], address: str) -> list[Summary]:
    """Those that went to the address; all of them when none is given."""
    return [mail for mail in mails if not address or address in {to for _name, to in mail.recipients}]


def open_mail(name: str) -> StoredMail | None:
    """The mail of that name; None when there is none."""
    path = folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    parsed = _parse(path)
    summary = _summary(str(path), path.stat().st_mtime_ns)
    text = _part(parsed, "plain")
    return StoredMail(
        name=name,
        subject=summary.subject,
        recipients=summary.recipients,
        arrived=summary.arrived,
        sender=parseaddr(str(parsed["From"]))[1],
        text=text,
        html=_part(parsed, "html"),
        link=_link(text),
        attachments=tuple(part.get_filename() or "" for part in parsed.iter_attachments()),
    )


@lru_cache(maxsize=4096)
def _summary(path: str, modified: int) -> Summary:
    parsed = _parse(Path(path))
    return Summary(
        name=Path(path).stem,
        subject=str(parsed["Subject"]),
        recipients=tuple((name or address, address) for name, address in getaddresses([str(parsed["To"])])),
        arrived=dt.datetime.fromtimestamp(modified / 1e9, tz=dt.UTC),
    )


def _parse(path: Path) -> ParsedMail:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _part(parsed: ParsedMail, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def _link(text: str) -> str:
    """The first address in the text that is one of ours, as a path: it works whatever host shows the page."""
    ours = urlsplit(str(settings.SAMVERKA_BASE_URL))
    for found in _ADDRESS.finditer(text):
        address = urlsplit(found.group())
        if (address.scheme, address.netloc) == (ours.scheme, ours.netloc) and address.path.startswith("/"):
            return address.path + (f"?{address.query}" if address.query else "")
    return ""
