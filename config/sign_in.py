"""Whom and where from: what the pause after failed sign-ins counts by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def attempted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name that was tried, in the form in which people are looked up.

    Otherwise every other spelling of capitals would give new attempts on the same person.
    """
    given = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(given).strip().lower()


def client_ip(request: HttpRequest) -> str | None:
    """The address of the sender, believing only what our own proxies added to `X-Forwarded-For`."""
    direct: str | None = request.META.get("REMOTE_ADDR")
    proxies: int = settings.SAMVERKA_PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-proxies] if 0 < proxies <= len(hops) else direct
