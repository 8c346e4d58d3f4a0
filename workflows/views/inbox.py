"""The inbox: the person's tasks, claiming, releasing and handing over, and the proposals that they follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.access import Access
from cases.errors import AlreadyDone, InvalidInput, NotAllowed
from cases.models import Case
from workflows import inbox, policy
from workflows.forms.case_acts import HandOverForm
from workflows.meeting_inbox import Asked, InboxMeeting, inbox_meetings
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.queries import followed_cases, inbox_items
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, find_item, put_errors_on, status_of
from workflows.views.presenters.ball import ball_in_brief, role_text
from workflows.views.presenters.content import status_tag
from workflows.views.presenters.days import day_text, due_state, span_text

Item = dict[str, Any]


def _whose(item: WorkItem, access: Access) -> str:
    """Whether the task is the person's own, a role's that several share, or one that they do for somebody."""
    if item.owner_id == access.person_id:
        return _("Din uppgift")
    if item.owner is not None:
        return _("Du ersätter %(name)s") % {"name": item.owner.name}
    if item.party is not None:
        return _("%(role)s hos %(party)s, inte tagen") % {
            "role": role_text(item),
            "party": item.party.short_name,
        }
    return _("%(role)s, inte tagen") % {"role": role_text(item)}


def _is_own_proposal(item: WorkItem, access: Access) -> bool:
    """Whether the step is one that nobody may do to a proposal of their own."""
    return not policy.RULES[policy.Action(item.step)].own and item.case.created_by_id == access.person_id


def _buttons(item: WorkItem, access: Access) -> list[Item]:
    about = _("”%(step)s” i %(case)s") % {"step": item.title, "case": item.case.number}
    buttons: list[Item] = []
    personal = inbox.is_personal_by_nature(item)
    may_claim = policy.may_claim(access, item)
    if may_claim and not _is_own_proposal(item, access):
        buttons.append(
            {
                "label": _("Ta uppgiften"),
                "url": reverse("work-item-claim", args=[item.pk]),
                "post": True,
                "variant": "secondary",
            }
        )
    elif item.owner_id == access.person_id and not personal:
        buttons.append(
            {
                "label": _("Lämna tillbaka"),
                "url": reverse("work-item-release", args=[item.pk]),
                "post": True,
                "variant": "tertiary",
            }
        )
    if not personal and (item.owner_id == access.person_id or (may_claim and _is_own_proposal(item, access))):
        buttons.append(
            {
                "label": _("Lämna över"),
                "url": reverse("work-item-hand-over", args=[item.pk]),
                "variant": "tertiary",
            }
        )
    return [{**button, "about": about} for button in buttons]


def _card(item: WorkItem, access: Access, today: dt.date) -> Item:
    return {
        "url": reverse("work-item", args=[item.pk]),
        "title": item.title,
        "number": item.case.number,
        # Who is asked in a referral sees what it is about, which need not be the case's own title.
        "case_title": item.data.get("about") or item.case.title,
        "partnership": item.case.partnership.label,
        "owner": _("Ditt eget förslag: någon annan behöver göra detta")
        if _is_own_proposal(item, access)
        else _whose(item, access),
        "due": day_text(item.due_on) if item.due_on is not None else "",
        "due_state": due_state(item.due_on, today),
        "actions": _buttons(item, access),
    }


def _groups(items: list[WorkItem], access: Access, today: dt.date) -> list[Item]:
    """The tasks by when they are due: overdue, this week, later."""
    sunday = today + dt.timedelta(days=6 - today.weekday())
    groups: list[Item] = [
        {"id": "forsenade", "title": _("Försenade"), "cards": []},
        {"id": "veckan", "title": _("Den här veckan"), "cards": []},
        {"id": "senare", "title": _("Senare"), "cards": []},
    ]
    for item in items:
        assert item.due_on is not None
        number = 0 if item.due_on < today else 1 if item.due_on <= sunday else 2
        groups[number]["cards"].append(_card(item, access, today))
    return [group for group in groups if group["cards"]]


def _followed(case: Case, access: Access, today: dt.date) -> Item:
    ball = ball_in_brief(case, case.unfinished, access, today=today)  # type: ignore[attr-defined]
    return {
        "case": case,
        "url": reverse("proposal-edit" if case.is_draft else "case", args=[case.pk]),
        "tag": status_tag(case),
        "lines": [] if case.is_draft or case.is_on_hold else ball.lines,
    }


#: What a meeting asks, and the page on which it is done.
_MEETING_ASKS: dict[Asked, tuple[str | Promise, str]] = {
    Asked.ANSWER: (gettext_lazy("Svara på kallelsen"), "meeting-answer"),
    Asked.ANSWER_AS_DEPUTY: (gettext_lazy("Svara om du kan tjänstgöra"), "meeting-answer"),
    Asked.ADJUST: (gettext_lazy("Justera protokollet"), "meeting-minutes"),
    Asked.NOTHING: (gettext_lazy("Nästa möte"), "meeting"),
}


def _meeting(row: InboxMeeting) -> Item:
    title, page = _MEETING_ASKS[row.asked]
    meeting = row.meeting
    return {
        "title": _("Mötet pågår") if meeting.is_open else title,
        "url": reverse(page, args=[meeting.pk]),
        "text": meeting.body.label,
        "meta": _("%(when)s, %(place)s")
        % {"when": span_text(meeting.starts_at, meeting.ends_at), "place": meeting.place},
    }


@require_safe
@answers_domain_errors
def show_inbox(request: SignedInRequest) -> HttpResponse:
    """The person's open tasks by when they are due, what meetings ask of them, and their own proposals."""
    access, today = request.access, timezone.localdate()
    items = inbox_items(access)
    meetings = inbox_meetings(access, timezone.now())
    context = {
        "total": len(items),
        "meetings_ask": any(row.asked for row in meetings),
        "meetings": [_meeting(row) for row in meetings],
        "groups": _groups(items, access, today),
        "followed": [_followed(case, access, today) for case in followed_cases(access, today=today)],
    }
    return render(request, "workflows/inbox.html", context)


@require_POST
@answers_domain_errors
def claim_item(request: SignedInRequest, *, item_id: int) -> HttpResponse:
    """Take a task that waits for a role, and go to it."""
    item = inbox.claim(item_id=item_id, actor=request.user, now=timezone.now())
    text = _("Du har tagit uppgiften ”%(step)s”. Andra i samma roll ser att den är din.") % {
        "step": item.title
    }
    messages.success(request, text)
    return redirect("work-item", item_id)


@require_POST
@answers_domain_errors
def release_item(request: SignedInRequest, *, item_id: int) -> HttpResponse:
    """Put a claimed task back for all who hold the role."""
    item = inbox.release(item_id=item_id, actor=request.user, now=timezone.now())
    announce(request, _("Du har lämnat tillbaka uppgiften ”%(step)s”.") % {"step": item.title}, item.case_id)
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def hand_over_item(request: SignedInRequest, *, item_id: int) -> HttpResponse:
    """Choose the colleague who takes the task over."""
    item, now = find_item(request.access, item_id), timezone.now()
    if item.finished is not None:
        raise AlreadyDone()
    if item.owner_id != request.user.pk and not policy.may_claim(request.access, item):
        raise NotAllowed()
    people = inbox.colleagues(item, request.user, on=timezone.localdate(now))
    form = HandOverForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            inbox.hand_over(item_id=item_id, actor=request.user, to=to, now=now)
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            text = _("%(name)s har nu uppgiften ”%(step)s”.") % {"name": to.name, "step": item.title}
            messages.success(request, text)
            return redirect("inbox")
    context = {"item": item, "form": form, "nobody": not people.exists()}
    return render(request, "workflows/inbox_hand_over.html", context, status=status_of(form))


urlpatterns = [
    path("", show_inbox, name="inbox"),
    path("uppgifter/<int:item_id>/ta/", claim_item, name="work-item-claim"),
    path("uppgifter/<int:item_id>/lamna-tillbaka/", release_item, name="work-item-release"),
    path("uppgifter/<int:item_id>/lamna-over/", hand_over_item, name="work-item-hand-over"),
]
