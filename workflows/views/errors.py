"""How the domain's named errors become answers, the same on every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cases.errors import AlreadyDone, DomainError, InvalidInput, NotAllowed, NotFound
from cases.models import Case
from workflows import policy
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.views.presenters.days import moment_text

if TYPE_CHECKING:
    from cases.access import Access

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def put_errors_on(form: forms.BaseForm, error: InvalidInput) -> None:
    """Tie the errors of the domain to the form's fields; what belongs to none of them stands above the form."""
    for name, message in error.errors.items():
        form.add_error(name if name in form.fields else None, str(message))
    if not error.errors:
        form.add_error(None, str(error.message))


def status_of(form: forms.BaseForm) -> int:
    """The status of a page with the form: 422 when it comes back with errors."""
    return 422 if form.is_bound and form.errors else 200


def find_case(access: Access, case_id: int, *, related: tuple[str, ...] = ("partnership",)) -> Case:
    """The case, if the person may see it. Raises NotFound with the same answer whether it exists or not."""
    case = Case.objects.visible_to(access).select_related(*related).filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    return case


def find_item(access: Access, item_id: int) -> WorkItem:
    """The step of a case, if the person may know of it. Raises NotFound with the same answer whether it exists or not.

    One may know of a step of a case that one sees, unless it is internal to another party, and of a step that
    waits, or waited, for oneself.
    """
    item = (
        WorkItem.objects.select_related("case__partnership", "owner", "done_by", "done_for", "party", "body")
        .filter(pk=item_id, flow_task_type="HUMAN")
        .first()
    )
    if item is None:
        raise NotFound()
    if not policy.concerns(access, item) and (
        not access.sees(item.case) or not access.sees_internal(item.internal_to_id)
    ):
        raise NotFound()
    return item


def what_became_of(item: WorkItem) -> str:
    """Who closed the step and when, in a sentence; empty while it is not closed."""
    if item.finished is None:
        return ""
    when = moment_text(item.finished)
    if item.done_by is not None and item.done_for is not None:
        return _("%(name)s gjorde uppgiften för %(other)s den %(when)s.") % {
            "name": item.done_by.name,
            "other": item.done_for.name,
            "when": when,
        }
    if item.done_by is not None:
        return _("%(name)s gjorde uppgiften den %(when)s.") % {"name": item.done_by.name, "when": when}
    return _("Uppgiften behövdes inte längre och togs bort den %(when)s.") % {"when": when}


def answer_error(
    request: HttpRequest, error: DomainError, *, case_id: int | None = None, item_id: int | None = None
) -> HttpResponse:
    """The page that tells the person what the domain said. Raises Http404 for what they may not know of."""
    access: Access = request.access  # type: ignore[attr-defined]
    item: WorkItem | None = None
    case: Case | None = None
    try:
        if isinstance(error, NotFound):
            raise error
        if item_id is not None:
            item = find_item(access, item_id)
            case = item.case if access.sees(item.case) else None
        elif case_id is not None:
            case = find_case(access, case_id)
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
    return render(
        request,
        "workflows/case_refused.html",
        {
            "title": title,
            "kind": "info" if isinstance(error, AlreadyDone) else "warning",
            "message": str(error.message),
            "what_happened": what_became_of(item)
            if item is not None and isinstance(error, AlreadyDone)
            else "",
            "case": case,
            "item": item,
        },
        status=status,
    )


def answers_domain_errors(view: View[P]) -> View[P]:
    """Let a view raise the domain's errors and answer them as pages, never kept by a cache.

    The view's ``case_id`` and ``item_id`` say what the page leads back to.
    """

    @wraps(view)
    def wrapped(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            where: dict[str, Any] = {name: kwargs[name] for name in ("case_id", "item_id") if name in kwargs}
            return answer_error(request, error, **where)

    return cast("View[P]", never_cache(wrapped))
