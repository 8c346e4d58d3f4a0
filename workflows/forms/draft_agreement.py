"""Write the agreement's next version (U8)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.values.form_fields import CleanCharField
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.agreement import draft_agreement


class DraftAgreementForm(StepForm):
    """The agreement's four parts, and what has changed since the version before."""

    object_text = ProseField(
        label=_("Föremål"),
        max_length=LONG_TEXT,
        help_text=_("Vad avtalet gäller."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Beskriv vad avtalet gäller.")},
    )
    terms = ProseField(
        label=_("Åtaganden och villkor"),
        max_length=LONG_TEXT,
        help_text=_("Vad varje part gör och bekostar, ansvar, rättigheter till resultat, uppsägning."),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Skriv parternas åtaganden och villkor.")},
    )
    confidentiality = ProseField(
        label=_("Sekretessbestämmelser"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_(
            "Ange vilket lagrum i offentlighets- och sekretesslagen som varje bestämmelse stöder sig på."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    period_words = CleanCharField(
        label=_("Avtalstid"),
        max_length=200,
        help_text=_("Till exempel 1 januari 2022–31 december 2024."),
        error_messages={"required": _("Ange avtalstiden.")},
    )
    change_note = ProseField(
        label=_("Vad har ändrats sedan förra versionen?"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv vad som har ändrats sedan förra versionen.")},
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        before = work.version
        if before is None:
            return {}
        return {
            "object_text": before.object_text,
            "terms": before.terms,
            "confidentiality": before.confidentiality,
            "period_words": before.period_words,
        }

    def adapt(self, work: Work) -> None:
        if work.version is None:
            del self.fields["change_note"]


def perform(form: DraftAgreementForm, work: Work) -> Text:
    given = form.cleaned_data
    draft_agreement(
        item_id=work.item.pk,
        actor=work.person,
        object_text=given["object_text"],
        terms=given["terms"],
        confidentiality=given["confidentiality"],
        period_words=given["period_words"],
        change_note=given.get("change_note", ""),
        now=work.now,
    )
    return _("Avtalsversionen är skickad till parternas jurister.")


PAGE = StepPage(
    form=DraftAgreementForm,
    perform=perform,
    template="workflows/steps/draft_agreement.html",
    submit_label=_("Skicka för granskning"),
    hint=_("Skriv avtalet. Varje parts jurist granskar lydelsen innan den går till beslut."),
)
