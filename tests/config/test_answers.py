"""What every answer carries, and what is turned away before a view sees it."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from config.logs import JsonFormatter, RequestIdFilter, current_request_id
from config.sign_in import attempted_name, client_ip


@pytest.mark.django_db
def test_the_content_security_policy_is_strict(client: Client) -> None:
    answer = client.get(reverse("health"))
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_every_answer_has_an_identity_of_its_own(client: Client) -> None:
    first, second = (client.get(reverse("health")).headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 32


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "proxy-id-12345", True),
        (0, "proxy-id-12345", False),
        (1, "short", False),
        (1, 'x"; evil=1', False),
    ],
)
def test_an_identity_is_taken_only_from_our_own_proxy_and_only_if_harmless(
    client: Client, settings: Settings, proxies: int, given: str, kept: bool
) -> None:
    settings.SAMVERKA_PROXIES = proxies
    answer = client.get(reverse("health"), headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


def test_a_request_that_is_too_large_is_turned_away(client: Client, settings: Settings) -> None:
    settings.SAMVERKA_MAX_REQUEST_BYTES = 1024
    answer = client.post(reverse("health"), data=b"x" * 1025, content_type="application/octet-stream")
    assert answer.status_code == 413


def test_a_log_line_is_one_json_object_with_the_identity_of_its_request() -> None:
    record = logging.LogRecord("samverka.request", logging.INFO, "", 0, "två\nrader", None, None)
    record.facts = {"status": 200}
    token = current_request_id.set("abc12345")
    try:
        RequestIdFilter().filter(record)
    finally:
        current_request_id.reset(token)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["message"], entry["request_id"], entry["status"]) == ("två\nrader", "abc12345", 200)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_of_the_sender_is_what_our_own_proxies_saw(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.SAMVERKA_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == address


def test_another_spelling_of_capitals_gives_no_new_attempts() -> None:
    request = RequestFactory().post("/", {"username": " Anna@Example.se "})
    assert attempted_name(request, None) == attempted_name(request, {"username": "ANNA@example.SE"})
