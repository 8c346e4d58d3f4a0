"""``make bench``: every figure of docs/benchmarks.md, printed as that page has them.

Runs itself once for each database, in a database of its own that is removed afterwards. ``--quick`` measures less
and says so: for seeing that everything still runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = (200, 1_000)


def _measure(quick: bool) -> None:
    """Measure on the database of the environment and print."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from benchmarks import lists, meetings, memory, steps, throughput
    from benchmarks.handles import world_handles
    from cases.models import Person

    call_command("migrate", verbosity=0)
    vendor = connection.vendor
    print(f"\n### {vendor}\n")
    measured = steps.run(100 if quick else 600)
    least = measured["least"][0].median
    stock = measured["stock"][0].median
    print("| one plain step | median (5 to 95 %) | statements | to least SQL | to stock |")
    print("|---|---|---|---|---|")
    for name, (timing, counted) in measured.items():
        print(
            f"| {name} | {timing} | {len(counted)} | {timing.median / least:.1f} | {timing.median / stock:.2f} |"
        )

    world = world_handles()
    print("\n| open cases | inbox | statements | case list | statements | dates | statements |")
    print("|---|---|---|---|---|---|---|")
    first: dict[str, float] = {}
    for size in QUICK_SIZES if quick else SIZES:
        lists.fill(world, size)
        found = lists.pages(world, 10 if quick else 30)
        for name, (timing, _count) in found.items():
            first.setdefault(name, timing.median)
        cells = [str(cell) for name in ("inbox", "cases", "date-board") for cell in found[name]]
        print(f"| {size:,} | {' | '.join(cells)} |")
    print(
        "\nLargest to smallest: "
        + ", ".join(f"{name} {timing.median / first[name]:.2f}" for name, (timing, _c) in found.items())
    )
    items, members = (6, 8) if quick else (meetings.ITEMS, meetings.MEMBERS)
    print(f"\n| a meeting of {items} items and {members} members | time | statements |")
    print("|---|---|---|")
    for name, one in meetings.run(items, members).items():
        print(f"| {name} | {one.seconds * 1000:.0f} ms | {one.statements} |")
    world = world_handles()
    client = Client()
    client.force_login(
        Person.objects.get(pk=world.people_ids["coordinator"]), backend=settings.AUTHENTICATION_BACKENDS[1]
    )
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    print(f"\nWeb process: {memory.run(['/', '/arenden/'], cookie):.0f} MB resident")
    if vendor == "postgresql":
        print("\n| workers | whole cases per second |")
        print("|---|---|")
        for workers in (1, 4):
            rate = throughput.run(workers=workers, cases_each=3 if quick else 15)
            print(f"| {workers} | {rate:.1f} |")


def _in_own_database(url: str, quick: bool) -> int:
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SAMVERKA_MODE": "test",
    }
    command = [sys.executable, "-m", "benchmarks", "--measure", *(["--quick"] if quick else [])]
    return subprocess.run(command, env=environment, check=False).returncode


def _postgres(quick: bool) -> int:
    import psycopg

    server = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    name = "samverka_bench"
    try:
        connection = psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True)
    except psycopg.OperationalError as error:
        print(f"\nPostgreSQL was not measured: no server answers at {server} ({error}).")
        return 0
    with connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    try:
        return _in_own_database(f"{server.rpartition('/')[0]}/{name}", quick)
    finally:
        with psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def main() -> int:
    """Measure on both databases; the exit status is that of the worst."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure less, to see that everything runs")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _measure(options.quick)
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sqlite = _in_own_database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", options.quick)
    return max(sqlite, _postgres(options.quick))


if __name__ == "__main__":
    raise SystemExit(main())
