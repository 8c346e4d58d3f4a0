"""Answer a question that was put to the proposer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.answer import answer_question


class AnswerForm(StepForm):
    """The answer."""

    answer = ProseField(
        label=_("Ditt svar"),
        max_length=LONG_TEXT,
        help_text=_("Alla som ser ärendet kan läsa svaret."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv ett svar.")},
    )


def perform(form: AnswerForm, work: Work) -> Text:
    answer_question(item_id=work.item.pk, actor=work.person, answer=form.cleaned_data["answer"], now=work.now)
    return _("Svaret är skickat.")


PAGE = StepPage(
    form=AnswerForm,
    perform=perform,
    template="workflows/steps/answer.html",
    submit_label=_("Skicka svaret"),
    hint=_("Ärendet går vidare under tiden, men svaret kan påverka hur det bereds."),
)
