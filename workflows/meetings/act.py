"""One act at a meeting: one transaction, the meeting's row locked, the right asked, its history written at the end.

What happens to a case at a meeting happens in the same transaction, with the case's row locked as well: always the
meeting first and the case second, so that no two acts wait for each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.access import Access
from cases.errors import AlreadyDone, NotFound, WrongState
from cases.meeting_history import MeetingRecorder, lock_meeting
from cases.models import AgendaItem, Meeting, Person, Seat
from workflows import meeting_policy
from workflows.act import Act, access_for, acting_at_meeting
from workflows.meeting_policy import MeetingAction, Personal
from workflows.meetings.rules import rules_of
from workflows.profile import DeliberationRules


@dataclass
class MeetingAct:
    """What is being done right now, by whom, to which meeting."""

    meeting: Meeting
    actor: Person
    now: dt.datetime
    recorder: MeetingRecorder

    @property
    def access(self) -> Access:
        """The actor's access of the day."""
        return access_for(self.actor, self.now)

    @property
    def today(self) -> dt.date:
        """The act's date in Sweden."""
        return timezone.localtime(self.now).date()

    @cached_property
    def rules(self) -> DeliberationRules:
        """How the body deliberates, by the newest profile that says so."""
        return rules_of(self.meeting.body)

    @cached_property
    def seats(self) -> list[Seat]:
        """The meeting's seats. One statement."""
        return list(self.meeting.seats.select_related("member", "serving", "party"))

    def record(self, kind: str, **data: object) -> None:
        """Add an event to the meeting's history. The meeting's row is written with it."""
        self.recorder.record(kind, **data)

    def item(self, item_id: int) -> AgendaItem:
        """An item of the meeting's agenda. Raises NotFound."""
        item = self.meeting.items.select_related("case", "deliberation").filter(pk=item_id).first()
        if item is None:
            raise NotFound()
        item.meeting = self.meeting
        return item

    @contextmanager
    def case_even_closed(self, case_id: int) -> Iterator[Act]:
        """Tell a case something in the same transaction, whether or not it is still open."""
        with acting_at_meeting(case_id=case_id, actor=self.actor, now=self.now) as act:
            yield act

    @contextmanager
    def case(self, case_id: int) -> Iterator[Act]:
        """Act on a case in the same transaction."""
        with acting_at_meeting(case_id=case_id, actor=self.actor, now=self.now) as act:
            if act.case.is_closed:
                raise WrongState(_("Ärendet %(number)s är avslutat.") % {"number": act.case.number})
            yield act


@contextmanager
def acting_on_meeting(
    *, meeting_id: int, actor: Person, action: MeetingAction | Personal, now: dt.datetime
) -> Iterator[MeetingAct]:
    """Act on a meeting. Raises NotFound, NotAllowed or WrongState by :mod:`workflows.meeting_policy`; AlreadyDone when the
    database let somebody else be first."""
    try:
        with transaction.atomic():
            try:
                meeting = lock_meeting(meeting_id)
            except Meeting.DoesNotExist:
                raise NotFound() from None
            access = access_for(actor, now)
            if isinstance(action, Personal):
                meeting_policy.require_personal(access, action, meeting)
            else:
                meeting_policy.require_meeting(access, action, meeting)
            act = MeetingAct(meeting, actor, now, MeetingRecorder(meeting, actor, now))
            yield act
            act.recorder.flush()
    except IntegrityError as error:
        raise AlreadyDone() from error
