"""Messages: one for each person and event (and task), from queued to sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseEvent, Meeting, MeetingEvent, Person, ReferralRecipient
from workflows.models import WorkItem


class Kind(models.TextChoices):
    """What a message is about; those of cases have their words in :mod:`notifications.wording`."""

    TASK = "task", _("Ny uppgift")
    REMINDER = "reminder", _("Påminnelse")
    ESCALATION = "escalation", _("Försenad uppgift")
    TASK_ENDED = "task_ended", _("Uppgift som upphört")
    TASK_MOVED = "task_moved", _("Uppgift som lämnats över")
    UNATTENDED = "unattended", _("Uppgift som ingen kan göra")
    PROGRESS = "progress", _("Hur det går")
    ANSWER = "answer", _("Svar på fråga")
    COMMENT = "comment", _("Kommentar")
    REFERRAL_LINK = "referral_link", _("Ny länk till remiss")
    REFERRAL_ANSWER = "referral_answer", _("Remissvar")
    REFERRAL_CLOSED = "referral_closed", _("Stängd remiss")
    REFERRAL_COMPILED = "referral_compiled", _("Sammanställd remiss")
    EXTENSION_ASKED = "extension_asked", _("Begärd svarstid")
    EXTENSION_DECIDED = "extension_decided", _("Besked om svarstid")
    EXTRACT = "extract", _("Protokollsutdrag")
    MEETING_CALL = "meeting_call", _("Kallelse till möte")
    MEETING_MOVED = "meeting_moved", _("Ändrat möte")
    MEETING_CANCELLED = "meeting_cancelled", _("Inställt möte")
    DEPUTY_CALL = "deputy_call", _("Kallelse av ersättare")
    DEPUTY_RELEASED = "deputy_released", _("Ersättare som inte behövs")
    NO_DEPUTY = "no_deputy", _("Ersättare saknas")
    MEETING_UNANSWERED = "meeting_unanswered", _("Påminnelse om svar på kallelse")
    MEETING_SOON = "meeting_soon", _("Påminnelse om möte")
    MINUTES_TO_ADJUST = "minutes_to_adjust", _("Protokoll att justera")
    MINUTES_REMARK = "minutes_remark", _("Anmärkning på protokoll")
    MINUTES_ADJUSTED = "minutes_adjusted", _("Justerat protokoll")
    MINUTES_POSTED = "minutes_posted", _("Anslaget protokoll")


#: The kinds that tell of a meeting; each has its words in :mod:`notifications.meetings.wording`.
MEETING_KINDS: frozenset[Kind] = frozenset(
    {
        Kind.MEETING_CALL,
        Kind.MEETING_MOVED,
        Kind.MEETING_CANCELLED,
        Kind.DEPUTY_CALL,
        Kind.DEPUTY_RELEASED,
        Kind.NO_DEPUTY,
        Kind.MEETING_UNANSWERED,
        Kind.MEETING_SOON,
        Kind.MINUTES_TO_ADJUST,
        Kind.MINUTES_REMARK,
        Kind.MINUTES_ADJUSTED,
        Kind.MINUTES_POSTED,
    }
)


class DropReason(models.TextChoices):
    """Why a message was not sent after all."""

    INACTIVE = "inactive", _("Personen är inte längre aktiv")
    NO_ACCESS = "no_access", _("Personen har inte längre tillgång till ärendet")
    DONE = "done", _("Uppgiften är redan gjord")
    CANCELLED = "cancelled", _("Uppgiften har upphört")
    RESTING = "resting", _("Ärendet är vilande")
    NOT_THEIRS = "not_theirs", _("Uppgiften väntar inte längre på personen")
    THEIRS_AGAIN = "theirs_again", _("Uppgiften har kommit tillbaka till personen")
    NOT_SEATED = "not_seated", _("Personen har ingen uppgift vid mötet längre")
    SUPERSEDED = "superseded", _("Ett nyare besked om mötet har gått ut")
    MEETING_OFF = "meeting_off", _("Mötet är inställt")
    MEETING_PAST = "meeting_past", _("Mötet har kommit längre än så")
    BY_HAND = "by_hand", _("Stoppad för hand")


@dataclass(frozen=True)
class Addressee:
    """Name, address and language of whom a mail goes to."""

    name: str
    email: str
    language: str


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime) -> MessageQuerySet:
        """Those to be sent now, longest waiting first: queued, or taken by a worker whose lease lapsed."""
        return self.filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def unsent(self) -> MessageQuerySet:
        """Those that are still to be sent."""
        return self.filter(next_attempt_at__isnull=False)


class Message(models.Model):
    """One mail to one person, or to somebody outside who was asked in a referral (``outsider``).

    Its text is written when it is sent, from what the person may see then.

    ``message_id`` is the Message-ID header and the idempotency key: it is worked out from the event, the
    person, the kind and the task, so that it is the same however often the mail is sent.

    It tells of an event of a case (``event`` and ``case``) or of a meeting (``meeting_event`` and ``meeting``).

    ``next_attempt_at`` is when the message is due: while a worker holds the lease, when the lease lapses; empty
    once nothing more is to be done. One index holds all that waits and nothing else, on both databases.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Väntar")
        SENDING = "sending", _("Sänds")
        SENT = "sent", _("Sänt")
        FAILED = "failed", _("Misslyckat")
        DROPPED = "dropped", _("Ej sänt")

    event = models.ForeignKey(
        CaseEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    meeting_event = models.ForeignKey(
        MeetingEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    item = models.ForeignKey(
        WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    outsider = models.ForeignKey(
        ReferralRecipient, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    kind = models.CharField(_("slag"), max_length=20, choices=Kind.choices)
    language = models.CharField(_("språk"), max_length=2, choices=Person.Language.choices)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    status = models.CharField(_("läge"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("försök"), default=0)
    next_attempt_at = models.DateTimeField(_("nästa försök"), null=True, blank=True)
    lease_until = models.DateTimeField(_("upptaget till"), null=True, blank=True)
    lease_owner = models.CharField(_("upptaget av"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("skapat"))
    sent_at = models.DateTimeField(_("sänt"), null=True, blank=True)
    provider_id = models.CharField(_("leverantörens nummer"), max_length=200, blank=True)
    drop_reason = models.CharField(
        _("skäl att inte sända"), max_length=20, choices=DropReason.choices, blank=True
    )
    last_error = models.CharField(_("senaste fel"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("meddelande")
        verbose_name_plural = _("meddelanden")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="message_due",
            ),
            models.Index(fields=["id"], condition=models.Q(status="failed"), name="message_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                "event",
                "recipient",
                "kind",
                Coalesce("item_id", 0, output_field=models.BigIntegerField()),
                name="message_once_per_event_and_person",
            ),
            models.UniqueConstraint(
                "event",
                "outsider",
                "kind",
                Coalesce("item_id", 0, output_field=models.BigIntegerField()),
                name="message_once_per_event_and_outsider",
            ),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, outsider__isnull=True)
                | models.Q(recipient__isnull=True, outsider__isnull=False),
                name="message_to_a_person_or_an_outsider",
            ),
            models.UniqueConstraint(
                fields=["meeting_event", "recipient", "kind"],
                condition=models.Q(meeting_event__isnull=False),
                name="message_once_per_meeting_event",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    event__isnull=False,
                    case__isnull=False,
                    meeting_event__isnull=True,
                    meeting__isnull=True,
                )
                | models.Q(
                    event__isnull=True,
                    case__isnull=True,
                    item__isnull=True,
                    meeting_event__isnull=False,
                    meeting__isnull=False,
                ),
                name="message_of_case_or_meeting",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["queued", "sending"], next_attempt_at__isnull=False)
                | (~models.Q(status__in=["queued", "sending"]) & models.Q(next_attempt_at__isnull=True)),
                name="message_due_until_done",
            ),
            models.CheckConstraint(
                condition=models.Q(status="sending", lease_until__isnull=False) & ~models.Q(lease_owner="")
                | (~models.Q(status="sending") & models.Q(lease_until__isnull=True, lease_owner="")),
                name="message_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=models.Q(status="sent", sent_at__isnull=False)
                | (~models.Q(status="sent") & models.Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=(models.Q(status="dropped") & ~models.Q(drop_reason=""))
                | (~models.Q(status="dropped") & models.Q(drop_reason="")),
                name="message_dropped_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.status}"

    @property
    def addressee(self) -> Addressee:
        """Whom it goes to, as they are now."""
        to = self.recipient if self.recipient is not None else self.outsider
        assert to is not None
        return Addressee(to.name, to.email, to.language)

    @property
    def person(self) -> Person:
        """The person whom it goes to; asked only of those that go to one."""
        assert self.recipient is not None
        return self.recipient

    @property
    def about_case(self) -> Case:
        """The case that it tells of; asked only of those that do."""
        assert self.case is not None
        return self.case

    @property
    def case_event(self) -> CaseEvent:
        """The case's event that it tells of."""
        assert self.event is not None
        return self.event
