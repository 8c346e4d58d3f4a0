"""Vote in the steering group, or declare a conflict of interest."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import VoteChoice
from workflows.forms.fields import ProseField
from workflows.forms.page import SHORT_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.vote import cast_vote


class VoteForm(StepForm):
    """One vote."""

    hide_optional_mark = True

    choice = forms.ChoiceField(
        label=_("Din röst"),
        choices=VoteChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur du röstar.")},
    )
    reasons = ProseField(
        label=_("Motivering"),
        required=False,
        max_length=SHORT_TEXT,
        help_text=_(
            "Valfri, utom vid jäv: skriv då skälet. Du deltar inte, och räknas inte med i beslutförheten."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("choice") == VoteChoice.RECUSED and not given.get("reasons"):
            self.add_error("reasons", _("Ange skälet till jävet."))


def perform(form: VoteForm, work: Work) -> Text:
    choice = VoteChoice(form.cleaned_data["choice"])
    cast_vote(
        item_id=work.item.pk,
        actor=work.person,
        choice=choice,
        reasons=form.cleaned_data["reasons"],
        now=work.now,
    )
    return _("Ditt jäv är antecknat.") if choice == VoteChoice.RECUSED else _("Din röst är lämnad.")


PAGE = StepPage(
    form=VoteForm,
    perform=perform,
    template="workflows/steps/vote.html",
    submit_label=_("Lämna rösten"),
    hint=_("Rösten kan inte ändras när den är lämnad."),
)
