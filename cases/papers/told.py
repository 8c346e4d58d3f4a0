"""What papers tell of a case in the same way: its registry numbers, its people, its days, in the house's language."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Case, Organisation, Person, RegistryNumber
from cases.papers.paper import Fact, Language


def house_language() -> Language:
    """The language of papers: the house's, whatever the reader of the pages has chosen. They are kept as they are."""
    return "en" if settings.LANGUAGE_CODE.startswith("en") else "sv"


def in_house_language() -> AbstractContextManager[None]:
    """Within it, texts are those of the house's language."""
    return translation.override(settings.LANGUAGE_CODE)


def day(moment: dt.datetime) -> str:
    """The day in Sweden, with its month in words: 4 oktober 2021."""
    return date_format(timezone.localtime(moment), "j F Y")


def person(someone: Person) -> str:
    """The person with their organisation, where they have one."""
    if someone.organisation is None:
        return someone.name
    return _("%(name)s, %(organisation)s") % {
        "name": someone.name,
        "organisation": someone.organisation.label,
    }


def registry_numbers(case: Case, party: Organisation) -> list[RegistryNumber]:
    """The case's registry numbers, the party's own first (M1). One statement."""
    rows = case.registry_numbers.select_related("organisation")
    return sorted(rows, key=lambda row: (row.organisation_id != party.pk, row.pk))


def own_number(numbers: list[RegistryNumber], party: Organisation) -> str:
    """The party's number of the case; empty when it has not registered it."""
    return next((row.text for row in numbers if row.organisation_id == party.pk), "")


def registry_fact(numbers: list[RegistryNumber], party: Organisation) -> Fact:
    """The row "Dnr": the party's own number as it stands, those of others with whose they are."""
    lines = [
        row.text
        if row.organisation_id == party.pk
        else _("%(number)s (%(party)s)") % {"number": row.text, "party": row.organisation.short_name}
        for row in numbers
    ]
    return Fact(_("Dnr"), "\n".join(lines) or _("Inte registrerat"))
