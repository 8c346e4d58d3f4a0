"""Sending the demonstration's referrals, and letting some of those asked answer (R2)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from cases.models import (
    Body,
    Case,
    Organisation,
    Person,
    Referral,
    ReferralRecipient,
    Role,
    RoleHolding,
    Stance,
)
from workflows.demo.course import CourseError
from workflows.demo.directory import Directory
from workflows.demo.shapes import AskedShape, ReferralShape
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.referral_sending import Recipient, start_referral
from workflows.steps.referral import Answer, answer_as_recipient, answer_referral
from workflows.working_days import add_working_days


def play_referral(shape: ReferralShape, directory: Directory, *, now: dt.datetime) -> Referral | None:
    """Send the referral and let those answer who do. None when the case does not wait for its memo.

    Raises :class:`CourseError` when the domain takes it not.
    """
    case = Case.objects.filter(partnership__slug=shape.partnership, title=shape.case).first()
    if case is None or not WorkItem.objects.filter(case=case, step=Action.PREPARE, open=True).exists():
        return None
    today = timezone.localtime(now).date()
    at = _at_work(add_working_days(today, -shape.sent), 10)
    last = case.events.latest("seq").at
    if at <= last:
        at = _at_work(add_working_days(timezone.localtime(last).date(), 1), 10)
    if at >= now:
        return None
    try:
        referral = start_referral(
            case_id=case.pk,
            actor=_coordinator(case, at),
            title=shape.title,
            text=shape.text,
            due_on=(now + dt.timedelta(days=shape.due)).date(),
            recipients=[_recipient(asked) for asked in shape.to],
            now=at,
        )
        for number, asked in enumerate(shape.to, 1):
            answered_at = _at_work(add_working_days(at.date(), shape.answered), 13) + dt.timedelta(
                minutes=7 * number
            )
            if asked.stance is not None and answered_at < now:
                _answer(referral, asked, directory, answered_at)
    except Exception as error:
        raise CourseError(f"{shape.case}, referral: {error!r}") from error
    return referral


def _at_work(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 15)))


def _coordinator(case: Case, at: dt.datetime) -> Person:
    held = RoleHolding.objects.current(at.date()).ordinary().select_related("person")
    return held.filter(role=Role.COORDINATOR, partnership=case.partnership).order_by("pk")[0].person


def _recipient(asked: AskedShape) -> Recipient:
    if asked.body is not None:
        return Recipient(body=Body.objects.get(slug=asked.body))
    if asked.organisation is not None:
        return Recipient(organisation=Organisation.objects.get(slug=asked.organisation))
    if asked.person is not None:
        return Recipient(person=Person.objects.get(email=asked.person))
    return Recipient(name=asked.name, email=asked.email)


def _answer(referral: Referral, asked: AskedShape, directory: Directory, at: dt.datetime) -> None:
    assert asked.stance is not None
    row = _row(referral, asked)
    if row.kind == ReferralRecipient.Kind.OUTSIDE:
        answer_as_recipient(
            recipient_id=row.pk,
            actor=None,
            digest=row.token_digest,
            after=0,
            answer=Answer(Stance(asked.stance), asked.text, asked.name),
            now=at,
        )
        return
    item = WorkItem.objects.select_related("case", "process").get(
        case=referral.case, step=Action.REFERRAL_ANSWER, data__recipient=row.pk
    )
    directory.forget()
    person = directory.who_can_do(item, at)[0]
    answer = Answer(Stance(asked.stance), asked.text, person.name, person.title)
    answer_referral(item_id=item.pk, actor=person, answer=answer, now=at)


def _row(referral: Referral, asked: AskedShape) -> ReferralRecipient:
    rows = referral.recipients.all()
    if asked.organisation is not None:
        return rows.get(organisation__slug=asked.organisation)
    if asked.person is not None:
        return rows.get(person__email=asked.person)
    return rows.get(body__slug=asked.body) if asked.body is not None else rows.get(email=asked.email)
