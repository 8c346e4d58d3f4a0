"""What every page's frame shows: the navigation with the number of tasks, the version, where the source is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.access import Access
from workflows import policy
from workflows.queries import inbox_count


@dataclass
class NavItem:
    """One entry of the main navigation. ``count`` is asked of the database when a template shows it, once."""

    label: str | Promise
    url: str
    icon: str
    current: bool
    access: Access | None = None

    @cached_property
    def count(self) -> int:
        """The person's open tasks; 0 for the entries that count nothing."""
        return inbox_count(self.access) if self.access is not None else 0


#: The entries: URL name, words, icon, and the other URL names under which the entry is the current one.
_ENTRIES: tuple[tuple[str, str | Promise, str, frozenset[str]], ...] = (
    ("inbox", _("Mina uppgifter"), "tasks", frozenset({"work-item", "work-item-hand-over"})),
    ("cases", _("Ärenden"), "case", frozenset({"case"})),
    ("date-board", _("Datum"), "calendar", frozenset()),
    ("partnerships", _("Samarbeten"), "partnership", frozenset({"partnership", "body"})),
    ("meetings", _("Möten"), "calendar", frozenset({"meeting"})),
    ("proposal-new", _("Nytt förslag"), "plus", frozenset({"proposal-edit"})),
)
#: The pages below an entry, by how the names of their addresses begin.
_BELOW: dict[str, tuple[str, ...]] = {"cases": ("case-", "document-"), "meetings": ("meeting-",)}
#: In a demonstration also the mail that everybody got. The page is another room's: only its address is known here.
_DEMO_ENTRIES = (("mailbox", _("Brevlåda"), "mail", frozenset({"mailbox-message"})),)


def is_demonstration() -> bool:
    """Whether this is the demonstration, with invented people and a mailbox for all."""
    return bool(settings.SAMVERKA_MODE == "demo")


@cache
def app_version() -> str:
    """The version of the product, from its project file."""
    project: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8")
    )
    return str(project["project"]["version"])


def _nav(request: HttpRequest, access: Access) -> list[NavItem]:
    match = request.resolver_match
    here = match.url_name or "" if match is not None else ""
    return [
        NavItem(
            label,
            reverse(name),
            icon,
            here == name or here in more or here.startswith(_BELOW.get(name, "-")),
            access if name == "inbox" else None,
        )
        for name, label, icon, more in _ENTRIES + (_DEMO_ENTRIES if is_demonstration() else ())
        if (name != "date-board" or policy.chases(access)) and (name != "meetings" or access.body_ids)
    ]


def house(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables: ``nav``, ``demo_mode``, ``app_version``, ``source_url``."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "nav": _nav(request, request.access) if signed_in else [],  # type: ignore[attr-defined]
        "demo_mode": is_demonstration(),
        "app_version": app_version(),
        "source_url": reverse("source"),
    }
