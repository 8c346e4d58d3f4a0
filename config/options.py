"""Every setting that an installation can choose, declared once.

The list below is the only place where a variable of the environment is named, explained and given a default;
`config.settings` reads its values from here and docs/settings.md is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, FileAwareEnv

BASE_DIR: Final = Path(__file__).resolve().parent.parent
SETTINGS_FILE: Final = "SAMVERKA_SETTINGS_FILE"


class Mode(StrEnum):
    """What the installation is for; decides the defaults."""

    DEMO = "demo"
    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class Kind(StrEnum):
    """How the words of a variable are read."""

    TEXT = "text"
    YES_NO = "yes or no"
    NUMBER = "number"
    LIST = "list, separated by commas"
    JSON = "JSON object"
    PATH = "path"
    DATABASE = "database URL"
    MAIL = "mail server URL"


@dataclass(frozen=True, slots=True)
class ByMode:
    """A default that depends on the mode; `otherwise` holds for the modes that are not named."""

    otherwise: Any
    modes: Mapping[Mode, Any]

    def for_mode(self, mode: Mode) -> Any:
        return self.modes.get(mode, self.otherwise)


@dataclass(frozen=True, slots=True)
class Option:
    """One variable. Paths are given from the folder of the project; a default of None means: no value.

    `least` is the smallest number that makes sense.
    """

    name: str
    kind: Kind
    default: Any
    meaning: str
    choices: tuple[str, ...] = ()
    least: int = 0

    def default_for(self, mode: Mode) -> Any:
        return self.default.for_mode(mode) if isinstance(self.default, ByMode) else self.default


@dataclass(frozen=True, slots=True)
class Section:
    """Options that an administrator thinks of together."""

    title: str
    options: tuple[Option, ...]


SECTIONS: Final = (
    Section(
        "The installation",
        (
            Option(
                SETTINGS_FILE,
                Kind.PATH,
                "samverka.env",
                "File with lines of the form `NAME=value`. A variable of the environment wins over the file. "
                "The file need not exist. It is not read when the environment says mode `test` or `demo`.",
            ),
            Option(
                "SAMVERKA_MODE",
                Kind.TEXT,
                Mode.DEVELOPMENT.value,
                "`demo` has invented people and sign-in without a password; `development` is for one's own machine; "
                "`production` refuses to start with unsafe settings; `test` is for the test suite.",
                choices=tuple(Mode),
            ),
            Option(
                "SAMVERKA_BASE_URL",
                Kind.TEXT,
                ByMode("http://localhost:8000", {Mode.PRODUCTION: ""}),
                "The address that people use, for links in mail. Production: required, must begin with `https://`.",
            ),
            Option(
                "SAMVERKA_ALLOWED_HOSTS",
                Kind.LIST,
                ByMode(
                    ("localhost", "127.0.0.1", "[::1]"),
                    {Mode.PRODUCTION: (), Mode.TEST: ("testserver", "localhost")},
                ),
                "Host names that are answered. Production: required, `*` is refused.",
            ),
            Option(
                "SAMVERKA_VAR_DIR",
                Kind.PATH,
                "var",
                "Folder for what the installation itself makes. A default below that begins with `var/` lies here.",
            ),
            Option(
                "SAMVERKA_DEBUG",
                Kind.YES_NO,
                False,
                "Django's debug pages. They show the inside of the system to whoever meets an error; "
                "refused in production.",
            ),
        ),
    ),
    Section(
        "Secrets and sign-in",
        (
            Option(
                "SAMVERKA_SECRET_KEY",
                Kind.TEXT,
                ByMode(None, {Mode.TEST: "only-for-the-test-suite-" + "0123456789abcdef" * 3}),
                "Signs sessions and the links in mail. Production: required, at least 50 random characters, the same "
                "on every machine. Demo and development make one of their own and keep it in `SAMVERKA_VAR_DIR`.",
            ),
            Option(
                "SAMVERKA_SECRET_KEY_FALLBACKS",
                Kind.LIST,
                (),
                "Former keys that are still accepted, while one is being replaced.",
            ),
            Option(
                "SAMVERKA_DEMO_SIGN_IN",
                Kind.YES_NO,
                ByMode(False, {Mode.DEMO: True}),
                "Sign in as any of the invented people by choosing a name. Refused in production.",
            ),
            Option(
                "SAMVERKA_SESSION_HOURS",
                Kind.NUMBER,
                10,
                "Hours until a signed-in person has to sign in again.",
                least=1,
            ),
            Option(
                "SAMVERKA_SIGN_IN_ATTEMPTS",
                Kind.NUMBER,
                5,
                "Failed attempts for one name from one address before a pause.",
                least=1,
            ),
            Option(
                "SAMVERKA_SIGN_IN_PAUSE_MINUTES",
                Kind.NUMBER,
                15,
                "Minutes of that pause.",
                least=1,
            ),
        ),
    ),
    Section(
        "Web server",
        (
            Option(
                "SAMVERKA_PROXIES",
                Kind.NUMBER,
                0,
                "Number of reverse proxies of one's own in front of the server. With 1 or more, the nearest must "
                "*set* `X-Forwarded-Proto` and each must add to `X-Forwarded-For`; with 0 both are ignored.",
            ),
            Option(
                "SAMVERKA_HSTS_SECONDS",
                Kind.NUMBER,
                365 * 24 * 3600,
                "How long browsers shall insist on https (production only).",
                least=1,
            ),
            Option(
                "SAMVERKA_MAX_UPLOAD_BYTES",
                Kind.NUMBER,
                25 * 1024 * 1024,
                "Largest file that is taken in, in bytes.",
                least=1,
            ),
            Option(
                "SAMVERKA_MAX_REQUEST_BYTES",
                Kind.NUMBER,
                100 * 1024 * 1024,
                "Largest request as a whole, with all its files, in bytes. A proxy must let at least as much through.",
                least=1,
            ),
        ),
    ),
    Section(
        "Data",
        (
            Option(
                "DATABASE_URL",
                Kind.DATABASE,
                "sqlite:///var/samverka.sqlite3",
                "`sqlite:///path` (embedded, one machine) or `postgresql://user:password@host:5432/name`. "
                "Write `sqlite:////path` for a path from the root.",
            ),
            Option(
                "SAMVERKA_DATABASE_POOL",
                Kind.NUMBER,
                0,
                "PostgreSQL only: connections at most that each process keeps in a pool; 0 for one connection for each "
                "thread.",
            ),
            Option(
                "SAMVERKA_MEDIA_DIR",
                Kind.PATH,
                "var/media",
                "Folder for uploaded and generated documents. Back it up together with the database.",
            ),
        ),
    ),
    Section(
        "Mail",
        (
            Option(
                "SAMVERKA_EMAIL_BACKEND",
                Kind.TEXT,
                ByMode(
                    "notifications.mailbox.FolderBackend",
                    {
                        Mode.PRODUCTION: "django.core.mail.backends.smtp.EmailBackend",
                        Mode.TEST: "django.core.mail.backends.locmem.EmailBackend",
                    },
                ),
                "Class that delivers mail: SMTP, the folder below, or one of django-anymail's, for example "
                "`anymail.backends.postal.EmailBackend`. Production refuses those that deliver to nobody.",
            ),
            Option(
                "SAMVERKA_SMTP_URL",
                Kind.MAIL,
                "smtp://localhost:25",
                "Mail server of the SMTP class: `smtp://host:25` (not encrypted), "
                "`submission://user:password@host:587` (STARTTLS) or `smtp://user:password@host:465?ssl=true` (TLS). "
                "Special characters in the password are percent-encoded.",
            ),
            Option(
                "SAMVERKA_ANYMAIL",
                Kind.JSON,
                MappingProxyType({}),
                "Settings of django-anymail for the chosen provider and its webhooks, for example "
                '`{"POSTAL_API_KEY": "…", "WEBHOOK_SECRET": "user:password"}`.',
            ),
            Option(
                "SAMVERKA_FROM_EMAIL",
                Kind.TEXT,
                "",
                "Sender of all mail. Empty: `Samverka <samverka@…>` at the host of `SAMVERKA_BASE_URL`.",
            ),
            Option(
                "SAMVERKA_MAILBOX_DIR",
                Kind.PATH,
                "var/mailbox",
                "Folder where the folder class writes every message as a file of its own.",
            ),
        ),
    ),
    Section(
        "Operation",
        (
            Option(
                "SAMVERKA_LOG_FORMAT",
                Kind.TEXT,
                ByMode("readable", {Mode.PRODUCTION: "json"}),
                "`json` for one JSON object a line, `readable` for people.",
                choices=("json", "readable"),
            ),
            Option(
                "SAMVERKA_LOG_LEVEL",
                Kind.TEXT,
                ByMode("INFO", {Mode.TEST: "WARNING"}),
                "The least serious level that is logged.",
                choices=("DEBUG", "INFO", "WARNING", "ERROR"),
            ),
            Option(
                "SAMVERKA_HEALTH_FREE_MB",
                Kind.NUMBER,
                200,
                "The health page reports a fault when less than this is free where documents are kept, in megabytes.",
            ),
        ),
    ),
)
OPTIONS: Final = {option.name: option for section in SECTIONS for option in section.options}


class _Environment(FileAwareEnv):
    """Variables of the process, then the settings file; an empty one counts as absent."""

    def _get_value(self, env_key: str, default: Any) -> Any:
        value = super()._get_value(env_key, default)
        return default if isinstance(value, str) and not value.strip() else value


def read() -> tuple[Mode, dict[str, Any]]:
    """The mode and every option's value, from the environment, the settings file and the defaults.

    Raises `ImproperlyConfigured`, which names the variable.
    """
    env = _Environment(strip_whitespace=True)
    try:
        # A demo must not find the database of the real installation that happens to share its folder.
        if env.str("SAMVERKA_MODE", "") not in {Mode.TEST, Mode.DEMO}:
            _read_settings_file(env)
        mode = Mode(_value(env, OPTIONS["SAMVERKA_MODE"], Mode.DEVELOPMENT))
        var_dir = _path(env, OPTIONS["SAMVERKA_VAR_DIR"], mode, BASE_DIR / "var")
        return mode, {name: _value(env, option, mode, var_dir) for name, option in OPTIONS.items()}
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(str(error)) from error


def _read_settings_file(env: Env) -> None:
    path: Path = _value(env, OPTIONS[SETTINGS_FILE], Mode.DEVELOPMENT)
    if not env.read_env(path, recurse=False) and env.str(SETTINGS_FILE, ""):
        raise ImproperlyConfigured(f"{SETTINGS_FILE} names {path}, which does not exist.")


def _value(env: Env, option: Option, mode: Mode, var_dir: Path = BASE_DIR / "var") -> Any:
    default = option.default_for(mode)
    match option.kind:
        case Kind.YES_NO:
            return env.bool(option.name, default)
        case Kind.NUMBER:
            return _number(option, env.int(option.name, default))
        case Kind.LIST:
            return [word for word in env.list(option.name, list(default)) if word]
        case Kind.JSON:
            return _json_object(option, env.json(option.name, default))
        case Kind.PATH:
            return _path(env, option, mode, var_dir)
        case Kind.DATABASE:
            return _database(option, env.dj_db_url(option.name, default.replace("/var/", f"/{var_dir}/", 1)))
        case Kind.MAIL:
            return _mail_server(option, env.str(option.name, default))
        case Kind.TEXT:
            return _text(option, env.str(option.name, default))


def _path(env: Env, option: Option, mode: Mode, var_dir: Path) -> Path:
    words = env.str(option.name, "")
    if words:
        return BASE_DIR / Path(words).expanduser()
    default = Path(option.default_for(mode))
    return var_dir / default.relative_to("var") if default.is_relative_to("var") else BASE_DIR / default


def _text(option: Option, value: str | None) -> str | None:
    if option.choices and value not in option.choices:
        raise ImproperlyConfigured(
            f"{option.name} is {value!r}; it must be one of {', '.join(option.choices)}."
        )
    return value


def _number(option: Option, value: int) -> int:
    if value < option.least:
        raise ImproperlyConfigured(f"{option.name} is {value}; it must be {option.least} or more.")
    return value


def _json_object(option: Option, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{option.name} must be a JSON object.")
    return dict(value)


def _database(option: Option, value: Any) -> dict[str, Any]:
    engine = value.get("ENGINE", "").rpartition(".")[2]
    if engine not in {"sqlite3", "postgresql"}:
        raise ImproperlyConfigured(f"{option.name} must begin with sqlite:// or postgresql://.")
    if engine == "sqlite3" and value["NAME"] != ":memory:":
        value["NAME"] = str(BASE_DIR / value["NAME"])
    return dict(value)


def _mail_server(option: Option, value: str) -> dict[str, Any]:
    # The parser takes a scheme that it does not know for plain SMTP, which would drop the encryption.
    if not value.startswith(("smtp://", "submission://")):
        raise ImproperlyConfigured(f"{option.name} must begin with smtp:// or submission://.")
    server = dj_email_url.parse(value)
    return {key: value for key, value in server.items() if key not in {"EMAIL_BACKEND", "EMAIL_FILE_PATH"}}
