"""Decide in one step of a party's own chain (M2-M5, R1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models import APPROVING, DecisionOutcome
from workflows.forms.fields import DayField, ProseField
from workflows.forms.page import LONG_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.decide import decide

#: What approving means in each kind of step: only the last one decides for the party.
APPROVE_LABELS = {
    "prepare": _("Föreslå bifall och skicka vidare"),
    "endorse": _("Tillstyrk och skicka vidare"),
    "propose": _("Föreslå bifall till nästa instans"),
    "decide": DecisionOutcome.APPROVE.label,
    "delegate": DecisionOutcome.APPROVE.label,
}
AMENDED_LABELS = {
    "prepare": _("Föreslå bifall med ändrad text och skicka vidare"),
    "endorse": _("Tillstyrk med ändring och skicka vidare"),
    "propose": _("Föreslå bifall med ändring till nästa instans"),
    "decide": DecisionOutcome.APPROVE_AMENDED.label,
    "delegate": DecisionOutcome.APPROVE_AMENDED.label,
}
JOINT_PREPARATION = ""


class DecideForm(StepForm):
    """The decision text, its outcome, and where to or until when."""

    hide_optional_mark = True

    text = ProseField(
        label=_("Beslutstext"),
        max_length=LONG_TEXT,
        help_text=_(
            "Ändra texten om ni beslutar något annat än det föreslagna, och välj då bifall med ändring. Varje lydelse bevaras."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Skriv beslutstexten.")},
    )
    outcome = forms.ChoiceField(
        label=_("Beslut"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj beslut.")},
    )
    reasons = ProseField(
        label=_("Motivering eller fråga"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Behövs vid allt annat än bifall. Skriv vid återremiss vad som behöver besvaras."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    refer_back_to = forms.ChoiceField(
        label=_("Återremiss till"), required=False, help_text=_("Gäller bara vid återremiss.")
    )
    tabled_until = DayField(
        label=_("Bordlagt till"), required=False, help_text=_("Gäller bara vid bordläggning.")
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        return {"text": work.proposed_text}

    def adapt(self, work: Work) -> None:
        step = work.chain_step
        labels = {
            DecisionOutcome.APPROVE: APPROVE_LABELS[step.kind],
            DecisionOutcome.APPROVE_AMENDED: AMENDED_LABELS[step.kind],
        }
        left_out = set() if step.decides else {DecisionOutcome.REJECT, DecisionOutcome.NOTE}
        if not work.own_proposals:
            # Nothing has been proposed within the party yet: its first wording amends nothing.
            left_out.add(DecisionOutcome.APPROVE_AMENDED)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (choice.value, labels.get(choice, choice.label))
            for choice in DecisionOutcome
            if choice not in left_out
        ]
        english = get_language() == "en"
        titles = {earlier.id: (english and earlier.title_en) or earlier.title for earlier in work.chain}
        self.fields["refer_back_to"].choices = [  # type: ignore[attr-defined]
            (JOINT_PREPARATION, _("Den gemensamma beredningen")),
            *((target, titles[target]) for target in step.may_refer_back_to),
        ]

    def clean(self) -> None:
        given = super().clean() or {}
        outcome, until = given.get("outcome"), given.get("tabled_until")
        if outcome and outcome not in APPROVING and not given.get("reasons"):
            self.add_error("reasons", _("Motivera beslutet."))
        if outcome == DecisionOutcome.TABLE and "tabled_until" not in self.errors:
            if until is None:
                self.add_error("tabled_until", _("Ange till vilken dag ärendet bordläggs."))
            elif until <= self.work.today:
                self.add_error("tabled_until", _("Dagen behöver ligga framåt i tiden."))

    def confirmation(self) -> Confirmation | None:
        match self.cleaned_data["outcome"]:
            case DecisionOutcome.REJECT:
                return Confirmation(
                    _("Avslå förslaget?"),
                    [
                        _(
                            "Avslaget är partens beslut. Ärendet avslutas för alla parter och kan inte öppnas igen."
                        ),
                        _("De andra parternas pågående beslut avbryts."),
                    ],
                    _("Ja, avslå förslaget"),
                )
            case DecisionOutcome.NOTE:
                return Confirmation(
                    _("Lägg till handlingarna?"),
                    [
                        _(
                            "Parten beslutar inget i saken. Ärendet avslutas för alla parter och kan inte öppnas igen."
                        ),
                        _("De andra parternas pågående beslut avbryts."),
                    ],
                    _("Ja, lägg till handlingarna"),
                )
            case _:
                return None


def perform(form: DecideForm, work: Work) -> Text:
    given = form.cleaned_data
    outcome = DecisionOutcome(given["outcome"])
    decide(
        item_id=work.item.pk,
        actor=work.person,
        outcome=outcome,
        text=given["text"],
        reasons=given["reasons"],
        tabled_until=given["tabled_until"],
        refer_back_to=given["refer_back_to"],
        now=work.now,
    )
    if outcome in APPROVING and not work.chain_step.decides:
        return _("Steget är klart och ärendet har gått vidare i partens ordning.")
    return {
        DecisionOutcome.APPROVE: _("Beslutet om bifall är antecknat."),
        DecisionOutcome.APPROVE_AMENDED: _("Beslutet om bifall med ändring är antecknat."),
        DecisionOutcome.NOTE: _("Beslutet att lägga till handlingarna är antecknat."),
        DecisionOutcome.REJECT: _("Beslutet om avslag är antecknat."),
        DecisionOutcome.REFER_BACK: _("Återremissen är antecknad."),
        DecisionOutcome.TABLE: _("Bordläggningen är antecknad."),
    }[outcome]


PAGE = StepPage(
    form=DecideForm,
    perform=perform,
    template="workflows/steps/decide.html",
    submit_label=_("Anteckna beslutet"),
    hint=_("Partens egen beredning syns bara för er. De andra parterna ser partens slutliga beslut."),
)
