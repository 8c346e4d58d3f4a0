"""The filters above the list of cases. They travel in the address, so that a list can be kept and sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import CaseStatus, EndState, InitiativeKind, Partnership
from cases.models.case import VISIBLE_STAGES
from workflows.queries import CaseFilters

_ALL = [("", _("Alla"))]
_STATUSES = [
    *_ALL,
    (CaseStatus.OPEN.value, CaseStatus.OPEN.label),
    (CaseStatus.ON_HOLD.value, CaseStatus.ON_HOLD.label),
    (CaseStatus.CLOSED.value, CaseStatus.CLOSED.label),
    (_("Hur det slutade"), list(EndState.choices)),
    (CaseStatus.DRAFT.value, CaseStatus.DRAFT.label),
]


class CaseFilterForm(forms.Form):
    """What the list can be narrowed to. Only partnerships that the person sees are among the choices."""

    hide_optional_mark = True

    q = forms.CharField(label=_("Sök"), required=False, max_length=100, widget=forms.SearchInput)
    partnership = forms.ChoiceField(label=_("Samarbete"), required=False)
    area = forms.ChoiceField(label=_("Område"), required=False)
    party = forms.ChoiceField(label=_("Part"), required=False)
    stage = forms.ChoiceField(
        label=_("Skede"), required=False, choices=[*_ALL, *((s.value, s.label) for s in VISIBLE_STAGES)]
    )
    kind = forms.ChoiceField(label=_("Slag"), required=False, choices=[*_ALL, *InitiativeKind.choices])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=_STATUSES)
    # Chosen by the short cuts above the form, which only carries them along.
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)
    overdue = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partnerships: Iterable[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._partnerships = list(partnerships)
        parties = {
            row.organisation_id: row.organisation.label
            for p in self._partnerships
            for row in p.party_rows.all()
        }
        by_name = sorted(parties.items(), key=lambda pair: pair[1])
        self._choose("partnership", [(str(p.pk), p.label) for p in self._partnerships])
        self._choose("party", [(str(key), label) for key, label in by_name])
        areas = [(p.label, [(str(a.pk), a.label) for a in p.areas.all()]) for p in self._partnerships]
        self._choose(
            "area", areas if len(areas) > 1 else [choice for _name, group in areas for choice in group]
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*_ALL, *choices]

    def filters(self, today: dt.date) -> CaseFilters:
        """What the valid form asks for."""
        given = self.cleaned_data
        party = int(given["party"]) if given["party"] else None
        with_party = frozenset(
            p.pk
            for p in self._partnerships
            if any(row.organisation_id == party for row in p.party_rows.all())
        )
        return CaseFilters(
            today=today,
            partnership_id=int(given["partnership"]) if given["partnership"] else None,
            area_id=int(given["area"]) if given["area"] else None,
            party_partnership_ids=with_party if party is not None else None,
            stage=given["stage"],
            kind=given["kind"],
            status=given["status"],
            text=given["q"],
            mine=given["mine"],
            overdue=given["overdue"],
        )

    def active(self) -> list[tuple[str, str]]:
        """The filters in use, as field name and the words for it; without those that a short cut shows as chosen."""
        if not self.is_valid():
            return []
        words = []
        for name, value in self.cleaned_data.items():
            if (
                not value
                or self.fields[name].widget.is_hidden
                or (name, value) == ("status", CaseStatus.ON_HOLD)
            ):
                continue
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                words.append((name, _chosen(field, value)))
            else:
                words.append((name, str(value)))
        return words


def _chosen(field: forms.ChoiceField, value: str) -> str:
    choices: Any = field.choices
    for key, label in choices:
        if isinstance(label, list | tuple):
            for inner_key, inner_label in label:
                if str(inner_key) == value:
                    return str(inner_label)
        elif str(key) == value:
            return str(label)
    return value
