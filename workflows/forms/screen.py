"""Screen a submitted proposal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import SHORT_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.screen import ScreenOutcome, screen_proposal

OUTCOMES = (
    (ScreenOutcome.ACCEPT.value, _("Ta upp förslaget: det registreras och dialogen börjar")),
    (ScreenOutcome.RETURN.value, _("Begär komplettering av initiativtagaren")),
    (ScreenOutcome.DECLINE.value, _("Avvisa förslaget")),
)


class ScreenForm(StepForm):
    """Take up, return or decline."""

    hide_optional_mark = True

    outcome = forms.ChoiceField(
        label=_("Vad händer med förslaget?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad som ska hända med förslaget.")},
    )
    reasons = ProseField(
        label=_("Motivering"),
        required=False,
        max_length=SHORT_TEXT,
        help_text=_("Behövs när du begär komplettering eller avvisar. Initiativtagaren läser den."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("outcome") not in (None, ScreenOutcome.ACCEPT) and not given.get("reasons"):
            self.add_error("reasons", _("Skriv varför, så att initiativtagaren förstår."))

    def confirmation(self) -> Confirmation | None:
        if self.cleaned_data["outcome"] != ScreenOutcome.DECLINE:
            return None
        return Confirmation(
            _("Avvisa förslaget?"),
            [
                _("Ärendet avslutas och kan inte öppnas igen."),
                _("Initiativtagaren får veta det, med din motivering."),
            ],
            _("Ja, avvisa förslaget"),
        )


def perform(form: ScreenForm, work: Work) -> Text:
    outcome = ScreenOutcome(form.cleaned_data["outcome"])
    screen_proposal(
        item_id=work.item.pk,
        actor=work.person,
        outcome=outcome,
        reasons=form.cleaned_data["reasons"],
        now=work.now,
    )
    return {
        ScreenOutcome.ACCEPT: _("Förslaget är upptaget."),
        ScreenOutcome.RETURN: _("Förslaget har gått tillbaka för komplettering."),
        ScreenOutcome.DECLINE: _("Förslaget är avvisat."),
    }[outcome]


PAGE = StepPage(
    form=ScreenForm,
    perform=perform,
    template="workflows/steps/screen.html",
    submit_label=_("Bekräfta"),
    hint=_("Läs förslaget och avgör om det ska tas upp, kompletteras eller avvisas."),
)
