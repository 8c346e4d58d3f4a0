"""What every request carries: the person's access, and the person's own language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from cases.access import Access
from cases.models import Person
from workflows.act import access_for

if TYPE_CHECKING:
    NextStep = Callable[[HttpRequest], HttpResponse]

#: What somebody who has not signed in sees: nothing.
NOBODY = Access(person_id=0, held=(), own_organisation_ids=frozenset())


class SignedInRequest(HttpRequest):
    """The request as views meet it: somebody has signed in, and their access is at hand."""

    user: Person
    access: Access


def _access(request: HttpRequest) -> Access:
    person = request.user
    # The domain functions ask for the same person's access later in the request: it is worked out once.
    return access_for(person, timezone.now()) if isinstance(person, Person) else NOBODY


class AccessMiddleware:
    """Sets ``request.access``, worked out when a view first asks. Comes after the sign-in middleware."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: _access(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class PersonLocaleMiddleware:
    """Shows the pages in the language that the signed-in person has chosen.

    Comes after LocaleMiddleware and the sign-in middleware.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if person.is_authenticated:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        return self.get_response(request)
