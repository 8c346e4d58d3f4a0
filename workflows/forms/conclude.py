"""Conclude the steering group's deliberation (U6, section 5)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import DeliberationOutcome
from workflows.forms.fields import DayField, ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.conclude import conclude_deliberation

YES: Final = (DeliberationOutcome.RECOMMEND, DeliberationOutcome.RECOMMEND_AMENDED)


class ConcludeForm(StepForm):
    """What the votes came to. Only what they allow can be chosen."""

    hide_optional_mark = True

    outcome = forms.ChoiceField(
        label=_("Styrgruppens ställningstagande"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Välj ställningstagande."),
            "invalid_choice": _("Rösterna ger inte den utgången."),
        },
    )
    decision_text = ProseField(
        label=_("Ändrad lydelse"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Fyll i om styrgruppen tillstyrker med ändring: beslutet så som det nu ska lyda."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reasons = ProseField(
        label=_("Motivering eller fråga"),
        required=False,
        max_length=SHORT_TEXT,
        help_text=_("Behövs vid allt annat än tillstyrkan. Skriv vid återremiss vad som behöver besvaras."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tabled_until = DayField(
        label=_("Bordlagt till"), required=False, help_text=_("Fyll bara i om ärendet bordläggs.")
    )

    def adapt(self, work: Work) -> None:
        allowed = work.tally.allowed_outcomes() if work.tally is not None else []
        self.fields["outcome"].choices = [(choice.value, choice.label) for choice in allowed]  # type: ignore[attr-defined]

        if DeliberationOutcome.RECOMMEND_AMENDED not in allowed:
            del self.fields["decision_text"]

    def starting_values(self, work: Work) -> dict[str, Any]:
        amended = [vote.amendment for vote in work.votes if vote.amendment]
        return {"decision_text": amended[0] if amended else ""}

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("outcome") == DeliberationOutcome.RECOMMEND_AMENDED and not given.get("decision_text"):
            self.add_error("decision_text", _("Skriv den ändrade lydelsen."))
        outcome, until = given.get("outcome"), given.get("tabled_until")
        if outcome not in (None, *YES) and not given.get("reasons"):
            self.add_error("reasons", _("Motivera ställningstagandet."))
        if outcome == DeliberationOutcome.TABLE and "tabled_until" not in self.errors:
            if until is None:
                self.add_error("tabled_until", _("Ange till vilken dag ärendet bordläggs."))
            elif until <= self.work.today:
                self.add_error("tabled_until", _("Dagen behöver ligga framåt i tiden."))

    def confirmation(self) -> Confirmation | None:
        outcome = self.cleaned_data["outcome"]
        if outcome == DeliberationOutcome.NOTE:
            return Confirmation(
                _("Lägg till handlingarna och avsluta ärendet?"),
                [
                    _("Ärendet avslutas utan ställningstagande och kan inte öppnas igen."),
                    _("Initiativtagaren och parterna får veta det, med motiveringen."),
                ],
                _("Ja, lägg till handlingarna"),
            )
        if outcome != DeliberationOutcome.DECLINE:
            return None
        return Confirmation(
            _("Avstyrk och avsluta ärendet?"),
            [
                _("Ärendet avslutas och kan inte öppnas igen."),
                _("Initiativtagaren och parterna får veta det, med motiveringen."),
            ],
            _("Ja, avstyrk förslaget"),
        )


def perform(form: ConcludeForm, work: Work) -> Text:
    given = form.cleaned_data
    outcome = DeliberationOutcome(given["outcome"])
    conclude_deliberation(
        item_id=work.item.pk,
        actor=work.person,
        outcome=outcome,
        reasons=given["reasons"],
        decision_text=given.get("decision_text", ""),
        tabled_until=given["tabled_until"],
        now=work.now,
    )
    return {
        DeliberationOutcome.RECOMMEND: _("Styrgruppen tillstyrker förslaget."),
        DeliberationOutcome.RECOMMEND_AMENDED: _("Styrgruppen tillstyrker förslaget med ändring."),
        DeliberationOutcome.HEAR_AGAIN: _("Ärendet går tillbaka till parternas kontaktpersoner."),
        DeliberationOutcome.NOTE: _("Ärendet är lagt till handlingarna."),
        DeliberationOutcome.DECLINE: _("Styrgruppen avstyrker förslaget."),
        DeliberationOutcome.TABLE: _("Ärendet är bordlagt."),
        DeliberationOutcome.PREPARE_AGAIN: _("Ärendet går tillbaka till beredningen."),
        DeliberationOutcome.REFER_BACK: _("Förslaget går tillbaka till initiativtagaren."),
    }[outcome]


PAGE = StepPage(
    form=ConcludeForm,
    perform=perform,
    template="workflows/steps/conclude.html",
    submit_label=_("Avgör överläggningen"),
    hint=_("Omröstningen är avslutad. Ange vad styrgruppen kom fram till."),
)
