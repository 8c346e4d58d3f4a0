"""What the pages of a body's meetings read: a fixed number of statements, however many members and items there are.

Who sees a body is asked of :mod:`cases.access`. Of an item somebody sees no more than of its case: nothing of one that
they do not see, or in which they have a conflict of interest in this body (section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q

from cases.access import Access
from cases.errors import NotFound
from cases.models import (
    Adjuster,
    AgendaItem,
    AgendaKind,
    AgendaStatus,
    Body,
    Conflict,
    DelegatedReport,
    Deliberation,
    DeputyCall,
    Meeting,
    MemberStatement,
    Response,
    Seat,
    Vote,
)
from workflows.deliberation import Tally
from workflows.meetings.rules import rules_of
from workflows.meetings.session import tally_with
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.profile import ChainStep, DeliberationRules, profile_of


def find_meeting(access: Access, meeting_id: int) -> Meeting:
    """The meeting, if the person sees its body. Raises NotFound with the same answer whether it exists or not."""
    meeting = (
        Meeting.objects.select_related("body__organisation", "body__partnership", "chair", "secretary")
        .filter(pk=meeting_id)
        .first()
    )
    if meeting is None or not access.sees_body(meeting.body):
        raise NotFound()
    return meeting


def find_body(access: Access, slug: str) -> Body:
    """The body, if the person sees its meetings. Raises NotFound."""
    body = Body.objects.select_related("organisation", "partnership").filter(slug=slug).first()
    if body is None or not access.sees_body(body):
        raise NotFound()
    return body


@dataclass
class MeetingReading:
    """Everything of a meeting that one person's pages may need; each part is read when it is first asked for."""

    meeting: Meeting
    access: Access

    @cached_property
    def items(self) -> list[AgendaItem]:
        """The agenda in its order. One statement."""
        rows = self.meeting.items.select_related("case", "deliberation", "tabled_to")
        items = list(rows.order_by("order", "pk"))
        for item in items:
            item.meeting = self.meeting
        return items

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats with the deputies who were called. Two statements."""
        calls = Prefetch("calls", DeputyCall.objects.select_related("deputy"))
        return list(
            self.meeting.seats.select_related("member", "serving", "party")
            .prefetch_related(calls)
            .order_by("-is_chair", "member__name", "pk")
        )

    @cached_property
    def conflicts(self) -> dict[int, list[Conflict]]:
        """The conflicts of interest in this body, by case. One statement."""
        cases = [item.case_id for item in self.items if item.case_id is not None]
        found: dict[int, list[Conflict]] = {}
        rows = Conflict.objects.filter(body_id=self.meeting.body_id, case__in=cases).select_related("person")
        for row in rows:
            found.setdefault(row.case_id, []).append(row)
        return found

    @cached_property
    def reports(self) -> dict[int, list[DelegatedReport]]:
        """The delegated decisions that are reported, by item, of cases that the person sees. One statement."""
        wanted = [item.pk for item in self.items if item.kind == AgendaKind.DELEGATED]
        found: dict[int, list[DelegatedReport]] = {}
        if not wanted:
            return found
        rows = DelegatedReport.objects.filter(agenda_item__in=wanted)
        for row in rows.select_related("decision__case", "decision__decided_by"):
            if self.access.sees(row.decision.case) and row.agenda_item_id is not None:
                found.setdefault(row.agenda_item_id, []).append(row)
        return found

    @cached_property
    def adjusters(self) -> list[Adjuster]:
        """Who adjusts the minutes. One statement."""
        return list(self.meeting.adjusters.select_related("person"))

    @cached_property
    def rules(self) -> DeliberationRules:
        """How the body deliberates. One statement."""
        return rules_of(self.meeting.body)

    def is_conflicted(self, item: AgendaItem) -> bool:
        """Whether the person has a conflict of interest in the item."""
        if item.case_id is None:
            return False
        return any(row.person_id == self.access.person_id for row in self.conflicts.get(item.case_id, []))

    def hides(self, item: AgendaItem) -> bool:
        """Whether the person may know no more of the item than that it is there."""
        if item.case is None:
            return False
        return self.is_conflicted(item) or not self.access.sees(item.case)

    def item(self, item_id: int) -> AgendaItem:
        """An item that the person may read. Raises NotFound."""
        found = next((item for item in self.items if item.pk == item_id), None)
        if found is None or self.hides(found):
            raise NotFound()
        return found

    @property
    def open_item(self) -> AgendaItem | None:
        """The item that is dealt with now."""
        return next((item for item in self.items if item.status == AgendaStatus.OPEN), None)

    @property
    def next_item(self) -> AgendaItem | None:
        """The first item that has not been dealt with."""
        return next((item for item in self.items if item.status == AgendaStatus.WAITING), None)

    @property
    def present(self) -> int:
        """How many seats are filled now."""
        return sum(seat.is_present for seat in self.seats)

    @property
    def needed(self) -> int:
        """How many need to be there for a quorum."""
        return self.rules.members_needed(len(self.seats))

    @property
    def has_quorum(self) -> bool:
        return bool(self.seats) and self.present >= self.needed

    @cached_property
    def own_seat(self) -> Seat | None:
        """The seat that is the person's own as a member."""
        return next((seat for seat in self.seats if seat.member_id == self.access.person_id), None)

    @property
    def own_place(self) -> Seat | None:
        """The seat that the person fills now, as a member or a deputy."""
        me = self.access.person_id
        return next((seat for seat in self.seats if seat.serving_id == me and seat.is_present), None)

    @cached_property
    def own_call(self) -> DeputyCall | None:
        """The call that the person has got as a deputy, the one that waits for an answer first."""
        calls = [
            call
            for seat in self.seats
            for call in seat.calls.all()
            if call.deputy_id == self.access.person_id
        ]
        order = {Response.WAITING: 0, Response.ACCEPTED: 1}
        return min(calls, key=lambda call: order.get(Response(call.response), 2), default=None)


@dataclass
class ItemReading:
    """A case item as it stands at the meeting: its step, its deliberation, the votes, the tally."""

    read: MeetingReading
    item: AgendaItem

    @cached_property
    def work_item(self) -> WorkItem | None:
        """The step of the case that the body settles, or has settled. One statement."""
        at_meeting = Q(step=Action.AT_MEETING) | Q(step=Action.DECIDE, data__at_meeting=True)
        return (
            WorkItem.objects.filter(at_meeting, case=self.item.case, body=self.read.meeting.body)
            .select_related(
                "case__proposal", "case__area", "case__partnership", "case__created_by", "process"
            )
            .order_by("-open", "-pk")
            .first()
        )

    @cached_property
    def rules(self) -> DeliberationRules:
        """How the body deliberates on this case: by the profile that it began with."""
        work = self.work_item
        if work is None or work.process is None:
            return self.read.rules
        step = str(work.data.get("chain_step", ""))
        return profile_of(work.process).rules_of_body(self.read.meeting.body_id, step)

    @cached_property
    def chain_step(self) -> ChainStep | None:
        """The step of a party's chain that is settled; None in the partnership's own body."""
        work = self.work_item
        if work is None or work.process is None or "chain_step" not in work.data:
            return None
        chain = profile_of(work.process).chain(work.data["party"])
        return next((step for step in chain if step.id == work.data["chain_step"]), None)

    @cached_property
    def chain(self) -> tuple[ChainStep, ...]:
        """All steps of the party's chain."""
        work = self.work_item
        if work is None or self.chain_step is None or work.process is None:
            return ()
        return profile_of(work.process).chain(work.data["party"])

    @property
    def deliberation(self) -> Deliberation | None:
        return self.item.deliberation

    @cached_property
    def votes(self) -> list[Vote]:
        """The votes so far. One statement."""
        if self.deliberation is None:
            return []
        return list(self.deliberation.votes.select_related("member", "cast_by", "party"))

    @property
    def sees_votes(self) -> bool:
        """Whether the person may see how others have voted."""
        return self.deliberation is None or self.read.access.sees_votes(self.deliberation, self.votes)

    @cached_property
    def tally(self) -> Tally | None:
        """How the vote stands. Two statements."""
        if self.deliberation is None or self.item.case is None:
            return None
        return tally_with(self.deliberation, self.rules, self.item.case, self.read.seats)[0]

    @cached_property
    def statements(self) -> list[MemberStatement]:
        """Dissents and special statements. One statement."""
        if self.deliberation is None:
            return []
        return list(self.deliberation.statements.select_related("person"))

    @property
    def own_vote(self) -> Vote | None:
        """The vote that the person has cast."""
        return next((vote for vote in self.votes if vote.cast_by_id == self.read.access.person_id), None)
