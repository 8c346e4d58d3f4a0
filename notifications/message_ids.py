"""Message-IDs: worked out from what a mail tells whom, so that they are the same however often it is made."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac


def mail_domain() -> str:
    """The right-hand side of our Message-IDs: the host that people reach Samverka by."""
    return urlsplit(settings.SAMVERKA_BASE_URL).hostname or "localhost"


def message_id(identity: str) -> str:
    """The Message-ID of what bears the identity: always the same, and not to be guessed."""
    digest = salted_hmac("notifications.message", identity, algorithm="sha256").hexdigest()[:40]
    return f"<{digest}@{mail_domain()}>"
