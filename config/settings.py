"""Settings of the project. What an installation may choose is declared in `config.options`; the rest is ours."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.logs import logging_for
from config.options import BASE_DIR, Mode, read
from config.refusals import refuse_unsafe
from config.secret_key import own_secret_key

# Lets ModelChoiceField[Person] and its like, which the type checker asks for, be written in running code.
django_stubs_ext.monkeypatch()

SAMVERKA_MODE, _values = read()
_production: Final = SAMVERKA_MODE is Mode.PRODUCTION
_test: Final = SAMVERKA_MODE is Mode.TEST
if _production:
    refuse_unsafe(_values)

# The installation
SAMVERKA_BASE_URL: Final[str] = _values["SAMVERKA_BASE_URL"].rstrip("/")
SAMVERKA_VAR_DIR: Final[Path] = _values["SAMVERKA_VAR_DIR"]
SAMVERKA_DEMO_SIGN_IN: Final[bool] = _values["SAMVERKA_DEMO_SIGN_IN"]
DEBUG = _values["SAMVERKA_DEBUG"]
ALLOWED_HOSTS = _values["SAMVERKA_ALLOWED_HOSTS"]
SECRET_KEY = _values["SAMVERKA_SECRET_KEY"] or own_secret_key(SAMVERKA_VAR_DIR)
SECRET_KEY_FALLBACKS = _values["SAMVERKA_SECRET_KEY_FALLBACKS"]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "cases.apps.CasesConfig",
    "workflows.apps.WorkflowsConfig",
    "notifications.apps.NotificationsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "viewflow",
    "viewflow.workflow",
    "guardian",
    "anymail",
    "axes",
    "csp",
    "config.apps.ProjectConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.request_log",
    "config.middleware.request_size",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workflows.middleware.PersonLocaleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "workflows.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflows.context.house",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data
DATABASES: dict[str, dict[str, Any]] = {"default": _values["DATABASE_URL"]}
_database: Final = DATABASES["default"]
_database["CONN_HEALTH_CHECKS"] = True
_database["CONN_MAX_AGE"] = 0 if _test else 60
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Foreign keys are switched on by Django itself; said here too, since the rules of the register rest on them.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A file, not memory: several connections of one test must meet the same locks as in a real installation.
    _database["TEST"] = {"NAME": str(SAMVERKA_VAR_DIR / "test" / "samverka.sqlite3")}
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
elif _values["SAMVERKA_DATABASE_POOL"] and not _test:
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": _values["SAMVERKA_DATABASE_POOL"], "timeout": 20},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files: handed out by views that ask who is reading, never by their address.
MEDIA_ROOT = _values["SAMVERKA_MEDIA_DIR"]
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
SAMVERKA_MAX_UPLOAD_BYTES: Final[int] = _values["SAMVERKA_MAX_UPLOAD_BYTES"]
SAMVERKA_MAX_REQUEST_BYTES: Final[int] = _values["SAMVERKA_MAX_REQUEST_BYTES"]
STATIC_URL = "/static/"
STATIC_ROOT = SAMVERKA_VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Only our own files: the engine brings fifty megabytes of screens that we do not use.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
_collected: Final = SAMVERKA_MODE in {Mode.PRODUCTION, Mode.DEMO}
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_AUTOREFRESH = not _collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# People and sign-in
AUTH_USER_MODEL = "cases.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_RESET_TIMEOUT = 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if _test
    else [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AXES_FAILURE_LIMIT = _values["SAMVERKA_SIGN_IN_ATTEMPTS"]
AXES_COOLOFF_TIME = dt.timedelta(minutes=_values["SAMVERKA_SIGN_IN_PAUSE_MINUTES"])
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "config.sign_in.client_ip"
AXES_USERNAME_CALLABLE = "config.sign_in.attempted_name"
# Successful sign-ins are not kept: who read what is in the access record of the case, where it belongs.
AXES_DISABLE_ACCESS_LOG = True
SESSION_COOKIE_AGE = _values["SAMVERKA_SESSION_HOURS"] * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True

# Safety in the browser
SAMVERKA_PROXIES: Final[int] = _values["SAMVERKA_PROXIES"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _production
SECURE_SSL_REDIRECT = _production
# A probe on the machine itself asks without https.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
if SAMVERKA_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if _production:
    SECURE_HSTS_SECONDS = _values["SAMVERKA_HSTS_SECONDS"]
    # Promises for this host only: subdomains and browsers' built-in lists are the domain owner's to promise.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    _address: Final = urlsplit(SAMVERKA_BASE_URL)
    CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

# Language and time
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Svenska")), ("en", _("Engelska"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _production
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# Mail
EMAIL_BACKEND = _values["SAMVERKA_EMAIL_BACKEND"]
EMAIL_TIMEOUT = 20
ANYMAIL = _values["SAMVERKA_ANYMAIL"]
SAMVERKA_MAILBOX_DIR: Final[Path] = _values["SAMVERKA_MAILBOX_DIR"]
_smtp: Final = _values["SAMVERKA_SMTP_URL"]
EMAIL_HOST = _smtp["EMAIL_HOST"]
EMAIL_PORT = _smtp["EMAIL_PORT"]
EMAIL_HOST_USER = _smtp["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _smtp["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _smtp["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _smtp["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = (
    _values["SAMVERKA_FROM_EMAIL"]
    or f"Samverka <samverka@{urlsplit(SAMVERKA_BASE_URL).hostname or 'localhost'}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Operation
SAMVERKA_HEALTH_FREE_BYTES: Final[int] = _values["SAMVERKA_HEALTH_FREE_MB"] * 1024 * 1024
LOGGING = logging_for(style=_values["SAMVERKA_LOG_FORMAT"], level=_values["SAMVERKA_LOG_LEVEL"])
