"""What acts on a referral share: finding it, its recipients' tasks, and acting as one who was asked (R2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput, Message, NotFound, WrongState
from cases.history import lock_case
from cases.models import Case, Person, Referral, ReferralRecipient
from workflows import policy
from workflows.act import Act, access_for, begin
from workflows.flows import ReferralFlow
from workflows.models import CaseProcess, WorkItem
from workflows.policy import Action
from workflows.working_days import add_working_days

#: How far ahead answers may be asked for.
LONGEST = dt.timedelta(days=366)
CLOSED = _("Remissen är stängd och tar inte emot fler svar.")


#: Why the memo cannot go to the steering group, by the state of the referral that hinders it.
MUST_WAIT: dict[str, Message] = {
    Referral.Status.OPEN: _(
        "Ärendet är ute på remiss. Stäng och sammanställ remissen innan underlaget skickas till styrgruppen."
    ),
    Referral.Status.COMPILING: _(
        "Remissen är stängd men inte sammanställd. Sammanställ den innan underlaget skickas till styrgruppen."
    ),
}


def why_memo_must_wait(case: Case) -> Message | None:
    """Why the memo cannot go to the steering group yet; None when no referral hinders it. One statement."""
    status = Referral.objects.unfinished().filter(case=case).values_list("status", flat=True).first()
    return None if status is None else MUST_WAIT[status]


def open_referral(case: Case) -> Referral:
    """The case's referral that still receives answers. Raises WrongState when there is none."""
    referral = Referral.objects.filter(case=case, status=Referral.Status.OPEN).first()
    if referral is None:
        raise WrongState(_("Ingen remiss är ute i ärendet."))
    return referral


def process_of_referral(case: Case) -> CaseProcess:
    """The running process of the case's referral."""
    process: CaseProcess = CaseProcess.objects.get(case=case, flow_class=ReferralFlow, status="NEW")
    return process


def check_date(act: Act, due_on: dt.date, field: str = "due_on") -> None:
    """Raise :class:`InvalidInput` on the field unless answers can be asked for by the date."""
    if due_on <= act.today:
        raise InvalidInput({field: _("Svarstiden behöver gå ut tidigast i morgon.")})
    if due_on > act.today + LONGEST:
        raise InvalidInput({field: _("Svarstiden kan vara högst ett år.")})


def item_of(recipient: ReferralRecipient, case_id: int) -> WorkItem | None:
    """The task that the recipient's answer is, open or done."""
    rows = WorkItem.objects.filter(
        case_id=case_id, step=Action.REFERRAL_ANSWER, data__recipient=recipient.pk
    ).select_related("process", "owner", "done_by")
    return rows.order_by("-pk").first()


def postpone_referral(act: Act, working_days: int) -> None:
    """The case has rested so many working days: everybody who was asked has as many left as before."""
    referral = Referral.objects.filter(case=act.case, status=Referral.Status.OPEN).first()
    if referral is None or not working_days:
        return
    referral.due_on = add_working_days(referral.due_on, working_days)
    referral.save(update_fields=["due_on"])
    waiting = list(referral.recipients.filter(status=ReferralRecipient.Status.WAITING))
    for recipient in waiting:
        recipient.due_on = add_working_days(recipient.due_on, working_days)
    ReferralRecipient.objects.bulk_update(waiting, ["due_on"])


@dataclass(frozen=True)
class Asked:
    """The one who acts as a recipient: by their right in the house, or by a mailed link's digest."""

    act: Act
    recipient: ReferralRecipient
    item: WorkItem

    @property
    def referral(self) -> Referral:
        return self.recipient.referral


@contextmanager
def acting_as_recipient(
    *, recipient_id: int, actor: Person | None, digest: str = "", now: dt.datetime
) -> Iterator[Asked]:
    """Act as one who was asked, in one transaction with the case locked.

    A person acts by their own right; without one (``actor`` None) the digest of the link's token must be the
    recipient's own, as it is now. Raises :class:`NotFound` for anybody else, and when the link has been replaced;
    :class:`WrongState` when the referral no longer receives anything.
    """
    with transaction.atomic():
        found = ReferralRecipient.objects.filter(pk=recipient_id).values_list("referral__case_id", flat=True)
        case_id = found.first()
        if case_id is None:
            raise NotFound()
        case = lock_case(case_id)
        recipient = ReferralRecipient.objects.select_related("referral").get(pk=recipient_id)
        item = item_of(recipient, case.pk)
        if item is None or not _is_the_one(recipient, item, actor, digest, now):
            raise NotFound()
        if not recipient.referral.is_open:
            raise WrongState(CLOSED)
        policy.require_referral_runs(case)
        recipient.referral.case = item.case = case
        act = begin(case, actor, now)
        act.item = item
        act.move(item.process)
        yield Asked(act, recipient, item)
        act.flush()


def _is_the_one(
    recipient: ReferralRecipient, item: WorkItem, actor: Person | None, digest: str, now: dt.datetime
) -> bool:
    if actor is not None:
        return policy.is_recipient(access_for(actor, now), item, item.case)
    return bool(digest) and constant_time_compare(recipient.token_digest, digest)
