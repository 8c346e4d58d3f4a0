"""Send a case on referral: what is asked, what goes along, and who is asked (R2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django import forms
from django.db.models import Prefetch
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Body,
    Case,
    Document,
    DocumentVersion,
    Memo,
    Organisation,
    Person,
    Unit,
)
from cases.values.form_fields import CleanCharField
from workflows.forms.fields import ColumnsCheckboxSelect, DayField, ProseField
from workflows.forms.page import LONG_TEXT, FieldGroup
from workflows.referral_sending import Recipient

ADD_ROW: Final = "add_row"
MOST_ROWS: Final = 100
FEWEST: Final = {"named": 1, "outside": 1}
NAMED: Final = ("person", "unit")
OUTSIDE: Final = ("name", "email", "unit", "language")


@dataclass
class ReferralChoices:
    """Who can be asked and what can go along, of one case. Six statements."""

    bodies: dict[int, Body] = field(default_factory=dict)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    versions: list[DocumentVersion] = field(default_factory=list)
    memo: Memo | None = None


def choices_for(case: Case) -> ReferralChoices:
    """The choices for the case: its shared documents in their newest versions, and everybody in the system."""
    documents = Document.objects.filter(case=case, internal_to__isnull=True).prefetch_related(
        Prefetch("versions", DocumentVersion.objects.select_related("document").order_by("-number"))
    )
    people = Person.objects.filter(is_active=True, organisation__isnull=False).select_related("organisation")
    return ReferralChoices(
        bodies={row.pk: row for row in Body.objects.order_by("name")},
        organisations={row.pk: row for row in Organisation.objects.order_by("name")},
        people={row.pk: row for row in people.order_by("organisation__name", "name")},
        units={
            row.pk: row
            for row in Unit.objects.select_related("organisation").order_by("organisation__name", "name")
        },
        versions=[next(iter(row.versions.all())) for row in documents if row.versions.all()],
        memo=case.memos.order_by("-version").first(),
    )


class ReferralForm(forms.Form):
    """A referral before it is sent. The rows of people and of outsiders grow by a button, without a script."""

    hide_optional_mark = True

    title = CleanCharField(
        label=_("Rubrik"),
        max_length=200,
        help_text=_("Vad remissen gäller. Den står i mejlet och överst på svarssidan."),
        error_messages={"required": _("Ange en rubrik.")},
    )
    text = ProseField(
        label=_("Det här vill vi ha synpunkter på"),
        max_length=LONG_TEXT,
        help_text=_("Skriv vad remissinstanserna särskilt bör ta ställning till."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv vad du vill ha synpunkter på.")},
    )
    due_on = DayField(
        label=_("Svar senast"),
        help_text=_(
            "Svar tas emot tills du stänger remissen. De som kommer efter den här dagen märks som sena."
        ),
        error_messages={"required": _("Ange när svaren ska vara inne.")},
    )
    with_proposal = forms.BooleanField(label=_("Förslagets text"), required=False, initial=True)
    with_memo = forms.BooleanField(label=_("Det senaste beredningsunderlaget"), required=False)
    documents = forms.TypedMultipleChoiceField(
        label=_("Handlingar"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    bodies = forms.TypedMultipleChoiceField(
        label=_("Organ"),
        required=False,
        coerce=int,
        widget=ColumnsCheckboxSelect,
        help_text=_(
            "Organets sekreterare får uppgiften att svara, eller dess ordförande eller beslutsfattare."
        ),
    )
    organisations = forms.TypedMultipleChoiceField(
        label=_("Organisationer"),
        required=False,
        coerce=int,
        widget=ColumnsCheckboxSelect,
        help_text=_("Organisationens handläggare får uppgiften att svara, eller dess registrator."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        choices: ReferralChoices,
        initial: dict[str, Any] | None = None,
        rows: dict[str, int] | None = None,
    ) -> None:
        self.choices = choices
        super().__init__(data, initial=initial)
        self.rows = rows or {kind: self._row_count(kind) for kind in FEWEST}
        self._fit()

    # Building

    def _row_count(self, kind: str) -> int:
        given = str(self.data.get(f"{kind}_rows", "")) if self.is_bound else ""
        asked = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
        return min(max(asked, FEWEST[kind]), MOST_ROWS)

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _fit(self) -> None:
        of = self.choices
        self._choose("bodies", [(row.pk, row.label) for row in of.bodies.values()])
        self._choose("organisations", [(row.pk, row.label) for row in of.organisations.values()])
        self._choose(
            "documents",
            [
                (
                    row.pk,
                    gettext("%(title)s (%(file)s)") % {"title": row.document.title, "file": row.filename},
                )
                for row in of.versions
            ],
        )
        if of.memo is None:
            del self.fields["with_memo"]
        people = self._by_organisation(of.people.values())
        units = self._by_organisation(of.units.values())
        for number in range(self.rows["named"]):
            self.fields[f"named_{number}_person"] = _choice(_("Person"), _("Välj person"), people)
            self.fields[f"named_{number}_unit"] = _choice(
                _("För enhet"), _("Ingen enhet, personen svarar själv"), units
            )
        for number in range(self.rows["outside"]):
            self.fields[f"outside_{number}_name"] = CleanCharField(
                label=_("Namn"), required=False, max_length=150
            )
            self.fields[f"outside_{number}_email"] = forms.EmailField(
                label=_("E-postadress"),
                required=False,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"outside_{number}_unit"] = _choice(_("För enhet"), _("Ingen enhet"), units)
            self.fields[f"outside_{number}_language"] = forms.ChoiceField(
                label=_("Språk"), required=False, choices=Person.Language.choices, initial="sv"
            )

    @staticmethod
    def _by_organisation(rows: Any) -> list[tuple[str, list[tuple[int, str]]]]:
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in rows:
            title = getattr(row, "title", "")
            name = f"{row.name}, {title}" if title else row.name
            groups.setdefault(row.organisation.label, []).append((row.pk, name))
        return list(groups.items())

    # Layout

    def _bound(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def groups(self) -> list[FieldGroup]:
        """The fields that are no rows, in their groups."""
        return [
            FieldGroup(_("Frågan"), self._bound("title", "text", "due_on")),
            FieldGroup(
                _("Det som går ut"),
                self._bound("with_proposal", "with_memo", "documents"),
                _(
                    "Remissinstanserna ser bara det du väljer här. Det som är internt hos en part kan inte väljas."
                ),
            ),
            FieldGroup(_("Organ och organisationer i systemet"), self._bound("bodies", "organisations")),
        ]

    def _rows_of(self, kind: str, names: Sequence[str]) -> list[list[BoundField]]:
        return [[self[f"{kind}_{n}_{name}"] for name in names] for n in range(self.rows[kind])]

    @property
    def named_rows(self) -> list[list[BoundField]]:
        return self._rows_of("named", NAMED)

    @property
    def outside_rows(self) -> list[list[BoundField]]:
        return self._rows_of("outside", OUTSIDE)

    @property
    def may_add_named(self) -> bool:
        return self.rows["named"] < MOST_ROWS

    @property
    def may_add_outside(self) -> bool:
        return self.rows["outside"] < MOST_ROWS

    # Reading

    def with_another_row(self) -> Self | None:
        """The form as typed so far with one more row, when the button that was pressed asks for it."""
        kind = self.data.get(ADD_ROW) if self.is_bound else None
        if kind not in FEWEST:
            return None
        rows = {**self.rows, kind: min(self.rows[kind] + 1, MOST_ROWS)}
        return type(self)(choices=self.choices, initial=self.as_typed(), rows=rows)

    def as_typed(self) -> dict[str, Any]:
        """Every field as it was typed, valid or not."""
        return {name: self[name].data for name in self.fields}

    def clean(self) -> None:
        given = super().clean() or {}
        for number in range(self.rows["named"]):
            prefix = f"named_{number}_"
            if given.get(f"{prefix}unit") is not None and given.get(f"{prefix}person") is None:
                self.add_error(
                    f"{prefix}person",
                    _("Välj vem som svarar för enheten, eller ange en adress under Utanför systemet."),
                )
        for number in range(self.rows["outside"]):
            prefix = f"outside_{number}_"
            begun = given.get(f"{prefix}name") or given.get(f"{prefix}unit") is not None
            if begun and not given.get(f"{prefix}email") and f"{prefix}email" not in self.errors:
                self.add_error(f"{prefix}email", _("Ange en e-postadress."))
            if given.get(f"{prefix}email") and not begun:
                self.add_error(f"{prefix}name", _("Ange vem adressen går till."))
        if not self.errors and not self.recipients():
            self.add_error(None, _("Välj minst en remissinstans."))

    def recipients(self) -> list[Recipient]:
        """Who is asked, by a form without errors."""
        given, of = self.cleaned_data, self.choices
        found = [Recipient(body=of.bodies[pk]) for pk in given.get("bodies", [])]
        found += [Recipient(organisation=of.organisations[pk]) for pk in given.get("organisations", [])]
        for number in range(self.rows["named"]):
            person = given.get(f"named_{number}_person")
            if person is not None:
                unit = given.get(f"named_{number}_unit")
                found.append(
                    Recipient(person=of.people[person], unit=of.units[unit] if unit is not None else None)
                )
        for number in range(self.rows["outside"]):
            email = given.get(f"outside_{number}_email")
            if email:
                unit = given.get(f"outside_{number}_unit")
                found.append(
                    Recipient(
                        unit=of.units[unit] if unit is not None else None,
                        name=given.get(f"outside_{number}_name") or "",
                        email=email,
                        language=given.get(f"outside_{number}_language") or Person.Language.SWEDISH,
                    )
                )
        return found


def _choice(label: Any, empty: Any, choices: Sequence[Any]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, choices=[("", empty), *choices]
    )
