"""``manage.py verify_history``: walk every chain of events, of cases and meetings, and name every place where one does
not hold."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.history import verify_case
from cases.meeting_history import verify_meeting
from cases.models import Case, Meeting


class Command(BaseCommand):
    help = (
        "Verifies the hash chains of the histories of cases and meetings. Exit code 1 when one does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "cases", nargs="*", type=int, metavar="CASE", help="only these cases (the number in S-17)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cases = Case.objects.order_by("pk")
        if options["cases"]:
            cases = cases.filter(pk__in=options["cases"])
            missing = set(options["cases"]) - set(cases.values_list("pk", flat=True))
            if missing:
                raise CommandError(f"no such case: {', '.join(str(pk) for pk in sorted(missing))}")
        looked_at = events = meetings = 0
        broken: list[str] = []
        for case in cases.iterator(chunk_size=500):
            looked_at += 1
            events += case.event_count
            broken += [f"case {at.case_id}, event {at.seq}: {at.what}" for at in verify_case(case)]
        if not options["cases"]:
            for meeting in Meeting.objects.order_by("pk").iterator(chunk_size=500):
                meetings += 1
                broken += [
                    f"meeting {meeting.pk}, event {at.seq}: {at.what}" for at in verify_meeting(meeting)
                ]
        if broken:
            raise CommandError("\n".join([*broken, f"{len(broken)} breaks in {looked_at} cases."]))
        held = f" and {meetings} meetings" if meetings else ""
        self.stdout.write(f"{looked_at} cases with {events} events{held}: every chain holds.")
