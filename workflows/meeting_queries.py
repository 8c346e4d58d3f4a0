"""What the pages of a body's meetings read: a fixed number of statements, however many members and items there are.

Who sees a body is asked of :mod:`cases.access`. Of an item somebody sees no more than of its case: nothing of one that
they do not see, or in which they have a conflict of interest in this body (section 5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import models
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
    MeetingStatus,
    MemberStatement,
    Response,
    Role,
    RoleHolding,
    Seat,
    Vote,
)
from cases.models.meetings import BEFORE_MEETING
from workflows.deliberation import VOTING_ROLES, Tally
from workflows.meetings.rules import rules_of
from workflows.meetings.session import tally_with
from workflows.models import ProfileVersion, WorkItem
from workflows.policy import Action
from workflows.profile import ChainStep, DeliberationRules, profile_of, profile_of_version

#: How many meetings a list shows.
MEETINGS_SHOWN = 50
#: How many of a profile's usual days are suggested, and how far ahead they are looked for.
DAYS_SUGGESTED, DAYS_AHEAD = 4, 400


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


# Lists


def usual_days(body: Body, today: dt.date) -> list[dt.date]:
    """The body's coming usual meeting days by its partnership's newest profile. One statement at most."""
    if body.partnership_id is None:
        return []
    versions = ProfileVersion.objects.filter(profile__partnership_id=body.partnership_id)
    version = versions.order_by("-number").first()
    if version is None:
        return []
    profile = profile_of_version(version)
    if profile.steering_body_id != body.pk:
        return []
    ahead = today + dt.timedelta(days=DAYS_AHEAD)
    return list(profile.rules.meeting_dates(today, ahead))[:DAYS_SUGGESTED]


def coming_meetings(body: Body) -> list[Meeting]:
    """Planned, called and open meetings, the soonest first. One statement."""
    rows = body.meetings.filter(status__in=[*BEFORE_MEETING, MeetingStatus.OPEN]).order_by("starts_at", "pk")
    return list(rows.annotate(matters=models.Count("items"))[:MEETINGS_SHOWN])


def held_meetings(body: Body) -> list[Meeting]:
    """Held and cancelled meetings, the newest first. One statement."""
    rows = body.meetings.exclude(status__in=[*BEFORE_MEETING, MeetingStatus.OPEN])
    return list(rows.annotate(matters=models.Count("items")).order_by("-starts_at", "-pk")[:MEETINGS_SHOWN])


def later_meetings(meeting: Meeting) -> list[Meeting]:
    """The body's later meetings, to which a matter can be tabled. One statement."""
    rows = meeting.body.meetings.filter(status__in=BEFORE_MEETING, starts_at__gt=meeting.starts_at)
    return list(rows.order_by("starts_at", "pk")[:MEETINGS_SHOWN])


def own_meetings(access: Access) -> list[Meeting]:
    """The coming meetings that concern the person: of bodies in which they hold a role, or to which they are called.

    One statement, and one more for each of the two kinds of relation shown.
    """
    bodies = sorted(access.body_ids)
    concerned = Q(body__in=bodies) | Q(pk__in=_called_to(access.person_id))
    rows = (
        Meeting.objects.filter(concerned, status__in=[*BEFORE_MEETING, MeetingStatus.OPEN])
        .select_related("body__organisation", "body__partnership")
        .prefetch_related(
            Prefetch("seats", Seat.objects.filter(member_id=access.person_id), to_attr="own_seats"),
        )
        .annotate(
            asked_as_deputy=models.Exists(
                DeputyCall.objects.filter(
                    seat__meeting=models.OuterRef("pk"),
                    deputy_id=access.person_id,
                    response=Response.WAITING,
                )
            )
        )
        .order_by("starts_at", "pk")
    )
    return [meeting for meeting in rows[:MEETINGS_SHOWN] if access.sees_body(meeting.body)]


def _called_to(person_id: int) -> models.QuerySet[Seat, int]:
    mine = Q(member_id=person_id) | Q(serving_id=person_id) | Q(calls__deputy_id=person_id)
    return Seat.objects.filter(mine).values_list("meeting_id", flat=True)


# Deputies


def deputies_by_member(body_id: int, on: dt.date) -> dict[int, list[RoleHolding]]:
    """Each member's deputies in the order in which they step in. One statement."""
    found: dict[int, list[RoleHolding]] = {}
    rows = (
        RoleHolding.objects.current(on)
        .filter(body_id=body_id, role__in=VOTING_ROLES, deputy_for__isnull=False, person__is_active=True)
        .select_related("person")
        .order_by("deputy_order", "pk")
    )
    for row in rows:
        if row.deputy_for_id is not None:
            known = found.setdefault(row.deputy_for_id, [])
            if all(other.person_id != row.person_id for other in known):
                known.append(row)
    return found


def members_with_people(body_id: int, on: dt.date) -> list[RoleHolding]:
    """The ordinary voting members on the date, each once, the chair first. One statement."""
    rows = (
        RoleHolding.objects.current(on)
        .ordinary()
        .filter(body_id=body_id, role__in=VOTING_ROLES, person__is_active=True)
        .select_related("person", "represents")
        .order_by("role", "person__name", "pk")
    )
    found: dict[int, RoleHolding] = {}
    for row in sorted(rows, key=lambda held: held.role != Role.STEERING_CHAIR):
        found.setdefault(row.person_id, row)
    return list(found.values())


def secretaries_of(body_id: int, on: dt.date) -> list[RoleHolding]:
    """The body's secretaries on the date. One statement."""
    rows = RoleHolding.objects.current(on).filter(body_id=body_id, role=Role.SECRETARY)
    return list(rows.select_related("person").order_by("deputy_for", "person__name", "pk"))


def agenda_of_case(case_id: int, body: Body) -> AgendaItem | None:
    """Where the case stands on a coming or open meeting's agenda of the body. One statement."""
    return (
        AgendaItem.objects.filter(
            case_id=case_id,
            meeting__body=body,
            meeting__status__in=[*BEFORE_MEETING, MeetingStatus.OPEN],
            status__in=[AgendaStatus.WAITING, AgendaStatus.OPEN],
        )
        .select_related("meeting")
        .first()
    )


def people_there(seats: Iterable[Seat]) -> list[Seat]:
    """The seats in which somebody has taken part, present or gone."""
    return [seat for seat in seats if seat.serving_id is not None and seat.arrived_at is not None]
