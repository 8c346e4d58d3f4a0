"""``manage.py worker``: run the passes in a loop, or with ``--once`` until nothing is due."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications.worker import Worker


class Command(BaseCommand):
    help = (
        "Delivers the outbox and fires due timers; any number may run. SIGTERM: finishes its mail, then ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run until nothing is due, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        worker = Worker(clock=timezone.now)

        def end(number: int, frame: FrameType | None) -> None:
            worker.stop.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            if once:
                done = worker.until_idle()
                self.stdout.write(f"{done} done")
            else:
                self.stdout.write(f"worker {worker.name} started")
                worker.forever()
                self.stdout.write(f"worker {worker.name} ended")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
