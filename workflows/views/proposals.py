"""A proposer's own draft: begin it, save it, submit it, throw it away (H3, U3, U4, R7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.errors import InvalidInput, Message, NotAllowed
from cases.models import Case, DocumentVersion, Goal, Partnership, ResponsibleUnit
from workflows import policy
from workflows.case_acts import add_document
from workflows.forms.proposal import ProposalForm
from workflows.forms.proposal_choices import choices_for
from workflows.middleware import SignedInRequest
from workflows.policy import Action
from workflows.proposals import (
    create_draft,
    discard_draft,
    missing_for_submission,
    partnerships_open_to,
    save_draft,
    submit_proposal,
)
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, find_case, put_errors_on, status_of
from workflows.views.presenters.content import funding_table, proposal_items
from workflows.views.presenters.sections import document_items

#: The button that saves and goes on to the page where the draft is read through and submitted.
GO_ON = "go_on"


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Begin a proposal, in the partnership that was chosen or in the only one there is to choose."""
    now = timezone.now()
    open_to = partnerships_open_to(request.user, now)
    if not open_to:
        raise NotAllowed(
            _("Du kan inte lämna förslag i något samarbete. Fråga din kontaktperson om du borde kunna det.")
        )
    wanted = request.GET.get("samarbete", "")
    partnership = next(
        (row for row in open_to if row.slug == wanted), open_to[0] if len(open_to) == 1 else None
    )
    if partnership is None:
        cards = [
            {
                "label": row.label,
                "kind": row.get_kind_display(),
                "url": f"{reverse('proposal-new')}?samarbete={row.slug}",
            }
            for row in open_to
        ]
        context = {"partnerships": cards, "breadcrumbs": _way_here(_("Nytt förslag"))}
        return render(request, "workflows/proposals/choose.html", context)
    choices = choices_for(partnership)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProposalForm(*posted, choices=choices, with_document=True)
    again = form.with_another_row()
    if again is None and form.is_valid():
        try:
            case = create_draft(partnership=partnership, actor=request.user, content=form.content(), now=now)
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            return _saved(request, case, form, now)
    return _form_page(request, again or form, partnership)


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """A saved draft, as incomplete as it may be."""
    now = timezone.now()
    case = find_case(request.access, case_id, related=("partnership", "proposal"))
    if not case.is_draft:
        return redirect("case", case_id)
    policy.require(request.access, Action.EDIT_DRAFT, case)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProposalForm(*posted, choices=choices_for(case.partnership), case=case, with_document=True)
    again = form.with_another_row()
    if again is None and form.is_valid():
        try:
            save_draft(case_id=case_id, actor=request.user, content=form.content(), now=now)
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            return _saved(request, case, form, now)
    return _form_page(request, again or form, case.partnership, case)


def _saved(request: SignedInRequest, case: Case, form: ProposalForm, now: dt.datetime) -> HttpResponse:
    """Keep the document that came with the draft, and go where the button said."""
    upload: File[bytes] | None = form.cleaned_data["file"]
    if upload is not None:
        title: str = form.cleaned_data["file_title"]
        add_document(case_id=case.pk, actor=request.user, title=title, upload=upload, now=now)
    if GO_ON in request.POST:
        return redirect("proposal-submit", case.pk)
    messages.success(request, _("Utkastet är sparat. Bara du ser det tills du lämnar in det."))
    return redirect("proposal-edit", case.pk)


def _way_here(*labels: str, case: Case | None = None) -> list[dict[str, str]]:
    items = [{"label": _("Mina uppgifter"), "url": reverse("inbox")}]
    if case is not None:
        items.append({"label": case.title, "url": reverse("proposal-edit", args=[case.pk])})
    return [*items, *({"label": label} for label in labels)]


def _documents(request: SignedInRequest, case: Case) -> list[dict[str, Any]]:
    versions = models.Prefetch("versions", DocumentVersion.objects.select_related("uploaded_by"))
    rows = case.documents.select_related("internal_to").prefetch_related(versions)
    return document_items(case, rows, may_add=False)[0]


def _form_page(
    request: SignedInRequest, form: ProposalForm, partnership: Partnership, case: Case | None = None
) -> HttpResponse:
    title = _("Nytt förslag") if case is None else _("Utkast till förslag")
    context = {
        "form": form,
        "case": case,
        "partnership": partnership,
        "title": title,
        "documents": _documents(request, case) if case is not None else [],
        "breadcrumbs": _way_here(title),
        "go_on": GO_ON,
    }
    return render(request, "workflows/proposals/form.html", context, status=status_of(form))


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """The draft as others will read it, what it lacks, and handing it in."""
    case = find_case(request.access, case_id, related=("partnership", "area", "proposal"))
    if case.is_draft:
        policy.require(request.access, Action.SUBMIT, case)
    elif request.method != "POST":
        return redirect("case", case_id)
    missing: dict[str, Message] = {}
    if request.method == "POST":
        try:
            submit_proposal(case_id=case_id, actor=request.user, now=timezone.now())
        except InvalidInput as refused:
            missing = refused.errors
        else:
            announce(request, _("Förslaget är inlämnat."), case_id)
            return redirect("case", case_id)
    responsible = models.Prefetch("responsible_units", ResponsibleUnit.objects.select_related("organisation"))
    models.prefetch_related_objects([case], responsible, "funding")
    lacking = missing or missing_for_submission(case)
    edit_url = reverse("proposal-edit", args=[case.pk])
    goals = Goal.objects.filter(proposals=case.pk)
    context = {
        "case": case,
        "missing": [{"url": f"{edit_url}#id_{name}", "text": str(text)} for name, text in lacking.items()],
        "items": [
            {"label": _("Titel"), "text": case.title},
            {"label": _("Samarbete"), "text": case.partnership.label},
            {"label": _("Slag"), "text": case.proposal.get_kind_display()},
            {"label": _("Område"), "text": case.area.label if case.area is not None else ""},
            *proposal_items(case),
            {"label": _("Mål i Agenda 2030"), "texts": [str(goal) for goal in goals]},
        ],
        "funding": funding_table(case),
        "documents": _documents(request, case),
        "breadcrumbs": _way_here(_("Granska och lämna in"), case=case),
    }
    return render(request, "workflows/proposals/submit.html", context, status=422 if missing else 200)


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """Throw the draft away, after asking."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.DISCARD_DRAFT, case)
    if request.method == "POST":
        discard_draft(case_id=case_id, actor=request.user, now=timezone.now())
        messages.success(request, _("Utkastet ”%(title)s” är slängt.") % {"title": case.title})
        return redirect("inbox")
    context = {"case": case, "breadcrumbs": _way_here(_("Släng utkastet"), case=case)}
    return render(request, "workflows/proposals/discard.html", context)


urlpatterns = [
    path("forslag/nytt/", new, name="proposal-new"),
    path("forslag/<int:case_id>/", edit, name="proposal-edit"),
    path("forslag/<int:case_id>/lamna-in/", submit, name="proposal-submit"),
    path("forslag/<int:case_id>/slang/", discard, name="proposal-discard"),
]
