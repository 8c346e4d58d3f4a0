"""What a member fills in at a meeting: a conflict of interest, a vote, a dissent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import StatementKind, Vote, VoteChoice
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT
from workflows.steps.vote import Ballot


class ConflictForm(forms.Form):
    """A conflict of interest that somebody declares for themselves."""

    reason = ProseField(
        label=_("Skäl till jävet"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Ange skälet till jävet.")},
    )


class BallotForm(forms.Form):
    """A vote at the meeting."""

    hide_optional_mark = True

    choice = forms.ChoiceField(
        label=_("Din röst"),
        choices=[(choice.value, choice.label) for choice in VoteChoice if choice != VoteChoice.RECUSED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur du röstar.")},
    )
    amendment = ProseField(
        label=_("Den lydelse som du yrkar på"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reasons = ProseField(
        label=_("Motivering (valfri)"),
        required=False,
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, vote: Vote | None, proposed: str) -> None:
        initial: dict[str, Any] = {"amendment": proposed}
        if vote is not None:
            initial = {
                "choice": vote.choice,
                "amendment": vote.amendment or proposed,
                "reasons": vote.reasons,
            }
        super().__init__(data, initial=initial)
        self.proposed = proposed

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("choice") == VoteChoice.FOR_AMENDED:
            text = given.get("amendment", "")
            if not text or text.split() == self.proposed.split():
                self.add_error("amendment", _("Skriv den lydelse som du yrkar på."))

    def ballot(self) -> Ballot:
        given = self.cleaned_data
        choice = VoteChoice(given["choice"])
        amendment = given["amendment"] if choice == VoteChoice.FOR_AMENDED else ""
        return Ballot(choice, given["reasons"], amendment)


class MemberStatementForm(forms.Form):
    """A dissent or a special statement."""

    kind = forms.ChoiceField(
        label=_("Slag"),
        choices=StatementKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj reservation eller särskilt yttrande.")},
    )
    text = ProseField(
        label=_("Text"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Skriv texten.")},
    )
