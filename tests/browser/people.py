"""People at their browsers: they sign in with their own words, and open what their mail links to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from django.core import mail
from django.utils import timezone

from notifications.worker import Worker
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "tolv-bruna-ekorrar"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Office:
    """Everybody's browsers, and the post."""

    browser: Browser
    base_url: str
    world: World
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    now: dt.datetime = field(default_factory=timezone.now)

    def page_of(self, name: str, *, size: dict[str, int] = DESKTOP) -> Page:
        """The person's signed-in browser; they sign in on the page when they first need it."""
        if name not in self.contexts:
            person = self.world.person(name)
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
            context = self.browser.new_context(viewport=size, locale="sv-SE", base_url=self.base_url)  # type: ignore[arg-type]
            self.contexts[name] = context
            page = context.new_page()
            page.on("console", lambda message: self._note(name, message.type, message.text))
            page.goto("/")
            page.get_by_label("E-postadress").fill(person.email)
            page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Logga in").click()
        return self.contexts[name].pages[0]

    def _note(self, name: str, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"{name}: {text}")

    def deliver(self) -> None:
        """Let the worker do everything that is due."""
        Worker(clock=timezone.now, rng=Random(1)).until_idle()

    def mails_to(self, name: str) -> list[mail.EmailMessage]:
        """What the person has got, oldest first."""
        address = self.world.person(name).email
        return [message for message in mail.outbox if any(address in to for to in message.to)]

    def link_to_task(self, name: str) -> str:
        """The task that the person's newest mail with a task links to, as a path."""
        for message in reversed(self.mails_to(name)):
            found = re.search(r"https?://[^/\s]+(/uppgifter/\d+/)", str(message.body))
            if found:
                return found.group(1)
        raise AssertionError(f"no mail with a task to {name}: {[m.subject for m in self.mails_to(name)]}")

    def open_task(self, name: str, *, size: dict[str, int] = DESKTOP) -> Page:
        """Deliver the post, and let the person follow the link in their newest mail."""
        self.deliver()
        page = self.page_of(name, size=size)
        page.goto(self.link_to_task(name))
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts.values():
            context.close()
