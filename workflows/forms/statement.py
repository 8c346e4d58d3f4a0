"""State a party's need and benefit in the dialogue (U2, U4, U7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Position
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.statement import state_need


class StatementForm(StepForm):
    """What the party needs and gains, and whether it stands behind the proposal."""

    position = forms.ChoiceField(
        label=_("Hur ställer ni er till förslaget?"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur ni ställer er till förslaget.")},
    )
    need = ProseField(
        label=_("Behov"),
        max_length=LONG_TEXT,
        help_text=_("Vilket behov hos er möter förslaget? Finns inget behov, skriv det."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Beskriv partens behov, eller att det inte finns något.")},
    )
    benefit = ProseField(
        label=_("Nytta"),
        max_length=LONG_TEXT,
        help_text=_("Vad vinner ni på att det genomförs? Hur märks det?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Beskriv nyttan för parten.")},
    )
    resources = ProseField(
        label=_("Resurser och förutsättningar"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_(
            "Personer, tid, pengar eller annat som ni kan bidra med, och vad som behöver vara på plats."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        before = work.last_statement
        if before is not None:
            return {
                "position": before.position,
                "need": before.need,
                "benefit": before.benefit,
                "resources": before.resources,
            }
        return {"need": work.proposal.need, "benefit": work.proposal.benefit}


def perform(form: StatementForm, work: Work) -> Text:
    given = form.cleaned_data
    state_need(
        item_id=work.item.pk,
        actor=work.person,
        position=Position(given["position"]),
        need=given["need"],
        benefit=given["benefit"],
        resources=given["resources"],
        now=work.now,
    )
    return _("Partens behov och nytta är angivna.")


PAGE = StepPage(
    form=StatementForm,
    perform=perform,
    template="workflows/steps/statement.html",
    submit_label=_("Lämna ställningstagandet"),
    hint=_("Skriv för din organisation. Alla parter ser vad ni skriver, och styrgruppen läser det."),
)
