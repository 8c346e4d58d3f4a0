"""The minutes: made as PDF/A and Word, adjusted by those appointed, posted (section 5)."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, WrongState
from cases.models import (
    Adjuster,
    AgendaItem,
    AgendaStatus,
    Meeting,
    MeetingStatus,
    MemberStatement,
    Minutes,
    Person,
)
from cases.papers.docx import docx_of
from cases.papers.minutes import minutes_paper
from cases.papers.pdf import pdf_of
from workflows import meeting_policy
from workflows.act import access_for
from workflows.meeting_policy import MeetingAction, Personal
from workflows.meetings.act import MeetingAct, acting_on_meeting


def _read(meeting_id: int, actor: Person, action: MeetingAction, now: dt.datetime) -> Meeting:
    meeting = Meeting.objects.select_related("body", "chair", "secretary").filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound()
    meeting_policy.require_meeting(access_for(actor, now), action, meeting)
    return meeting


def newest_minutes(meeting: Meeting) -> Minutes | None:
    """The newest version; once all have adjusted it, the one that says so."""
    return meeting.minutes.order_by("-number").first()


def is_outdated(meeting: Meeting) -> bool:
    """Whether something was changed or added after the newest version was made: it can then not be adjusted."""
    newest = newest_minutes(meeting)
    if newest is None:
        return True
    added = MemberStatement.objects.filter(
        deliberation__agenda_item__meeting=meeting, made_at__gt=newest.made_at
    )
    return meeting.events.filter(kind="notes_edited", at__gt=newest.made_at).exists() or added.exists()


def make_minutes(*, meeting_id: int, actor: Person, now: dt.datetime) -> Minutes:
    """Make the next version of a closed meeting's minutes. Those who have adjusted an earlier one have to do so anew.

    The files are set before the transaction begins, from what has been committed; raises AlreadyDone when somebody
    changed the meeting meanwhile.
    """
    meeting = _read(meeting_id, actor, MeetingAction.WRITE_MINUTES, now)
    paper = minutes_paper(meeting)
    pdf, docx = pdf_of(paper, at=now), docx_of(paper, at=now)
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.WRITE_MINUTES, now=now
    ) as act:
        if act.meeting.event_head != meeting.event_head:
            raise AlreadyDone(_("Någon annan ändrade protokollet samtidigt. Försök igen."))
        minutes = _store(act, pdf, docx)
        act.meeting.adjusters.update(minutes=None, adjusted_at=None)
        act.record("minutes_made", minutes=minutes.number, sha256=minutes.sha256)
        return minutes


def _store(act: MeetingAct, pdf: bytes, docx: bytes, *, is_final: bool = False) -> Minutes:
    newest = newest_minutes(act.meeting)
    number = newest.number + 1 if newest is not None else 1
    minutes = Minutes(
        meeting=act.meeting,
        number=number,
        sha256=hashlib.sha256(pdf).hexdigest(),
        is_final=is_final,
        made_by=act.actor,
        made_at=act.now,
    )
    minutes.pdf.save(f"{number}-{minutes.sha256}.pdf", ContentFile(pdf), save=False)
    minutes.docx.save(f"{number}-{minutes.sha256}.docx", ContentFile(docx), save=False)
    minutes.save()
    return minutes


def edit_notes(*, meeting_id: int, item_id: int, actor: Person, notes: str, now: dt.datetime) -> AgendaItem:
    """Change what the minutes say beside the decision of a paragraph, until they are adjusted."""
    with acting_on_meeting(
        meeting_id=meeting_id, actor=actor, action=MeetingAction.WRITE_MINUTES, now=now
    ) as act:
        item = act.item(item_id)
        if item.status != AgendaStatus.DONE:
            raise WrongState(_("Bara det som mötet avgjorde står i protokollet."))
        if item.notes == notes:
            raise AlreadyDone(_("Texten är densamma."))
        before, item.notes = item.notes, notes
        item.save(update_fields=["notes"])
        act.record("notes_edited", item=item.pk, paragraph=item.paragraph, before=before, after=notes)
        return item


def _adjuster(act: MeetingAct) -> Adjuster:
    row = act.meeting.adjusters.select_related("person").filter(person=act.actor).first()
    if row is None:
        raise NotAllowed(_("Du är inte utsedd att justera protokollet."))
    return row


def adjust_minutes(*, meeting_id: int, actor: Person, sha256: str, now: dt.datetime) -> Meeting:
    """An appointed adjuster confirms the version whose checksum they were shown. With the last one, the minutes are
    adjusted, and a version that tells of it is made.

    Raises InvalidInput when a newer version has come since the page was opened.
    """
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=Personal.ADJUST, now=now) as act:
        row = _adjuster(act)
        newest = newest_minutes(act.meeting)
        if newest is None or is_outdated(act.meeting):
            raise WrongState(_("Protokollet ändras. Vänta på nästa version."))
        if row.minutes_id == newest.pk:
            raise AlreadyDone(_("Du har redan justerat protokollet."))
        if sha256 != newest.sha256:
            raise InvalidInput(
                {"sha256": _("Protokollet har kommit i en ny version sedan du öppnade sidan. Läs den först.")}
            )
        row.minutes, row.adjusted_at = newest, now
        row.remark, row.remarked_at = "", None
        row.save()
        act.record("minutes_adjusted", minutes=newest.number, sha256=sha256, person=actor.pk)
        done = not act.meeting.adjusters.exclude(minutes=newest).exists()
        if done:
            act.meeting.status, act.meeting.adjusted_at = MeetingStatus.ADJUSTED, now
            act.record("meeting_adjusted", minutes=newest.number)
        return act.meeting


def remark_on_minutes(*, meeting_id: int, actor: Person, remark: str, now: dt.datetime) -> Adjuster:
    """An adjuster says what has to be corrected before they adjust."""
    if not remark:
        raise InvalidInput({"remark": _("Skriv vad som behöver rättas.")})
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=Personal.ADJUST, now=now) as act:
        row = _adjuster(act)
        row.remark, row.remarked_at = remark, now
        row.minutes, row.adjusted_at = None, None
        row.save()
        act.record("minutes_remarked", person=actor.pk, remark=remark)
        return row


def final_minutes(meeting: Meeting, *, actor: Person, now: dt.datetime) -> Minutes:
    """The adjusted minutes with what was said of the adjustment; made once, when they are first needed."""
    made = meeting.minutes.filter(is_final=True).first()
    if made is not None:
        return made
    adjusted = meeting.adjusters.select_related("minutes").first()
    if adjusted is None or adjusted.minutes is None or meeting.adjusted_at is None:
        raise WrongState(_("Protokollet är inte justerat."))
    paper = minutes_paper(meeting, adjusted=adjusted.minutes)
    pdf, docx = pdf_of(paper, at=meeting.adjusted_at), docx_of(paper, at=meeting.adjusted_at)
    with acting_on_meeting(meeting_id=meeting.pk, actor=actor, action=MeetingAction.DISPATCH, now=now) as act:
        again = act.meeting.minutes.filter(is_final=True).first()
        return again if again is not None else _store(act, pdf, docx, is_final=True)


def post_minutes(*, meeting_id: int, actor: Person, now: dt.datetime) -> Meeting:
    """Announce that the adjusted minutes are available (anslag), for as many days as the body's rules say."""
    meeting = _read(meeting_id, actor, MeetingAction.POST, now)
    final_minutes(meeting, actor=actor, now=now)
    with acting_on_meeting(meeting_id=meeting_id, actor=actor, action=MeetingAction.POST, now=now) as act:
        act.meeting.status, act.meeting.posted_at = MeetingStatus.POSTED, now
        last = timezone.localtime(now).date() + dt.timedelta(days=act.rules.posted_days)
        act.meeting.posted_until = last
        act.record("minutes_posted", until=last)
        return act.meeting
