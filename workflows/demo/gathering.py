"""Random people at the meetings of bodies: planning, calling, coming and going, voting, settling, or not getting to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cases.history import Recorder
from cases.meeting_history import MeetingRecorder
from cases.models import (
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Case,
    DeliberationOutcome,
    Meeting,
    MeetingStatus,
)
from workflows.act import Act
from workflows.demo.meeting_acts import Doing, MeetingActs
from workflows.meetings import agenda, session
from workflows.meetings.act import MeetingAct

FORWARD = (
    DeliberationOutcome.RECOMMEND,
    DeliberationOutcome.RECOMMEND_AMENDED,
    DeliberationOutcome.DECLINE,
    DeliberationOutcome.NOTE,
)
_WEIGHTS = {
    DeliberationOutcome.RECOMMEND: 8,
    DeliberationOutcome.RECOMMEND_AMENDED: 4,
    DeliberationOutcome.TABLE: 3,
}


class Gathering(MeetingActs):
    """The meetings of one body, as a walk moves them on."""

    # Towards a case's settlement

    def forward(self, case: Case) -> Doing:
        """What brings the case nearer to being settled by the body."""
        meeting = self.body.meetings.filter(status=MeetingStatus.OPEN).first()
        if meeting is not None:
            return self._at_open(meeting, case)
        found = self._coming().filter(items__case=case, items__status=AgendaStatus.WAITING).first()
        if found is None:
            coming = self._coming().exclude(items__case=case).first()
            return self.put(coming, [case.pk]) if coming is not None else self.plan()
        if found.status == MeetingStatus.PLANNED:
            return self.call(found)
        if found.starts_at <= self.now and self._all_there(found):
            return self.open(found)
        return self.roll_all(found)

    def _at_open(self, meeting: Meeting, case: Case) -> Doing:
        item = meeting.items.filter(status=AgendaStatus.OPEN).select_related("deliberation", "case").first()
        if item is not None and item.case_id != case.pk:
            return self.put_back(meeting, item)
        if item is not None:
            allowed = self.allowed(meeting, item)
            if not set(allowed) & set(FORWARD) and not self._all_there(meeting):
                return self.roll_all(meeting)
            outcome = next((one for one in FORWARD if one in allowed), DeliberationOutcome.TABLE)
            return self.settle(meeting, item, outcome)
        own = meeting.items.filter(case=case).first()
        if own is None:
            elsewhere = self._coming().filter(items__case=case, items__status=AgendaStatus.WAITING)
            return self.close(meeting) if elsewhere.exists() else self.put(meeting, [case.pk])
        return self.take_up(meeting, own) if own.status == AgendaStatus.WAITING else self.close(meeting)

    def _all_there(self, meeting: Meeting) -> bool:
        return all(seat.is_present for seat in meeting.seats.all())

    # Whatever may happen

    def whatever(self) -> Doing | None:
        """Something that can be done at one of the body's meetings now; None when there is nothing."""
        options = list(self._options())
        return self.chooser.weighted(options)() if options else None

    def _options(self) -> Iterator[tuple[int, Callable[[], Doing | None]]]:
        open_one = self.body.meetings.filter(status=MeetingStatus.OPEN).first()
        if open_one is not None:
            yield from self._while_open(open_one)
        for meeting in self._coming()[:2]:
            yield 1, partial(self.free_item, meeting)
            yield 1, partial(self.reports, meeting)
            yield 1, partial(self.remove, meeting)
            yield 1, partial(self.move, meeting)
            yield 1, partial(self.cancel, meeting)
            yield 1, partial(self.change, meeting)
            if meeting.status == MeetingStatus.CALLED:
                yield 6, partial(self.answer, meeting)
                yield 1, partial(self.call, meeting)
                yield 2, partial(self.declare, meeting)
                yield 2, partial(self.roll_some, meeting)
                yield 2, partial(self.open_if_there, meeting)
        if self._coming().count() < 3:
            yield 2, self.plan
        held = self.body.meetings.filter(status=MeetingStatus.CLOSED).order_by("-starts_at").first()
        if held is not None:
            yield 2, lambda: self.adjusting(held)
        adjusted = self.body.meetings.filter(status=MeetingStatus.ADJUSTED).first()
        if adjusted is not None:
            yield 3, lambda: self.post(adjusted)

    def _while_open(self, meeting: Meeting) -> Iterator[tuple[int, Callable[[], Doing | None]]]:
        yield 2, lambda: self.come_or_go(meeting)
        yield 1, lambda: self.appoint(meeting)
        item = meeting.items.filter(status=AgendaStatus.OPEN).select_related("deliberation", "case").first()
        if item is None:
            yield 4, lambda: self.take_up_any(meeting)
            yield 2, lambda: self.close(meeting)
            return
        yield 1, lambda: self.put_back(meeting, item)
        if item.kind != AgendaKind.CASE:
            yield 8, lambda: self.settle_other(meeting, item)
            return
        yield 12, lambda: self.vote(meeting, item)
        yield 2, lambda: self.declare(meeting)
        yield 1, lambda: self.close_ballot(meeting, item)
        yield 4, lambda: self.settle_any(meeting, item)

    # Settling

    def allowed(self, meeting: Meeting, item: AgendaItem) -> list[DeliberationOutcome]:
        """The outcomes that the votes and the step's place in its chain allow now."""
        assert item.case is not None
        assert item.deliberation is not None
        work = agenda.waiting_items(self.body).filter(case=item.case).select_related("process").first()
        if work is None or item.case.is_on_hold or item.case.is_closed:
            return []
        actor = self._actor(item)
        meeting_act = MeetingAct(meeting, actor, self.now, MeetingRecorder(meeting, actor, self.now))
        case_act = Act(item.case, actor, self.now, Recorder(item.case, actor, self.now), process=work.process)
        tally, _recused = session.tally_at(meeting_act, case_act, item.deliberation)
        outcomes = tally.allowed_outcomes()
        if item.deliberation.party_id is None:
            return outcomes
        outcomes = [one for one in outcomes if one in session.OUTCOME_OF_CHAIN]
        if work.data["kind"] not in ("decide", "delegate"):
            ends = (DeliberationOutcome.DECLINE, DeliberationOutcome.NOTE)
            outcomes = [one for one in outcomes if one not in ends]
        return outcomes

    def settle_any(self, meeting: Meeting, item: AgendaItem) -> Doing | None:
        allowed = self.allowed(meeting, item)
        if not allowed:
            return self.put_back(meeting, item)
        assert item.case is not None
        # Ways back are seldomer with every round, so that a case does not go in circles for ever.
        return self.settle(
            meeting,
            item,
            self.chooser.weighted(
                [
                    (_WEIGHTS.get(one, 1) * (12 if one in FORWARD else max(1, 12 // item.case.round)), one)
                    for one in allowed
                ]
            ),
        )
