"""What happens around every request: its identity in the log, and a limit to its size."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from config.logs import current_request_id

Handler = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger("samverka.request")
_ACCEPTED_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_log(get_response: Handler) -> Handler:
    """Gives every request an identity, on all its log lines and in the answer, and logs one line for it.

    The line names the route and not the path, since paths hold the secrets of mailed links.
    """

    def serve(request: HttpRequest) -> HttpResponseBase:
        request_id = _request_id(request)
        token = current_request_id.set(request_id)
        started = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id
            route = request.resolver_match.route if request.resolver_match else ""
            facts = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            }
            level = logging.DEBUG if route == "health/" else logging.INFO
            logger.log(level, "request", extra={"facts": facts})
            return response
        finally:
            current_request_id.reset(token)

    return serve


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "") if settings.SAMVERKA_PROXIES else ""
    return given if _ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex


def request_size(get_response: Handler) -> Handler:
    """Answers 413 to a request that is larger than `SAMVERKA_MAX_REQUEST_BYTES`, before any of it is read."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit: int = settings.SAMVERKA_MAX_REQUEST_BYTES
        if length.isdecimal() and int(length) > limit:
            message = _("Det du skickade är större än %(megabytes)d MB och togs inte emot.")
            text = message % {"megabytes": limit // 1024**2}
            return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return serve
