"""How often one may try: counted in the cache, which by default each web process keeps for itself."""

from __future__ import annotations

import hashlib
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.module_loading import import_string

WINDOW_SECONDS: Final = 600


def who_asks(request: HttpRequest) -> str:
    """The sender's address, by the installation's own rule for proxies."""
    return str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request) or "")


def _key(scope: str, what: str) -> str:
    return f"rate:{scope}:{hashlib.sha256(what.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def count(scope: str, what: str) -> int:
    """Count one more try, and say how many there have been within the window."""
    key = _key(scope, what)
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it lapsed in between
        return 1


def tries(scope: str, what: str) -> int:
    """How many there have been within the window."""
    return int(cache.get(_key(scope, what), 0))
