"""What the referral's flow asks and does: whom it branches to, until when, and what closing it means."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cases.models import Referral, ReferralRecipient, Role
from cases.models.roles import ScopeKind, role_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflows.act import Act
    from workflows.models import WorkItem

#: A body's and an organisation's answer is given by whoever holds the first of these roles there that anybody holds.
ANSWERS_FOR_BODY = (Role.SECRETARY, Role.STEERING_CHAIR, Role.DECISION_MAKER)
ANSWERS_FOR_ORGANISATION = (Role.COORDINATOR, Role.REGISTRAR)


def possible_keys(recipient: ReferralRecipient) -> list[str]:
    """The role keys under which a body or an organisation can be asked, the most fitting first."""
    if recipient.body_id is not None:
        return [role_key(role, ScopeKind.BODY, recipient.body_id) for role in ANSWERS_FOR_BODY]
    if recipient.organisation_id is not None:
        keys = ANSWERS_FOR_ORGANISATION
        return [role_key(role, ScopeKind.ORGANISATION, recipient.organisation_id) for role in keys]
    return []


def outside_key(recipient_id: int) -> str:
    """The key under which a task waits for somebody who answers by a mailed link: held by nobody."""
    return f"{Role.REFERRAL_RECIPIENT}@outside:{recipient_id}"


def is_outside(item: WorkItem) -> bool:
    """Whether the task waits for somebody who answers by a mailed link."""
    return item.role_key.startswith(f"{Role.REFERRAL_RECIPIENT}@outside:")


def branches_to(recipients: Iterable[ReferralRecipient], held: set[str]) -> list[dict[str, Any]]:
    """One branch for each recipient: under which key, or to which person, and until when."""
    branches = []
    for recipient in recipients:
        if recipient.is_outside:
            key = outside_key(recipient.pk)
        elif recipient.person_id is not None:
            # A key of its own, so that people who are asked in person do not come by each other's tasks.
            key = f"{Role.REFERRAL_RECIPIENT}@recipient:{recipient.pk}"
        else:
            key = next(key for key in possible_keys(recipient) if key in held)
        branches.append(
            {
                "recipient": recipient.pk,
                "key": key,
                "owner": recipient.person_id,
                "due": recipient.due_on.isoformat(),
                "about": recipient.referral.title,
            }
        )
    return branches


def recipients(act: Act) -> list[dict[str, Any]]:
    """One branch for every recipient, as the act of sending has worked them out."""
    assert act.branches is not None
    return act.branches


def answer_due(act: Act, item: WorkItem) -> dt.date:
    """The recipient's own date."""
    return dt.date.fromisoformat(item.data["due"])


def close_answers(act: Act) -> None:
    """No more answers are received: who has not answered is noted as missing."""
    referral = Referral.objects.get(case=act.case, status=Referral.Status.OPEN)
    referral.status = Referral.Status.COMPILING
    referral.closed_at, referral.closed_by = act.now, act.actor
    referral.save(update_fields=["status", "closed_at", "closed_by"])
    statuses = list(referral.recipients.values_list("status", flat=True))
    status = ReferralRecipient.Status
    missing = statuses.count(status.WAITING)
    if missing:
        referral.recipients.filter(status=status.WAITING).update(status=status.MISSING)
    act.record(
        "referral_closed",
        referral=referral.pk,
        number=referral.number,
        answered=statuses.count(status.ANSWERED),
        declined=statuses.count(status.DECLINED),
        missing=missing,
    )


def cancel_referral(act: Act) -> None:
    """The case closes: its referral comes to nothing, and nobody needs to answer."""
    referral = Referral.objects.unfinished().filter(case=act.case).first()
    if referral is None:
        return
    referral.status = Referral.Status.CANCELLED
    referral.closed_at = referral.closed_at or act.now
    referral.save(update_fields=["status", "closed_at"])
    waiting = referral.recipients.filter(status=ReferralRecipient.Status.WAITING)
    waiting.update(status=ReferralRecipient.Status.CANCELLED)
