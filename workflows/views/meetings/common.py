"""What the pages of meetings share: how the domain's errors are answered, and how an act ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cases.errors import AlreadyDone, DomainError, InvalidInput, NotAllowed, NotFound
from cases.models import Meeting
from workflows.forms.page import Confirmation
from workflows.meeting_queries import find_meeting
from workflows.middleware import SignedInRequest
from workflows.views.errors import put_errors_on
from workflows.views.presenters.meetings import meeting_title, way_here

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]

#: The names of the buttons on a page that asks before what cannot be undone.
CONFIRMED, BACK = "confirmed", "back"


def _answer(request: SignedInRequest, error: DomainError, meeting_id: int | None) -> HttpResponse:
    """The page that says what the domain said, with the way back to the meeting. Raises Http404."""
    if isinstance(error, NotFound):
        raise Http404 from error
    try:
        meeting = find_meeting(request.access, meeting_id) if meeting_id is not None else None
    except NotFound as missing:
        raise Http404 from missing
    status, title = 409, _("Det gick inte att göra")
    match error:
        case NotAllowed():
            status, title = 403, _("Du kan inte göra detta")
        case AlreadyDone():
            title = _("Det är redan gjort")
        case InvalidInput():
            status = 422
    context = {
        "title": title,
        "kind": "info" if isinstance(error, AlreadyDone) else "warning",
        "message": str(error.message),
        "meeting": meeting,
    }
    return render(request, "workflows/meetings/refused.html", context, status=status)


def answers_meeting_errors(view: View[P]) -> View[P]:
    """Let a view of a meeting raise the domain's errors and answer them as pages, never kept by a cache."""

    @wraps(view)
    def wrapped(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return _answer(request, error, cast("int | None", kwargs.get("meeting_id")))

    return cast("View[P]", never_cache(wrapped))


def carry_out(form: forms.Form, do: Callable[[], Any]) -> bool:
    """Do what a valid form asks for. False, with the errors at the fields, when the domain does not take it."""
    if not form.is_valid():
        return False
    try:
        do()
    except InvalidInput as error:
        put_errors_on(form, error)
        return False
    return True


def done(request: SignedInRequest, told: str, name: str, *args: Any, anchor: str = "") -> HttpResponse:
    """Tell what happened and go to the page of that name."""
    messages.success(request, told)
    return redirect(reverse(name, args=args) + (f"#{anchor}" if anchor else ""))


def ask(
    request: SignedInRequest, meeting: Meeting, question: Confirmation, way: Iterable[dict[str, Any]]
) -> HttpResponse:
    """Ask before what cannot be undone, with everything typed carried along."""
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", CONFIRMED, BACK)
        for value in values
    ]
    context = {"meeting": meeting, "question": question, "carried": carried, "breadcrumbs": way}
    return render(request, "workflows/meetings/ask.html", context | {"back": BACK, "confirmed": CONFIRMED})


def confirm_page(
    request: SignedInRequest,
    meeting: Meeting,
    *,
    title: str | Promise,
    submit: str | Promise,
    form: forms.Form,
    consequences: Iterable[str | Promise] = (),
    danger: bool = False,
    back: str = "meeting",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page that says what follows and asks for what the act needs."""
    context = {
        "meeting": meeting,
        "meeting_title": meeting_title(meeting),
        "title": title,
        "submit": submit,
        "form": form,
        "consequences": list(consequences),
        "danger": danger,
        "cancel_url": reverse(back, args=[meeting.pk]),
        "breadcrumbs": way_here(meeting, str(title)),
        **more,
    }
    return render(request, "workflows/meetings/confirm.html", context, status=status)
