"""Register the case in one party's own register (M1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.register import next_number
from workflows.forms.page import StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.steps.register import register_proposal


class RegisterForm(StepForm):
    """Nothing to fill in: the number is the next one in the party's register."""


def next_number_of(work: Work) -> dict[str, Any]:
    """The number that the case gets if nobody registers another one first."""
    party = work.item.party
    if party is None:
        return {"next_number": ""}
    return {"next_number": next_number(party, now=work.now), "pattern": party.registry_pattern}


def perform(form: RegisterForm, work: Work) -> Text:
    number = register_proposal(item_id=work.item.pk, actor=work.person, now=work.now)
    return gettext("Ärendet är registrerat med diarienumret %(number)s.") % {"number": number.text}


PAGE = StepPage(
    form=RegisterForm,
    perform=perform,
    template="workflows/steps/register.html",
    submit_label=_("Registrera ärendet"),
    hint=_(
        "Ärendet får nästa nummer i din organisations diarium. Numret kan inte ändras eller användas igen."
    ),
    context=next_number_of,
)
