"""Where one who was asked finds the referral's documents: under their own right, or under their link."""

from __future__ import annotations

from django.urls import reverse

from cases.models import ReferralRecipient
from workflows.views.presenters.referrals import AddressOf


def for_recipient(recipient: ReferralRecipient) -> AddressOf:
    """For somebody with an account."""
    return lambda version: reverse("referral-document", args=[recipient.pk, version.pk])


def for_link(token: str) -> AddressOf:
    """For the one who has the link."""
    return lambda version: reverse("referral-link-document", args=[token, version.pk])
