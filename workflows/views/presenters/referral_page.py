"""What one who was asked is shown: who asks, what, the material, their own answer. Nothing else of the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from cases.models import ReferralExtension, ReferralRecipient
from workflows import referral_words
from workflows.views.presenters.content import proposal_items
from workflows.views.presenters.days import day_text, due_state
from workflows.views.presenters.referrals import (
    AddressOf,
    answers_of,
    material_items,
    own_views_table,
    undecided,
)
from workflows.views.presenters.sections import memo_items

Item = dict[str, Any]


@dataclass
class ReferralPage:
    """A referral to one recipient, read by :func:`workflows.referral_queries.find_recipient`."""

    recipient: ReferralRecipient
    address_of: AddressOf
    today: dt.date

    @property
    def title(self) -> str:
        return referral_words.heading(self.recipient.referral.title)

    @property
    def lead(self) -> str:
        """Who asks whom."""
        referral = self.recipient.referral
        return referral_words.asks(referral.sent_by, referral.case, self.recipient.name)

    @property
    def meta(self) -> list[Item]:
        """From whom it comes, and by when an answer is wanted."""
        referral = self.recipient.referral
        sender = referral.sent_by
        name = f"{sender.name}, {sender.title}" if sender.title else sender.name
        return [
            {"label": _("Från"), "text": name},
            {"label": _("Samarbete"), "text": referral.case.partnership.label},
            {"label": _("Ärende"), "text": referral.case.number},
        ]

    @property
    def due(self) -> str:
        return _("Svar senast %(day)s") % {"day": day_text(self.recipient.due_on)}

    @property
    def due_state(self) -> str:
        return due_state(self.recipient.due_on, self.today) or "ok"

    @property
    def is_open(self) -> bool:
        """Whether an answer can be given now."""
        referral = self.recipient.referral
        return referral.is_open and not referral.case.is_on_hold and not referral.case.is_closed

    @property
    def is_resting(self) -> bool:
        """Whether the case rests, so that an answer has to wait."""
        return self.recipient.referral.is_open and self.recipient.referral.case.is_on_hold

    @property
    def has_answered(self) -> bool:
        return self.recipient.has_answered

    @cached_property
    def answers(self) -> list[Item]:
        """Their own answer, the version that counts first."""
        return answers_of(self.recipient, self.address_of)

    @property
    def version(self) -> int:
        """How many versions of their answer there are."""
        return len(self.answers)

    @cached_property
    def material(self) -> list[Item]:
        """The documents of the referral."""
        return material_items(self.recipient.referral, self.address_of)

    @cached_property
    def proposal_items(self) -> list[Item]:
        """The proposal's text, where it is part of the referral."""
        referral = self.recipient.referral
        if not referral.with_proposal:
            return []
        return [{"label": _("Förslag"), "text": referral.case.title}, *proposal_items(referral.case)]

    @cached_property
    def memo_items(self) -> list[Item]:
        """The memo's text, where it is part of the referral."""
        memo = self.recipient.referral.memo
        return memo_items(memo) if memo is not None else []

    @property
    def summary(self) -> str:
        """What became of the referral as a whole, for those who answered it."""
        return self.recipient.referral.summary if self.has_answered else ""

    @cached_property
    def views(self) -> Item:
        """How their own views were met."""
        return own_views_table(self.recipient)

    @cached_property
    def wish(self) -> str:
        """Their wish for more time, while nobody has decided."""
        row = undecided(self.recipient)
        if row is None:
            return ""
        return _("Ni har bett om tid till %(day)s. Handläggaren har inte svarat än.") % {
            "day": day_text(row.wanted_until)
        }

    @cached_property
    def last_decision(self) -> Item | None:
        """What was last decided on more time."""
        decided = [row for row in self.recipient.extensions.all() if row.decision]
        if not decided or self.has_answered:
            return None
        row = decided[-1]
        if row.decision == ReferralExtension.Decision.GRANTED and row.granted_until is not None:
            title = _("Ni har fått längre svarstid, till %(day)s.") % {"day": day_text(row.granted_until)}
            return {"kind": "success", "title": title, "text": row.message}
        return {"kind": "warning", "title": _("Ni har inte fått längre svarstid."), "text": row.message}
