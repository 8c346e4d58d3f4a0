"""The page of a step: one view for all of them. What a step asks for and does stands in ``workflows.forms``."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.access import access_of
from cases.errors import AlreadyDone, DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from workflows import policy
from workflows.forms.page import Confirmation, StepForm, StepPage
from workflows.forms.registry import page_of
from workflows.forms.work import Work
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, put_errors_on, status_of, what_became_of
from workflows.views.presenters.absence import named_with_absence
from workflows.views.presenters.ball import role_text
from workflows.views.presenters.content import status_tag
from workflows.views.presenters.days import day_text, due_state

#: The names of the buttons on the page that asks before what cannot be undone.
CONFIRMED, BACK = "confirmed", "back"


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def work_item(request: SignedInRequest, *, item_id: int) -> HttpResponse:
    """A step: what it needs to read, its form, and doing it."""
    now = timezone.now()
    item = _find(item_id)
    page = page_of(item)
    try:
        on_behalf_of = policy.require_step(request.access, item, item.case)
    except (AlreadyDone, NotAllowed, WrongState) as refused:
        return _closed(request, item, refused)
    work = Work(item, request.user, request.access, now, on_behalf_of)
    if request.method != "POST":
        return _page(request, page, work, page.form(work=work))
    form = page.form(request.POST, request.FILES, work=work)
    again = form.with_another_row()
    if again is not None:
        return _page(request, page, work, again)
    if not form.is_valid() or BACK in request.POST:
        return _page(request, page, work, form)
    question = form.confirmation()
    if question is not None and CONFIRMED not in request.POST:
        return _ask(request, work, form, question)
    try:
        done = page.perform(form, work)
    except InvalidInput as error:
        put_errors_on(form, error)
        return _page(request, page, work, form)
    except (AlreadyDone, NotAllowed, WrongState) as refused:
        return _closed(request, _find(item_id), refused)
    sees = access_of(request.user, on=timezone.localdate(now)).sees(item.case)
    if sees:
        announce(request, str(done), item.case_id)
    else:
        messages.success(request, str(done))
    return redirect(_afterwards(item, sees))


def _afterwards(item: WorkItem, sees: bool) -> str:
    """Where the person goes on from a step: to the case; to what they see of it when they were only asked; to their
    inbox when a conflict of interest has taken the case from their sight."""
    if sees:
        return reverse("case", args=[item.case_id])
    if item.step == policy.Action.REFERRAL_ANSWER:
        return reverse("referral-own", args=[item.data["recipient"]])
    return reverse("inbox")


def _find(item_id: int) -> WorkItem:
    item = (
        WorkItem.objects.select_related(
            "case__partnership",
            "case__area",
            "case__created_by__organisation",
            "case__proposal",
            "process__profile_version",
            "owner",
            "done_by",
            "done_for",
            "party",
            "body",
        )
        .filter(pk=item_id, flow_task_type="HUMAN")
        .first()
    )
    if item is None:
        raise NotFound()
    return item


def _page(request: HttpRequest, page: StepPage, work: Work, form: StepForm) -> HttpResponse:
    context: dict[str, Any] = {
        "work": work,
        "item": work.item,
        "case": work.case,
        "form": form,
        "page": page,
        "breadcrumbs": _way_here(work.item),
        "tags": [status_tag(work.case)],
        "facts": _facts(work),
        "due_text": day_text(work.item.due_on) if work.item.due_on else "",
        "due_state": due_state(work.item.due_on, work.today),
        **page.context(work),
    }
    return render(request, page.template, context, status=status_of(form))


def _way_here(item: WorkItem) -> list[dict[str, str]]:
    return [
        {"label": _("Mina uppgifter"), "url": reverse("inbox")},
        {"label": item.case.number, "url": reverse("case", args=[item.case_id])},
        {"label": item.title},
    ]


def _facts(work: Work) -> list[dict[str, Any]]:
    """What one may want to know of the task itself."""
    item = work.item
    facts: list[dict[str, Any]] = [{"label": _("Uppgift för"), "text": role_text(item)}]
    if item.party is not None:
        facts.append({"label": _("Part"), "text": item.party.label})
    if work.on_behalf_of is not None:
        facts.append({"label": _("Du gör den i stället för"), "text": work.on_behalf_of.name})
    if not work.is_personal:
        others = [str(person) for person in work.others]
        facts.append({"label": _("Kan också göras av"), "texts": others, "empty": _("Ingen annan")})
    facts.append({"label": _("Initiativtagare"), "text": item.case.created_by.name})
    return facts


def _ask(request: HttpRequest, work: Work, form: StepForm, question: Confirmation) -> HttpResponse:
    """Ask before what cannot be undone, with everything typed carried along."""
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", CONFIRMED, BACK)
        for value in values
    ]
    context = {"work": work, "item": work.item, "case": work.case, "question": question}
    context |= {"carried": carried, "breadcrumbs": _way_here(work.item), "back": BACK, "confirmed": CONFIRMED}
    return render(request, "workflows/steps/confirm.html", context)


# Steps that cannot be done, or not by this person


def _closed(request: SignedInRequest, item: WorkItem, refused: DomainError) -> HttpResponse:
    """What happened to the step, or whom it waits for, for somebody who may see the case."""
    sees = request.access.sees(item.case)
    if policy.is_recipient(request.access, item, item.case) and (request.method != "POST" or not sees):
        return redirect("referral-own", item.data["recipient"])
    if not sees or not request.access.sees_internal(item.internal_to_id):
        raise NotFound()
    context = {
        "item": item,
        "case": item.case,
        "breadcrumbs": _way_here(item),
        "kind": "info" if item.finished is not None else "warning",
        "title": _title_of(item, refused),
        "text": what_became_of(item) or _why_not(item, refused),
    }
    return render(request, "workflows/steps/closed.html", context, status=_status(request, item, refused))


def _status(request: HttpRequest, item: WorkItem, refused: DomainError) -> int:
    if item.finished is None and isinstance(refused, NotAllowed):
        return 403
    return 409 if request.method == "POST" else 200


def _title_of(item: WorkItem, refused: DomainError) -> str:
    if item.done_by_id is not None:
        return _("Uppgiften är redan gjord")
    if item.finished is not None:
        return _("Uppgiften behövs inte längre")
    if isinstance(refused, NotAllowed):
        return _("Uppgiften är någon annans")
    return _("Uppgiften kan inte göras just nu")


def _why_not(item: WorkItem, refused: DomainError) -> str:
    if str(refused.message) != str(NotAllowed.default_message):
        return str(refused.message)
    return _("Uppgiften väntar på: %(who)s.") % {"who": _holder_text(item)}


def _holder_text(item: WorkItem) -> str:
    """Whom a step waits for: the person, or the role with where it is held."""
    if item.owner is not None:
        return named_with_absence(item.owner, timezone.localdate())
    if item.party is not None and item.body is None:
        return _("%(role)s hos %(party)s") % {"role": role_text(item), "party": item.party.label}
    return role_text(item)


urlpatterns = [path("uppgifter/<int:item_id>/", work_item, name="work-item")]
