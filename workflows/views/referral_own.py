"""The page of one who was asked and has an account: the referral, their answer, and nothing else of the case (R2)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import InvalidInput, NotFound
from cases.models import DocumentVersion, ReferralRecipient
from workflows import policy
from workflows.forms.referral_answer import AskExtensionForm, CorrectedAnswerForm
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.referral_queries import find_recipient, version_for
from workflows.referrals import item_of
from workflows.steps.referral import answer_as_recipient, ask_extension
from workflows.views.errors import answers_domain_errors, put_errors_on, status_of
from workflows.views.presenters.referral_page import ReferralPage
from workflows.views.presenters.referral_places import for_recipient


def _asked(request: SignedInRequest, recipient_id: int) -> tuple[ReferralRecipient, WorkItem]:
    """The recipient, if the person is the one, and the task that the answer is. Raises NotFound otherwise."""
    recipient = find_recipient(recipient_id)
    item = item_of(recipient, recipient.referral.case_id)
    if item is None or not policy.is_recipient(request.access, item, item.case):
        raise NotFound()
    return recipient, item


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def own(request: SignedInRequest, *, recipient_id: int) -> HttpResponse:
    """The referral to oneself: its material and one's answer, nothing else of the case."""
    recipient, item = _asked(request, recipient_id)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    correction: CorrectedAnswerForm | None = None
    extension: AskExtensionForm | None = None
    try:
        if what == "answer":
            correction = CorrectedAnswerForm(request.POST, request.FILES)
            if correction.is_valid():
                answer_as_recipient(
                    recipient_id=recipient_id,
                    actor=request.user,
                    after=correction.cleaned_data["after"],
                    answer=correction.answer_by(request.user.name, request.user.title),
                    now=timezone.now(),
                )
                return redirect("referral-own", recipient_id)
        elif what == "extend":
            extension = AskExtensionForm(request.POST, auto_id="id_extend_%s")
            if extension.is_valid():
                ask_extension(
                    recipient_id=recipient_id,
                    actor=request.user,
                    now=timezone.now(),
                    **extension.cleaned_data,
                )
                return redirect("referral-own", recipient_id)
    except InvalidInput as error:
        bound = correction or extension
        assert bound is not None
        put_errors_on(bound, error)
    page = ReferralPage(recipient, for_recipient(recipient), timezone.localdate())
    form = correction or extension
    context = {
        "referral": page,
        "case": recipient.referral.case,
        "item": item if item.open else None,
        "sees_case": request.access.sees(recipient.referral.case),
        "answer_form": correction or CorrectedAnswerForm(initial=answer_again(page)),
        "extension_form": extension or AskExtensionForm(auto_id="id_extend_%s"),
        "form": form,
    }
    status = 200 if form is None else status_of(form)
    return render(request, "workflows/referrals/own.html", context, status=status)


def answer_again(page: ReferralPage) -> dict[str, Any]:
    """What the form of an answer holds when it is opened: the answer given before, where there is one."""
    if not page.answers:
        return {"after": 0}
    row = page.answers[0]["row"]
    return {
        "after": page.version,
        "stance": row.stance,
        "text": row.text,
        "name": row.author_name,
        "title": row.author_title,
    }


@require_safe
@answers_domain_errors
def document(request: SignedInRequest, *, recipient_id: int, version_id: int) -> FileResponse:
    """A document of the referral's material, or of one's own answer."""
    recipient, _item = _asked(request, recipient_id)
    return hand_out(version_for(recipient, version_id))


def hand_out(version: DocumentVersion) -> FileResponse:
    """The document as a file to save: never shown by the browser as a page of ours."""
    answer = FileResponse(
        version.file.open("rb"),
        as_attachment=True,
        filename=version.filename,
        content_type=version.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Length"] = str(version.size)
    return answer


urlpatterns = [
    path("remiss/<int:recipient_id>/", own, name="referral-own"),
    path("remiss/<int:recipient_id>/handlingar/<int:version_id>/", document, name="referral-document"),
]
