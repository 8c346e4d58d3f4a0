"""A case that a body deals with at a meeting: put it on an agenda. The meeting settles it (section 5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.errors import WrongState
from cases.models import Meeting
from workflows.forms.page import StepForm, StepPage, Text
from workflows.forms.work import Work
from workflows.meeting_lists import agenda_of_case, coming_meetings
from workflows.meeting_policy import MeetingAction, may_meeting, may_plan
from workflows.meetings.agenda import put_on_agenda
from workflows.views.presenters.meetings import when_text


def meetings_of(work: Work) -> list[Meeting]:
    """The body's coming meetings whose agenda the person may set. One statement."""
    if work.item.body is None:
        return []
    found = coming_meetings(work.item.body)
    for meeting in found:
        meeting.body = work.item.body
    return [meeting for meeting in found if may_meeting(work.access, MeetingAction.SET_AGENDA, meeting)]


class AtMeetingForm(StepForm):
    """Which meeting."""

    meeting = forms.ChoiceField(
        label=_("Möte"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Välj ett möte."),
            "invalid_choice": _("Det går inte att ändra det mötets dagordning längre. Välj ett annat."),
        },
    )

    def adapt(self, work: Work) -> None:
        self.meetings = meetings_of(work)
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            (str(meeting.pk), when_text(meeting)) for meeting in self.meetings
        ]
        if len(self.meetings) == 1:
            self.initial["meeting"] = str(self.meetings[0].pk)


def perform(form: AtMeetingForm, work: Work) -> Text:
    chosen = int(form.cleaned_data["meeting"])
    added = put_on_agenda(meeting_id=chosen, actor=work.person, case_ids=[work.case.pk], now=work.now)
    if not added:
        raise WrongState(_("Ärendet står redan på mötets dagordning."))
    when = next(when_text(meeting) for meeting in form.meetings if meeting.pk == chosen)
    return _("Ärendet står på dagordningen för mötet %(when)s.") % {"when": when}


def context(work: Work) -> dict[str, Any]:
    """Where the case stands already, and where a meeting is planned."""
    body = work.item.body
    if body is None:
        return {}
    there = agenda_of_case(work.case.pk, body)
    plan = reverse("meeting-plan", args=[body.slug])
    return {
        "body": body,
        "there": there,
        "there_when": when_text(there.meeting) if there is not None else "",
        "plan_url": f"{plan}?arende={work.case.pk}" if may_plan(work.access, body) else "",
    }


PAGE = StepPage(
    form=AtMeetingForm,
    perform=perform,
    template="workflows/steps/at_meeting.html",
    submit_label=_("Sätt upp på dagordningen"),
    hint=_(
        "Organet avgör ärendet vid ett möte. Välj vid vilket. Uppgiften är klar när mötet har avgjort ärendet."
    ),
    context=context,
)
