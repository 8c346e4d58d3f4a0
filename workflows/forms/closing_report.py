"""Write the closing report; the case is then closed (H7)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.report import close_with_report


class ClosingReportForm(StepForm):
    """What it led to and what was learnt."""

    result = ProseField(
        label=_("Resultat"),
        max_length=LONG_TEXT,
        help_text=_("Vad verksamheten ledde till för parterna."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Beskriv vad verksamheten ledde till.")},
    )
    lessons = ProseField(
        label=_("Lärdomar"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Vad andra kan ta efter eller undvika."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def confirmation(self) -> Confirmation | None:
        return Confirmation(
            _("Avsluta ärendet?"),
            [_("Ärendet avslutas som genomfört och kan inte öppnas igen.")],
            _("Ja, avsluta ärendet"),
        )


def perform(form: ClosingReportForm, work: Work) -> Text:
    close_with_report(
        item_id=work.item.pk,
        actor=work.person,
        result=form.cleaned_data["result"],
        lessons=form.cleaned_data["lessons"],
        now=work.now,
    )
    return _("Slutrapporten är lämnad.")


PAGE = StepPage(
    form=ClosingReportForm,
    perform=perform,
    template="workflows/steps/closing_report.html",
    submit_label=_("Lämna slutrapporten"),
    hint=_("Sammanfatta verksamheten. Ärendet avslutas när slutrapporten är lämnad."),
)
