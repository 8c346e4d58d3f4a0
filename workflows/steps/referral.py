"""Answer a referral, ask for more time, and compile the answers (R2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.utils import translation
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from cases import documents
from cases.errors import AlreadyDone, InvalidInput, Message, WrongState
from cases.files import InspectedFile
from cases.models import (
    Document,
    HowMet,
    Person,
    Referral,
    ReferralAnswer,
    ReferralExtension,
    ReferralRecipient,
    ReferralView,
    Stance,
)
from workflows.act import Act, acting
from workflows.policy import Action
from workflows.referrals import CLOSED, LONGEST, acting_as_recipient

#: How many files an answer may bring at once.
MOST_FILES = 10
Upload = tuple[File[bytes], InspectedFile]


@dataclass(frozen=True)
class Answer:
    """What a recipient says. ``name`` and ``title`` are of the one who signs it."""

    stance: Stance
    text: str
    name: str
    title: str = ""
    files: Sequence[File[bytes]] = ()

    def inspected(self) -> list[Upload]:
        """The files with what they are. Raises :class:`InvalidInput` for anything that does not hold."""
        wrong: dict[str, Message] = {}
        if self.stance != Stance.DECLINED and not self.text:
            wrong["text"] = _("Skriv era synpunkter, eller välj att ni avstår från att yttra er.")
        if not self.name:
            wrong["name"] = _("Ange vem som lämnar svaret.")
        if len(self.files) > MOST_FILES:
            wrong["attachments"] = ngettext_lazy(
                "Högst %(n)s fil kan bifogas.", "Högst %(n)s filer kan bifogas på en gång.", MOST_FILES
            ) % {"n": MOST_FILES}
        if wrong:
            raise InvalidInput(wrong)
        return [(upload, documents.inspect(upload, field="attachments")) for upload in self.files]


def answer_referral(*, item_id: int, actor: Person, answer: Answer, now: dt.datetime) -> ReferralAnswer:
    """Somebody with an account answers for the one who was asked. When all have answered the referral closes by itself."""
    files = answer.inspected()
    with acting(item_id=item_id, actor=actor, step=Action.REFERRAL_ANSWER, now=now) as act:
        assert act.item is not None
        recipient = ReferralRecipient.objects.select_related("referral").get(pk=act.item.data["recipient"])
        if not recipient.referral.is_open:
            raise WrongState(CLOSED)
        given = _write(act, recipient, answer, files, version=1)
        act.finish("answered")
        return given


def answer_as_recipient(
    *,
    recipient_id: int,
    actor: Person | None,
    digest: str = "",
    after: int,
    answer: Answer,
    now: dt.datetime,
) -> ReferralAnswer:
    """Answer by a mailed link, or correct an answer until the referral is closed.

    ``after`` is how many versions the one who answers had before them: a form that is posted twice, or by two who
    share a link, counts once. Raises :class:`AlreadyDone` then.
    """
    files = answer.inspected()
    with acting_as_recipient(recipient_id=recipient_id, actor=actor, digest=digest, now=now) as asked:
        newest = asked.recipient.answers.order_by("-version").first()
        version = newest.version if newest is not None else 0
        if version != after:
            raise AlreadyDone(_("Svaret har redan tagits emot."))
        given = _write(asked.act, asked.recipient, answer, files, version=version + 1, before=newest)
        if newest is None:
            asked.act.finish("answered")
        return given


def _write(
    act: Act,
    recipient: ReferralRecipient,
    answer: Answer,
    files: Sequence[Upload],
    *,
    version: int,
    before: ReferralAnswer | None = None,
) -> ReferralAnswer:
    given = ReferralAnswer.objects.create(
        recipient=recipient,
        version=version,
        stance=answer.stance,
        text=answer.text,
        author=act.actor,
        author_name=answer.name,
        author_title=answer.title,
        late=recipient.is_late(act.today),
        created_at=act.now,
    )
    received = [_receive(act, recipient, answer, upload, inspected) for upload, inspected in files]
    kept = list(before.documents.all()) if before is not None else []
    if kept or received:
        given.documents.set([*kept, *received])
    status = ReferralRecipient.Status
    recipient.status = status.DECLINED if answer.stance == Stance.DECLINED else status.ANSWERED
    recipient.answered_at, recipient.answered_by = act.now, act.actor
    recipient.answered_name, recipient.late = answer.name, given.late
    recipient.save(update_fields=["status", "answered_at", "answered_by", "answered_name", "late"])
    act.record(
        "referral_answered" if version == 1 else "referral_answer_corrected",
        referral=recipient.referral_id,
        recipient=recipient.pk,
        name=recipient.name,
        by=given.by,
        stance=given.stance,
        late=given.late,
        version=version,
    )
    return given


def _receive(
    act: Act, recipient: ReferralRecipient, answer: Answer, upload: File[bytes], inspected: InspectedFile
) -> Document:
    # The document is the house's: its title is in the house's language, whatever the writer reads in.
    with translation.override(settings.LANGUAGE_CODE):
        title = gettext("Remissvar från %(name)s: %(file)s") % {
            "name": recipient.name[:80],
            "file": inspected.name[:100],
        }
    document = Document.objects.create(case=act.case, title=title, created_at=act.now)
    version = documents.add_version(
        document=document,
        upload=upload,
        inspected=inspected,
        actor=act.actor,
        received_from="" if act.actor is not None else f"{answer.name[:90]} ({recipient.name[:100]})",
        now=act.now,
    )
    act.record(
        "document_added", document=document.pk, version=version.number, title=title, sha256=version.sha256
    )
    return document


def ask_extension(
    *,
    recipient_id: int,
    actor: Person | None,
    digest: str = "",
    wanted_until: dt.date,
    reason: str,
    now: dt.datetime,
) -> ReferralExtension:
    """Ask the coordinator for more time. The recipient's date stands until it is granted."""
    if not reason:
        raise InvalidInput({"reason": _("Skriv varför ni behöver mer tid.")})
    with acting_as_recipient(recipient_id=recipient_id, actor=actor, digest=digest, now=now) as asked:
        recipient = asked.recipient
        if recipient.has_answered:
            raise AlreadyDone(_("Svaret har redan tagits emot."))
        if recipient.extensions.filter(decision="").exists():
            raise AlreadyDone(_("Ni har redan begärt mer tid. Handläggaren har inte svarat än."))
        if wanted_until <= max(recipient.due_on, asked.act.today):
            raise InvalidInput({"wanted_until": _("Ange en dag som är senare än svarstiden.")})
        if wanted_until > asked.act.today + LONGEST:
            raise InvalidInput({"wanted_until": _("Svarstiden kan vara högst ett år.")})
        extension = ReferralExtension.objects.create(
            recipient=recipient,
            asked_at=now,
            asked_by=actor,
            wanted_until=wanted_until,
            reason=reason,
        )
        asked.act.record(
            "extension_asked",
            recipient=recipient.pk,
            name=recipient.name,
            extension=extension.pk,
            until=wanted_until,
            reason=reason,
        )
        return extension


@dataclass(frozen=True)
class View:
    """One view, in short, with how it was met."""

    recipient_id: int
    view: str
    how_met: HowMet
    response: str = ""


def compile_referral(
    *, item_id: int, actor: Person, summary: str, views: Sequence[View], now: dt.datetime
) -> Referral:
    """The coordinator sums the answers up, and says how each view was met."""
    if not summary:
        raise InvalidInput({"summary": _("Skriv en sammanfattning av remissutfallet.")})
    with acting(item_id=item_id, actor=actor, step=Action.COMPILE_REFERRAL, now=now) as act:
        referral = Referral.objects.get(case=act.case, status=Referral.Status.COMPILING)
        _check_views(referral, views)
        ReferralView.objects.bulk_create(
            ReferralView(
                referral=referral,
                recipient_id=row.recipient_id,
                order=order,
                view=row.view,
                how_met=row.how_met,
                response=row.response,
            )
            for order, row in enumerate(views, 1)
        )
        referral.status = Referral.Status.COMPILED
        referral.summary, referral.compiled_by, referral.compiled_at = summary, actor, now
        referral.save(update_fields=["status", "summary", "compiled_by", "compiled_at"])
        act.record("referral_compiled", referral=referral.pk, number=referral.number, views=len(views))
        act.finish("compiled")
        return referral


def _check_views(referral: Referral, views: Sequence[View]) -> None:
    """Every answer has a row, and every row is of an answer; who meets a view only in part says why."""
    answered = dict(
        referral.recipients.filter(status=ReferralRecipient.Status.ANSWERED).values_list("pk", "name")
    )
    if any(row.recipient_id not in answered for row in views):
        raise InvalidInput({"views": _("En synpunkt hör inte till något av svaren.")})
    without = [name for pk, name in answered.items() if pk not in {row.recipient_id for row in views}]
    if without:
        missing = _("Ange minst en synpunkt från %(names)s.") % {"names": ", ".join(without)}
        raise InvalidInput({"views": missing})
    for row in views:
        if not row.view or (row.how_met in (HowMet.PARTLY, HowMet.NOT_ACCEPTED) and not row.response):
            raise InvalidInput(
                {"views": _("Skriv varför en synpunkt inte tillgodoses, eller tillgodoses bara delvis.")}
            )
