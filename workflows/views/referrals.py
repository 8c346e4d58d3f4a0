"""Referrals at the coordinator's desk: sending one, closing it, and each one who was asked (R2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cases.errors import InvalidInput
from cases.models import Case, ReferralRecipient
from workflows import policy, referral_acts, referral_words
from workflows.forms.referral_manage import DenyForm, GrantForm, NewLinkForm
from workflows.forms.referral_start import ReferralForm, choices_for
from workflows.middleware import SignedInRequest
from workflows.policy import Action
from workflows.referral_queries import recipient_of_case
from workflows.referral_sending import start_referral
from workflows.referrals import item_of
from workflows.views.announce import announce
from workflows.views.case_acts import CaseAct, case_act_view
from workflows.views.errors import answers_domain_errors, find_case, put_errors_on, status_of
from workflows.views.presenters.days import day_text, due_state
from workflows.views.presenters.referrals import answers_of, in_case, undecided

CONFIRMED, BACK = "confirmed", "back"

close_case_referral = case_act_view(
    CaseAct(
        Action.CLOSE_REFERRAL,
        gettext_lazy("Stäng remissen"),
        (
            gettext_lazy("Inga fler svar tas emot, och de som har svarat kan inte ändra sitt svar."),
            gettext_lazy("De som inte har svarat antecknas, och får veta att svar inte längre behövs."),
            gettext_lazy("Handläggaren får uppgiften att sammanställa svaren."),
            gettext_lazy("Remissen kan inte öppnas igen. En ny omgång kan skickas när den är sammanställd."),
        ),
        gettext_lazy("Stäng remissen"),
        gettext_lazy("Remissen är stängd."),
        referral_acts.close_referral,
    )
)


def _here(case: Case) -> str:
    return f"{reverse('case', args=[case.pk])}#remiss"


# Sending one


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def start(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """Choose what goes out and to whom, see the mail as it will be, and send it."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.START_REFERRAL, case)
    choices = choices_for(case)
    if request.method != "POST":
        return _form(request, case, ReferralForm(choices=choices, initial={"title": case.title}))
    form = ReferralForm(request.POST, choices=choices)
    again = form.with_another_row()
    if again is not None:
        return _form(request, case, again)
    if not form.is_valid() or BACK in request.POST:
        return _form(request, case, form)
    if CONFIRMED not in request.POST:
        return _preview(request, case, form)
    given = form.cleaned_data
    try:
        referral = start_referral(
            case_id=case_id,
            actor=request.user,
            title=given["title"],
            text=given["text"],
            due_on=given["due_on"],
            recipients=form.recipients(),
            version_ids=given.get("documents", []),
            with_proposal=given["with_proposal"],
            with_memo=given.get("with_memo", False),
            now=timezone.now(),
        )
    except InvalidInput as error:
        put_errors_on(form, error)
        return _form(request, case, form)
    number = len(form.recipients())
    sent = ngettext(
        "Remissen är skickad till %(n)s instans, som har till den %(day)s på sig.",
        "Remissen är skickad till %(n)s instanser, som har till den %(day)s på sig.",
        number,
    ) % {"n": number, "day": day_text(referral.due_on)}
    announce(request, sent, case_id)
    return redirect(_here(case))


def _form(request: SignedInRequest, case: Case, form: ReferralForm) -> HttpResponse:
    context = {"case": case, "form": form, "cancel_url": reverse("case", args=[case.pk])}
    return render(request, "workflows/referrals/start.html", context, status=status_of(form))


def _preview(request: SignedInRequest, case: Case, form: ReferralForm) -> HttpResponse:
    """The mail as the first recipient will get it, and everybody whom it goes to."""
    given, recipients, of = form.cleaned_data, form.recipients(), form.choices
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", CONFIRMED, BACK)
        for value in values
    ]
    chosen = set(given.get("documents", []))
    material = [_("Förslagets text")] if given["with_proposal"] else []
    material += [_("Det senaste beredningsunderlaget")] if given.get("with_memo") else []
    material += [version.document.title for version in of.versions if version.pk in chosen]
    first = recipients[0]
    context = {
        "case": case,
        "subject": referral_words.subject(given["title"], given["due_on"]),
        "title": given["title"],
        "lead": [
            referral_words.asks(request.user, case, first.label),
            referral_words.may_abstain(),
        ],
        "due": _("Senast %(due)s") % {"due": date_format(given["due_on"], "l j F Y")},
        "text": given["text"],
        "recipients": [{"name": row.label, "email": row.email, "kind": row.kind.label} for row in recipients],
        "outside": any(row.email for row in recipients),
        "by_link": referral_words.by_link(),
        "material": material,
        "carried": carried,
        "confirmed": CONFIRMED,
        "back": BACK,
    }
    return render(request, "workflows/referrals/preview.html", context)


# Running it

_MANAGING: dict[str, tuple[Action, type[forms.Form]]] = {
    "grant": (Action.EXTEND_REFERRAL, GrantForm),
    "deny": (Action.EXTEND_REFERRAL, DenyForm),
    "link": (Action.RENEW_LINK, NewLinkForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def manage(request: SignedInRequest, *, case_id: int, recipient_id: int) -> HttpResponse:
    """One who was asked, for the coordinator: more time, a new link, a reminder."""
    case = find_case(request.access, case_id)
    policy.require(request.access, Action.EXTEND_REFERRAL, case)
    recipient = recipient_of_case(case, recipient_id)
    bound: dict[str, forms.Form] = {}
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what in _MANAGING:
        form = _MANAGING[what][1](request.POST)
        if form.is_valid():
            try:
                done = _do(request, case, recipient, what, form.cleaned_data)
            except InvalidInput as error:
                put_errors_on(form, error)
            else:
                announce(request, done, case_id)
                return redirect(_here(case))
        bound[what] = form
    return _manage_page(request, case, recipient, bound)


def _do(
    request: SignedInRequest, case: Case, recipient: ReferralRecipient, what: str, given: dict[str, Any]
) -> str:
    where: dict[str, Any] = {
        "case_id": case.pk,
        "recipient_id": recipient.pk,
        "actor": request.user,
        "now": timezone.now(),
    }
    if what == "link":
        renewed = referral_acts.renew_link(email=given["email"], **where)
        return _("En ny länk är skickad till %(email)s.") % {"email": renewed.email}
    referral_acts.decide_extension(
        granted=what == "grant", until=given.get("until"), message=given["message"], **where
    )
    if what == "grant":
        words = {"name": recipient.name, "day": day_text(given["until"])}
        return _("%(name)s har nu svarstid till %(day)s.") % words
    return _("%(name)s har fått besked om att svarstiden inte ändras.") % {"name": recipient.name}


def _manage_page(
    request: SignedInRequest, case: Case, recipient: ReferralRecipient, bound: dict[str, forms.Form]
) -> HttpResponse:
    wish = undecided(recipient)
    item = item_of(recipient, case.pk)
    start: dict[str, Any] = {"until": wish.wanted_until} if wish is not None else {}
    form = next(iter(bound.values()), None)
    context = {
        "case": case,
        "recipient": recipient,
        "answers": answers_of(recipient, in_case(case)),
        "wish": wish,
        "wish_text": _("Ber om svarstid till %(day)s.") % {"day": day_text(wish.wanted_until)}
        if wish is not None
        else "",
        "due": _("Svar senast %(day)s") % {"day": day_text(recipient.due_on)},
        "due_state": due_state(recipient.due_on, timezone.localdate()) or "ok",
        "is_open": recipient.referral.is_open and not recipient.has_answered,
        "item": item if item is not None and item.open else None,
        "may_remind": policy.may(request.access, Action.REMIND, case),
        "grant_form": bound.get("grant") or GrantForm(initial=start, auto_id="id_grant_%s"),
        "deny_form": bound.get("deny") or DenyForm(auto_id="id_deny_%s"),
        "link_form": bound.get("link")
        or NewLinkForm(initial={"email": recipient.email}, auto_id="id_link_%s"),
        "cancel_url": _here(case),
        "form": form,
    }
    status = 200 if form is None else status_of(form)
    return render(request, "workflows/referrals/manage.html", context, status=status)


urlpatterns = [
    path("arenden/<int:case_id>/remiss/ny/", start, name="case-referral-new"),
    path("arenden/<int:case_id>/remiss/stang/", close_case_referral, name="case-referral-close"),
    path("arenden/<int:case_id>/remiss/instans/<int:recipient_id>/", manage, name="case-referral-recipient"),
]
