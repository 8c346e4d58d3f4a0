"""Lists around a body's meetings: its coming and held ones, one's own, its usual days, its members and their deputies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Prefetch, Q

from cases.access import Access
from cases.models import (
    AgendaItem,
    AgendaStatus,
    Body,
    DeputyCall,
    Meeting,
    MeetingStatus,
    Response,
    Role,
    RoleHolding,
    Seat,
)
from cases.models.meetings import BEFORE_MEETING
from cases.models.roles import VOTING_ROLES
from workflows.models import ProfileVersion
from workflows.profile import profile_of_version

#: How many meetings a list shows.
MEETINGS_SHOWN = 50
#: How many of a profile's usual days are suggested, and how far ahead they are looked for.
DAYS_SUGGESTED, DAYS_AHEAD = 4, 400


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
