"""A referral by a mailed link, without signing in: read it, answer it, correct the answer, ask for more time (R2).

Opening the link never does anything: programs that look through mail open links too. Whoever has no valid link gets
the same "not found" as for an address that does not exist. The pages are not kept by any cache, not found by search
engines, and tell no other site where the reader came from. They set no cookie and read none: what lets somebody act
is the link's secret alone, so that a request forged from elsewhere has nothing to lean on, and the check for forged
requests, which needs a cookie, is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import AlreadyDone, InvalidInput, NotFound, WrongState
from cases.models import ReferralRecipient
from cases.models.referrals import token_digest
from workflows.forms.referral_answer import AskExtensionForm, SignedAnswerForm
from workflows.referral_queries import find_by_token, version_for
from workflows.steps.referral import answer_as_recipient, ask_extension
from workflows.views.errors import put_errors_on, status_of
from workflows.views.presenters.referral_page import ReferralPage
from workflows.views.presenters.referral_places import for_link
from workflows.views.rate_limit import count, tries, who_asks
from workflows.views.referral_own import answer_again, hand_out

#: Within ten minutes: links that lead nowhere, of one sender; and what is sent in by one link.
MOST_MISSES: Final = 60
MOST_POSTS: Final = 30

View = Callable[[HttpRequest, str, ReferralRecipient], HttpResponseBase]


def _by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The recipient by the link's token, in the recipient's language, with the headers that keep the link secret."""

    @wraps(view)
    def wrapped(request: HttpRequest, *, token: str, **more: Any) -> HttpResponseBase:
        sender = who_asks(request)
        if tries("referral-miss", sender) >= MOST_MISSES:
            return _too_many()
        try:
            recipient = find_by_token(token)
            with translation.override(recipient.language):
                request.LANGUAGE_CODE = recipient.language
                if request.method == "POST" and count("referral-post", recipient.token_digest) > MOST_POSTS:
                    answer: HttpResponseBase = _too_many()
                else:
                    answer = view(request, token, recipient, **more)
        except NotFound as missing:
            count("referral-miss", sender)
            raise Http404 from missing
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    return login_not_required(csrf_exempt(never_cache(wrapped)))


def _too_many() -> HttpResponse:
    text = _("För många försök. Vänta en stund och försök igen.")
    answer = HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = "600"
    return answer


@_by_link
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str, recipient: ReferralRecipient) -> HttpResponseBase:
    """The referral as its recipient sees it. Only POST does anything."""
    answer_form: SignedAnswerForm | None = None
    extension_form: AskExtensionForm | None = None
    notice = ""
    what = request.POST.get("what", "") if request.method == "POST" else ""
    where: dict[str, Any] = {
        "recipient_id": recipient.pk,
        "actor": None,
        "digest": token_digest(token),
        "now": timezone.now(),
    }
    try:
        if what == "answer":
            answer_form = SignedAnswerForm(request.POST, request.FILES)
            if answer_form.is_valid():
                after = answer_form.cleaned_data["after"]
                answer_as_recipient(after=after, answer=answer_form.answer(), **where)
                return redirect(f"{request.path}#svaret")
        elif what == "extend":
            extension_form = AskExtensionForm(request.POST, auto_id="id_extend_%s")
            if extension_form.is_valid():
                ask_extension(**where, **extension_form.cleaned_data)
                return redirect(f"{request.path}#mer-tid")
    except InvalidInput as error:
        form = answer_form or extension_form
        assert form is not None
        put_errors_on(form, error)
    except (AlreadyDone, WrongState) as refused:
        notice = str(refused.message)
        recipient = find_by_token(token)
    return _page(request, token, recipient, answer_form, extension_form, notice)


def _page(
    request: HttpRequest,
    token: str,
    recipient: ReferralRecipient,
    answer_form: SignedAnswerForm | None,
    extension_form: AskExtensionForm | None,
    notice: str,
) -> HttpResponse:
    page = ReferralPage(recipient, for_link(token), timezone.localdate())
    form = answer_form or extension_form
    context = {
        "referral": page,
        "answer_form": answer_form or SignedAnswerForm(initial=answer_again(page)),
        "extension_form": extension_form or AskExtensionForm(auto_id="id_extend_%s"),
        "form": form,
        "notice": notice,
        # What cannot be received any more is shown, so that it is not lost.
        "typed": request.POST.get("text", "") if notice else "",
    }
    status = 409 if notice else 200 if form is None else status_of(form)
    return render(request, "workflows/referrals/outside.html", context, status=status)


@_by_link
@require_safe
def link_document(
    request: HttpRequest, token: str, recipient: ReferralRecipient, *, version_id: int
) -> HttpResponseBase:
    """A document of the referral's material, or of one's own answer."""
    return hand_out(version_for(recipient, version_id))


urlpatterns = [
    path("remiss/svar/<str:token>/", link, name="referral-link"),
    path(
        "remiss/svar/<str:token>/handlingar/<int:version_id>/", link_document, name="referral-link-document"
    ),
]
