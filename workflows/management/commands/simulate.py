"""``manage.py simulate``: random legal people act until every case has ended, and the invariants are asked all the way."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone
from tqdm import tqdm

from cases.models import Case, CaseEvent
from cases.reference import load_reference
from workflows.demo.load import load_profiles
from workflows.demo.walk import Step, Walker

#: When the simulated people begin: everybody's roles cover the years after it, and all partnerships are in force.
BEGIN = dt.datetime(2021, 1, 11, 8, 0, tzinfo=dt.UTC)


class Command(BaseCommand):
    help = (
        "Lets random people do whatever the policy allows, through the domain functions, until every case has ended. "
        "Prints what came of it and every violation of an invariant; exit code 1 when there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=20, help="how many cases (default 20)")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed gives the same walk (default 1)"
        )
        parser.add_argument(
            "--patience", type=int, default=60, help="acts after which a case is only led forward"
        )
        parser.add_argument(
            "--database",
            action="store_true",
            help="walk in the configured database and leave the cases there; otherwise in a scratch database that is "
            "thrown away",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["database"]:
            with _scratch_database():
                self._simulate(options)
            return
        if getattr(settings, "SAMVERKA_MODE", None) == "production":
            raise CommandError("A production database is not for simulated cases.")
        self._simulate(options)

    def _simulate(self, options: dict[str, Any]) -> None:
        load_reference()
        load_profiles(timezone.now())
        random_numbers = random.Random(options["seed"])  # noqa: S311 chance, not secrets
        walker = Walker(
            random_numbers.randrange, now=BEGIN, cases=options["cases"], patience=options["patience"]
        )
        began = time.perf_counter()
        with tqdm(total=options["cases"], unit="case", disable=None) as bar:

            def tell(step: Step) -> None:
                bar.update(walker.over - bar.n)
                bar.set_postfix_str(f"{step.now:%Y-%m-%d} {step.what}", refresh=False)

            walker.run(told=tell)
        self._report(walker, time.perf_counter() - began)
        if walker.violations:
            raise CommandError("\n".join(str(violation) for violation in walker.violations))

    def _report(self, walker: Walker, seconds: float) -> None:
        ends = Counter(Case.objects.filter(pk__in=walker.ended).values_list("end_state", flat=True))
        events = CaseEvent.objects.filter(case__in=walker.ended).count()
        acts = sum(walker.acts.values())
        self.stdout.write(
            f"{len(walker.ended)} cases ended, {walker.discarded} drafts discarded, until {walker.now:%Y-%m-%d}."
        )
        for name, number in ends.most_common():
            self.stdout.write(f"  {name:12} {number}")
        self.stdout.write(f"{acts} acts, {events} events, {seconds:.1f} s.")
        for name, number in walker.acts.most_common():
            self.stdout.write(f"  {name:28} {number}")
        self.stdout.write(f"Violations: {len(walker.violations)}")


@contextmanager
def _scratch_database() -> Iterator[None]:
    """An empty database beside the configured one, and a folder for files; both are thrown away."""
    configured = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        name = (
            str(Path(folder) / "simulation.sqlite3")
            if connection.vendor == "sqlite"
            else f"samverka_simulation_{time.time_ns()}"
        )
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
