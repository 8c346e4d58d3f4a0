"""Make a demo ready to be served: texts, database, static files, invented people. Doing it again changes nothing."""

from __future__ import annotations

import os

import django
from django.core.management import call_command

from scripts.messages import compile_all


def main() -> None:
    os.environ["SAMVERKA_MODE"] = "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    compile_all()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo")
    # The cases go back to 2014: what happened long ago is in their history, not in a mailbox opened today.
    call_command("outbox", "settle", older_than_days=60)


if __name__ == "__main__":
    main()
