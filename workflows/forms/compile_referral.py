"""Compile a referral: what was said, and how each view was met (R2)."""

from __future__ import annotations

from typing import Any, Final, Self

from django import forms
from django.forms import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from cases.models import HowMet, Referral, ReferralAnswer, ReferralRecipient
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.referral import View, compile_referral
from workflows.views.presenters.referrals import referral_view

ROW: Final = ("recipient", "view", "how_met", "response")
MOST_ROWS: Final = 600
#: How much of an answer a row is begun with: a view is told in short.
BEGUN_WITH: Final = 600


def running(work: Work) -> Referral:
    """The referral that is compiled, with its answers."""
    return next(row for row in work.referrals if row.status == Referral.Status.COMPILING)


def _answers(referral: Referral) -> list[tuple[ReferralRecipient, ReferralAnswer]]:
    """Everybody who said something, with the version that counts."""
    return [
        (recipient, list(recipient.answers.all())[-1])
        for recipient in referral.recipients.all()
        if recipient.status == ReferralRecipient.Status.ANSWERED
    ]


class CompileForm(StepForm):
    """The summary, and a row for each view: begun with one for each answer, and as many more as are asked for."""

    hide_optional_mark = True

    summary = ProseField(
        label=_("Sammanfattning av remissutfallet"),
        max_length=LONG_TEXT,
        help_text=_("Vad remissinstanserna i stort har tyckt, och vad det leder till."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv en sammanfattning av remissutfallet.")},
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        work: Work,
        rows: int | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self._answers = _answers(running(work))
        self._asked_rows = rows
        self._initial = initial
        super().__init__(data, files, work=work)

    def starting_values(self, work: Work) -> dict[str, Any]:
        if self._initial is not None:
            return self._initial
        start: dict[str, Any] = {}
        for number, (recipient, answer) in enumerate(self._answers):
            start[f"view_{number}_recipient"] = recipient.pk
            start[f"view_{number}_view"] = Truncator(answer.text).chars(BEGUN_WITH)
        return start

    def adapt(self, work: Work) -> None:
        self.rows = self._asked_rows or self._row_count()
        names = [(recipient.pk, recipient.name) for recipient, _answer in self._answers]
        for number in range(self.rows):
            self.fields.update(self._row_fields(number, names))

    def _row_count(self) -> int:
        present = len(self._answers)
        given = str(self.data.get("view_rows", "")) if self.is_bound else ""
        asked = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else present
        return max(min(asked, MOST_ROWS), 0)

    @staticmethod
    def _row_fields(number: int, names: list[tuple[int, str]]) -> dict[str, forms.Field]:
        return {
            f"view_{number}_recipient": forms.TypedChoiceField(
                label=_("Remissinstans"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("Välj remissinstans")), *names],
            ),
            f"view_{number}_view": ProseField(
                label=_("Synpunkten i korthet"),
                required=False,
                max_length=SHORT_TEXT,
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
            f"view_{number}_how_met": forms.ChoiceField(
                label=_("Hur den möts"), required=False, choices=[("", _("Välj")), *HowMet.choices]
            ),
            f"view_{number}_response": ProseField(
                label=_("Kommentar"),
                required=False,
                max_length=SHORT_TEXT,
                help_text=_("Krävs när synpunkten inte tillgodoses, eller bara delvis."),
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
        }

    @property
    def view_rows(self) -> list[list[BoundField]]:
        """The rows as they are shown."""
        return [[self[f"view_{number}_{name}"] for name in ROW] for number in range(self.rows)]

    @property
    def may_add_row(self) -> bool:
        return bool(self._answers) and self.rows < MOST_ROWS

    def with_another_row(self) -> Self | None:
        if not self.is_bound or self.data.get("add_row") != "view":
            return None
        typed = {name: self[name].data for name in self.fields}
        return type(self)(work=self.work, rows=min(self.rows + 1, MOST_ROWS), initial=typed)

    def clean(self) -> None:
        given = super().clean() or {}
        for number in range(self.rows):
            self._clean_row(number, given)

    def _clean_row(self, number: int, given: dict[str, Any]) -> None:
        prefix = f"view_{number}_"
        if self._is_empty(number, given):
            return
        if given.get(f"{prefix}recipient") is None and f"{prefix}recipient" not in self.errors:
            self.add_error(f"{prefix}recipient", _("Välj vems synpunkten är."))
        if not given.get(f"{prefix}view") and f"{prefix}view" not in self.errors:
            self.add_error(f"{prefix}view", _("Skriv synpunkten i korthet."))
        how = given.get(f"{prefix}how_met")
        if not how and f"{prefix}how_met" not in self.errors:
            self.add_error(f"{prefix}how_met", _("Välj hur synpunkten möts."))
        if how in (HowMet.PARTLY, HowMet.NOT_ACCEPTED) and not given.get(f"{prefix}response"):
            self.add_error(f"{prefix}response", _("Skriv varför synpunkten inte tillgodoses helt."))

    @staticmethod
    def _is_empty(number: int, given: dict[str, Any]) -> bool:
        """A row of which only the recipient stands is no row: that is how one is left out."""
        return not any(given.get(f"view_{number}_{name}") for name in ("view", "how_met", "response"))

    def views(self) -> list[View]:
        """The rows of a valid form."""
        given = self.cleaned_data
        return [
            View(
                recipient_id=given[f"view_{number}_recipient"],
                view=given[f"view_{number}_view"],
                how_met=HowMet(given[f"view_{number}_how_met"]),
                response=given[f"view_{number}_response"],
            )
            for number in range(self.rows)
            if not self._is_empty(number, given)
        ]

    def confirmation(self) -> Confirmation:
        return Confirmation(
            _("Sammanställ remissen?"),
            (
                _("Alla som ser ärendet kan läsa sammanställningen."),
                _("De som har svarat får veta hur deras synpunkter har mötts."),
                _("Sammanställningen kan inte ändras efteråt."),
            ),
            _("Sammanställ remissen"),
        )


def perform(form: CompileForm, work: Work) -> Text:
    compile_referral(
        item_id=work.item.pk,
        actor=work.person,
        summary=form.cleaned_data["summary"],
        views=form.views(),
        now=work.now,
    )
    return _("Remissen är sammanställd.")


def context(work: Work) -> dict[str, Any]:
    """The answers, to read beside the form."""
    return {"referral": referral_view(running(work), work.case, today=work.today)}


PAGE = StepPage(
    form=CompileForm,
    perform=perform,
    template="workflows/steps/compile_referral.html",
    submit_label=_("Sammanställ remissen"),
    hint=_("Sammanfatta svaren och ange hur varje synpunkt har mötts."),
    context=context,
)
