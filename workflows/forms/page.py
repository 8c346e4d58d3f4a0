"""What a step's page is made of: its form, its template, and the one domain function that it performs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise

from workflows.forms.work import Work

Text = str | Promise

#: Longest text that a field of several lines takes. Longer things are documents.
LONG_TEXT: Final = 20_000
SHORT_TEXT: Final = 4_000


@dataclass(frozen=True)
class Confirmation:
    """Asked before what cannot be undone: what it is, and what follows."""

    title: Text
    consequences: Sequence[Text]
    submit_label: Text


@dataclass(frozen=True)
class FieldGroup:
    """Fields that belong together, as the form component shows them."""

    legend: Text
    fields: Sequence[BoundField]
    text: Text = ""


class StepForm(forms.Form):
    """A step's form. What it offers depends on the work at hand."""

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        self.work = work
        super().__init__(data, files, initial=self.starting_values(work))
        self.adapt(work)

    def starting_values(self, work: Work) -> dict[str, Any]:
        """What the fields hold when the page is opened."""
        return {}

    def adapt(self, work: Work) -> None:
        """Fit the choices and the texts to the work."""

    def confirmation(self) -> Confirmation | None:
        """What to ask before a valid form is carried out; None when it can be done at once."""
        return None

    def with_another_row(self) -> StepForm | None:
        """The form as typed so far with one more row, when the button that was pressed asks for it."""
        return None


@dataclass(frozen=True)
class StepPage:
    """One step of the flow as a page.

    ``perform`` carries a valid form out with one domain function and says in a sentence what happened.
    ``hint`` tells in a sentence or two what the step is for.
    """

    form: Callable[..., StepForm]
    perform: Callable[[Any, Work], Text]
    template: str
    submit_label: Text
    hint: Text
    context: Callable[[Work], dict[str, Any]] = field(default=lambda work: {})
