"""Comments and documents on a case: adding them, and handing documents out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.access import own_party_among
from cases.errors import InvalidInput
from cases.models import Case, Organisation
from workflows import case_acts, policy
from workflows.forms.case_acts import CommentForm, DocumentForm, VersionForm
from workflows.middleware import SignedInRequest
from workflows.policy import Action
from workflows.queries import find_document, find_version
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, find_case, put_errors_on, status_of


def own_parties(request: SignedInRequest, case: Case) -> list[Organisation]:
    """The parties of the case within which the person may keep something internal."""
    parties = Organisation.objects.filter(party_rows__partnership_id=case.partnership_id)
    return own_party_among(request.access, parties.order_by("party_rows__order"))


def _page(request: SignedInRequest, case: Case, form: forms.Form, **words: Any) -> HttpResponse:
    context = {"case": case, "form": form, "cancel_url": reverse("case", args=[case.pk]), **words}
    return render(request, "workflows/acts/form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def comment(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """Write a comment, for all who see the case or within one's own party."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.COMMENT, case)
    form = CommentForm(request.POST if request.method == "POST" else None, parties=own_parties(request, case))
    if form.is_valid():
        try:
            case_acts.add_comment(
                case_id=case_id, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            announce(request, _("Kommentaren är sparad."), case_id)
            return redirect(f"{reverse('case', args=[case_id])}#kommentarer")
    return _page(request, case, form, title=_("Skriv en kommentar"), submit=_("Spara kommentaren"))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def add_document(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """Add a document to the case."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.ADD_DOCUMENT, case)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DocumentForm(*posted, parties=own_parties(request, case))
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            case_acts.add_document(
                case_id=case_id, actor=request.user, upload=given.pop("file"), now=timezone.now(), **given
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            announce(request, _("Handlingen är tillagd."), case_id)
            return redirect(f"{reverse('case', args=[case_id])}#handlingar")
    return _page(request, case, form, title=_("Lägg till en handling"), submit=_("Lägg till handlingen"))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def add_version(request: SignedInRequest, *, case_id: int, document_id: int) -> HttpResponse:
    """Add a newer version of a document; the older ones stay."""
    document = find_document(request.access, case_id, document_id)
    policy.require(request.access, Action.ADD_DOCUMENT, document.case)
    form = VersionForm(*((request.POST, request.FILES) if request.method == "POST" else (None, None)))
    if form.is_valid():
        try:
            version = case_acts.add_document_version(
                case_id=case_id,
                document_id=document_id,
                actor=request.user,
                upload=form.cleaned_data["file"],
                now=timezone.now(),
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            added = _("Version %(n)s av ”%(title)s” är tillagd.") % {
                "n": version.number,
                "title": document.title,
            }
            announce(request, added, case_id)
            return redirect(f"{reverse('case', args=[case_id])}#handlingar")
    title = _("Ny version av ”%(title)s”") % {"title": document.title}
    lead = _("De äldre versionerna finns kvar.")
    return _page(request, document.case, form, title=title, lead=lead, submit=_("Lägg till versionen"))


@require_safe
@answers_domain_errors
def download(request: SignedInRequest, *, case_id: int, document_id: int, number: int) -> FileResponse:
    """Hand out one version of a document, as a file to save: never shown by the browser as a page of ours."""
    version = find_version(request.access, case_id, document_id, number)
    answer = FileResponse(
        version.file.open("rb"),
        as_attachment=True,
        filename=version.filename,
        content_type=version.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Length"] = str(version.size)
    return answer
