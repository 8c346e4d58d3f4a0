"""The whole proposal as a form: every field of H3, U3, U4 and R7. A draft may be saved with most of it empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self

from django import forms
from django.core.files.base import File
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.documents import inspect
from cases.errors import InvalidInput
from cases.models import Case, CouncilTask, FundingLine, InitiativeKind, ReportingKind, ResponsibleUnit
from cases.values.form_fields import CleanCharField, VagueDateFormField
from cases.values.reporting import ReportingSchedule
from cases.values.vague_date import VagueDate
from workflows.forms import proposal_rows
from workflows.forms.fields import ColumnsCheckboxSelect, ProseField
from workflows.forms.page import LONG_TEXT, FieldGroup
from workflows.forms.proposal_choices import ProposalChoices
from workflows.forms.proposal_rows import MOST_ROWS
from workflows.forms.understood import understood_date
from workflows.proposals import ProposalContent

ADD_ROW: Final = "add_row"
FEWEST: Final = {"responsible": 2, "funding": 1}


def _long(label: Any, help_text: Any = "", rows: int = 4) -> ProseField:
    return ProseField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ProposalForm(forms.Form):
    """What a proposer writes. The rows of responsible units and of money grow by a button, without a script."""

    # Nearly everything may be left for later: what must be there at last is said beside the field.
    hide_optional_mark = True

    title = CleanCharField(
        label=_("Titel"),
        max_length=200,
        help_text=_("Kort, så att andra känner igen förslaget i en lista."),
        error_messages={"required": _("Ange en titel.")},
    )
    kind = forms.ChoiceField(label=_("Slag"), choices=InitiativeKind.choices, initial=InitiativeKind.PROJECT)
    area = forms.TypedChoiceField(
        label=_("Område"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Behövs när förslaget lämnas in."),
    )
    description = _long(
        _("Beskrivning"), _("Vad ska göras, för vem och varför? Behövs när förslaget lämnas in."), 6
    )
    current_status = _long(
        _("Aktuellt läge eller utredningsuppdrag"),
        _("Det som redan är gjort, eller det som behöver utredas först."),
    )
    goals = forms.TypedMultipleChoiceField(
        label=_("Mål i Agenda 2030"), required=False, coerce=int, widget=ColumnsCheckboxSelect
    )
    start = VagueDateFormField(
        label=_("Start"),
        required=False,
        help_text=_("Skriv så noga som du vet: ”hösten 2021”, ”oktober 2021” eller ”2021-10-04”."),
    )
    need = _long(_("Behov"), _("Vilket behov ligger bakom? Kom det fram i ledningsdialogen, skriv det."))
    purpose = _long(_("Syfte"), _("Krävs för personutbyte."))
    terms = _long(
        _("Villkor"), _("Krävs för personutbyte: till exempel anställning, lön, tid och omfattning.")
    )
    benefit = _long(
        _("Nytta för båda parter"), _("Krävs för personutbyte: vad båda organisationerna vinner.")
    )
    council_task = forms.ChoiceField(
        label=_("Rådets uppgift"),
        required=False,
        choices=CouncilTask.choices,
        help_text=_("Vad rådet ombeds göra."),
    )
    council_task_words = CleanCharField(
        label=_("Rådets uppgift med egna ord"), required=False, max_length=300
    )
    reporting_words = CleanCharField(
        label=_("Återrapportering"),
        required=False,
        max_length=200,
        help_text=_("När rådet ska få rapport: ”Fortlöpande”, ”Våren 2023”, ”årligen”."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        choices: ProposalChoices,
        case: Case | None = None,
        initial: dict[str, Any] | None = None,
        rows: dict[str, int] | None = None,
        with_document: bool = False,
    ) -> None:
        self.choices = choices
        self.case = case
        self._responsible: list[ResponsibleUnit] = []
        self._funding: list[FundingLine] = []
        if case is not None:
            self._responsible = list(case.responsible_units.select_related("organisation", "unit"))
            self._funding = list(case.funding.all())
        super().__init__(data, files, initial=initial if initial is not None else self._start())
        present = {"responsible": len(self._responsible), "funding": len(self._funding)}
        self.rows = rows or {kind: self._row_count(kind, present[kind]) for kind in FEWEST}
        self._add_fields(with_document=with_document)

    # Building

    def _start(self) -> dict[str, Any]:
        if self.case is None:
            return {"goals": sorted(self.choices.overarching)}
        proposal = self.case.proposal
        start: dict[str, Any] = {
            name: getattr(proposal, name)
            for name in (
                "kind",
                "description",
                "current_status",
                "start",
                "need",
                "purpose",
                "terms",
                "benefit",
                "council_task",
                "council_task_words",
                "reporting_words",
            )
        }
        start.update(
            title=self.case.title,
            area=self.case.area_id,
            goals=list(proposal.goals.values_list("pk", flat=True)),
        )
        start.update(proposal_rows.responsible_start(self._responsible))
        start.update(proposal_rows.funding_start(self._funding))
        return start

    def _row_count(self, kind: str, present: int) -> int:
        given = self.data.get(f"{kind}_rows", "") if self.is_bound else ""
        asked = int(given) if str(given).isascii() and str(given).isdigit() and len(str(given)) < 4 else 0
        return min(max(asked, FEWEST[kind] if asked else max(present, FEWEST[kind])), max(MOST_ROWS, present))

    def _add_fields(self, *, with_document: bool) -> None:
        if self.choices.areas:
            self._choose(
                "area", [("", _("Välj område")), *((pk, row.label) for pk, row in self.choices.areas.items())]
            )
        else:
            del self.fields["area"]
        self._choose("goals", [(pk, str(goal)) for pk, goal in self.choices.goals.items()])
        if not self.choices.goals:
            del self.fields["goals"]
        for number in range(self.rows["responsible"]):
            self.fields.update(proposal_rows.responsible_fields(number, self.choices))
        currencies = tuple(row.currency for row in self._funding)
        for number in range(self.rows["funding"]):
            self.fields.update(proposal_rows.funding_fields(number, currencies))
        if with_document:
            self.fields["file"] = forms.FileField(
                label=_("Lägg till en handling"),
                required=False,
                help_text=_("PDF, Word, Excel, PowerPoint, OpenDocument, bild, text eller e-post."),
            )
            self.fields["file_title"] = CleanCharField(
                label=_("Handlingens titel"), required=False, max_length=200
            )
        self._say_what_was_understood()

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _say_what_was_understood(self) -> None:
        """Beside vague words, what they are taken to mean: nothing is guessed behind anybody's back (H4, H7)."""
        start = self._words_of("start")
        if start and len(start) <= 200:
            self.fields["start"].help_text = understood_date(VagueDate.parse(start))
        words = self._words_of("reporting_words")
        if words and len(words) <= 200:
            kind = ReportingKind(ReportingSchedule.parse(words).kind.value)
            if kind == ReportingKind.UNKNOWN:
                text = gettext(
                    "Går inte att tolka som en tid. Orden sparas som de är, och någon behöver sätta tiden."
                )
            else:
                text = gettext("Tolkas som: %(kind)s.") % {"kind": kind.label}
            self.fields["reporting_words"].help_text = text

    def _words_of(self, name: str) -> str:
        value = self.data.get(name) if self.is_bound else self.get_initial_for_field(self.fields[name], name)
        return str(value or "")

    # Layout

    def _bound(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def groups(self) -> list[FieldGroup]:
        """The fields that are no rows, in their groups."""
        return [
            FieldGroup(
                _("Vad förslaget gäller"),
                self._bound("title", "kind", "area", "description", "current_status", "start"),
            ),
            FieldGroup(
                _("Behov och nytta"),
                self._bound("need", "purpose", "terms", "benefit"),
                _(
                    "För personutbyte krävs syfte, villkor och nytta för båda parter. Annars är fälten valfria."
                ),
            ),
            FieldGroup(_("Hållbarhetsmål"), self._bound("goals"), self._overarching_text()),
            FieldGroup(
                _("Rådet och återrapporteringen"),
                self._bound("council_task", "council_task_words", "reporting_words"),
            ),
        ]

    def _overarching_text(self) -> str:
        names = [str(goal) for pk, goal in self.choices.goals.items() if pk in self.choices.overarching]
        if not names:
            return ""
        return gettext("Övergripande i samarbetet: %(goals)s.") % {"goals": ", ".join(names)}

    def _rows_of(self, kind: str) -> list[list[BoundField]]:
        return [
            [self[name] for name in proposal_rows.row_fields(kind, number)]
            for number in range(self.rows[kind])
        ]

    @property
    def responsible_rows(self) -> list[list[BoundField]]:
        return self._rows_of("responsible")

    @property
    def funding_rows(self) -> list[list[BoundField]]:
        return self._rows_of("funding")

    @property
    def document_fields(self) -> list[BoundField]:
        return self._bound("file", "file_title")

    @property
    def units(self) -> list[str]:
        """Known units, offered while one types."""
        return sorted({unit.name for unit in self.choices.units})

    @property
    def may_add_responsible(self) -> bool:
        return self.rows["responsible"] < MOST_ROWS

    @property
    def may_add_funding(self) -> bool:
        return self.rows["funding"] < MOST_ROWS

    # Reading

    def with_another_row(self) -> Self | None:
        """The form as typed so far with one more row, when the button that was pressed asks for it."""
        kind = self.data.get(ADD_ROW) if self.is_bound else None
        if kind not in FEWEST:
            return None
        rows = {**self.rows, kind: min(self.rows[kind] + 1, MOST_ROWS)}
        return self._again(initial=self.as_typed(), rows=rows)

    def _again(self, *, initial: dict[str, Any], rows: dict[str, int]) -> Self:
        return type(self)(
            choices=self.choices,
            case=self.case,
            initial=initial,
            rows=rows,
            with_document="file" in self.fields,
        )

    def as_typed(self) -> dict[str, Any]:
        """Every field as it was typed, valid or not."""
        return {name: self[name].data for name in self.fields if name != "file"}

    def clean_file(self) -> File[bytes] | None:
        upload: File[bytes] | None = self.cleaned_data["file"]
        if upload is not None:
            try:
                inspect(upload)
            except InvalidInput as refused:
                raise forms.ValidationError(str(refused.message)) from refused
        return upload

    def clean(self) -> None:
        given = super().clean() or {}
        for name, message in proposal_rows.funding_errors(given, self.rows["funding"], self.errors).items():
            self.add_error(name, message)

    def content(self) -> ProposalContent:
        """A valid form as what the domain takes."""
        given = self.cleaned_data
        area = given.get("area")
        return ProposalContent(
            title=given["title"],
            kind=given["kind"],
            area=self.choices.areas[area] if area is not None else None,
            description=given["description"],
            goals=tuple(self.choices.goals[pk] for pk in given.get("goals", [])),
            start=given["start"],
            current_status=given["current_status"],
            council_task=given["council_task"],
            council_task_words=given["council_task_words"],
            reporting_words=given["reporting_words"],
            need=given["need"],
            purpose=given["purpose"],
            terms=given["terms"],
            benefit=given["benefit"],
            responsible=proposal_rows.read_responsible(
                given, self.rows["responsible"], self.choices, self._responsible
            ),
            funding=proposal_rows.read_funding(given, self.rows["funding"]),
        )
