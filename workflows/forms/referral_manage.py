"""What the coordinator fills in for one who was asked: more time, or a new link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import DayField, ProseField
from workflows.forms.page import SHORT_TEXT


def _message(label: Any) -> ProseField:
    return ProseField(
        label=label, required=False, max_length=SHORT_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class GrantForm(forms.Form):
    """More time."""

    until = DayField(label=_("Ny svarstid"), error_messages={"required": _("Ange den nya svarstiden.")})
    message = _message(_("Meddelande till remissinstansen"))


class DenyForm(forms.Form):
    """No more time."""

    message = _message(_("Varför inte?"))


class NewLinkForm(forms.Form):
    """A new link, perhaps to another address."""

    email = forms.EmailField(
        label=_("E-postadress"),
        error_messages={"required": _("Ange en e-postadress.")},
        help_text=_("Länken skickas hit. Ändra den om mejlet gick till fel adress."),
    )
