"""The demonstration mailbox: what Samverka has sent, for whoever tries it out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications.forms import MailboxFilter
from notifications.mailbox import StoredMail, open_mail, sent_to, summaries

PAGE_SIZE = 25

#: The mail's own styles are inlined, so they must be allowed. Nothing else is: no script, no fetching. A link
#: that somebody clicks may open in the page around the frame.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)

View = Callable[..., HttpResponse]


def _demo_only(view: View) -> View:
    """Outside demonstrations the page does not exist; in one it is for those who are signed in."""
    signed_in = login_required(view)

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SAMVERKA_MODE != "demo":
            raise Http404
        return signed_in(request, *args, **kwargs)

    return guarded


def _mail_or_404(name: str) -> StoredMail:
    mail = open_mail(name)
    if mail is None:
        raise Http404
    return mail


@_demo_only
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails, newest first, of all or of one recipient."""
    everything = summaries()
    people = sorted(
        {pair for mail in everything for pair in mail.recipients}, key=lambda pair: pair[0].casefold()
    )
    form = MailboxFilter(data=request.GET, recipients=people)
    chosen = form.cleaned_data["recipient"] if form.is_valid() else ""
    page = Paginator(sent_to(everything, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/mailbox.html",
        {
            "form": form,
            "active": [
                {"label": name, "url": reverse("mailbox")} for name, address in people if address == chosen
            ],
            "page": page,
            "previous_url": _page_url(chosen, page.number - 1) if page.has_previous() else "",
            "next_url": _page_url(chosen, page.number + 1) if page.has_next() else "",
            "page_text": _("Sida %(number)s av %(total)s")
            % {"number": page.number, "total": page.paginator.num_pages},
        },
    )


def _page_url(recipient: str, number: int) -> str:
    return "?" + urlencode({"recipient": recipient, "page": number} if recipient else {"page": number})


@_demo_only
@require_safe
def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as it looks or as text, with the link that it carries."""
    mail = _mail_or_404(name)
    as_text = request.GET.get("visa") == "text" or not mail.html
    here = reverse("mailbox-message", args=[name])
    return render(
        request,
        "notifications/mailbox_message.html",
        {
            "mail": mail,
            "as_text": as_text,
            "breadcrumbs": [{"label": _("Brevlåda"), "url": reverse("mailbox")}, {"label": mail.subject}],
            "meta": [
                {
                    "label": _("Till"),
                    "text": ", ".join(f"{who} <{address}>" for who, address in mail.recipients),
                },
                {"label": _("Från"), "text": mail.sender},
                {"label": _("Skickat"), "text": date_format(timezone.localtime(mail.arrived), "j F Y H.i")},
                *([{"label": _("Bilagor"), "text": ", ".join(mail.attachments)}] if mail.attachments else []),
            ],
            "actions": [{"label": _("Öppna det som mejlet länkar till"), "url": mail.link}]
            if mail.link
            else [],
            "tabs": [
                {"label": _("Som det ser ut"), "url": here, "current": not as_text},
                {"label": _("Som text"), "url": f"{here}?visa=text", "current": as_text},
            ]
            if mail.html
            else [],
        },
    )


@_demo_only
@require_safe
@xframe_options_sameorigin
def mailbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail's HTML, for the frame: in a sandbox, with a policy of its own."""
    mail = _mail_or_404(name)
    if not mail.html:
        raise Http404
    shown = mail.html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(shown, headers={"Content-Security-Policy": _MAIL_POLICY})
