"""The meeting while it is held: the items to go through, and how the vote on the present one stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import AgendaItem, AgendaStatus, Vote, VoteChoice
from workflows.meeting_queries import ItemReading, MeetingReading
from workflows.views.presenters.meetings import Item, item_state, item_title


def item_nav(read: MeetingReading, current: AgendaItem | None) -> list[Item]:
    """Every item as a link to where it is dealt with; what the person may not see has no link."""
    rows = []
    for number, item in enumerate(read.items, 1):
        hidden = read.hides(item)
        rows.append(
            {
                "number": item.number or f"{number}.",
                "title": item_title(read, item),
                "url": "" if hidden else reverse("meeting-session-item", args=[read.meeting.pk, item.pk]),
                "state": item_state(item)["text"] if not (hidden and item.outcome) else "",
                "done": item.status == AgendaStatus.DONE,
                "open": item.status == AgendaStatus.OPEN,
                "current": current is not None and item.pk == current.pk,
            }
        )
    return rows


def _vote_row(vote: Vote) -> Item:
    deputy = vote.cast_by_id != vote.member_id
    return {
        "name": vote.cast_by.name,
        "choice": vote.get_choice_display(),
        "instead_of": vote.member.name if deputy else "",
        "amendment": vote.amendment,
        "reasons": vote.reasons,
    }


def vote_view(at: ItemReading) -> Item | None:
    """How the vote stands: to who may see the votes all of it, to others how many have voted; None before it began."""
    tally, deliberation = at.tally, at.deliberation
    if tally is None or deliberation is None:
        return None
    view: Item = {
        "sees": at.sees_votes,
        "closed_ballot": deliberation.closed_ballot,
        "open": deliberation.takes_votes,
        "over": deliberation.is_concluded,
        "voted": ngettext(
            "%(voted)s av %(eligible)s har röstat.", "%(voted)s av %(eligible)s har röstat.", tally.voted
        )
        % {"voted": tally.voted, "eligible": tally.eligible},
        "quorum": _("%(present)s av %(eligible)s deltar i punkten, behövs %(needed)s: %(word)s")
        % {
            "present": tally.taking_part,
            "eligible": tally.eligible,
            "needed": tally.needed,
            "word": _("beslutfört") if tally.has_quorum else _("inte beslutfört"),
        },
        "has_quorum": tally.has_quorum,
        "nobody": tally.voted == 0,
    }
    if not at.sees_votes:
        return view
    cast = [vote for vote in at.votes if vote.choice != VoteChoice.RECUSED]
    amended = ngettext(
        "%(count)s av rösterna för är med ändring.",
        "%(count)s av rösterna för är med ändring.",
        tally.votes_amended,
    )
    return view | {
        "for": tally.in_favour,
        "against": tally.votes_against,
        "abstain": tally.abstained,
        "missing": max(tally.missing, 0),
        "recused": tally.recused,
        "text": amended % {"count": tally.votes_amended} if tally.votes_amended else "",
        "rows": [_vote_row(vote) for vote in cast],
        "waiting": _not_voted(at) if deliberation.takes_votes else [],
        "stand": _stand(at),
    }


def _not_voted(at: ItemReading) -> list[str]:
    """Those who sit there, can vote and have not."""
    voted = {vote.cast_by_id for vote in at.votes}
    out = {row.person_id for row in at.read.conflicts.get(at.item.case_id or 0, [])}
    if at.item.case is not None:
        out.add(at.item.case.created_by_id)
    return [
        seat.serving.name
        for seat in at.read.seats
        if seat.is_present and seat.serving is not None and seat.serving_id not in voted | out
    ]


def _stand(at: ItemReading) -> Item | None:
    """What the votes come to so far, in a sentence; nothing while nobody has voted."""
    tally = at.tally
    if tally is None or tally.voted == 0 or at.item.status == AgendaStatus.DONE:
        return None
    if not tally.has_quorum:
        return {"kind": "warning", "text": _("För få deltar: saken själv kan inte avgöras nu.")}
    if tally.carried is None:
        return {"kind": "info", "text": _("Rösterna är lika. Ordföranden har utslagsröst.")}
    if tally.carried:
        return {"kind": "success", "text": _("Rösterna bär förslaget.")}
    return {"kind": "warning", "text": _("Rösterna bär inte förslaget.")}


def conflict_rows(read: MeetingReading, item: AgendaItem) -> list[Item]:
    """Who has a conflict of interest in the item, and why."""
    return [
        {"name": row.person.name, "reason": row.reason} for row in read.conflicts.get(item.case_id or 0, [])
    ]


def statement_rows(at: ItemReading) -> list[dict[str, Any]]:
    """Dissents and special statements to the item's decision."""
    return [
        {"name": row.person.name, "kind": row.get_kind_display(), "text": row.text} for row in at.statements
    ]
