"""What is filled in to plan a meeting, build its agenda, answer its notice and call the roll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Meeting, Seat
from cases.values.form_fields import CleanCharField
from workflows.forms.fields import DayField, ProseField
from workflows.forms.page import LONG_TEXT, SHORT_TEXT
from workflows.meetings.agenda import Waiting
from workflows.meetings.plan import When
from workflows.views.presenters.days import day_text

#: When a meeting usually begins and ends, where nothing else is known.
_MORNING, _NOON = dt.time(9), dt.time(11)


class PlanForm(forms.Form):
    """When and where. The errors of the domain stand at the fields, so the names are its names."""

    day = DayField(label=_("Dag"), error_messages={"required": _("Ange vilken dag mötet hålls.")})
    starts_at = forms.TimeField(
        label=_("Börjar"),
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"required": _("Ange när mötet börjar.")},
    )
    ends_at = forms.TimeField(
        label=_("Slutar"),
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"required": _("Ange när mötet slutar.")},
    )
    place = CleanCharField(
        label=_("Plats eller länk"),
        max_length=200,
        help_text=_("Ett rum, eller adressen till ett digitalt möte."),
        error_messages={"required": _("Ange var mötet hålls, eller länken till det.")},
    )
    message = ProseField(
        label=_("Meddelande i kallelsen"),
        required=False,
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def when(self) -> When:
        """What was filled in, as the domain takes it; the times are those of Sweden."""
        given = self.cleaned_data
        zone = timezone.get_current_timezone()
        return When(
            dt.datetime.combine(given["day"], given["starts_at"], zone),
            dt.datetime.combine(given["day"], given["ends_at"], zone),
            given["place"],
            given["message"],
        )

    @staticmethod
    def values_of(meeting: Meeting) -> dict[str, Any]:
        """The meeting as the form shows it."""
        starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        return {
            "day": starts.date(),
            "starts_at": starts.time(),
            "ends_at": ends.time(),
            "place": meeting.place,
            "message": meeting.message,
        }

    @staticmethod
    def usual_values(day: dt.date | None, last: Meeting | None) -> dict[str, Any]:
        """A new meeting as it is suggested: at the time and place of the body's last one."""
        values: dict[str, Any] = {"starts_at": _MORNING, "ends_at": _NOON}
        if last is not None:
            values = PlanForm.values_of(last)
            values["message"] = ""
        values["day"] = day
        return values


class CancelMeetingForm(forms.Form):
    reason = ProseField(
        label=_("Varför ställs mötet in?"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Ange varför mötet ställs in.")},
    )


class MatterChoice(forms.MultipleChoiceField):
    """Cases that wait for the body. Each is told apart by its number and title."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, waiting: Iterable[Waiting]) -> None:
        self.choices = [(str(found.case.pk), self._label(found)) for found in waiting]

    @staticmethod
    def _label(found: Waiting) -> str:
        words: dict[str, str] = {"number": found.case.number, "title": found.case.title}
        if found.tabled_until is not None:
            return _("%(number)s %(title)s (bordlagt till %(day)s)") % {
                **words,
                "day": day_text(found.tabled_until),
            }
        if found.item.due_on is not None:
            return _("%(number)s %(title)s (senast %(day)s)") % {**words, "day": day_text(found.item.due_on)}
        return _("%(number)s %(title)s") % words


class MattersForm(forms.Form):
    """The cases to put on the agenda."""

    cases = MatterChoice(
        label=_("Ärenden som väntar på organet"),
        error_messages={
            "required": _("Välj minst ett ärende."),
            "invalid_choice": _("Ett av ärendena väntar inte längre på organet. Välj igen."),
        },
    )

    def __init__(self, data: Any = None, *, waiting: Sequence[Waiting]) -> None:
        super().__init__(data)
        field = self.fields["cases"]
        assert isinstance(field, MatterChoice)
        field.offer(waiting)

    @property
    def case_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["cases"]]


class FreeItemForm(forms.Form):
    """An item without a case."""

    title = CleanCharField(
        label=_("Rubrik"),
        max_length=200,
        error_messages={"required": _("Skriv punktens rubrik.")},
    )
    text = ProseField(
        label=_("Text"), required=False, max_length=LONG_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerNoticeForm(forms.Form):
    """Whether one comes, and a word to the secretary."""

    accept = forms.ChoiceField(
        choices=(("yes", _("Jag kommer")), ("no", _("Jag kan inte komma"))),
        error_messages={
            "required": _("Svara om du kommer eller inte."),
            "invalid_choice": _("Svara om du kommer eller inte."),
        },
    )
    note = CleanCharField(
        label=_("Meddelande till sekreteraren"),
        required=False,
        max_length=300,
        help_text=_("Ses av organets ledamöter och sekreterare."),
    )


class RollForm(forms.Form):
    """Who sits in which seat: for every seat a box, and where there are deputies a choice of who serves."""

    hide_optional_mark = True

    def __init__(
        self, data: Any = None, *, seats: Sequence[Seat], deputies: dict[int, list[tuple[int, str]]]
    ) -> None:
        super().__init__(data)
        self.seats = list(seats)
        # Before anybody has been noted as there, those who said that they come are ticked, for the roll to begin with.
        self.is_first = not any(seat.arrived_at is not None for seat in self.seats)
        for seat in self.seats:
            self.fields[f"seat_{seat.pk}"] = forms.BooleanField(
                label=seat.member.name, required=False, initial=self._expected(seat)
            )
            choices = [(str(seat.member_id), _("%(name)s själv") % {"name": seat.member.name})]
            choices += [(str(pk), name) for pk, name in deputies.get(seat.member_id, [])]
            known = {value for value, _label in choices}
            if seat.serving is not None and str(seat.serving_id) not in known:
                choices.append((str(seat.serving_id), seat.serving.name))
            if len(choices) > 1:
                self.fields[f"serving_{seat.pk}"] = forms.ChoiceField(
                    label=_("Tjänstgör för %(name)s") % {"name": seat.member.name},
                    choices=choices,
                    required=False,
                    initial=str(seat.serving_id or seat.member_id),
                )

    def _expected(self, seat: Seat) -> bool:
        return seat.serving_id is not None if self.is_first else seat.is_present

    def present(self, seat: Seat) -> bool:
        """Whether the seat is to be filled."""
        return bool(self.cleaned_data[f"seat_{seat.pk}"])

    def serving_id(self, seat: Seat) -> int:
        """Who is to sit there."""
        return int(self.cleaned_data.get(f"serving_{seat.pk}") or seat.serving_id or seat.member_id)
