"""Who has the ball: whom a case waits for, since when, until when, and who has already done their part.

A party's own decision chain is its own: to others it is one line, "with LiU for decision", without names, dates or
how far it has come, whatever stands behind it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from viewflow.workflow.status import STATUS

from cases.access import Access
from cases.models import Case, Organisation, Person, Role
from workflows.models import WorkItem
from workflows.policy import Action, waits_for
from workflows.views.presenters.absence import absence_note, named_with_absence
from workflows.views.presenters.days import day_text, due_state

#: How many names of a role's holders are written out.
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Waiting:
    """One thing that a case waits for. ``item_id`` is None for what is another party's own."""

    who: str
    role: str = ""
    party: str = ""
    party_name: str = ""
    tone: int = 1
    since: str = ""
    due: str = ""
    due_state: str = ""
    you: bool = False
    item_id: int | None = None
    open: bool = False
    marks: tuple[str, ...] = ()
    away: str = ""


@dataclass(frozen=True)
class Acted:
    """Somebody who has done their part of what goes on now."""

    who: str
    what: str
    when: str
    at: dt.datetime


def tones(parties: Iterable[Organisation]) -> dict[int, int]:
    """The colour of each party's badge: its place in the partnership."""
    return {party.pk: order for order, party in enumerate(parties, 1)}


def is_anothers(item: WorkItem, access: Access) -> bool:
    """Whether the item is internal to a party that is not the reader's."""
    return item.internal_to_id is not None and not access.sees_internal(item.internal_to_id)


def role_text(item: WorkItem) -> str:
    """The role that the item waits for, with the body where it is held at one."""
    role = str(Role(item.role).label) if item.role else ""
    if item.body is not None:
        return _("%(role)s, %(body)s") % {"role": role, "body": item.body}
    return role


def with_party(party: Organisation | None) -> str:
    """What others are told of a party's own chain."""
    return _("Hos %(party)s för beslut") % {"party": party.short_name if party is not None else ""}


def marks_of(item: WorkItem) -> tuple[str, ...]:
    """What has been done so that the step should be: when it was last reminded of, when it was escalated."""
    marks = []
    if item.reminded_at is not None:
        day = day_text(timezone.localtime(item.reminded_at).date())
        marks.append(_("Påminnelse skickad %(day)s") % {"day": day})
    if item.escalated_at is not None:
        day = day_text(timezone.localtime(item.escalated_at).date())
        marks.append(_("Eskalerad %(day)s") % {"day": day})
    return tuple(marks)


def names_text(people: list[Person]) -> str:
    names = ", ".join(person.name for person in people[:NAMES_SHOWN])
    if len(people) <= NAMES_SHOWN:
        return names
    more = len(people) - NAMES_SHOWN
    return ngettext("%(names)s och %(n)s till", "%(names)s och %(n)s till", more) % {
        "names": names,
        "n": more,
    }


def waiting_for(
    case: Case,
    unfinished: Iterable[WorkItem],
    access: Access,
    *,
    today: dt.date,
    holders: Mapping[str, list[Person]],
    stand_ins: Mapping[int, list[Person]],
    party_tones: Mapping[int, int],
) -> list[Waiting]:
    """The lines of the box "who has the ball", soonest due first."""
    lines: list[Waiting] = []
    told: set[int] = set()
    rows = list(unfinished)
    asked = [item for item in rows if _is_anothers_answer(item, access)]
    if asked:
        lines.append(_those_asked(asked, today))
    for item in rows:
        if _is_anothers_answer(item, access):
            continue
        party = item.party
        badge = (
            {"party": party.short_name, "party_name": party.label, "tone": party_tones.get(party.pk, 1)}
            if party is not None
            else {}
        )
        if is_anothers(item, access):
            if party is not None and party.pk not in told:
                told.add(party.pk)
                since = day_text(timezone.localtime(case.stage_since).date())
                lines.append(Waiting(with_party(party), since=since, **badge))
            continue
        if item.status == STATUS.SCHEDULED:
            assert item.scheduled is not None
            until = day_text(timezone.localtime(item.scheduled).date())
            lines.append(
                Waiting(item.title, role=_("Väntar till %(day)s") % {"day": until}, item_id=item.pk, **badge)
            )
            continue
        people = holders.get(item.holder_key, [])
        waited_for = [item.owner] if item.owner is not None else people
        lines.append(
            Waiting(
                who=item.owner.name if item.owner is not None else names_text(people) or role_text(item),
                role=_("%(step)s (%(role)s)") % {"step": item.title, "role": role_text(item)},
                since=day_text(timezone.localtime(item.created).date()),
                due=day_text(item.due_on) if item.due_on is not None and item.open else "",
                due_state=due_state(item.due_on, today) if item.open else "",
                you=item.open and waits_for(access, item),
                item_id=item.pk,
                open=item.open,
                marks=marks_of(item),
                away=absence_note(waited_for, stand_ins.get(item.pk, []), today) if item.open else "",
                **badge,
            )
        )
    return lines


def _who_acted(person: Person, other: Person | None) -> str:
    if other is None:
        return person.name
    return _("%(name)s för %(other)s") % {"name": person.name, "other": other.name}


def _is_anothers_answer(item: WorkItem, access: Access) -> bool:
    """Whether the item is an answer to a referral that somebody else is to give: those are told together."""
    return item.step == Action.REFERRAL_ANSWER and not waits_for(access, item)


def _those_asked(items: list[WorkItem], today: dt.date) -> Waiting:
    """One line for all who have yet to answer a referral: its section tells who they are."""
    due = min((item.due_on for item in items if item.due_on is not None and item.open), default=None)
    return Waiting(
        who=ngettext("%(n)s remissinstans", "%(n)s remissinstanser", len(items)) % {"n": len(items)},
        role=items[0].title,
        since=day_text(timezone.localtime(items[0].created).date()),
        due=day_text(due) if due is not None else "",
        due_state=due_state(due, today),
    )


def have_acted(case: Case, items: Iterable[WorkItem], access: Access) -> list[Acted]:
    """Who has done a step of the kind that is open now, since the case came into its stage."""
    rows = list(items)
    open_steps = {
        item.step for item in rows if item.status in (STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED)
    } - {Action.REFERRAL_ANSWER}
    acted = [
        Acted(_who_acted(item.done_by, item.done_for), item.title, moment, item.finished)
        for item in rows
        if item.step in open_steps
        and item.status == STATUS.DONE
        and item.done_by is not None
        and item.finished is not None
        and item.finished >= case.stage_since
        and not is_anothers(item, access)
        and (moment := day_text(timezone.localtime(item.finished).date()))
    ]
    return sorted(acted, key=lambda line: line.at)


def _named(owner: Person, item: WorkItem, today: dt.date) -> str:
    """Whom a task waits for; that they are away matters only when nobody does it meanwhile."""
    return owner.name if item.is_covered else named_with_absence(owner, today)


@dataclass(frozen=True)
class BallInBrief:
    """Who has the ball, for a row in a list: one text a line, and the soonest date that the reader may know."""

    lines: list[str]
    due: dt.date | None


def ball_in_brief(
    case: Case, unfinished: Iterable[WorkItem], access: Access, *, today: dt.date
) -> BallInBrief:
    """The same in a few words. Tasks of one step are told together, with how many there are.

    The items come from :func:`workflows.queries.unfinished_items`, which says whether somebody stands in.
    """
    if case.is_draft:
        return BallInBrief([_("Utkast, inte inlämnat")], None)
    if case.is_closed:
        return BallInBrief([case.get_end_state_display()], None)
    if case.is_on_hold:
        return BallInBrief([_("Vilande")], None)
    lines: list[str] = []
    groups: dict[str, list[WorkItem]] = {}
    for item in unfinished:
        if is_anothers(item, access):
            text = with_party(item.party)
            if text not in lines:
                lines.append(text)
        elif item.status == STATUS.SCHEDULED:
            assert item.scheduled is not None
            until = day_text(timezone.localtime(item.scheduled).date())
            lines.append(_("%(step)s: väntar till %(day)s") % {"step": item.title, "day": until})
        elif item.open:
            groups.setdefault(item.step, []).append(item)
    told = []
    for group in groups.values():
        first = group[0]
        if len(group) > 1:
            told.append(_("%(step)s: %(n)s återstår") % {"step": first.title, "n": len(group)})
        else:
            who = _named(first.owner, first, today) if first.owner is not None else role_text(first)
            if first.party is not None and first.owner is None:
                who = _("%(role)s hos %(party)s") % {"role": who, "party": first.party.short_name}
            told.append(_("%(step)s: %(who)s") % {"step": first.title, "who": who})
    dates = [item.due_on for group in groups.values() for item in group if item.due_on is not None]
    return BallInBrief(told + lines, min(dates, default=None))
