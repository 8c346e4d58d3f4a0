"""The filters above the page of dates. They travel in the address, so that a choice can be kept and sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Partnership, Role
from workflows.date_board import DateFilters
from workflows.flows import title_of_step
from workflows.policy import RULES, STEP_ACTIONS
from workflows.profile import DEFAULT_DEADLINES

_ALL = [("", _("Alla"))]
_STEP_ROLES = frozenset(role for action in STEP_ACTIONS for role in RULES[action].roles)


class DateFilterForm(forms.Form):
    """What the page can be narrowed to. Only partnerships that the person sees are among the choices."""

    hide_optional_mark = True

    partnership = forms.ChoiceField(label=_("Samarbete"), required=False)
    party = forms.ChoiceField(label=_("Väntar hos part"), required=False)
    step = forms.ChoiceField(label=_("Steg"), required=False)
    role = forms.ChoiceField(
        label=_("Roll"),
        required=False,
        choices=[*_ALL, *((role.value, role.label) for role in Role if role in _STEP_ROLES)],
    )
    overdue = forms.BooleanField(label=_("Bara försenade"), required=False)

    def __init__(self, *args: Any, partnerships: Iterable[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(partnerships)
        parties = {row.organisation_id: row.organisation.label for p in rows for row in p.party_rows.all()}
        by_name = sorted(parties.items(), key=lambda pair: pair[1])
        self._choose("partnership", [(str(p.pk), p.label) for p in rows])
        self._choose("party", [(str(key), label) for key, label in by_name])
        # The human steps, in the order in which a case comes to them.
        self._choose("step", [(name, title_of_step(name)) for name in DEFAULT_DEADLINES])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*_ALL, *choices]

    def filters(self, today: dt.date) -> DateFilters:
        """What the valid form asks for."""
        given = self.cleaned_data
        return DateFilters(
            today=today,
            partnership_id=int(given["partnership"]) if given["partnership"] else None,
            party_id=int(given["party"]) if given["party"] else None,
            step=given["step"],
            role=given["role"],
            overdue=given["overdue"],
        )

    def active(self) -> list[tuple[str, str]]:
        """The filters in use, as field name and the words for it."""
        if not self.is_valid():
            return []
        words = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if not value:
                continue
            if isinstance(field, forms.ChoiceField):
                choices: Any = field.choices
                words.append((name, next(str(label) for key, label in choices if str(key) == value)))
            else:
                words.append((name, str(field.label)))
        return words
