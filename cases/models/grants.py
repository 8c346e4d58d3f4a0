"""Guardian grants in tables with real foreign keys: integers and indexes instead of strings."""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cases.models.case import Case
from cases.models.partnerships import Partnership


class PartnershipUserGrant(UserObjectPermissionBase):
    """A single person's grant on a partnership. Not used by the house's own rules; guardian asks for the table."""

    content_object = models.ForeignKey(Partnership, on_delete=models.CASCADE)


class PartnershipGroupGrant(GroupObjectPermissionBase):
    """What a role at a scope may on a partnership: few rows, they grow with bodies and never with cases."""

    content_object = models.ForeignKey(Partnership, on_delete=models.CASCADE)


class CaseUserGrant(UserObjectPermissionBase):
    """A single person's grant on a single case."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class CaseGroupGrant(GroupObjectPermissionBase):
    """A group's grant on a single case."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)
