"""The inbox: claim a task, release it, hand it over to a colleague in the same role."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import STATUS

from cases.access import access_of
from cases.delegations import lock_people
from cases.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound
from cases.history import Recorder, lock_case
from cases.models import Person, RoleHolding
from cases.models.roles import person_key
from workflows import policy
from workflows.act import access_for
from workflows.case_acts import eligible_for
from workflows.models import WorkItem


def _locked(item_id: int, actor: Person, now: dt.datetime) -> WorkItem:
    """The item with its case locked, when the person may know of it."""
    found = WorkItem.objects.filter(pk=item_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound()
    case = lock_case(found)
    item = WorkItem.objects.select_related("owner").get(pk=item_id)
    item.case = case
    access = access_for(actor, now)
    if not policy.concerns(access, item) and (
        not access.sees(case) or not access.sees_internal(item.internal_to_id)
    ):
        raise NotFound()
    if not item.open:
        raise AlreadyDone()
    return item


def _give(item: WorkItem, to: Person | None, kind: str, actor: Person, now: dt.datetime) -> WorkItem:
    before, for_id = item.owner_id, policy.acts_for(access_for(actor, now), item)
    item.owner = to
    item.holder_key = item.role_key if to is None else person_key(to.pk)
    item.status = STATUS.NEW if to is None else STATUS.ASSIGNED
    item.assigned = None if to is None else now
    WorkItem.objects.filter(pk=item.pk, open=True).update(
        owner=item.owner, holder_key=item.holder_key, status=item.status, assigned=item.assigned
    )
    recorder = Recorder(case=item.case, actor=actor, now=now, on_behalf_of_id=for_id)
    recorder.record(
        kind,
        internal_to=item.internal_to_id,
        item=item.pk,
        step=item.step,
        before=before,
        to=None if to is None else to.pk,
        items=[item.pk],
    )
    recorder.flush()
    return item


@transaction.atomic
def claim(*, item_id: int, actor: Person, now: dt.datetime) -> WorkItem:
    """Take a task that waits for a role, so that colleagues see who does it. Raises AlreadyDone when somebody was first."""
    item = _locked(item_id, actor, now)
    if item.owner_id == actor.pk:
        return item
    if item.owner is not None:
        raise AlreadyDone(_("%(name)s har redan tagit uppgiften.") % {"name": item.owner.name})
    # A role that ends at this very moment has ended before or after, never meanwhile.
    lock_people(actor.pk)
    access = access_of(actor, on=timezone.localtime(now).date())
    if not policy.may_claim(access, item):
        raise NotAllowed()
    policy.require_free_hands(access, item)
    return _give(item, actor, "claimed", actor, now)


@transaction.atomic
def release(*, item_id: int, actor: Person, now: dt.datetime) -> WorkItem:
    """Put a claimed task back for all who hold the role. A task that was one person's from the start cannot be put back."""
    item = _locked(item_id, actor, now)
    if item.owner_id != actor.pk:
        raise NotAllowed(_("Du har inte tagit den här uppgiften."))
    if is_personal_by_nature(item):
        raise NotAllowed(
            _("Uppgiften är din personligen. Be handläggaren lämna över den om du inte kan göra den.")
        )
    return _give(item, None, "released", actor, now)


@transaction.atomic
def hand_over(*, item_id: int, actor: Person, to: Person, now: dt.datetime) -> WorkItem:
    """Give one's own or a role's task to a colleague who can do it."""
    item = _locked(item_id, actor, now)
    access = access_for(actor, now)
    if item.owner_id != actor.pk and not policy.may_claim(access, item):
        raise NotAllowed()
    if is_personal_by_nature(item):
        raise NotAllowed(
            _("Uppgiften är din personligen. Be handläggaren lämna över den om du inte kan göra den.")
        )
    lock_people(to.pk)
    if not colleagues(item, actor, on=timezone.localtime(now).date()).filter(pk=to.pk).exists():
        raise InvalidInput({"to": _("Personen kan inte göra den uppgiften.")})
    return _give(item, to, "handed_over", actor, now)


def is_personal_by_nature(item: WorkItem) -> bool:
    """Whether the task was one person's from the start: a vote, the proposer's, the reporter's, a referral to them."""
    return item.step == policy.Action.VOTE or item.role in (
        "proposer",
        "reporter",
        "referral_recipient",
    )


def colleagues(item: WorkItem, actor: Person, *, on: dt.date) -> models.QuerySet[Person]:
    """Who else holds the task's very role. Only a coordinator or chair can give it further away than that."""
    same = RoleHolding.objects.current(on).filter(key=item.role_key)
    return eligible_for(item, on=on).filter(pk__in=same.values("person_id")).exclude(pk=actor.pk)
