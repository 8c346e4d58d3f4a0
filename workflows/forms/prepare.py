"""Write the memo that the steering group reads (M2, M6, M7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Person, Referral, ReferralRecipient
from workflows import policy, referral_words
from workflows.forms.fields import ProseField
from workflows.forms.page import LONG_TEXT, StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.referrals import MUST_WAIT
from workflows.steps.prepare import prepare_memo
from workflows.views.presenters.referrals import referral_view


def told_of(referrals: Iterable[Referral]) -> list[str]:
    """How each referral went, oldest first: the memo's section on the preparation tells it (M6, R2)."""
    told = []
    # The memo is a document that is kept: its words are the house's language, whatever the writer reads in.
    with translation.override(settings.LANGUAGE_CODE):
        for referral in sorted(referrals, key=lambda row: row.number):
            statuses = [recipient.status for recipient in referral.recipients.all()]
            told.append(
                referral_words.outcome(
                    referral,
                    recipients=len(statuses),
                    answered=statuses.count(ReferralRecipient.Status.ANSWERED),
                    declined=statuses.count(ReferralRecipient.Status.DECLINED),
                )
            )
    return told


class PrepareForm(StepForm):
    """The memo in the shape of M6, the check against other collaborations, and who follows up."""

    matter = ProseField(
        label=_("Ärendet"),
        max_length=LONG_TEXT,
        help_text=_("Vad saken gäller, kort och för den som inte har läst förslaget."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Beskriv ärendet.")},
    )
    preparation = ProseField(
        label=_("Beredning"),
        max_length=LONG_TEXT,
        help_text=_("Hur ärendet har beretts: vilka som har hörts och vad de har sagt."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Beskriv hur ärendet har beretts.")},
    )
    views = ProseField(
        label=_("Synpunkter"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("Handläggarens bedömning."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    related_check = ProseField(
        label=_("Samordning med andra samarbeten"),
        max_length=LONG_TEXT,
        help_text=_(
            "Vad avstämningen visade. Närliggande ärenden och parternas övriga samarbeten finns bland underlagen."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Skriv vad avstämningen mot andra samarbeten visade, eller att inget berörs.")
        },
    )
    proposed_decision = ProseField(
        label=_("Förslag till beslut"),
        max_length=LONG_TEXT,
        help_text=_("Ordagrant som det ska kunna beslutas."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv ett förslag till beslut.")},
    )
    reporter = forms.TypedChoiceField(
        label=_("Uppföljningsansvarig"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Den som ska rapportera till rådet. Väljer du ingen är det initiativtagaren."),
    )

    def starting_values(self, work: Work) -> dict[str, Any]:
        memo = work.memo
        if memo is not None:
            since = [row for row in work.referrals if row.compiled_at and row.compiled_at > memo.created_at]
            return {
                "matter": memo.matter,
                "preparation": "\n\n".join([memo.preparation, *told_of(since)]),
                "views": memo.views,
                "related_check": memo.related_check,
                "proposed_decision": memo.proposed_decision,
            }
        # The memo is a document that is kept: its words are the house's language, whatever the writer reads in.
        with translation.override(settings.LANGUAGE_CODE):
            said = [
                gettext("%(party)s: %(position)s.")
                % {"party": row.party.label, "position": row.get_position_display()}
                for row in work.statements
                if row.round == work.case.round
            ]
        referred = [row for row in work.referrals if row.status == Referral.Status.COMPILED]
        preparation = "\n\n".join([*filter(None, ["\n".join(said)]), *told_of(referred)])
        return {"matter": work.proposal.description, "preparation": preparation}

    def adapt(self, work: Work) -> None:
        self._people: dict[int, Person] = {person.pk: person for person in work.people_at_parties}
        by_party: dict[str, list[tuple[int, str]]] = {}
        for person in work.people_at_parties:
            name = f"{person.name}, {person.title}" if person.title else person.name
            by_party.setdefault(str(person.organisation), []).append((person.pk, name))
        self.fields["reporter"].choices = [("", _("Initiativtagaren")), *by_party.items()]  # type: ignore[attr-defined]

    @property
    def chosen_reporter(self) -> Person | None:
        """The chosen person."""
        return self._people.get(self.cleaned_data["reporter"])


def perform(form: PrepareForm, work: Work) -> Text:
    given = form.cleaned_data
    prepare_memo(
        item_id=work.item.pk,
        actor=work.person,
        matter=given["matter"],
        preparation=given["preparation"],
        views=given["views"],
        related_check=given["related_check"],
        proposed_decision=given["proposed_decision"],
        reporter=form.chosen_reporter,
        now=work.now,
    )
    return _("Beredningsunderlaget är klart och styrgruppens ledamöter är kallade att rösta.")


def context(work: Work) -> dict[str, Any]:
    """The referrals beside the form, and what hinders the memo from going on."""
    running = next((row for row in work.referrals if row.status in MUST_WAIT), None)
    return {
        "referrals": [referral_view(row, work.case, today=work.today) for row in work.referrals],
        "waits_for": MUST_WAIT[running.status] if running is not None else "",
        "may_refer": running is None and policy.may(work.access, policy.Action.START_REFERRAL, work.case),
    }


PAGE = StepPage(
    form=PrepareForm,
    perform=perform,
    template="workflows/steps/prepare.html",
    submit_label=_("Skicka till styrgruppen"),
    hint=_("Skriv det underlag som styrgruppen läser innan den röstar."),
    context=context,
)
