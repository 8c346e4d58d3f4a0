"""The mailbox of files, and the page that shows it in a demonstration."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from cases.models import Case
from notifications.mailbox import FolderBackend, open_mail, summaries
from tests.notifications.post import deliver, expand
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

BACKEND = "notifications.mailbox.FolderBackend"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def demo(settings: Any) -> None:
    settings.SAMVERKA_MODE = "demo"
    settings.EMAIL_BACKEND = BACKEND


@pytest.fixture
def reader(world: World, demo: None, client: Client) -> Client:
    """Somebody signed in, with the mails of one act in the mailbox."""
    case = world.submitted()
    world.act(case, "screen")
    expand(world.now)
    deliver(world.now)
    client.force_login(world.person("outsider"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_mail(to: str = "Åsa Öberg <asa@linkoping.example>", **fields: Any) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        fields.pop("subject", "Ämne"),
        fields.pop("body", "Text med å, ä och ö."),
        to=[to],
        headers=fields.pop("headers", None),
    )
    message.attach_alternative(fields.pop("html", "<p>Hej å</p>"), "text/html")
    return message


def test_a_mail_becomes_one_whole_file(settings: Any) -> None:
    assert FolderBackend().send_messages([a_mail()]) == 1
    (path,) = Path(settings.SAMVERKA_MAILBOX_DIR).iterdir()
    assert path.suffix == ".eml"
    stored = open_mail(path.stem)
    assert stored is not None
    assert (stored.subject, stored.recipients) == ("Ämne", (("Åsa Öberg", "asa@linkoping.example"),))
    assert stored.text.strip() == "Text med å, ä och ö."
    assert stored.html.strip() == "<p>Hej å</p>"


def test_a_mail_sent_again_under_its_message_id_is_the_same_file(settings: Any) -> None:
    for _ in range(2):
        FolderBackend().send_messages([a_mail(headers={"Message-ID": "<1@localhost>"})])
    assert len(list(Path(settings.SAMVERKA_MAILBOX_DIR).iterdir())) == 1


def test_a_write_that_fails_leaves_nothing_behind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        FolderBackend().send_messages([a_mail()])
    assert list(Path(settings.SAMVERKA_MAILBOX_DIR).iterdir()) == []


def test_the_newest_mail_comes_first(settings: Any) -> None:
    for number in range(3):
        FolderBackend().send_messages([a_mail(subject=f"Mejl {number}")])
        newest = max(Path(settings.SAMVERKA_MAILBOX_DIR).iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1_700_000_000 + number, 1_700_000_000 + number))
    assert [summary.subject for summary in summaries()] == ["Mejl 2", "Mejl 1", "Mejl 0"]
    assert summaries()[0].arrived == dt.datetime.fromtimestamp(1_700_000_002, dt.UTC)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 40, "0" * 39, "0" * 40])
def test_only_mails_can_be_opened(name: str) -> None:
    assert open_mail(name) is None


def test_only_links_to_ourselves_are_followed(settings: Any) -> None:
    for subject, body in (
        ("ours", "Se http://localhost:8000/a/1/?b=2 nu"),
        ("theirs", "Se http://localhost:8000.evil.example/x"),
    ):
        FolderBackend().send_messages([a_mail(subject=subject, body=body)])
    links = {}
    for summary in summaries():
        opened = open_mail(summary.name)
        assert opened is not None
        links[opened.subject] = opened.link
    assert links == {"ours": "/a/1/?b=2", "theirs": ""}


@pytest.mark.parametrize("name", ["mailbox", "mailbox-message", "mailbox-html"])
def test_outside_a_demonstration_there_is_no_mailbox(world: World, client: Client, name: str) -> None:
    address = reverse(name, args=["0" * 40] if name != "mailbox" else [])
    assert client.get(address).status_code == 404
    client.force_login(world.person("administrator"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404


def test_a_visitor_who_has_not_signed_in_is_asked_to(demo: None, client: Client) -> None:
    assert client.get(reverse("mailbox")).status_code == 302


def test_the_mailbox_lists_everybodys_mail_and_says_so(reader: Client) -> None:
    page = reader.get(reverse("mailbox")).content.decode()
    assert "Registrera i diariet senast" in page
    assert "Reg-Lk" in page
    assert "Reg-Liu" in page
    assert "Du ser alla mottagares mejl" in page


def test_the_mailbox_shows_one_recipients_mail(reader: Client) -> None:
    page = reader.get(reverse("mailbox"), {"recipient": "reg-lk@linkoping.example"})
    assert [summary.recipients[0][0] for summary in page.context["page"].object_list] == ["Reg-Lk"]


def test_an_empty_mailbox_says_how_it_is_filled(world: World, demo: None, client: Client) -> None:
    client.force_login(world.person("outsider"), backend="django.contrib.auth.backends.ModelBackend")
    assert "Inga mejl än" in client.get(reverse("mailbox")).content.decode()


def test_the_mailbox_has_pages(world: World, demo: None, client: Client) -> None:
    mail.get_connection(BACKEND).send_messages([a_mail(subject=f"Mejl {n}") for n in range(30)])
    client.force_login(world.person("outsider"), backend="django.contrib.auth.backends.ModelBackend")
    first = client.get(reverse("mailbox"), {"recipient": "asa@linkoping.example"})
    assert len(first.context["page"].object_list) == 25
    second = client.get(reverse("mailbox") + first.context["next_url"])
    assert len(second.context["page"].object_list) == 5
    assert "page=1" in second.context["previous_url"]


def test_an_opened_mail_leads_to_its_task(reader: Client, world: World) -> None:
    item = world.open_items(Case.objects.get(), "register")[0]
    name = next(s.name for s in summaries() if s.recipients[0][0] == "Reg-Lk")
    page = reader.get(reverse("mailbox-message", args=[name])).content.decode()
    assert f'href="{reverse("work-item", args=[item.pk])}"' in page
    assert f'src="{reverse("mailbox-html", args=[name])}"' in page
    assert "sandbox" in page
    as_text = reader.get(reverse("mailbox-message", args=[name]), {"visa": "text"}).content.decode()
    assert "Registrera ärendet:" in as_text
    assert "<iframe" not in as_text


def test_the_mails_html_is_shown_in_a_sandbox_with_a_policy_of_its_own(reader: Client) -> None:
    answer = reader.get(reverse("mailbox-html", args=[summaries()[0].name]))
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = answer.content.decode()
    assert "Samverka" in page
    assert '<base target="_top">' in page


def test_the_mailbox_only_reads(reader: Client) -> None:
    assert reader.post(reverse("mailbox")).status_code == 405
