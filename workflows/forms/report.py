"""Report on a running activity (H7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Report
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.report import submit_report


class ReportForm(StepForm):
    """Two minutes: how it goes, what was achieved, what comes next."""

    status = forms.ChoiceField(
        label=_("Hur går det?"),
        choices=Report.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur det går.")},
    )
    result = ProseField(
        label=_("Vad har gjorts sedan sist?"),
        max_length=LONG_TEXT,
        help_text=_("Några meningar räcker."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Beskriv vad som har gjorts och åstadkommits.")},
    )
    deviation = ProseField(
        label=_("Avvikelser"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Behövs om verksamheten avviker från planen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_steps = ProseField(
        label=_("Nästa steg"), required=False, max_length=LONG_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        last = work.last_report
        if last is None:
            return {}
        return {"status": last.status, "deviation": last.deviation, "next_steps": last.next_steps}

    def clean(self) -> None:
        given = super().clean() or {}
        if given.get("status") == Report.Status.DEVIATES and not given.get("deviation"):
            self.add_error("deviation", _("Beskriv avvikelsen."))


def perform(form: ReportForm, work: Work) -> Text:
    given = form.cleaned_data
    submit_report(
        item_id=work.item.pk,
        actor=work.person,
        status=given["status"],
        result=given["result"],
        deviation=given["deviation"],
        next_steps=given["next_steps"],
        now=work.now,
    )
    return _("Rapporten är lämnad.")


PAGE = StepPage(
    form=ReportForm,
    perform=perform,
    template="workflows/steps/report.html",
    submit_label=_("Lämna rapporten"),
    hint=_("Rapporten går till rådet. Uppgifterna från förra rapporten är ifyllda; ändra det som är nytt."),
)
