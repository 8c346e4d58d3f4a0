"""`make check`: everything about the code that is not a test. Runs all of it and says at the end what failed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scripts import messages, registry_hosts
from scripts.equipment import in_ci

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
MANAGE: Final = (sys.executable, "manage.py")
# A production installation as it should be, so that Django's and our own checks look at the real thing.
PRODUCTION: Final = {
    "SAMVERKA_MODE": "production",
    "SAMVERKA_SECRET_KEY": "a-key-only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SAMVERKA_ALLOWED_HOSTS": "samverka.example",
    "SAMVERKA_BASE_URL": "https://samverka.example",
    "SAMVERKA_SMTP_URL": "submission://samverka:secret@mail.example:587",
}
COMMANDS: Final[dict[str, tuple[tuple[str, ...], dict[str, str]]]] = {
    "lint": ((str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."), {}),
    "format": ((str(BIN / "ruff"), "format", "--check", "--quiet", "."), {}),
    "types": ((sys.executable, "-m", "mypy", "--no-error-summary", "."), {"SAMVERKA_MODE": "test"}),
    "templates": ((str(BIN / "djlint"), "templates", "--lint", "--quiet"), {}),
    "migrations": ((*MANAGE, "makemigrations", "--check", "--dry-run"), {"SAMVERKA_MODE": "test"}),
    "deployment": ((*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    "dependencies": ((sys.executable, "-m", "pip", "check", "--disable-pip-version-check"), {}),
}


def main() -> int:
    failed = [title for title, (command, extra) in COMMANDS.items() if not _command(title, command, extra)]
    if not _own("registry hosts", registry_hosts.faults):
        failed.append("registry hosts")
    left_out = []
    if messages.gettext_is_here():
        if not _command(
            "translations", (sys.executable, "-m", "scripts.messages", "check"), {"SAMVERKA_MODE": "test"}
        ):
            failed.append("translations")
    else:
        left_out.append(
            "The translations were not checked: GNU gettext is missing (on Debian and Ubuntu: apt install gettext)."
        )
    print()
    for line in left_out:
        print(line)
    if left_out and in_ci():
        print("With CI=true that is a failure.")
    print("Failed: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed or (left_out and in_ci()) else 0


def _command(title: str, command: tuple[str, ...], extra: dict[str, str]) -> bool:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    return _say(title, done.returncode == 0, done.stdout + done.stderr)


def _own(title: str, faults: Callable[[], list[str]]) -> bool:
    found = faults()
    return _say(title, not found, "\n".join(found))


def _say(title: str, well: bool, output: str) -> bool:
    print(f"{title}: {'passed' if well else 'FAILED'}", flush=True)
    if not well:
        print(output.rstrip(), flush=True)
    return well


if __name__ == "__main__":
    sys.exit(main())
