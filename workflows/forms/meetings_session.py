"""What the keeper fills in while a meeting is held: who presides, how an item is settled, conflicts, adjusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models import (
    APPROVING,
    DecisionOutcome,
    DeliberationOutcome,
    Meeting,
    Person,
)
from workflows.deliberation import Tally
from workflows.forms.fields import DayField, ProseField
from workflows.forms.meetings_member import ConflictForm
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, Confirmation
from workflows.meetings.session import OUTCOME_OF_CHAIN, Settlement
from workflows.profile import ChainStep
from workflows.views.presenters.meetings import when_text

OUT = DeliberationOutcome
#: How the domain writes a referral to the joint preparation, which is no step of the party's own chain.
JOINT_PREPARATION = ""
#: Outcomes by which the proposal gets its yes.
YES = (OUT.RECOMMEND, OUT.RECOMMEND_AMENDED)
#: Outcomes that need neither quorum nor votes, so that offering them tells nothing of a closed ballot.
PROCEDURAL = (OUT.PREPARE_AGAIN, OUT.HEAR_AGAIN, OUT.REFER_BACK, OUT.TABLE)


def _people(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in people]


class OpenMeetingForm(forms.Form):
    """Who presides and who keeps the minutes."""

    chair = forms.ChoiceField(
        label=_("Leder mötet"),
        error_messages={"required": _("Välj vem som leder mötet.")},
    )
    secretary = forms.ChoiceField(
        label=_("För protokollet"),
        error_messages={"required": _("Välj vem som för protokollet.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        present: Sequence[Person],
        secretaries: Sequence[Person],
        chair: Person | None,
    ) -> None:
        first = secretaries[0] if secretaries else None
        super().__init__(
            data, initial={"chair": chair and str(chair.pk), "secretary": first and str(first.pk)}
        )
        others = [person for person in present if person not in secretaries]
        self.fields["chair"].choices = [("", _("Välj en person")), *_people(present)]  # type: ignore[attr-defined]
        self.fields["secretary"].choices = [  # type: ignore[attr-defined]
            ("", _("Välj en person")),
            *_people([*secretaries, *others]),
        ]


class SettleForm(forms.Form):
    """How a case is settled. Only what the votes allow can be chosen."""

    hide_optional_mark = True

    outcome = forms.ChoiceField(
        label=_("Mötets beslut"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Välj hur punkten avgörs."),
            "invalid_choice": _("Rösterna ger inte den utgången."),
        },
    )
    decision_text = ProseField(
        label=_("Beslutets lydelse"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Det föreslagna står här. Ändras lydelsen är det ett beslut med ändring."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reasons = ProseField(
        label=_("Motivering"),
        required=False,
        max_length=SHORT_TEXT,
        help_text=_("Behövs vid allt annat än ja till förslaget."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tabled_to = forms.ChoiceField(label=_("Bordlagt till mötet"), required=False)
    tabled_until = DayField(
        label=_("Eller bordlagt till dagen"),
        required=False,
        help_text=_("Om det inte finns något möte att välja än."),
    )
    refer_back_to = forms.ChoiceField(label=_("Återremiss till"), required=False)
    notes = ProseField(
        label=_("Anteckningar i protokollet"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        tally: Tally,
        sees_votes: bool,
        proposed: str,
        later: Sequence[Meeting],
        chain: Sequence[ChainStep] = (),
        step: ChainStep | None = None,
    ) -> None:
        super().__init__(data, initial={"decision_text": proposed})
        self.proposed, self.step = proposed, step
        allowed = tally.allowed_outcomes()
        if not sees_votes and tally.voted:
            allowed = [outcome for outcome in allowed if outcome in PROCEDURAL]
        self.fields["outcome"].choices = self._outcomes(allowed)  # type: ignore[attr-defined]
        meetings = [(str(meeting.pk), when_text(meeting)) for meeting in later]
        if meetings:
            self.fields["tabled_to"].choices = [("", _("Inget möte")), *meetings]  # type: ignore[attr-defined]
        else:
            del self.fields["tabled_to"]
            self.fields["tabled_until"].label = _("Bordlagt till dagen")
        if step is None:
            del self.fields["refer_back_to"]
        else:
            english = get_language() == "en"
            titles = {earlier.id: (english and earlier.title_en) or earlier.title for earlier in chain}
            self.fields["refer_back_to"].choices = [  # type: ignore[attr-defined]
                (JOINT_PREPARATION, _("Den gemensamma beredningen")),
                *((target, titles[target]) for target in step.may_refer_back_to),
            ]

    def _outcomes(self, allowed: Sequence[DeliberationOutcome]) -> list[tuple[str, Any]]:
        """The outcomes with the words of the body: its own, or those of its step in a party's chain."""
        if self.step is None:
            return [(outcome.value, outcome.label) for outcome in allowed]
        final = (DecisionOutcome.REJECT, DecisionOutcome.NOTE)
        return [
            (outcome.value, _CHAIN_WORDS.get((outcome, self.step.decides), OUTCOME_OF_CHAIN[outcome].label))
            for outcome in allowed
            if outcome in OUTCOME_OF_CHAIN and (self.step.decides or OUTCOME_OF_CHAIN[outcome] not in final)
        ]

    def clean(self) -> None:
        given = super().clean() or {}
        outcome, text = given.get("outcome"), given.get("decision_text", "")
        if outcome is None:
            return
        changed = text.split() != self.proposed.split()
        if outcome == OUT.RECOMMEND and changed and self.proposed:
            self.add_error("outcome", _("Lydelsen är ändrad. Välj att besluta med ändring."))
        if outcome == OUT.RECOMMEND_AMENDED and not (text and changed):
            self.add_error("decision_text", _("Skriv den ändrade lydelsen."))
        if outcome not in YES and not given.get("reasons"):
            self.add_error("reasons", _("Motivera ställningstagandet."))
        no_date = not given.get("tabled_to") and given.get("tabled_until") is None
        if outcome == OUT.TABLE and no_date and "tabled_until" not in self.errors:
            self.add_error("tabled_until", _("Ange till vilket möte eller vilken dag ärendet bordläggs."))

    def settlement(self) -> Settlement:
        """What was filled in, as the domain takes it. What does not belong to the outcome is left out."""
        given = self.cleaned_data
        outcome, text = DeliberationOutcome(given["outcome"]), given["decision_text"]
        if outcome not in YES and text.split() == self.proposed.split():
            text = ""
        tables = outcome == OUT.TABLE
        return Settlement(
            outcome,
            decision_text=text,
            reasons=given["reasons"],
            notes=given["notes"],
            tabled_until=given["tabled_until"] if tables else None,
            tabled_to=int(given["tabled_to"]) if tables and given.get("tabled_to") else None,
            refer_back_to=given.get("refer_back_to", "") if outcome == OUT.PREPARE_AGAIN else "",
        )

    def confirmation(self) -> Confirmation | None:
        """Asked before an outcome that ends the case."""
        outcome = DeliberationOutcome(self.cleaned_data["outcome"])
        if outcome not in (OUT.DECLINE, OUT.NOTE):
            return None
        what = OUTCOME_OF_CHAIN[outcome].label if self.step is not None else outcome.label
        return Confirmation(
            _("Avsluta ärendet: %(outcome)s?") % {"outcome": what},
            [
                _("Ärendet avslutas och kan inte öppnas igen."),
                _("Initiativtagaren och parterna får veta det, med motiveringen."),
            ],
            _("Ja, avgör punkten så"),
        )


#: What a yes is called in a step of a chain that does not decide for the party.
_CHAIN_WORDS = {
    (OUT.RECOMMEND, False): _("Tillstyrker och skickar vidare"),
    (OUT.RECOMMEND_AMENDED, False): _("Tillstyrker med ändring och skickar vidare"),
}
assert set(APPROVING) == {OUTCOME_OF_CHAIN[outcome] for outcome in YES}


class SettleOtherForm(forms.Form):
    """What was decided or noted about an item that is no case."""

    hide_optional_mark = True

    decision_text = ProseField(
        label=_("Beslut eller anteckning"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv vad mötet beslutade eller antecknade.")},
    )
    notes = ProseField(
        label=_("Anteckningar i protokollet"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConflictOfForm(ConflictForm):
    """A conflict of interest that the secretary notes for somebody who says so at the meeting."""

    person = forms.ChoiceField(label=_("Vem är jävig?"), error_messages={"required": _("Välj en person.")})
    field_order = ("person", "reason")

    def __init__(self, data: Any = None, *, people: Sequence[Person]) -> None:
        super().__init__(data)
        self.fields["person"].choices = [("", _("Välj en person")), *_people(people)]  # type: ignore[attr-defined]


class AdjustersForm(forms.Form):
    """Who adjusts the minutes."""

    people = forms.MultipleChoiceField(
        label=_("Justerare"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Välj vilka som justerar protokollet."),
            "invalid_choice": _("Justerare behöver ha deltagit i mötet."),
        },
    )

    def __init__(
        self, data: Any = None, *, people: Sequence[Person], chosen: Sequence[int], wanted: int
    ) -> None:
        super().__init__(data, initial={"people": [str(pk) for pk in chosen]})
        self.fields["people"].choices = _people(people)  # type: ignore[attr-defined]
        self.fields["people"].help_text = _("Välj %(count)s av dem som har deltagit i mötet.") % {
            "count": wanted
        }
