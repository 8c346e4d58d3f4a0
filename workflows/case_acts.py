"""What people do to a case beside its steps: withdraw, hold, resume, cancel, ask, reassign, remind, comment, add a file."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import PROCESS, STATUS

from cases import documents
from cases.errors import InvalidInput, NotAllowed, WrongState
from cases.models import (
    Case,
    CaseStatus,
    Comment,
    DocumentVersion,
    EndState,
    Organisation,
    Person,
    Question,
    Role,
    RoleHolding,
)
from cases.models.roles import VOTING_ROLES, person_key
from cases.roles import give_role
from workflows.act import Act, access_for, acting_on_case, take_item
from workflows.due_dates import move_due
from workflows.flows import ProposalFlow
from workflows.flows.branches import close_case
from workflows.models import WorkItem
from workflows.policy import RULES, Action
from workflows.referrals import postpone_referral
from workflows.steps.prepare import name_reporter
from workflows.working_days import working_days_between


def _end_process(act: Act, end_state: EndState) -> None:
    assert act.process is not None
    act.cancel_open()
    act.process.status, act.process.finished = PROCESS.CANCELED, act.now
    act.process.save(update_fields=["status", "finished"])
    close_case(act, end_state)


def withdraw(*, case_id: int, actor: Person, reason: str, now: dt.datetime) -> Case:
    """The proposer takes the proposal back, until the parties have begun to decide."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.WITHDRAW, now=now) as act:
        act.record("withdrawn", reason=reason)
        _end_process(act, EndState.WITHDRAWN)
        return act.case


def cancel(*, case_id: int, actor: Person, reason: str, now: dt.datetime) -> Case:
    """The coordinator breaks the case off, with a reason."""
    if not reason:
        raise InvalidInput({"reason": _("Ange skälet till att ärendet avbryts.")})
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CANCEL, now=now) as act:
        act.record("cancelled", reason=reason)
        _end_process(act, EndState.CANCELLED)
        return act.case


def hold(*, case_id: int, actor: Person, reason: str, now: dt.datetime) -> Case:
    """Put the case on hold: nobody's task is open and no date runs until it is resumed."""
    if not reason:
        raise InvalidInput({"reason": _("Ange varför ärendet ska vila.")})
    with acting_on_case(case_id=case_id, actor=actor, action=Action.HOLD, now=now) as act:
        act.case.status = CaseStatus.ON_HOLD
        WorkItem.objects.filter(case=act.case, open=True).update(open=False)
        act.record("held", reason=reason)
        return act.case


def resume(*, case_id: int, actor: Person, now: dt.datetime) -> Case:
    """Take the case up again; every task has as many working days left as when it was put on hold."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.RESUME, now=now) as act:
        act.case.status = CaseStatus.OPEN
        held = act.case.events.filter(kind="held").latest("seq")
        items = list(
            WorkItem.objects.filter(
                case=act.case, flow_task_type="HUMAN", status__in=[STATUS.NEW, STATUS.ASSIGNED]
            )
        )
        rested = working_days_between(timezone.localtime(held.at).date(), act.today)
        for item in items:
            item.open = True
            move_due(item, rested, rules=act.profile.rules, today=act.today)
        WorkItem.objects.bulk_update(items, ["open", "due_on", "timer", "timer_at"])
        postpone_referral(act, rested)
        act.record("resumed", rested_working_days=rested)
        act.note_opened(items)
        return act.case


def ask_proposer(*, case_id: int, actor: Person, text: str, now: dt.datetime) -> Question:
    """Ask the proposer for information. The case goes on meanwhile; the answer is seen by all who see the case."""
    if not text:
        raise InvalidInput({"text": _("Skriv din fråga.")})
    with acting_on_case(case_id=case_id, actor=actor, action=Action.ASK, now=now) as act:
        question = Question.objects.create(case=act.case, asked_by=actor, asked_at=now, text=text)
        act.record("question_asked", question=question.pk, text=text)
        ProposalFlow.asked.run(act, {"question": question.pk})
        return question


def eligible_for(item: WorkItem, *, on: dt.date) -> models.QuerySet[Person]:
    """The people to whom the item can be given: who hold its role today, there or elsewhere at the same party.

    The latter so that a task never waits for nobody but the proposer, who may not do it. A vote and its conclusion can
    go to any voting seat of the body, deputies included; a task of a case role (proposer, reporter) to anybody at
    one of the parties.
    """
    case = item.case
    holdings = RoleHolding.objects.current(on)
    if item.step == Action.REFERRAL_ANSWER:
        # An answer is given by the very body or organisation that was asked; one asked in person answers in person.
        asked = holdings.filter(key=item.role_key)
        return Person.objects.filter(pk__in=asked.values("person_id"), is_active=True).order_by("name")
    if item.role in (Role.PROPOSER, Role.REPORTER):
        people = Person.objects.filter(organisation__party_rows__partnership_id=case.partnership_id)
    elif item.step in (Action.VOTE, Action.CONCLUDE):
        seats = holdings.filter(body_id=item.body_id, role__in=VOTING_ROLES)
        people = Person.objects.filter(pk__in=seats.values("person_id"))
    else:
        if item.party_id is not None:
            near = models.Q(organisation_id=item.party_id) | models.Q(body__organisation_id=item.party_id)
        else:
            near = models.Q(partnership_id=case.partnership_id) | models.Q(
                organisation__party_rows__partnership_id=case.partnership_id
            )
        same = holdings.filter(models.Q(key=item.role_key) | (models.Q(role=item.role) & near))
        people = Person.objects.filter(pk__in=same.values("person_id"))
    if not RULES[Action(item.step)].own:
        people = people.exclude(pk=case.created_by_id)
    return people.filter(is_active=True).distinct().order_by("name")


def _let_see(act: Act, item: WorkItem, person: Person) -> None:
    """Whoever takes over a task of a case role holds that role in the case, and so sees the case."""
    if item.role == Role.REPORTER:
        name_reporter(act, person)
    elif item.role == Role.PROPOSER and person.pk != act.case.created_by_id:
        held = RoleHolding.objects.ordinary().filter(case=act.case, role=Role.PROPOSER, person=person)
        if not held.exists():
            give_role(person=person, role=Role.PROPOSER, scope=act.case, valid_from=act.today)


def reassign(
    *, case_id: int, item_id: int, actor: Person, to: Person, reason: str, now: dt.datetime
) -> WorkItem:
    """Give an open task to a named person, with a reason. Raises InvalidInput when the person cannot have it."""
    if not reason:
        raise InvalidInput({"reason": _("Ange skälet.")})
    with acting_on_case(case_id=case_id, actor=actor, action=Action.REASSIGN, now=now) as act:
        item = take_item(act, item_id)
        if not access_for(actor, now).sees_internal(item.internal_to_id):
            raise NotAllowed()
        if not eligible_for(item, on=act.today).filter(pk=to.pk).exists():
            raise InvalidInput({"to": _("Personen kan inte göra den uppgiften.")})
        if item.step == Action.VOTE and item.data["member"] != to.pk:
            _check_can_vote_for(item, to)
        _let_see(act, item, to)
        before = item.owner_id
        item.owner, item.holder_key, item.status = to, person_key(to.pk), STATUS.ASSIGNED
        item.assigned = now
        WorkItem.objects.filter(pk=item.pk, open=True).update(
            owner=to, holder_key=item.holder_key, status=item.status, assigned=now
        )
        act.record(
            "reassigned",
            internal_to=item.internal_to_id,
            item=item.pk,
            step=item.step,
            before=before,
            to=to.pk,
            reason=reason,
        )
        act.note_opened([item])
        return item


def _check_can_vote_for(item: WorkItem, person: Person) -> None:
    """A vote can pass to somebody who has none of their own in the same deliberation: nobody votes twice."""
    deliberation = item.data["deliberation"]
    others = WorkItem.objects.filter(
        case=item.case, step=Action.VOTE, data__deliberation=deliberation
    ).exclude(pk=item.pk)
    if others.filter(models.Q(owner=person) | models.Q(done_by=person)).exists():
        raise InvalidInput({"to": _("Personen har redan en röst i överläggningen.")})


def was_reminded_lately(item: WorkItem, now: dt.datetime) -> bool:
    """Whether those who can do the task have been reminded within the last day, by somebody or by its timer."""
    return item.reminded_at is not None and item.reminded_at > now - dt.timedelta(days=1)


def remind(*, case_id: int, item_id: int, actor: Person, now: dt.datetime) -> WorkItem:
    """Send those who can do the task a reminder now. Once a day for each task."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.REMIND, now=now) as act:
        item = take_item(act, item_id)
        if not item.open:
            raise WrongState(_("Uppgiften väntar och kan inte göras ännu."))
        if not access_for(actor, now).sees_internal(item.internal_to_id):
            raise NotAllowed()
        if was_reminded_lately(item, now):
            raise WrongState(_("En påminnelse har redan skickats det senaste dygnet."))
        item.reminded_at = now
        WorkItem.objects.filter(pk=item.pk).update(reminded_at=now)
        act.record("reminded", internal_to=item.internal_to_id, item=item.pk, items=[item.pk], step=item.step)
        return item


def add_comment(
    *, case_id: int, actor: Person, text: str, internal_to: Organisation | None = None, now: dt.datetime
) -> Comment:
    """Comment, for all who see the case or internally to a party that the person belongs to."""
    if not text:
        raise InvalidInput({"text": _("Skriv en kommentar.")})
    with acting_on_case(case_id=case_id, actor=actor, action=Action.COMMENT, now=now) as act:
        _check_internal(act, actor, internal_to)
        comment = Comment.objects.create(
            case=act.case, author=actor, internal_to=internal_to, text=text, created_at=now
        )
        act.record("commented", internal_to=internal_to, comment=comment.pk)
        return comment


def add_document(
    *,
    case_id: int,
    actor: Person,
    title: str,
    upload: File[bytes],
    internal_to: Organisation | None = None,
    now: dt.datetime,
) -> DocumentVersion:
    """Add a document to the case, for all who see it or internally to the person's own party."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.ADD_DOCUMENT, now=now) as act:
        _check_internal(act, actor, internal_to)
        version = documents.add_document(
            case=act.case, title=title, upload=upload, actor=actor, internal_to=internal_to, now=now
        )
        _record_version(act, version)
        return version


def add_document_version(
    *, case_id: int, document_id: int, actor: Person, upload: File[bytes], now: dt.datetime
) -> DocumentVersion:
    """Add a newer version of a document; the older ones stay."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.ADD_DOCUMENT, now=now) as act:
        document = act.case.documents.filter(pk=document_id).first()
        if document is None or not access_for(actor, now).sees_internal(document.internal_to_id):
            raise InvalidInput({"file": _("Handlingen finns inte i ärendet.")})
        version = documents.add_version(
            document=document, upload=upload, inspected=documents.inspect(upload), actor=actor, now=now
        )
        _record_version(act, version)
        return version


def _record_version(act: Act, version: DocumentVersion) -> None:
    act.record(
        "document_added",
        internal_to=version.document.internal_to_id,
        document=version.document_id,
        version=version.number,
        title=version.document.title,
        sha256=version.sha256,
    )


def _check_internal(act: Act, actor: Person, internal_to: Organisation | None) -> None:
    if internal_to is None:
        return
    if internal_to not in act.parties or not access_for(actor, act.now).sees_internal(internal_to.pk):
        raise InvalidInput({"internal_to": _("Du kan bara skriva internt hos din egen part.")})
