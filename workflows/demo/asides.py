"""What people do to a case beside its steps, as the walk chooses among it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cases.errors import AlreadyDone, DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from cases.models import Case, Person, StatementKind, Vote, VoteChoice
from workflows import case_acts, inbox
from workflows.act import access_for
from workflows.demo import wording
from workflows.demo.chooser import Chooser
from workflows.meetings.votes import make_statement
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.steps.vote import change_vote, close_voting

Act = Callable[[], Any]
Prepare = Callable[[Case, list[WorkItem], Person, Chooser, dt.datetime], Act | None]


@dataclass(frozen=True)
class Aside:
    """An act beside the steps. ``action`` None: whoever holds an open task may; ``refusals``: foreseen by the rules."""

    name: str
    weight: int
    action: Action | None
    prepare: Prepare
    fits: Callable[[Case, list[WorkItem]], bool] = lambda case, items: True
    refusals: tuple[type[DomainError], ...] = ()
    #: Whether it ends or stops the case: such acts are rarer the longer a case has gone on.
    ends: bool = False


def _running(case: Case, _items: list[WorkItem]) -> bool:
    return not case.is_on_hold


def _has_items(_case: Case, items: list[WorkItem]) -> bool:
    return bool(items)


def _comment(case: Case, _items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime) -> Act:
    access = access_for(person, now)
    own = [party for party in case.partnership.parties.all() if access.sees_internal(party.pk)]
    internal_to = chooser.pick([None, *own])
    return lambda: case_acts.add_comment(
        case_id=case.pk, actor=person, text="Har någon stämt av detta?", internal_to=internal_to, now=now
    )


def _document(case: Case, _items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime) -> Act:
    number = case.documents.count() + 1
    upload = ContentFile(
        f"Anteckning {number} i ärendet {case.title}.\n".encode(), name=f"anteckning-{number}.txt"
    )
    return lambda: case_acts.add_document(
        case_id=case.pk, actor=person, title=f"Anteckning {number}", upload=upload, now=now
    )


def _version(
    case: Case, _items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime
) -> Act | None:
    document = case.documents.order_by("pk").first()
    if document is None:
        return None
    upload = ContentFile(f"Ny lydelse {case.event_count}.\n".encode(), name="anteckning.txt")
    return lambda: case_acts.add_document_version(
        case_id=case.pk, document_id=document.pk, actor=person, upload=upload, now=now
    )


def _reassign(
    case: Case, items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime
) -> Act | None:
    item = chooser.pick(items)
    item.case = case
    people = list(case_acts.eligible_for(item, on=timezone.localtime(now).date()))
    if not people:
        return None
    to = chooser.pick(people)
    return lambda: case_acts.reassign(
        case_id=case.pk,
        item_id=item.pk,
        actor=person,
        to=to,
        reason="Jämnare fördelning av arbetet.",
        now=now,
    )


def _remind(case: Case, items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime) -> Act:
    item = chooser.pick(items)
    return lambda: case_acts.remind(case_id=case.pk, item_id=item.pk, actor=person, now=now)


def _claim(case: Case, items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime) -> Act:
    item = chooser.pick(items)
    return lambda: inbox.claim(item_id=item.pk, actor=person, now=now)


def _release(case: Case, items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime) -> Act:
    item = chooser.pick(items)
    return lambda: inbox.release(item_id=item.pk, actor=person, now=now)


def _hand_over(
    case: Case, items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime
) -> Act | None:
    item = chooser.pick(items)
    item.case = case
    others = list(inbox.colleagues(item, person, on=timezone.localtime(now).date()))
    if not others:
        return None
    to = chooser.pick(others)
    return lambda: inbox.hand_over(item_id=item.pk, actor=person, to=to, now=now)


def _voting(_case: Case, items: list[WorkItem]) -> bool:
    return any(item.step == Action.VOTE for item in items)


def _change_vote(
    case: Case, _items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime
) -> Act | None:
    vote = (
        Vote.objects.filter(cast_by=person, deliberation__case=case, deliberation__party=None)
        .filter(deliberation__concluded_at=None, deliberation__agenda_item=None)
        .exclude(choice=VoteChoice.RECUSED)
        .select_related("deliberation")
        .first()
    )
    if vote is None:
        return None
    choice = chooser.pick([VoteChoice.AGAINST, VoteChoice.FOR_AMENDED, VoteChoice.ABSTAIN, VoteChoice.FOR])
    amended = wording.amended(vote.deliberation.proposed_text) if choice == VoteChoice.FOR_AMENDED else ""
    return lambda: change_vote(
        case_id=case.pk,
        deliberation_id=vote.deliberation_id,
        actor=person,
        choice=choice,
        amendment=amended,
        now=now,
    )


def _make_statement(
    case: Case, _items: list[WorkItem], person: Person, chooser: Chooser, now: dt.datetime
) -> Act | None:
    deliberation = case.deliberations.filter(concluded_at__isnull=False, votes__cast_by=person).last()
    if deliberation is None:
        return None
    kind = chooser.pick(list(StatementKind))
    return lambda: make_statement(
        deliberation_id=deliberation.pk, actor=person, kind=kind, text="Jag anför en annan mening.", now=now
    )


ASIDES: dict[str, Aside] = {
    aside.name: aside
    for aside in (
        Aside("comment", 6, Action.COMMENT, _comment),
        Aside("add document", 3, Action.ADD_DOCUMENT, _document),
        Aside("add version", 2, Action.ADD_DOCUMENT, _version, refusals=(InvalidInput,)),
        Aside(
            "ask",
            4,
            Action.ASK,
            lambda case, items, person, chooser, now: (
                lambda: case_acts.ask_proposer(
                    case_id=case.pk, actor=person, text="Hur många deltar?", now=now
                )
            ),
            _running,
        ),
        Aside(
            "hold",
            2,
            Action.HOLD,
            lambda case, items, person, chooser, now: (
                lambda: case_acts.hold(
                    case_id=case.pk, actor=person, reason="Parterna inväntar budgetbeslut.", now=now
                )
            ),
            _running,
            ends=True,
        ),
        Aside(
            "resume",
            30,
            Action.RESUME,
            lambda case, items, person, chooser, now: (
                lambda: case_acts.resume(case_id=case.pk, actor=person, now=now)
            ),
            lambda case, items: case.is_on_hold,
        ),
        Aside(
            "withdraw",
            2,
            Action.WITHDRAW,
            lambda case, items, person, chooser, now: (
                lambda: case_acts.withdraw(
                    case_id=case.pk, actor=person, reason="Behovet har upphört.", now=now
                )
            ),
            ends=True,
        ),
        Aside(
            "cancel",
            1,
            Action.CANCEL,
            lambda case, items, person, chooser, now: (
                lambda: case_acts.cancel(
                    case_id=case.pk, actor=person, reason="Ärendet hanteras i en annan ordning.", now=now
                )
            ),
            ends=True,
        ),
        # Internal steps of another party are not the coordinator's to touch, and not everybody can have every task.
        Aside("reassign", 4, Action.REASSIGN, _reassign, _has_items, (NotAllowed, InvalidInput)),
        Aside("remind", 3, Action.REMIND, _remind, _has_items, (NotAllowed, WrongState)),
        Aside("claim", 5, None, _claim, _has_items, (NotAllowed, NotFound, AlreadyDone)),
        Aside("release", 3, None, _release, _has_items, (NotAllowed, NotFound)),
        Aside("hand over", 3, None, _hand_over, _has_items, (NotAllowed, NotFound)),
        # The voting may be closed, and who had a conflict took no part; the time for statements runs out.
        Aside("change vote", 4, Action.CHANGE_VOTE, _change_vote, refusals=(WrongState, AlreadyDone)),
        Aside("make statement", 2, Action.MAKE_STATEMENT, _make_statement, refusals=(WrongState, NotAllowed)),
        Aside(
            "close voting",
            4,
            Action.CLOSE_VOTING,
            lambda case, items, person, chooser, now: (
                lambda: close_voting(case_id=case.pk, actor=person, now=now)
            ),
            _voting,
            (InvalidInput,),
        ),
    )
}
