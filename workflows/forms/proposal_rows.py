"""The rows of a proposal's form: who is responsible (H5), and the money (R7). A row left empty is no row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import FundingLine, ResponsibleUnit
from cases.values.form_fields import CleanCharField
from workflows.forms.fields import AmountField
from workflows.forms.proposal_choices import ProposalChoices
from workflows.proposals import Funding, Responsible

MOST_ROWS: Final = 30
CURRENCIES: Final = ("SEK", "EUR", "DKK", "NOK", "GBP", "USD")
RESPONSIBLE: Final = ("organisation", "unit")
FUNDING: Final = ("source", "amount", "currency", "year", "decided_by")
UNITS_LIST: Final = "kanda-enheter"


def row_fields(kind: str, number: int) -> list[str]:
    """The names of a row's fields."""
    return [f"{kind}_{number}_{name}" for name in (RESPONSIBLE if kind == "responsible" else FUNDING)]


def responsible_fields(number: int, choices: ProposalChoices) -> dict[str, forms.Field]:
    """The fields of one responsible."""
    parties = [(organisation.pk, organisation.label) for organisation in choices.parties.values()]
    others = [(organisation.pk, organisation.label) for organisation in choices.others.values()]
    grouped: list[Any] = [("", _("Annan, skriv namnet under Enhet")), (_("Parter"), parties)]
    if others:
        grouped.append((_("Andra organisationer"), others))
    return {
        f"responsible_{number}_organisation": forms.TypedChoiceField(
            label=_("Organisation"), required=False, coerce=int, empty_value=None, choices=grouped
        ),
        f"responsible_{number}_unit": CleanCharField(
            label=_("Enhet"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"list": UNITS_LIST, "autocomplete": "off"}),
        ),
    }


def funding_fields(number: int, more_currencies: tuple[str, ...] = ()) -> dict[str, forms.Field]:
    """The fields of one line of money."""
    currencies = [*CURRENCIES, *(code for code in more_currencies if code not in CURRENCIES)]
    return {
        f"funding_{number}_source": CleanCharField(label=_("Källa"), required=False, max_length=200),
        f"funding_{number}_amount": AmountField(label=_("Belopp"), required=False),
        f"funding_{number}_currency": forms.ChoiceField(
            label=_("Valuta"), required=False, choices=[(code, code) for code in currencies], initial="SEK"
        ),
        f"funding_{number}_year": forms.IntegerField(
            label=_("År"),
            required=False,
            min_value=1990,
            max_value=2100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"}),
        ),
        f"funding_{number}_decided_by": CleanCharField(
            label=_("Beslutas av"), required=False, max_length=200
        ),
    }


def unit_words(row: ResponsibleUnit) -> str:
    """What stands in the unit's field for a responsible as it was given."""
    if row.unit is not None:
        return row.unit.name
    if row.organisation is None:
        return row.name
    short = row.organisation.short_name
    if row.name == short or row.name == row.organisation.name:
        return ""
    if row.name.startswith(f"{short} (") and row.name.endswith(")"):
        return row.name[len(short) + 2 : -1]
    return row.name


def responsible_start(rows: list[ResponsibleUnit]) -> dict[str, Any]:
    """What the responsible rows hold when the page is opened."""
    start: dict[str, Any] = {}
    for number, row in enumerate(rows):
        start[f"responsible_{number}_organisation"] = row.organisation_id
        start[f"responsible_{number}_unit"] = unit_words(row)
    return start


def funding_start(rows: list[FundingLine]) -> dict[str, Any]:
    """What the money rows hold when the page is opened."""
    return {
        f"funding_{number}_{name}": getattr(row, name) for number, row in enumerate(rows) for name in FUNDING
    }


def read_responsible(
    given: Mapping[str, Any], rows: int, choices: ProposalChoices, before: list[ResponsibleUnit]
) -> tuple[Responsible, ...]:
    """The responsible who were filled in. What nobody touched stays exactly as it was given (H5)."""
    kept = {
        (row.organisation_id, unit_words(row)): Responsible(
            row.name, row.organisation, row.unit, row.needs_review
        )
        for row in before
    }
    found = []
    for number in range(rows):
        pk = given.get(f"responsible_{number}_organisation")
        words = given.get(f"responsible_{number}_unit") or ""
        if pk is None and not words:
            continue
        if (pk, words) in kept:
            found.append(kept[pk, words])
            continue
        organisation = choices.organisation(pk)
        unit = choices.unit(organisation, words)
        name = words
        if organisation is not None:
            name = f"{organisation.short_name} ({words})" if words else organisation.short_name
        found.append(Responsible(name, organisation, unit))
    return tuple(found)


def read_funding(given: Mapping[str, Any], rows: int) -> tuple[Funding, ...]:
    """The money that was filled in; call it on rows without :func:`funding_errors`."""
    found = []
    for number in range(rows):
        source = given.get(f"funding_{number}_source")
        amount: Decimal | None = given.get(f"funding_{number}_amount")
        year = given.get(f"funding_{number}_year")
        if not source or amount is None or year is None:
            continue
        found.append(
            Funding(
                source=source,
                amount=amount,
                year=year,
                currency=given.get(f"funding_{number}_currency") or "SEK",
                decided_by=given.get(f"funding_{number}_decided_by") or "",
            )
        )
    return tuple(found)


def funding_errors(given: Mapping[str, Any], rows: int, already: Mapping[str, Any]) -> dict[str, str]:
    """What a begun row of money lacks, by field."""
    errors: dict[str, str] = {}
    messages = {
        "source": gettext("Rad %(row)s: ange varifrån pengarna kommer."),
        "amount": gettext("Rad %(row)s: ange beloppet."),
        "year": gettext("Rad %(row)s: ange året."),
    }
    for number in range(rows):
        names = {name: f"funding_{number}_{name}" for name in FUNDING}
        begun = any(
            given.get(full) not in (None, "") or full in already
            for name, full in names.items()
            if name != "currency"
        )
        if not begun:
            continue
        for name, message in messages.items():
            if given.get(names[name]) in (None, "") and names[name] not in already:
                errors[names[name]] = message % {"row": number + 1}
    return errors
