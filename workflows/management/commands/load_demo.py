"""``manage.py load_demo``: the reference data, the real partnerships, invented people, and cases on their way."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.models import EndState, Stage
from cases.reference import FixtureFault
from workflows.demo.course import CourseError
from workflows.demo.load import load_demo
from workflows.profile import ProfileFault


class Command(BaseCommand):
    help = (
        "Loads the demonstration: organisations, partnerships, invented people, profiles, and cases in every stage. "
        "What is there already is left as it is. Not for an installation with real cases."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on",
            type=dt.date.fromisoformat,
            help="load as on this day (YYYY-MM-DD, default today): the live cases are placed before it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if getattr(settings, "SAMVERKA_MODE", None) == "production":
            raise CommandError("The demonstration is not loaded into a production installation.")
        now = timezone.now()
        if options["on"] is not None:
            now = timezone.make_aware(dt.datetime.combine(options["on"], dt.time(17)))
        try:
            loaded = load_demo(now=now, tell=self.stdout.write)
        except (FixtureFault, ProfileFault) as fault:
            raise CommandError("\n".join(fault.faults)) from fault
        except CourseError as error:
            raise CommandError(f"The demonstration cannot be played: {error}") from error
        if loaded.nothing_to_do:
            self.stdout.write("Nothing to do: the demonstration is loaded already.")
            return
        self.stdout.write(f"Cases: {len(loaded.cases)} new, by {loaded.acts} acts.")
        for name in [*Stage.values, *EndState.values]:
            if loaded.stages[name]:
                self.stdout.write(f"  {name:12} {loaded.stages[name]}")
        self.stdout.write(
            "The people, and the course of every case, are invented; the partnerships and the activities of the action "
            "plan 2021-2024 are real (docs/demo-data.md). That plan and the region's strategy have run out: look for "
            "work of today in Stockholms stad and KTH."
        )
