"""What is filled in about a meeting's minutes: adjusting them, remarks, notes beside a decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT


class AdjustForm(forms.Form):
    """One adjusts what one was shown: the checksum goes with the form."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=_("Jag har läst hela protokollet och det stämmer med det som mötet beslutade"),
        error_messages={"required": _("Bekräfta att du har läst protokollet.")},
    )


class RemarkForm(forms.Form):
    """What has to be corrected first."""

    hide_optional_mark = True
    remark = ProseField(
        label=_("Vad behöver rättas?"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv vad som behöver rättas.")},
    )


class NotesForm(forms.Form):
    """What the minutes say beside a decision."""

    hide_optional_mark = True
    notes = ProseField(
        label=_("Anteckningar i protokollet"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Beslutet självt kan inte ändras här. Lämna tomt om inget ska stå utöver beslutet."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NothingForm(forms.Form):
    """Only a button."""
