"""The health page: 200 when all is well, 503 with the fault when something is not, open to monitors."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config import health


@pytest.fixture
def own_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of this test's own, with what the project registers."""
    monkeypatch.setattr(health, "_checks", dict(health._checks))


@pytest.mark.django_db
def test_a_sound_installation_is_well_and_needs_no_sign_in(client: Client) -> None:
    answer = client.get(reverse("health"))
    assert answer.status_code == 200
    body = answer.json()
    assert body["well"] is True
    assert set(body["checks"]) == {"database", "migrations", "disk", "outbox"}
    assert body["checks"]["database"]["detail"] == connection.vendor
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_full_disk_is_a_fault(client: Client, settings: Settings) -> None:
    settings.SAMVERKA_HEALTH_FREE_BYTES = 2**62
    answer = client.get(reverse("health"))
    assert answer.status_code == 503
    body = answer.json()
    assert (body["well"], body["checks"]["disk"]["well"], body["checks"]["database"]["well"]) == (
        False,
        False,
        True,
    )


@pytest.mark.django_db
def test_a_migration_that_waits_is_a_fault(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get(reverse("health"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == {"well": False, "detail": "1 waiting"}


@pytest.mark.django_db
def test_a_check_that_breaks_is_a_fault_and_its_error_stays_in_the_log(
    client: Client, own_checks: None, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> tuple[bool, str]:
        raise RuntimeError("password=hunter2")

    health.register("broken", broken)
    answer = client.get(reverse("health"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["broken"] == {"well": False, "detail": "could not be checked"}
    assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text


def test_two_checks_cannot_share_a_name(own_checks: None) -> None:
    with pytest.raises(ValueError, match="database"):
        health.register("database", health.database_answers)


@pytest.mark.django_db
def test_the_page_is_only_read(client: Client) -> None:
    assert client.post(reverse("health")).status_code == 405
