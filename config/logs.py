"""Logging: one JSON object a line for machines, one readable line for people, both with the request's identity."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from contextvars import ContextVar
from typing import Any, Final

current_request_id: Final[ContextVar[str]] = ContextVar("samverka_request_id", default="")


class RequestIdFilter(logging.Filter):
    """Puts the identity of the request being served on every record; "" outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class SecretLinkFilter(logging.Filter):
    """Takes the secrets of mailed links out of what is logged: Django names the path of every request that it refuses."""

    SECRET: Final = re.compile(r"(/remiss/svar/|/logga-in/nytt/[^/\s]+/)[^/\s]+")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.args:
            record.args = tuple(
                self.SECRET.sub(r"\1(…)", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What the one who logged gave as `extra={"facts": {...}}`."""
    facts = getattr(record, "facts", None)
    return facts if isinstance(facts, dict) else {}


class JsonFormatter(logging.Formatter):
    """One record as one line of JSON; a traceback becomes a field of it."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record),
        }
        if identity := getattr(record, "request_id", ""):
            entry["request_id"] = identity
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class ReadableFormatter(logging.Formatter):
    """Time, level, logger and message, then the facts and the request's identity where there are any."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name in logging)
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        identity = getattr(record, "request_id", "")
        return super().formatMessage(record) + facts + (f" [{identity}]" if identity else "")


def logging_for(*, style: str, level: str) -> dict[str, Any]:
    """The value of Django's LOGGING for a style ("json" or "readable") and a least level."""
    formatter = JsonFormatter if style == "json" else ReadableFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}, "secret_links": {"()": SecretLinkFilter}},
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id", "secret_links"],
            },
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives its own logger a handler for development; the root's is enough.
            "django": {"handlers": [], "level": level, "propagate": True},
            "axes": {"level": "WARNING"},
        },
    }
