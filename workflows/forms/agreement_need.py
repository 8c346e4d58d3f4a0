"""Decide whether a separate agreement is needed (U8)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import SHORT_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.agreement import decide_agreement_need

NEEDED, NOT_NEEDED = "yes", "no"


class AgreementNeedForm(StepForm):
    """Needed or not, with the reason either way."""

    needed = forms.ChoiceField(
        label=_("Behövs ett särskilt avtal?"),
        choices=[
            (NEEDED, _("Ja, åtagandena ska regleras i ett särskilt avtal")),
            (NOT_NEEDED, _("Nej, det går vidare till parternas beslut utan avtal")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om avtal behövs.")},
    )
    reason = ProseField(
        label=_("Skäl"),
        max_length=SHORT_TEXT,
        help_text=_(
            "Till exempel pengar, personal, immateriella rättigheter eller sekretess, eller varför inget av det berörs."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv skälet; det behövs vare sig avtal ska slutas eller inte.")},
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        if work.agreement is not None:
            return {
                "needed": NEEDED if work.agreement.needed else NOT_NEEDED,
                "reason": work.agreement.reason,
            }
        return {"needed": NEEDED} if work.profile.rules.agreement_usual else {}


def perform(form: AgreementNeedForm, work: Work) -> Text:
    needed = form.cleaned_data["needed"] == NEEDED
    decide_agreement_need(
        item_id=work.item.pk,
        actor=work.person,
        needed=needed,
        reason=form.cleaned_data["reason"],
        now=work.now,
    )
    return _("Ett särskilt avtal ska upprättas.") if needed else _("Inget särskilt avtal behövs.")


PAGE = StepPage(
    form=AgreementNeedForm,
    perform=perform,
    template="workflows/steps/agreement_need.html",
    submit_label=_("Spara ställningstagandet"),
    hint=_("Konkreta åtaganden mellan parterna regleras i särskilda avtal."),
)
