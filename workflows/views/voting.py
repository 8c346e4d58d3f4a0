"""What a member can do with a deliberation after voting in it: change the vote, dissent, make a statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.access import access_of
from cases.errors import InvalidInput, NotFound
from cases.models import Case, Deliberation, StatementKind, Vote, VoteChoice
from workflows import policy
from workflows.forms.statements import StatementForm
from workflows.forms.vote import BallotFields
from workflows.meetings.votes import make_statement
from workflows.middleware import SignedInRequest
from workflows.policy import Action
from workflows.steps.vote import change_vote
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, find_case, put_errors_on, status_of


def _deliberation(request: SignedInRequest, case: Case, deliberation_id: int) -> Deliberation:
    """One of the case's deliberations that the person may see. Raises NotFound."""
    seen = case.deliberations.filter(request.access.internal_filter("party"))
    found = seen.select_related("body").filter(pk=deliberation_id).first()
    if found is None:
        raise NotFound()
    return found


def _page(request: SignedInRequest, case: Case, form: forms.Form, title: str, **more: Any) -> HttpResponse:
    context = {"case": case, "form": form, "title": title, **more}
    return render(request, "workflows/acts/form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def change(request: SignedInRequest, *, case_id: int, deliberation_id: int) -> HttpResponse:
    """Change one's vote while the deliberation is not concluded."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.CHANGE_VOTE, case)
    deliberation = _deliberation(request, case, deliberation_id)
    vote = Vote.objects.filter(deliberation=deliberation, cast_by=request.user).first()
    if vote is None:
        raise NotFound()
    given = {"choice": vote.choice, "reasons": vote.reasons, "amendment": vote.amendment}
    form = BallotFields(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        try:
            change_vote(
                case_id=case_id,
                deliberation_id=deliberation_id,
                actor=request.user,
                now=timezone.now(),
                **{**form.cleaned_data, "choice": VoteChoice(form.cleaned_data["choice"])},
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            announce(request, _("Din röst är ändrad. Historiken visar båda."), case_id)
            fresh = access_of(request.user, on=timezone.localdate())
            return redirect("case", case_id) if fresh.sees(case) else redirect("inbox")
    return _page(
        request,
        case,
        form,
        _("Ändra din röst"),
        lead=_("Den nya rösten gäller i stället för den förra. Historiken visar båda."),
        submit=_("Ändra rösten"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def statement(request: SignedInRequest, *, case_id: int, deliberation_id: int) -> HttpResponse:
    """Dissent from what was decided, or make a special statement."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.MAKE_STATEMENT, case)
    deliberation = _deliberation(request, case, deliberation_id)
    form = StatementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            make_statement(
                deliberation_id=deliberation.pk,
                actor=request.user,
                kind=StatementKind(form.cleaned_data["kind"]),
                text=form.cleaned_data["text"],
                now=timezone.now(),
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            announce(request, _("Texten är lämnad."), case_id)
            return redirect("case", case_id)
    return _page(
        request,
        case,
        form,
        _("Reservation eller särskilt yttrande"),
        lead=_("Gäller beslutet i %(body)s. Lämnar du en ny text ersätter den din förra av samma slag.")
        % {"body": deliberation.body.label},
        submit=_("Lämna texten"),
    )


urlpatterns = [
    path(
        "arenden/<int:case_id>/overlaggningar/<int:deliberation_id>/andra-rosten/", change, name="vote-change"
    ),
    path(
        "arenden/<int:case_id>/overlaggningar/<int:deliberation_id>/reservation/",
        statement,
        name="vote-statement",
    ),
]
