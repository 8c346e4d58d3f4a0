"""Process profiles: what differs between partnerships, as versioned data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Partnership


class ProcessProfile(models.Model):
    """A profile by name; its newest version is the one that new cases begin with."""

    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="profile")
    slug = models.SlugField(_("nyckel"), unique=True)

    class Meta:
        verbose_name = _("processprofil")
        verbose_name_plural = _("processprofiler")

    def __str__(self) -> str:
        return self.slug

    def newest(self) -> ProfileVersion:
        """The version that a case submitted now begins with. Raises ProfileVersion.DoesNotExist without one."""
        return self.versions.order_by("-number")[:1].get()


class ProfileVersion(models.Model):  # type: ignore[django-manager-missing]  # its manager is made by as_manager
    """One validated version of a profile, never changed: a running case keeps the one that it began with.

    ``data`` is the profile as loaded; ``ids`` maps the slugs in it to primary keys, so that a step needs no
    look-up; ``checksum`` is the SHA-256 of both.
    """

    profile = models.ForeignKey(ProcessProfile, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    data = models.JSONField(_("innehåll"))
    ids = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("inläst"))

    class Meta:
        verbose_name = _("profilversion")
        verbose_name_plural = _("profilversioner")
        ordering = ["profile", "number"]
        constraints = [models.UniqueConstraint(fields=["profile", "number"], name="profile_version_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} v{self.number}"
