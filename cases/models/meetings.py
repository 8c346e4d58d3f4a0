"""Meetings of bodies: notice, agenda, attendance, numbered paragraphs, minutes (section 5, U6, H8)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.bodies import Body
from cases.models.case import Case
from cases.models.deliberation import Deliberation, DeliberationOutcome
from cases.models.organisations import Organisation


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", _("Planerat")
    CALLED = "called", _("Kallat")
    OPEN = "open", _("Pågår")
    CLOSED = "closed", _("Avslutat, protokollet justeras")
    ADJUSTED = "adjusted", _("Protokollet justerat")
    POSTED = "posted", _("Protokollet anslaget")
    CANCELLED = "cancelled", _("Inställt")


#: A meeting whose agenda can still be changed.
BEFORE_MEETING: tuple[str, ...] = (MeetingStatus.PLANNED, MeetingStatus.CALLED)
#: A meeting that has been held.
HELD: tuple[str, ...] = (MeetingStatus.CLOSED, MeetingStatus.ADJUSTED, MeetingStatus.POSTED)


class Meeting(models.Model):
    """One meeting of one body. Its row is the lock of everything that happens to it.

    ``invitation`` counts the calendar invitations sent (iCalendar SEQUENCE). ``event_count`` and ``event_head`` are
    the length and the head of its own history, which is chained like that of a case.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("börjar"))
    ends_at = models.DateTimeField(_("slutar"))
    place = models.CharField(_("plats"), max_length=200)
    status = models.CharField(
        _("läge"), max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    message = models.TextField(_("meddelande i kallelsen"), blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    invitation = models.PositiveSmallIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("planerat den"))
    called_at = models.DateTimeField(_("kallelsen sänd"), null=True, blank=True)
    opened_at = models.DateTimeField(_("öppnat"), null=True, blank=True)
    closed_at = models.DateTimeField(_("avslutat"), null=True, blank=True)
    adjusted_at = models.DateTimeField(_("justerat"), null=True, blank=True)
    posted_at = models.DateTimeField(_("anslaget"), null=True, blank=True)
    posted_until = models.DateField(_("anslaget till och med"), null=True, blank=True)
    cancelled_reason = models.TextField(_("skäl till att mötet ställdes in"), blank=True)
    event_count = models.PositiveIntegerField(default=0, editable=False)
    event_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("möte")
        verbose_name_plural = _("möten")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["body", "starts_at"], name="meeting_by_body")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["body"], condition=models.Q(status="open"), name="meeting_one_open_per_body"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["planned", "called", "cancelled"], opened_at__isnull=True)
                | models.Q(
                    status__in=["open", "closed", "adjusted", "posted"],
                    opened_at__isnull=False,
                    chair__isnull=False,
                    secretary__isnull=False,
                ),
                name="meeting_open_has_chair",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["closed", "adjusted", "posted"], closed_at__isnull=False)
                | (~models.Q(status__in=["closed", "adjusted", "posted"]) & models.Q(closed_at__isnull=True)),
                name="meeting_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.starts_at:%Y-%m-%d}"

    @property
    def day(self) -> dt.date:
        """The day of the meeting in Sweden."""
        return timezone.localtime(self.starts_at).date()

    @property
    def is_before(self) -> bool:
        """Whether it has not begun and is not cancelled."""
        return self.status in BEFORE_MEETING

    @property
    def is_open(self) -> bool:
        return self.status == MeetingStatus.OPEN

    @property
    def is_held(self) -> bool:
        return self.status in HELD


class MeetingEvent(models.Model):
    """What happened to a meeting itself: planned, called, opened, closed … Never changed, never deleted."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField(_("nummer"))
    kind = models.CharField(_("händelse"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    data = models.JSONField(_("uppgifter"), default=dict)
    at = models.DateTimeField(_("tidpunkt"))
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("händelse på möte")
        verbose_name_plural = _("händelser på möten")
        ordering = ["meeting", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seq"], name="meeting_event_seq_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="meeting_event_seq_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}#{self.seq} {self.kind}"


class Response(models.TextChoices):
    WAITING = "waiting", _("Inte svarat")
    ACCEPTED = "accepted", _("Kommer")
    DECLINED = "declined", _("Kommer inte")


class Seat(models.Model):
    """A member's place at one meeting, and who fills it: the member, or the deputy whose turn it is.

    ``serving`` is who sits there now, empty while nobody does. A seat is made when the notice goes out.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_chair = models.BooleanField(_("ordförande"), default=False)
    response = models.CharField(_("svar"), max_length=10, choices=Response.choices, default=Response.WAITING)
    responded_at = models.DateTimeField(_("svarat"), null=True, blank=True)
    note = models.CharField(_("meddelande"), max_length=300, blank=True)
    serving = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    arrived_at = models.DateTimeField(_("kom"), null=True, blank=True)
    left_at = models.DateTimeField(_("gick"), null=True, blank=True)

    class Meta:
        verbose_name = _("plats vid möte")
        verbose_name_plural = _("platser vid möte")
        ordering = ["-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="seat_once_per_member"),
            models.UniqueConstraint(
                fields=["meeting", "serving"],
                condition=models.Q(serving__isnull=False),
                name="seat_one_per_serving_person",
            ),
            models.CheckConstraint(
                condition=models.Q(arrived_at__isnull=True) | models.Q(serving__isnull=False),
                name="seat_filled_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True) | models.Q(arrived_at__isnull=False),
                name="seat_left_after_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.member_id}"

    @property
    def is_present(self) -> bool:
        """Whether somebody sits there now."""
        return self.arrived_at is not None and self.left_at is None


class DeputyCall(models.Model):
    """A deputy who was asked to serve in a seat, in the order of deputies, and what they answered."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="calls")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(_("kallad"))
    response = models.CharField(_("svar"), max_length=10, choices=Response.choices, default=Response.WAITING)
    responded_at = models.DateTimeField(_("svarat"), null=True, blank=True)

    class Meta:
        verbose_name = _("kallelse av ersättare")
        verbose_name_plural = _("kallelser av ersättare")
        ordering = ["called_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["seat", "deputy"], name="deputy_called_once_per_seat")]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.deputy_id}"


class AgendaKind(models.TextChoices):
    CASE = "case", _("Ärende")
    DELEGATED = "delegated", _("Anmälan av delegationsbeslut")
    FREE = "free", _("Egen punkt")


class AgendaStatus(models.TextChoices):
    WAITING = "waiting", _("Återstår")
    OPEN = "open", _("Behandlas")
    DONE = "done", _("Avgjord")
    RETURNED = "returned", _("Behandlades inte")


class AgendaItem(models.Model):
    """An item of a meeting's agenda; once it has been dealt with, a numbered paragraph (§) of its minutes.

    ``body`` repeats the meeting's, so that the database itself can hold the numbers of a body and year apart.
    A case item is settled through ``deliberation``; a free one by ``decision_text`` alone.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField(_("ordning"))
    kind = models.CharField(_("slag"), max_length=10, choices=AgendaKind.choices)
    title = models.CharField(_("rubrik"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    status = models.CharField(
        _("läge"), max_length=10, choices=AgendaStatus.choices, default=AgendaStatus.WAITING
    )
    deliberation = models.OneToOneField(
        Deliberation, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_item"
    )
    year = models.PositiveSmallIntegerField(_("år"), null=True, blank=True)
    paragraph = models.PositiveIntegerField(_("paragraf"), null=True, blank=True)
    outcome = models.CharField(_("utgång"), max_length=17, choices=DeliberationOutcome.choices, blank=True)
    decision_text = models.TextField(_("beslut"), blank=True)
    notes = models.TextField(_("anteckningar i protokollet"), blank=True)
    tabled_to = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="tabled_here"
    )
    opened_at = models.DateTimeField(_("upptagen"), null=True, blank=True)
    closed_at = models.DateTimeField(_("avgjord"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("expedierad"), null=True, blank=True)

    class Meta:
        verbose_name = _("punkt på dagordningen")
        verbose_name_plural = _("punkter på dagordningen")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "paragraph"], name="paragraph_once_per_year"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(status="open"), name="agenda_one_item_open"
            ),
            models.UniqueConstraint(
                fields=["meeting", "case"],
                condition=models.Q(case__isnull=False),
                name="agenda_case_once_per_meeting",
            ),
            models.CheckConstraint(
                condition=models.Q(status="done", paragraph__isnull=False, year__isnull=False)
                | (~models.Q(status="done") & models.Q(paragraph__isnull=True)),
                name="agenda_done_has_paragraph",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="case", case__isnull=False)
                | (~models.Q(kind="case") & models.Q(case__isnull=True, deliberation__isnull=True)),
                name="agenda_case_item_has_case",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="agenda_item_has_title"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.order}"

    @property
    def number(self) -> str:
        """Its paragraph as it is written: "§ 12"; empty before it has one."""
        return f"§ {self.paragraph}" if self.paragraph is not None else ""


class ParagraphCounter(models.Model):
    """The last paragraph given by a body in a year. Its row is the lock: no gaps, no reuse."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="paragraph_counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="paragraph_counter_once")]

    def __str__(self) -> str:
        return f"{self.body_id}/{self.year}: {self.last}"


def minutes_path(minutes: Minutes, filename: str) -> str:
    """Where the bytes lie: by meeting and version, never by a name from outside."""
    return f"meetings/{minutes.meeting_id}/{filename}"


class Minutes(models.Model):
    """One version of a meeting's minutes, made from what was recorded and never changed.

    What is adjusted is one version, known by the checksum of its PDF; a later correction is a new version, which has
    to be adjusted anew.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField(_("version"))
    pdf = models.FileField(upload_to=minutes_path, max_length=200)
    docx = models.FileField(upload_to=minutes_path, max_length=200)
    sha256 = models.CharField(_("kontrollsumma, SHA-256"), max_length=64)
    is_final = models.BooleanField(
        _("med justering"), default=False, help_text=_("Den justerade lydelsen med uppgift om justeringen.")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("upprättat"))

    class Meta:
        verbose_name = _("protokoll")
        verbose_name_plural = _("protokoll")
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="minutes_version_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.number}"


class Adjuster(models.Model):
    """Somebody appointed to adjust the minutes (justerare), and the version that they adjusted."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="adjusters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    minutes = models.ForeignKey(
        Minutes, null=True, blank=True, on_delete=models.PROTECT, related_name="adjustments"
    )
    adjusted_at = models.DateTimeField(_("justerat"), null=True, blank=True)
    remark = models.TextField(_("anmärkning"), blank=True)
    remarked_at = models.DateTimeField(_("anmärkt"), null=True, blank=True)

    class Meta:
        verbose_name = _("justerare")
        verbose_name_plural = _("justerare")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="adjuster_once_per_meeting"),
            models.CheckConstraint(
                condition=models.Q(adjusted_at__isnull=True, minutes__isnull=True)
                | models.Q(adjusted_at__isnull=False, minutes__isnull=False),
                name="adjuster_adjusts_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.person_id}"
