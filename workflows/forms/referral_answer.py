"""Answer a referral: for one's body, one's organisation or oneself, and by a mailed link without an account (R2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from cases.models import Stance
from cases.values.form_fields import CleanCharField
from workflows.forms.fields import DayField, FilesField, ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.referral_queries import find_recipient
from workflows.steps.referral import Answer, answer_referral
from workflows.views.presenters.referral_page import ReferralPage
from workflows.views.presenters.referral_places import for_recipient


def _stance() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Hur ställer ni er?"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur ni ställer er.")},
    )


def _text() -> ProseField:
    return ProseField(
        label=_("Synpunkter"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Behövs inte om ni avstår från att yttra er."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _files() -> FilesField:
    return FilesField(
        label=_("Bifoga filer"),
        required=False,
        help_text=_(
            "PDF, Word, Excel, PowerPoint, OpenDocument, bild, text eller e-post. Flera går att välja."
        ),
    )


class ReferralAnswerForm(StepForm):
    """The answer of somebody with an account: they sign it with their own name."""

    hide_optional_mark = True

    stance = _stance()
    text = _text()
    attachments = _files()


class SignedAnswerForm(forms.Form):
    """An answer by a mailed link: who gives it is typed. ``after`` is how many versions there were before it."""

    hide_optional_mark = True

    stance = _stance()
    text = _text()
    attachments = _files()
    name = CleanCharField(
        label=_("Ditt namn"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Ange vem som lämnar svaret.")},
    )
    title = CleanCharField(
        label=_("Din befattning"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)

    def answer(self) -> Answer:
        """A valid form as what the domain takes."""
        given = self.cleaned_data
        return Answer(
            stance=Stance(given["stance"]),
            text=given["text"],
            name=given["name"],
            title=given["title"],
            files=given["attachments"],
        )


class CorrectedAnswerForm(SignedAnswerForm):
    """A corrected answer of somebody with an account."""

    name = None  # type: ignore[assignment]
    title = None  # type: ignore[assignment]

    def answer_by(self, name: str, title: str) -> Answer:
        """A valid form, signed by the one who has signed in."""
        given = self.cleaned_data
        files: list[File[bytes]] = given["attachments"]
        return Answer(stance=Stance(given["stance"]), text=given["text"], name=name, title=title, files=files)


class AskExtensionForm(forms.Form):
    """A wish for more time."""

    wanted_until = DayField(
        label=_("Vi behöver tid till och med"), error_messages={"required": _("Ange en dag.")}
    )
    reason = ProseField(
        label=_("Varför?"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv varför ni behöver mer tid.")},
    )


def context(work: Work) -> dict[str, Any]:
    """The referral as its recipient sees it; whether they see the case it is about."""
    recipient = find_recipient(work.item.data["recipient"])
    return {
        "referral": ReferralPage(recipient, for_recipient(recipient), work.today),
        "sees_case": work.access.sees(work.case),
    }


def perform(form: ReferralAnswerForm, work: Work) -> Text:
    given = form.cleaned_data
    answer_referral(
        item_id=work.item.pk,
        actor=work.person,
        answer=Answer(
            stance=Stance(given["stance"]),
            text=given["text"],
            name=work.person.name,
            title=work.person.title,
            files=given["attachments"],
        ),
        now=work.now,
    )
    return _("Remissvaret är lämnat.")


PAGE = StepPage(
    form=ReferralAnswerForm,
    perform=perform,
    template="workflows/steps/referral_answer.html",
    submit_label=_("Lämna svaret"),
    hint=_("Läs det som har skickats på remiss och lämna era synpunkter."),
    context=context,
)
