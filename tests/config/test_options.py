"""How the variables of an installation are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.options import BASE_DIR, Mode, read


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any of our variables, on a settings file at tmp_path/samverka.env."""
    for name in [name for name in os.environ if name.startswith("SAMVERKA_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    (tmp_path / "samverka.env").write_text("# nothing\n")
    monkeypatch.setenv("SAMVERKA_SETTINGS_FILE", str(tmp_path / "samverka.env"))
    # Reading a settings file puts its lines into the environment; a copy keeps them out of the other tests.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return monkeypatch


def test_development_is_the_default_and_keeps_everything_in_var(variables: pytest.MonkeyPatch) -> None:
    mode, values = read()
    assert mode is Mode.DEVELOPMENT
    assert values["DATABASE_URL"]["NAME"] == str(BASE_DIR / "var" / "samverka.sqlite3")
    assert values["SAMVERKA_MEDIA_DIR"] == BASE_DIR / "var" / "media"
    assert values["SAMVERKA_DEMO_SIGN_IN"] is False


def test_another_var_folder_moves_what_lies_in_it(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variables.setenv("SAMVERKA_VAR_DIR", str(tmp_path / "elsewhere"))
    values = read()[1]
    assert values["DATABASE_URL"]["NAME"] == str(tmp_path / "elsewhere" / "samverka.sqlite3")
    assert values["SAMVERKA_MAILBOX_DIR"] == tmp_path / "elsewhere" / "mailbox"


def test_a_database_by_url(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("DATABASE_URL", "postgresql://somebody:secret@db.example:5433/samverka")
    database = read()[1]["DATABASE_URL"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "samverka")


def test_the_settings_file_gives_values_and_the_environment_wins(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "samverka.env").write_text("SAMVERKA_SESSION_HOURS=3\nSAMVERKA_SIGN_IN_ATTEMPTS=7\n")
    variables.setenv("SAMVERKA_SESSION_HOURS", "4")
    values = read()[1]
    assert (values["SAMVERKA_SESSION_HOURS"], values["SAMVERKA_SIGN_IN_ATTEMPTS"]) == (4, 7)


def test_a_demo_does_not_read_the_settings_file_of_the_real_installation(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "samverka.env").write_text("DATABASE_URL=postgresql://db.example/real\n")
    variables.setenv("SAMVERKA_MODE", "demo")
    assert read()[1]["DATABASE_URL"]["ENGINE"] == "django.db.backends.sqlite3"


def test_a_secret_can_be_kept_in_a_file_of_its_own(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("the key\n")
    variables.setenv("SAMVERKA_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert read()[1]["SAMVERKA_SECRET_KEY"] == "the key"


def test_mail_with_starttls(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("SAMVERKA_SMTP_URL", "submission://me:p%40ss@mail.example:587")
    server = read()[1]["SAMVERKA_SMTP_URL"]
    assert (server["EMAIL_HOST"], server["EMAIL_PORT"], server["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )
    assert server["EMAIL_HOST_PASSWORD"] == "p@ss"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAMVERKA_MODE", "staging"),
        ("SAMVERKA_DEBUG", "perhaps"),
        ("SAMVERKA_SESSION_HOURS", "0"),
        ("SAMVERKA_SESSION_HOURS", "ten"),
        ("SAMVERKA_MAX_UPLOAD_BYTES", "-1"),
        ("SAMVERKA_LOG_LEVEL", "LOUD"),
        ("SAMVERKA_ANYMAIL", "[]"),
        ("SAMVERKA_ANYMAIL", "{"),
        ("SAMVERKA_SMTP_URL", "smtps://mail.example"),
        ("DATABASE_URL", "mysql://db.example/samverka"),
        ("SAMVERKA_SETTINGS_FILE", "/nowhere/samverka.env"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(
    variables: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    variables.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=variable):
        read()
