"""The case page: where the case is, who has it, what it says, and everything that has happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.access import Access, own_party_among
from workflows import policy
from workflows.forms.case_acts import CommentForm
from workflows.middleware import SignedInRequest
from workflows.policy import Action
from workflows.profile import profile_of
from workflows.queries import CaseReading, read_case
from workflows.views.errors import answers_domain_errors
from workflows.views.presenters import ball, content, process_drawing, sections, stepper, timeline
from workflows.views.presenters.days import day_text, due_state, moment_text
from workflows.views.presenters.next_steps import next_text

Item = dict[str, Any]

#: The acts in the case's menu: right, URL name, icon, whether it ends something.
_ACTS: tuple[tuple[Action, str, str, bool], ...] = (
    (Action.ASK, "case-ask", "comment", False),
    (Action.CLOSE_VOTING, "case-close-voting", "vote", False),
    (Action.HOLD, "case-hold", "pause", False),
    (Action.RESUME, "case-resume", "refresh", False),
    (Action.WITHDRAW, "case-withdraw", "undo", True),
    (Action.CANCEL, "case-cancel", "cross", True),
)


def _act_label(action: Action) -> str:
    match action:
        case Action.ASK:
            return _("Fråga initiativtagaren")
        case Action.CLOSE_VOTING:
            return _("Stäng röstningen")
        case Action.HOLD:
            return _("Lägg vilande")
        case Action.RESUME:
            return _("Återuppta")
        case Action.WITHDRAW:
            return _("Återkalla förslaget")
        case _:
            return _("Avbryt ärendet")


def _acts(read: CaseReading, access: Access) -> list[Item]:
    """The acts that the person may do now. Voting can be closed only while somebody's vote is awaited."""
    voting = any(item.open and item.step == Action.VOTE for item in read.unfinished)
    return [
        {
            "label": _act_label(action),
            "url": reverse(name, args=[read.case.pk]),
            "icon": icon,
            "variant": "secondary",
            "danger": danger,
        }
        for action, name, icon, danger in _ACTS
        if policy.may(access, action, read.case) and (action is not Action.CLOSE_VOTING or voting)
    ]


def _facts(read: CaseReading, access: Access) -> list[Item]:
    case = read.case
    own_first = sorted(
        read.registry_numbers,
        key=lambda row: (row.organisation_id not in access.own_organisation_ids, row.pk),
    )
    numbers = [
        _("%(number)s (%(party)s)") % {"number": row.text, "party": row.organisation.short_name}
        for row in own_first
    ]
    organisation = case.created_by.organisation
    proposer = (
        _("%(name)s, %(organisation)s")
        % {"name": case.created_by.name, "organisation": organisation.short_name}
        if organisation is not None
        else case.created_by.name
    )
    facts: list[Item] = [
        {
            "label": _("Diarienummer"),
            "texts": numbers,
            "empty": _("Inte registrerat") if case.is_closed else _("Inte registrerat än"),
        },
        {
            "label": _("Samarbete"),
            "text": case.partnership.label,
            "url": reverse("partnership", args=[case.partnership.slug]),
        },
        {"label": _("Område"), "text": case.area.label if case.area is not None else ""},
        {"label": _("Slag"), "text": case.proposal.get_kind_display()},
        {"label": _("Initiativtagare"), "text": proposer},
    ]
    if case.submitted_at is not None:
        facts.append({"label": _("Inlämnat"), "text": day_text(timezone.localtime(case.submitted_at).date())})
    if case.closed_at is not None:
        facts.append({"label": _("Avslutat"), "text": day_text(timezone.localtime(case.closed_at).date())})
    if case.round > 1:
        facts.append({"label": _("Beredningsomgång"), "text": str(case.round)})
    return facts


def _own_tasks(read: CaseReading, access: Access, today: dt.date) -> list[Item]:
    return [
        {
            "url": reverse("work-item", args=[item.pk]),
            "title": item.title,
            "owner": ball.role_text(item),
            "due": day_text(item.due_on) if item.due_on is not None else "",
            "due_state": due_state(item.due_on, today),
        }
        for item in read.unfinished
        if item.open and policy.may_step(access, item, read.case)
    ]


def _sections(context: Item) -> list[Item]:
    """The page's sections in order, those with nothing in them left out, for the links at the top."""
    read: CaseReading = context["read"]
    candidates: list[tuple[str, str, int | None, bool]] = [
        ("stallningstaganden", _("Parternas behov"), len(read.statements), bool(read.statements)),
        ("beredning", _("Beredning"), None, bool(read.memos or read.deliberations)),
        ("avtal", _("Avtal"), None, read.agreement is not None),
        ("beslut", _("Beslut"), len(read.decisions), bool(read.decisions)),
        ("uppfoljning", _("Uppföljning"), len(read.reports), bool(read.reports)),
        ("fragor", _("Frågor"), len(read.questions), bool(read.questions)),
        (
            "handlingar",
            _("Handlingar"),
            len(read.documents),
            bool(read.documents) or context["may_add_document"],
        ),
        ("kommentarer", _("Kommentarer"), len(read.comments), bool(read.comments) or context["may_comment"]),
        ("processen", _("Processen"), None, read.process is not None),
        ("narliggande", _("Närliggande ärenden"), len(read.related), bool(read.related)),
        ("historik", _("Historik"), None, True),
    ]
    return [
        {"id": key, "label": label, "url": f"#{key}", "count": count or ""}
        for key, label, count, shown in candidates
        if shown
    ]


@require_safe
@answers_domain_errors
def show_case(request: SignedInRequest, *, case_id: int) -> HttpResponse:
    """Everything that the person may read of the case."""
    access, today = request.access, timezone.localdate()
    read = read_case(access, case_id, today=today, all_events=request.GET.get("history") == "all")
    case = read.case
    if case.is_draft:
        return redirect("proposal-edit", case_id)
    profile = profile_of(read.process) if read.process is not None else None
    tones = ball.tones(read.parties)
    names = timeline.Names(read.people, {party.pk: party for party in read.parties})
    may_add_document = policy.may(access, Action.ADD_DOCUMENT, case)
    documents, older_documents = sections.document_items(case, read.documents, may_add_document)
    may_comment = policy.may(access, Action.COMMENT, case)
    context: Item = {
        "read": read,
        "case": case,
        "tags": [content.status_tag(case)],
        "facts": _facts(read, access),
        "acts": _acts(read, access),
        "stages": stepper.stages(case, read.agreement, read.events),
        "own_tasks": _own_tasks(read, access, today),
        "waiting": ball.waiting_for(
            case, read.unfinished, access, today=today, holders=read.holders, party_tones=tones
        ),
        "acted": ball.have_acted(case, read.items, access),
        "next_text": next_text(read.unfinished, access, profile),
        "may_remind": policy.may(access, Action.REMIND, case),
        "may_reassign": policy.may(access, Action.REASSIGN, case),
        "proposal_items": content.proposal_items(case),
        "funding": content.funding_table(case),
        "goals": [{"goal": goal, "overarching": goal.pk in read.overarching_goals} for goal in read.goals],
        "statements": [{"row": row, "tone": tones.get(row.party_id, 1)} for row in read.statements],
        "memos": [{"row": memo, "items": sections.memo_items(memo)} for memo in reversed(read.memos)],
        "deliberations": [sections.deliberation_view(row, access) for row in reversed(read.deliberations)],
        "agreement_versions": [
            sections.agreement_view(row, read.parties) for row in reversed(read.agreement_versions)
        ],
        "decisions": [
            {
                **sections.decision_view(row, row.party_id in access.own_organisation_ids),
                "tone": tones.get(row.party_id, 1),
            }
            for row in read.decisions
        ],
        "reports": [sections.report_view(row) for row in reversed(read.reports)],
        "documents": documents,
        "older_documents": older_documents,
        "may_add_document": may_add_document,
        "may_comment": may_comment,
        "comment_form": CommentForm(parties=own_party_among(access, read.parties)) if may_comment else None,
        "drawing": process_drawing.in_words(process_drawing.positions(read.items)),
        "events": timeline.tell_all(read.events, names),
        "held_since": _held_since(read),
    }
    context["sections"] = _sections(context)
    return render(request, "workflows/case.html", context)


def _held_since(read: CaseReading) -> str:
    """Since when and why the case rests; empty when it does not."""
    held = (
        next((event for event in read.events if event.kind == "held"), None) if read.case.is_on_hold else None
    )
    if held is None:
        return ""
    return _("Vilande sedan %(when)s. Skäl: %(reason)s") % {
        "when": moment_text(held.at),
        "reason": held.data["reason"],
    }
