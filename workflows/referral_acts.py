"""What the coordinator does to a referral that is out: close it, give more time, send a new link (R2)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, WrongState
from cases.models import Case, Person, ReferralExtension, ReferralRecipient
from workflows.act import acting_on_case
from workflows.due_dates import set_due
from workflows.flows import ReferralFlow
from workflows.policy import Action
from workflows.referrals import check_date, item_of, open_referral, process_of_referral


def close_referral(*, case_id: int, actor: Person, now: dt.datetime) -> Case:
    """Receive no more answers; those who have not answered are noted, and the compilation begins."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CLOSE_REFERRAL, now=now) as act:
        open_referral(act.case)
        act.move(process_of_referral(act.case))
        waiting = act.cancel_open(steps=[Action.REFERRAL_ANSWER])
        ReferralFlow.answers_in.settle(act, waiting[0])
        return act.case


def _recipient(case: Case, recipient_id: int) -> ReferralRecipient:
    """A recipient of the case's open referral. Raises WrongState when none is open, or it is of another."""
    recipient = open_referral(case).recipients.filter(pk=recipient_id).first()
    if recipient is None:
        raise WrongState(_("Remissinstansen hör inte till den remiss som är ute."))
    return recipient


def decide_extension(
    *,
    case_id: int,
    recipient_id: int,
    actor: Person,
    granted: bool,
    until: dt.date | None = None,
    message: str = "",
    now: dt.datetime,
) -> ReferralExtension:
    """Give a recipient more time, asked for or not, or refuse what was asked for."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.EXTEND_REFERRAL, now=now) as act:
        recipient = _recipient(act.case, recipient_id)
        if recipient.has_answered:
            raise AlreadyDone(_("Remissinstansen har redan svarat."))
        asked = recipient.extensions.filter(decision="").first()
        if granted:
            if until is None:
                raise InvalidInput({"until": _("Ange den nya svarstiden.")})
            check_date(act, until, "until")
            if until <= recipient.due_on:
                raise InvalidInput(
                    {"until": _("Den nya svarstiden behöver vara senare än den som gäller nu.")}
                )
        elif asked is None:
            raise WrongState(_("Det finns ingen begäran att avslå."))
        extension = asked if asked is not None else ReferralExtension(recipient=recipient)
        if asked is None and until is not None:
            extension.wanted_until = until
        extension.decision = (
            ReferralExtension.Decision.GRANTED if granted else ReferralExtension.Decision.DENIED
        )
        extension.granted_until = until if granted else None
        extension.message = message
        extension.decided_by, extension.decided_at = actor, now
        extension.save()
        item = item_of(recipient, act.case.pk)
        assert item is not None
        if granted:
            assert until is not None
            recipient.due_on = until
            recipient.save(update_fields=["due_on"])
            set_due(item, until, rules=act.profile.rules, today=act.today)
            item.save(update_fields=["due_on", "timer", "timer_at"])
        act.record(
            "extension_decided",
            recipient=recipient.pk,
            name=recipient.name,
            extension=extension.pk,
            granted=granted,
            until=until if granted else None,
            item=item.pk,
        )
        return extension


def renew_link(
    *, case_id: int, recipient_id: int, actor: Person, email: str = "", now: dt.datetime
) -> ReferralRecipient:
    """Send an outside recipient a new link, to another address if one is given; the old link is dead at once."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.RENEW_LINK, now=now) as act:
        recipient = _recipient(act.case, recipient_id)
        if not recipient.is_outside:
            raise WrongState(_("Remissinstansen svarar i systemet och har ingen länk."))
        address = email.strip().lower() or recipient.email
        others = recipient.referral.recipients.exclude(pk=recipient.pk)
        if others.filter(email=address).exists():
            raise InvalidInput({"email": _("En annan remissinstans har redan den adressen.")})
        recipient.email = address
        recipient.renew_link()
        recipient.save(update_fields=["email", "nonce", "token_digest"])
        act.record("referral_link_renewed", recipient=recipient.pk, name=recipient.name)
        return recipient
