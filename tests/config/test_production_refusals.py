"""Production does not start with unsafe settings, and says which variables are at fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.options import BASE_DIR, read
from config.refusals import unsafe

SAFE = {
    "SAMVERKA_MODE": "production",
    "SAMVERKA_SECRET_KEY": "k3Jx9-qLw2Zr7_Tn5Vb8Yc1Md4Gf6Hs0PaQeRuWiXoSdCzBvNmKl",
    "SAMVERKA_ALLOWED_HOSTS": "samverka.example",
    "SAMVERKA_BASE_URL": "https://samverka.example",
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that holds a safe production installation and nothing else of ours."""
    for name in [name for name in os.environ if name.startswith("SAMVERKA_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    settings_file = tmp_path / "samverka.env"
    settings_file.write_text("# nothing\n")
    monkeypatch.setenv("SAMVERKA_SETTINGS_FILE", str(settings_file))
    monkeypatch.setenv("SAMVERKA_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def faults() -> list[str]:
    return unsafe(read()[1])


def import_settings() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)


def test_safe_settings_are_accepted(production: pytest.MonkeyPatch) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAMVERKA_SECRET_KEY", ""),
        ("SAMVERKA_SECRET_KEY", "k3Jx9-qLw2Zr7_Tn5Vb8Yc1Md4Gf6Hs0PaQeRuWiXoSdCzBvN"[:49]),
        ("SAMVERKA_SECRET_KEY", "changeme" * 10),
        ("SAMVERKA_ALLOWED_HOSTS", ""),
        ("SAMVERKA_ALLOWED_HOSTS", "*"),
        ("SAMVERKA_ALLOWED_HOSTS", "samverka.example,*"),
        ("SAMVERKA_BASE_URL", ""),
        ("SAMVERKA_BASE_URL", "http://samverka.example"),
        ("SAMVERKA_BASE_URL", "samverka.example"),
        ("SAMVERKA_BASE_URL", "https://"),
        ("SAMVERKA_DEBUG", "true"),
        ("SAMVERKA_DEMO_SIGN_IN", "yes"),
        ("SAMVERKA_EMAIL_BACKEND", "notifications.mailbox.FolderBackend"),
        ("SAMVERKA_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"),
        ("SAMVERKA_EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend"),
        ("SAMVERKA_EMAIL_BACKEND", "anymail.backends.test.EmailBackend"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(
    production: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    production.setenv(variable, value)
    (fault,) = faults()
    assert fault.startswith(f"{variable} ")


def test_a_provider_of_mail_is_accepted(production: pytest.MonkeyPatch) -> None:
    production.setenv("SAMVERKA_EMAIL_BACKEND", "anymail.backends.postal.EmailBackend")
    assert faults() == []


def test_the_settings_load_in_production_when_they_are_safe(production: pytest.MonkeyPatch) -> None:
    done = import_settings()
    assert done.returncode == 0, done.stderr


def test_production_stops_at_once_and_names_every_fault(production: pytest.MonkeyPatch) -> None:
    production.setenv("SAMVERKA_SECRET_KEY", "short")
    production.setenv("SAMVERKA_ALLOWED_HOSTS", "*")
    production.setenv("SAMVERKA_BASE_URL", "http://samverka.example")
    production.setenv("SAMVERKA_DEBUG", "1")
    production.setenv("SAMVERKA_DEMO_SIGN_IN", "1")
    production.setenv("SAMVERKA_EMAIL_BACKEND", "notifications.mailbox.FolderBackend")
    done = import_settings()
    assert done.returncode != 0
    named = {line.split()[1] for line in done.stderr.splitlines() if line.startswith("  - ")}
    assert named == {
        "SAMVERKA_SECRET_KEY",
        "SAMVERKA_ALLOWED_HOSTS",
        "SAMVERKA_BASE_URL",
        "SAMVERKA_DEBUG",
        "SAMVERKA_DEMO_SIGN_IN",
        "SAMVERKA_EMAIL_BACKEND",
    }


def test_a_management_command_answers_in_plain_words(production: pytest.MonkeyPatch) -> None:
    production.setenv("SAMVERKA_SECRET_KEY", "")
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "SAMVERKA_SECRET_KEY is missing" in done.stderr
    assert "Traceback" not in done.stderr
