"""Vote in the steering group, or declare a conflict of interest."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import VoteChoice
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.vote import cast_vote


class BallotFields(forms.Form):
    """What a vote says; the same when it is cast, changed, and cast at a meeting."""

    hide_optional_mark = True

    choice = forms.ChoiceField(
        label=_("Din röst"),
        choices=VoteChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur du röstar.")},
    )
    amendment = ProseField(
        label=_("Ändrad lydelse"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Fyll i om du tillstyrker med ändring: skriv beslutet så som du vill att det ska lyda."),
        widget=forms.Textarea(attrs={"rows": 3}),
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
        choice = given.get("choice")
        if choice == VoteChoice.RECUSED and not given.get("reasons"):
            self.add_error("reasons", _("Ange skälet till jävet."))
        if choice == VoteChoice.FOR_AMENDED and not given.get("amendment"):
            self.add_error("amendment", _("Skriv den lydelse som du yrkar på."))


class VoteForm(BallotFields, StepForm):
    """One vote in a written deliberation."""

    def confirmation(self) -> Confirmation | None:
        if self.cleaned_data["choice"] != VoteChoice.RECUSED:
            return None
        return Confirmation(
            _("Anmäl jäv?"),
            [
                _("Du deltar inte i ärendet och räknas inte med i beslutförheten."),
                _(
                    "Du ser inte längre ärendet genom din plats i organet. Din ersättare röstar i ditt ställe."
                ),
            ],
            _("Ja, anmäl jäv"),
        )


def perform(form: VoteForm, work: Work) -> Text:
    given = form.cleaned_data
    choice = VoteChoice(given["choice"])
    vote = cast_vote(
        item_id=work.item.pk,
        actor=work.person,
        choice=choice,
        reasons=given["reasons"],
        amendment=given["amendment"],
        now=work.now,
    )
    if vote is None:
        return _("Ditt jäv är antecknat. Din ersättare har kallats att rösta.")
    return _("Ditt jäv är antecknat.") if choice == VoteChoice.RECUSED else _("Din röst är lämnad.")


PAGE = StepPage(
    form=VoteForm,
    perform=perform,
    template="workflows/steps/vote.html",
    submit_label=_("Lämna rösten"),
    hint=_("Du kan ändra rösten tills överläggningen har avgjorts."),
)
