"""The addresses of lists: what they are narrowed to and where one stands in them, so that they can be kept and sent."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse


def list_address(name: str, query: QueryDict, **changes: str | None) -> str:
    """The list's address with the changes made to it; always from the top unless a place is given."""
    new = query.copy()
    for place in ("after", "before"):
        new.pop(place, None)
    for field, value in changes.items():
        if value is None:
            new.pop(field, None)
        else:
            new[field] = value
    for field in [field for field, value in new.items() if not value]:
        del new[field]
    return f"{reverse(name)}?{new.urlencode()}" if new else reverse(name)
