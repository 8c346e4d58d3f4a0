"""Giving registry numbers: gapless per organisation and year, also when many register at once (M1)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput
from cases.models import Case, Organisation, Person, RegistryCounter, RegistryNumber
from cases.values.registry_pattern import RegistryPattern


def _next_serial(organisation: Organisation, year: int) -> int:
    """Take the next serial. The counter's row stays locked until the transaction ends, so a rollback leaves no gap."""
    counter = RegistryCounter.objects.select_for_update().filter(organisation=organisation, year=year).first()
    if counter is None:
        # Two may find no row at once: the unique constraint lets one create it, the other then waits for its lock.
        RegistryCounter.objects.bulk_create(
            [RegistryCounter(organisation=organisation, year=year, last=0)], ignore_conflicts=True
        )
        counter = RegistryCounter.objects.select_for_update().get(organisation=organisation, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _counter_year(pattern: RegistryPattern, year: int) -> int:
    """The year that a number is counted in. A pattern that does not write the year counts on for ever, under 0:
    restarting it would give a number twice."""
    return year if pattern.has_year else 0


def next_number(organisation: Organisation, *, now: dt.datetime) -> str:
    """The number that the organisation's next case gets if nobody registers another one first; empty without a pattern."""
    if not organisation.registry_pattern:
        return ""
    pattern, year = RegistryPattern(organisation.registry_pattern), timezone.localtime(now).year
    counters = RegistryCounter.objects.filter(organisation=organisation, year=_counter_year(pattern, year))
    last = counters.values_list("last", flat=True).first() or 0
    return pattern.format(series=organisation.registry_series, year=year, n=last + 1)


@transaction.atomic
def register_case(
    *, case: Case, organisation: Organisation, actor: Person, now: dt.datetime
) -> RegistryNumber:
    """Give the case the organisation's next number in the year of ``now`` (Swedish time).

    Raises :class:`AlreadyDone` when the organisation has registered the case, :class:`InvalidInput` when it has
    no pattern for its numbers.
    """
    if not organisation.registry_pattern:
        raise InvalidInput(
            message=_("Organisationen saknar mönster för diarienummer. Be systemförvaltaren ange ett.")
        )
    if RegistryNumber.objects.filter(case=case, organisation=organisation).exists():
        raise AlreadyDone(_("Ärendet är redan registrerat hos organisationen."))
    pattern = RegistryPattern(organisation.registry_pattern)
    year = timezone.localtime(now).year
    serial = _next_serial(organisation, _counter_year(pattern, year))
    text = pattern.format(series=organisation.registry_series, year=year, n=serial)
    try:
        with transaction.atomic():
            return RegistryNumber.objects.create(
                case=case,
                organisation=organisation,
                year=year,
                serial=serial,
                text=text,
                registered_at=now,
                registered_by=actor,
            )
    except IntegrityError as error:
        raise AlreadyDone(_("Ärendet är redan registrerat hos organisationen.")) from error
