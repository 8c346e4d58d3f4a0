"""A worker as a process of its own, on the database and the post office that a test names. Not a test."""

from __future__ import annotations

import datetime as dt
import json
import os

import django
import time_machine
from django.core.management import call_command

if __name__ == "__main__":
    told = json.loads(os.environ["WORKER_PROCESS"])
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = told["database"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", told["port"]
    django.setup()
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=told["ahead"])
    with time_machine.travel(moment, tick=True):
        call_command("worker", *told["arguments"])
