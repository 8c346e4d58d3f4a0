"""The administrator's outbox and the demonstration's mailbox hold mail about meetings as they hold the rest."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from notifications.health import outbox_state
from notifications.mailbox import open_mail, summaries
from notifications.models import Message, OutboxEntry
from notifications.pruning import KEEP_MESSAGES, prune
from tests.notifications.meetings.council import Council
from tests.notifications.post import deliver, forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(council: Council) -> Council:
    cases = council.waiting()
    forget()
    council.called(cases)
    OutboxEntry.objects.filter(event__isnull=False).delete()
    council.expand()
    return council


def outbox(*arguments: str) -> str:
    out = StringIO()
    call_command("outbox", *arguments, stdout=out)
    return out.getvalue()


def test_the_status_counts_and_names_them(called: Council) -> None:
    Message.objects.filter(recipient=called.person("mem-lk")).update(
        status="failed", next_attempt_at=None, attempts=25, last_error="SMTPDataError 451"
    )
    told = json.loads(outbox("status", "--json"))
    assert told["messages"] == {"failed": 1, "queued": 3}
    assert told["failed"][0]["kind"] == "meeting_call"
    assert outbox_state(called.world.now).failed == 1


def test_what_failed_can_be_sent_again_or_dropped(called: Council) -> None:
    failed = Message.objects.get(recipient=called.person("mem-lk"))
    Message.objects.filter(pk=failed.pk).update(status="failed", next_attempt_at=None)
    assert outbox("retry", "--all") == "1 queued again\n"
    assert outbox("drop", str(failed.pk)) == "1 dropped\n"


def test_meetings_that_lie_long_back_can_be_settled_without_mail(called: Council) -> None:
    Message.objects.all().delete()
    OutboxEntry.objects.update(status="queued", expanded_at=None)
    assert outbox("settle", "--older-than-days", "30") == "1 old events settled without mail\n"
    called.expand()
    assert not Message.objects.exists()


def test_what_was_sent_is_pruned_with_the_rest(called: Council) -> None:
    deliver(called.world.now)
    assert Message.objects.filter(status="sent").count() == 4
    assert prune(now=called.world.now + KEEP_MESSAGES + dt.timedelta(days=1)) == 5
    assert not Message.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_the_mailbox_shows_the_letter_its_link_and_the_file_that_came_with_it(
    called: Council, settings: Any, client: Client
) -> None:
    settings.SAMVERKA_MODE = "demo"
    settings.EMAIL_BACKEND = "notifications.mailbox.FolderBackend"
    deliver(called.world.now)
    (mine,) = [mail for mail in summaries() if "mem-lk@linkoping.example" in str(mail.recipients)]
    stored = open_mail(mine.name)
    assert stored is not None
    assert stored.attachments == ("mote.ics",)
    assert stored.link.endswith("/svar/")
    assert stored.text.startswith("Kallelse till möte\n")
    client.force_login(called.person("outsider"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("mailbox-message", args=[mine.name])).content.decode()
    assert "mote.ics" in page
    assert stored.link in page
    assert "Svara på kallelsen" in client.get(reverse("mailbox-html", args=[mine.name])).content.decode()
