"""Dispatch (expediering): every case that the meeting settled gets the extract of its paragraph, and those concerned hear."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import documents
from cases.errors import NotFound
from cases.models import AgendaItem, AgendaStatus, Meeting, Person
from cases.papers.minutes import extract_paper
from cases.papers.names import file_name
from cases.papers.pdf import pdf_of
from workflows import meeting_policy
from workflows.act import access_for
from workflows.meeting_policy import MeetingAction
from workflows.meetings.act import acting_on_meeting


def to_dispatch(meeting: Meeting) -> list[AgendaItem]:
    """The settled cases whose extract has not been dispatched."""
    rows = meeting.items.filter(status=AgendaStatus.DONE, case__isnull=False, dispatched_at__isnull=True)
    return list(rows.select_related("case").order_by("paragraph"))


def dispatch_extracts(*, meeting_id: int, actor: Person, now: dt.datetime) -> int:
    """Dispatch every extract that has not been. Each case is an act of its own: a stop in between loses and repeats
    none. Returns how many were dispatched."""
    meeting = Meeting.objects.select_related("body", "chair", "secretary").filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound()
    meeting_policy.require_meeting(access_for(actor, now), MeetingAction.DISPATCH, meeting)
    return sum(_dispatch(meeting, item, actor, now) for item in to_dispatch(meeting))


def _dispatch(meeting: Meeting, item: AgendaItem, actor: Person, now: dt.datetime) -> bool:
    paper = extract_paper(meeting, item, certified_by=actor.name, at=now)
    content = ContentFile(pdf_of(paper, at=now), file_name(paper, "pdf"))
    with acting_on_meeting(meeting_id=meeting.pk, actor=actor, action=MeetingAction.DISPATCH, now=now) as act:
        fresh = act.item(item.pk)
        if fresh.dispatched_at is not None or fresh.case_id is None:
            return False
        internal_to = meeting.body.organisation
        with act.case_even_closed(fresh.case_id) as case_act:
            with override("sv"):
                title = _("Protokollsutdrag § %(n)s, %(body)s") % {
                    "n": fresh.paragraph,
                    "body": meeting.body.name,
                }
            version = documents.add_document(
                case=case_act.case,
                title=title[:200],
                upload=content,
                actor=actor,
                internal_to=internal_to,
                now=now,
            )
            case_act.record(
                "extract_dispatched",
                internal_to=internal_to,
                body=meeting.body_id,
                meeting=meeting.pk,
                paragraph=fresh.paragraph,
                year=fresh.year,
                document=version.document_id,
                title=title,
                sha256=version.sha256,
            )
        fresh.dispatched_at = now
        fresh.save(update_fields=["dispatched_at"])
        act.record("extract_dispatched", item=fresh.pk, paragraph=fresh.paragraph, case=fresh.case_id)
        return True
