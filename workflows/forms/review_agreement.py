"""Review the agreement's newest version for a party (U8)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import ReviewOutcome
from workflows.forms.differences import changed_parts
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.agreement import review_agreement


class ReviewAgreementForm(StepForm):
    """Accept the wording, or say what has to change."""

    hide_optional_mark = True

    outcome = forms.ChoiceField(
        label=_("Besked"),
        choices=ReviewOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj besked.")},
    )
    comment = ProseField(
        label=_("Synpunkter"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Behövs när du begär ändringar. Skriv gärna den lydelse du vill ha."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("outcome") == ReviewOutcome.CHANGES and not given.get("comment"):
            self.add_error("comment", _("Skriv vilka ändringar som behövs."))


def differences(work: Work) -> dict[str, Any]:
    """The newest version's parts, each with its changes since the version before."""
    return {"parts": changed_parts(work.version_before, work.version)} if work.version is not None else {}


def perform(form: ReviewAgreementForm, work: Work) -> Text:
    outcome = ReviewOutcome(form.cleaned_data["outcome"])
    review_agreement(
        item_id=work.item.pk,
        actor=work.person,
        outcome=outcome,
        comment=form.cleaned_data["comment"],
        now=work.now,
    )
    if outcome == ReviewOutcome.CLEARED:
        return _("Lydelsen är godtagen.")
    return _("Din begäran om ändringar är lämnad.")


PAGE = StepPage(
    form=ReviewAgreementForm,
    perform=perform,
    template="workflows/steps/review_agreement.html",
    submit_label=_("Lämna beskedet"),
    hint=_("Granska lydelsen för din organisation. När alla parter godtar den går ärendet till beslut."),
    context=differences,
)
