"""What the tests need from the machine beside Python: a browser and a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

LOCAL_POSTGRESQL: Final = "postgresql://postgres@127.0.0.1:5432/samverka"
_BROWSERS: Final = ("chromium", "google-chrome", "chromium-browser")


def in_ci() -> bool:
    """Whether a missing part is a failure: continuous integration sets CI=true."""
    return os.environ.get("CI", "").lower() == "true"


def find_chromium() -> Path | None:
    """The browser named in SAMVERKA_CHROMIUM, else the first one on the path."""
    named = os.environ.get("SAMVERKA_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else _BROWSERS)), None)
    return Path(found) if found else None


def find_postgresql() -> str | None:
    """The URL of a server that answers: TEST_DATABASE_URL, else the usual local one."""
    import psycopg

    url = os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRESQL
    try:
        # The database in the URL need not exist: the tests make their own beside it.
        psycopg.connect(url, dbname="postgres", connect_timeout=3).close()
    except psycopg.Error:
        return None
    return url
