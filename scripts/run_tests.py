"""`make test`: all tests on SQLite, those without a browser again on PostgreSQL, and at the end what was missing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.equipment import find_chromium, find_postgresql, in_ci

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of the tests came to. An error outside a test counts as a failure."""

    passed: int
    failed: int
    skipped: int

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def main() -> int:
    chromium, postgresql = find_chromium(), find_postgresql()
    total = _run("SQLite", {}, [] if chromium else ["-m", "not browser"])
    if postgresql:
        total += _run("PostgreSQL", {"DATABASE_URL": postgresql}, ["-m", "not browser and not long_walk"])
    missing = []
    if not chromium:
        missing.append(
            "The tests in a browser were left out: no Chromium was found. Install it, or name it in SAMVERKA_CHROMIUM."
        )
    if not postgresql:
        missing.append(
            "The tests on PostgreSQL were left out: no server answered. Start one here that lets postgres in, "
            "or give the address of one in TEST_DATABASE_URL."
        )
    print()
    for line in missing:
        print(line)
    if missing and in_ci():
        print("With CI=true that is a failure.")
    skipped = f" ({total.skipped} skipped)" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if total.failed or (missing and in_ci()) else 0


def _run(title: str, extra: dict[str, str], options: list[str]) -> Outcome:
    print(f"\n== Tests on {title} ==", flush=True)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                "2",
                f"--junitxml={report}",
                *options,
                *sys.argv[1:],
            ],
            cwd=ROOT,
            env={**environment, **extra},
            check=False,
        ).returncode
        outcome = _read(report) if report.exists() else Outcome(0, 0, 0)
    # Whatever went wrong outside the tests themselves (nothing collected, a crash) must not look like a success.
    return outcome if code == 0 or outcome.failed else outcome + Outcome(0, 1, 0)


def _read(report: Path) -> Outcome:
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314  (our own file)
    passed = failed = skipped = 0
    for suite in suites:
        count, bad, left = (
            int(suite.get("tests", 0)),
            int(suite.get("failures", 0)) + int(suite.get("errors", 0)),
            int(suite.get("skipped", 0)),
        )
        passed, failed, skipped = passed + count - bad - left, failed + bad, skipped + left
    return Outcome(passed, failed, skipped)


if __name__ == "__main__":
    sys.exit(main())
