"""Dissent from a decision, or make a special statement to it (section 5)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import StatementKind
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT


class StatementForm(forms.Form):
    """Its kind and its text."""

    kind = forms.ChoiceField(
        label=_("Vad vill du lämna?"),
        choices=StatementKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj reservation eller särskilt yttrande.")},
    )
    text = ProseField(
        label=_("Text"),
        max_length=LONG_TEXT,
        help_text=_("Texten tas in i protokollet eller i ärendet som du skriver den."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv texten.")},
    )
    field_order = ("kind", "text")
