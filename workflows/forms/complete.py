"""Complete a returned proposal: the whole proposal again, and a word to the one who asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.fields import ProseField
from workflows.forms.page import SHORT_TEXT, Confirmation, StepPage, Text
from workflows.forms.proposal import ProposalForm
from workflows.forms.proposal_choices import choices_for
from workflows.forms.work import Work
from workflows.steps.complete import complete_proposal


class CompleteForm(ProposalForm):
    """The proposal, with a message."""

    message = ProseField(
        label=_("Meddelande till handläggaren"),
        required=False,
        max_length=SHORT_TEXT,
        help_text=_("Vad du har ändrat, eller varför något inte går att komplettera."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def confirmation(self) -> Confirmation | None:
        """Nothing to ask: it can be returned again."""
        return None


def form_for(data: Any = None, files: Any = None, *, work: Work) -> CompleteForm:
    """The form for the work's case."""
    return CompleteForm(data, files, choices=choices_for(work.case.partnership), case=work.case)


def asked_for(work: Work) -> dict[str, Any]:
    """Who sent the proposal back, and why: the newest screening, or the steering group's reasons."""
    event = (
        work.case.events.filter(kind__in=["screened", "deliberation_concluded"])
        .select_related("actor")
        .order_by("-seq")
        .first()
    )
    return {"asked": event, "asked_text": event.data.get("reasons", "") if event is not None else ""}


def perform(form: CompleteForm, work: Work) -> Text:
    complete_proposal(
        item_id=work.item.pk,
        actor=work.person,
        content=form.content(),
        message=form.cleaned_data["message"],
        now=work.now,
    )
    return _("Förslaget är kompletterat.")


PAGE = StepPage(
    form=form_for,  # type: ignore[arg-type]
    perform=perform,
    template="workflows/steps/complete.html",
    submit_label=_("Skicka in igen"),
    hint=_("Komplettera förslaget och skicka in det igen."),
    context=asked_for,
)
