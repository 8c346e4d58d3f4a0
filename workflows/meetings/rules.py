"""By which rules a body deliberates."""

from __future__ import annotations

from django.db import models

from cases.models import Body
from workflows.models import ProfileVersion
from workflows.profile import DeliberationRules, profile_of_version


def rules_of(body: Body) -> DeliberationRules:
    """The body's rules by the newest profile that gives it some: its partnership's, or one in whose chains it stands.

    A case that is dealt with keeps the rules that it began with; these are for what concerns the meeting as a whole. One
    statement.
    """
    if body.partnership_id is not None:
        versions = ProfileVersion.objects.filter(profile__partnership_id=body.partnership_id)
    else:
        versions = ProfileVersion.objects.filter(profile__partnership__parties=body.organisation_id)
    newest = versions.filter(
        number=models.Subquery(
            ProfileVersion.objects.filter(profile=models.OuterRef("profile"))
            .order_by("-number")
            .values("number")[:1]
        )
    )
    for version in newest.order_by("profile"):
        profile = profile_of_version(version)
        if profile.steering_body_id == body.pk:
            return profile.rules.deliberation
        for chain in profile.rules.chains.values():
            for step in chain:
                if step.deliberation is not None and step.body and profile.body_ids[step.body] == body.pk:
                    return step.deliberation
    return DeliberationRules()
