"""``manage.py load_profile FILE``: validate a process profile and load it as the newest version."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflows.profile import ProfileFault
from workflows.profiles import load_profile_file


class Command(BaseCommand):
    help = "Loads process profiles. New cases begin with the newest version; running cases keep theirs. See docs/profiles.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        faults: list[str] = []
        for path in options["files"]:
            try:
                version, new = load_profile_file(path, now=timezone.now())
            except ProfileFault as fault:
                faults += fault.faults
            except (OSError, UnicodeDecodeError) as error:
                faults.append(f"{path}: {error}")
            else:
                state = f"version {version.number} loaded" if new else f"unchanged, version {version.number}"
                self.stdout.write(f"{path.name}: {version.profile.slug}: {state}")
        if faults:
            raise CommandError("\n".join(faults))
