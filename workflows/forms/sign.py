"""Sign the agreement, or refuse to (U8, U10)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.differences import changed_parts
from workflows.forms.fields import ProseField
from workflows.forms.page import SHORT_TEXT, Confirmation, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.agreement import sign_agreement

SIGN, REFUSE = "sign", "refuse"


class SignForm(StepForm):
    """The signature on exactly the text that was shown, told by its checksum."""

    hide_optional_mark = True

    decision = forms.ChoiceField(
        label=_("Undertecknar du avtalet?"),
        choices=[
            (SIGN, _("Ja, jag undertecknar avtalet")),
            (REFUSE, _("Nej, jag undertecknar inte den här lydelsen")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om du undertecknar.")},
    )
    read = forms.BooleanField(
        label=_("Jag har läst hela avtalet och är behörig att underteckna det för min organisation."),
        required=False,
    )
    refusal_reason = ProseField(
        label=_("Skäl för att inte underteckna"),
        required=False,
        help_text=_("Fyll bara i om du inte undertecknar."),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    checksum = forms.CharField(widget=forms.HiddenInput)

    def starting_values(self, work: Work) -> dict[str, Any]:
        return {"checksum": work.version.checksum if work.version is not None else ""}

    def clean(self) -> None:
        given = super().clean() or {}
        current = self.work.version.checksum if self.work.version is not None else ""
        if given.get("decision") == SIGN and given.get("checksum") != current:
            self.add_error("checksum", _("Avtalet har ändrats sedan du öppnade det. Läs den nya lydelsen."))
            # The page that comes back shows the new text: it carries that text's checksum, not yet read.
            shown = {name: value for name, value in self.data.items() if name != "read"}
            self.data = {**shown, "checksum": current}
        elif given.get("decision") == SIGN and not given.get("read"):
            self.add_error("read", _("Bekräfta att du har läst avtalet och är behörig."))
        if given.get("decision") == REFUSE and not given.get("refusal_reason"):
            self.add_error("refusal_reason", _("Skriv varför avtalet inte undertecknas."))

    def confirmation(self) -> Confirmation | None:
        if self.cleaned_data["decision"] != REFUSE:
            return None
        return Confirmation(
            _("Avstå från att underteckna?"),
            [
                _("Lydelsen faller för alla parter: den gäller bara om alla undertecknar."),
                _("Ärendet går tillbaka till avtalsarbetet, där ditt skäl syns."),
            ],
            _("Ja, jag avstår"),
        )


def exact_text(work: Work) -> dict[str, Any]:
    """The text to sign, part by part."""
    return {"parts": changed_parts(None, work.version)} if work.version is not None else {}


def perform(form: SignForm, work: Work) -> Text:
    signed = form.cleaned_data["decision"] == SIGN
    sign_agreement(
        item_id=work.item.pk,
        actor=work.person,
        signed=signed,
        checksum=form.cleaned_data["checksum"],
        refusal_reason=form.cleaned_data["refusal_reason"],
        now=work.now,
    )
    return (
        _("Avtalet är undertecknat för din organisation.")
        if signed
        else _("Det är antecknat att du inte undertecknar.")
    )


PAGE = StepPage(
    form=SignForm,
    perform=perform,
    template="workflows/steps/sign.html",
    submit_label=_("Bekräfta"),
    hint=_("Läs hela avtalet. Underskriften gäller exakt den text som visas här."),
    context=exact_text,
)
