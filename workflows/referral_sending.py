"""Send a case on referral: to bodies, organisations, people, and others by mail (R2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput, Message, WrongState
from cases.models import (
    Body,
    DocumentVersion,
    Organisation,
    Person,
    Referral,
    ReferralMaterial,
    ReferralRecipient,
    Role,
    RoleHolding,
    Unit,
)
from cases.roles import give_case_role
from workflows.act import Act, acting_on_case
from workflows.flows import ReferralFlow
from workflows.flows.referral_branches import branches_to, possible_keys
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.referrals import check_date


@dataclass(frozen=True)
class Recipient:
    """One who is to be asked: a body, an organisation, a person (for a unit, or in their own name), or by mail."""

    body: Body | None = None
    organisation: Organisation | None = None
    unit: Unit | None = None
    person: Person | None = None
    name: str = ""
    email: str = ""
    language: str = Person.Language.SWEDISH

    @property
    def kind(self) -> ReferralRecipient.Kind:
        """What it is, as the database has it."""
        kind = ReferralRecipient.Kind
        if self.body is not None:
            return kind.BODY
        if self.organisation is not None:
            return kind.ORGANISATION
        if self.unit is not None:
            return kind.UNIT
        return kind.PERSON if self.person is not None else kind.OUTSIDE

    @property
    def label(self) -> str:
        """The name that it goes by in the referral."""
        if self.body is not None:
            return self.body.name
        if self.organisation is not None:
            return self.organisation.name
        who = self.person.name if self.person is not None else self.name
        if self.unit is None:
            return who
        return f"{self.unit.name} ({who})" if who else self.unit.name

    @property
    def identity(self) -> tuple[str, object]:
        """What may stand only once in a referral."""
        if self.body is not None:
            return ("body", self.body.pk)
        if self.organisation is not None:
            return ("organisation", self.organisation.pk)
        return ("person", self.person.pk) if self.person is not None else ("email", self.email)


def start_referral(
    *,
    case_id: int,
    actor: Person,
    title: str,
    text: str,
    due_on: dt.date,
    recipients: Sequence[Recipient],
    version_ids: Iterable[int] = (),
    with_proposal: bool = True,
    with_memo: bool = False,
    now: dt.datetime,
) -> Referral:
    """Ask others for their views. They answer until the referral is closed; the memo waits for that.

    An address that is somebody's with an account becomes that person. The statements are as many for three
    recipients as for three hundred. Raises :class:`InvalidInput` naming the field.
    """
    _check_words(title, text)
    with acting_on_case(case_id=case_id, actor=actor, action=Action.START_REFERRAL, now=now) as act:
        preparing = _step_of_preparation(act)
        check_date(act, due_on)
        chosen = _with_accounts(recipients)
        _check_recipients(chosen)
        rows = [_row(recipient, due_on) for recipient in chosen]
        held = _held(act, rows)
        versions = _versions(act, set(version_ids))
        memo = act.case.memos.order_by("-version").first() if with_memo else None
        if not with_proposal and memo is None and not versions:
            raise InvalidInput({"with_proposal": _("Välj vad som ska gå ut på remiss.")})
        referral = Referral.objects.create(
            case=act.case,
            number=act.case.referrals.count() + 1,
            title=title,
            text=text,
            with_proposal=with_proposal,
            memo=memo,
            due_on=due_on,
            sent_by=actor,
            sent_at=now,
        )
        ReferralMaterial.objects.bulk_create(
            ReferralMaterial(referral=referral, version=version) for version in versions
        )
        for row in rows:
            row.referral = referral
        ReferralRecipient.objects.bulk_create(rows)
        people = [row.person for row in rows if row.person is not None]
        give_case_role(people=people, role=Role.REFERRAL_RECIPIENT, case=act.case, valid_from=act.today)
        act.record(
            "referral_sent",
            referral=referral.pk,
            number=referral.number,
            title=title,
            recipients=[row.name for row in rows],
            due=due_on,
        )
        act.branches = branches_to(rows, held)
        assert act.process is not None
        ReferralFlow.send.run(act, act.process.profile_version, parent_task=preparing)
        return referral


def _check_words(title: str, text: str) -> None:
    missing: dict[str, Message] = {}
    if not title:
        missing["title"] = _("Ange en rubrik.")
    if not text:
        missing["text"] = _("Skriv vad du vill ha synpunkter på.")
    if missing:
        raise InvalidInput(missing)


def _step_of_preparation(act: Act) -> WorkItem:
    """The open step in which the memo is prepared: a referral is part of that preparation."""
    if Referral.objects.unfinished().filter(case=act.case).exists():
        raise WrongState(
            _("En remiss pågår redan. Den behöver stängas och sammanställas innan nästa skickas.")
        )
    item = WorkItem.objects.filter(process=act.process, step=Action.PREPARE, open=True).first()
    if item is None:
        raise WrongState(_("En remiss skickas medan beredningsunderlaget skrivs."))
    return item


def _with_accounts(recipients: Sequence[Recipient]) -> list[Recipient]:
    """The same, those by mail whose address is an account's asked in person instead: they have better than a link."""
    addresses = {recipient.email.lower() for recipient in recipients if recipient.email}
    people = {person.email: person for person in Person.objects.filter(email__in=addresses, is_active=True)}
    return [
        replace(recipient, person=people[recipient.email.lower()], email="", name="")
        if recipient.email.lower() in people
        else replace(recipient, email=recipient.email.lower())
        for recipient in recipients
    ]


def _check_recipients(recipients: Sequence[Recipient]) -> None:
    if not recipients:
        raise InvalidInput({"recipients": _("Välj minst en remissinstans.")})
    seen: set[tuple[str, object]] = set()
    for recipient in recipients:
        if recipient.identity in seen:
            twice = _("%(name)s finns med två gånger bland remissinstanserna.") % {"name": recipient.label}
            raise InvalidInput({"recipients": twice})
        seen.add(recipient.identity)
        if recipient.person is not None and not recipient.person.is_active:
            gone = _("%(name)s är inte längre aktiv.") % {"name": recipient.label}
            raise InvalidInput({"recipients": gone})


def _row(recipient: Recipient, due_on: dt.date) -> ReferralRecipient:
    row = ReferralRecipient(
        kind=recipient.kind,
        body=recipient.body,
        organisation=recipient.organisation,
        unit=recipient.unit,
        person=recipient.person,
        name=recipient.label or recipient.email,
        email=recipient.email,
        language=recipient.language,
        due_on=due_on,
    )
    if row.is_outside:
        row.renew_link()
    return row


def _held(act: Act, rows: Iterable[ReferralRecipient]) -> set[str]:
    """The role keys under which the bodies and organisations can be asked. Raises when one has nobody to answer."""
    keys = {key for row in rows for key in possible_keys(row)}
    current = RoleHolding.objects.current(act.today).filter(key__in=keys, person__is_active=True)
    held = set(current.values_list("key", flat=True))
    for row in rows:
        possible = possible_keys(row)
        if possible and not held.intersection(possible):
            nobody = _(
                "%(name)s har ingen i systemet som kan svara. Lägg till en adress under ”Utanför systemet” i stället."
            ) % {"name": row.name}
            raise InvalidInput({"recipients": nobody})
    return held


def _versions(act: Act, wanted: set[int]) -> list[DocumentVersion]:
    """The chosen versions of the case's documents, none of which may be internal to a party."""
    if not wanted:
        return []
    found = DocumentVersion.objects.filter(
        pk__in=wanted, document__case=act.case, document__internal_to__isnull=True
    )
    versions = list(found.order_by("document__created_at", "document_id", "number"))
    if len(versions) != len(wanted):
        raise InvalidInput({"documents": _("En av handlingarna kan inte skickas på remiss.")})
    return versions
