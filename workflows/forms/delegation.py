"""What is filled in to let somebody act in one's stead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Delegation, Person
from workflows.forms.case_acts import PersonChoice

#: The values of the choice between everything and some roles.
EVERYTHING, SOME = "all", "some"


def day_field(label: Any, *, help_text: Any = "") -> forms.DateField:
    """A date that the browser helps to choose."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class DelegateForm(forms.Form):
    """Who acts in whose stead, in what, and when.

    :param people: who can be asked. :param roles: the roles that can be delegated, as key and words.
    """

    to = PersonChoice(label=_("Ersättare"), queryset=Person.objects.none(), empty_label=_("Välj en person"))
    extent = forms.ChoiceField(
        label=_("Vad delegeras?"),
        choices=[
            (EVERYTHING, _("Alla roller, egna förslag och rapporter, och roller som tillkommer under tiden")),
            (SOME, _("Bara de roller som väljs här nedanför")),
        ],
        widget=forms.RadioSelect,
    )
    roles = forms.MultipleChoiceField(label=_("Roller"), required=False, widget=forms.CheckboxSelectMultiple)
    valid_from = day_field(_("Från och med"))
    valid_until = day_field(_("Till och med"), help_text=_("Högst ett år framåt."))
    reason = forms.CharField(
        label=_("Skäl"),
        required=False,
        max_length=Delegation._meta.get_field("reason").max_length,
        help_text=_("Ses av ersättaren. Till exempel semester eller tjänsteresa."),
    )

    def __init__(
        self,
        *args: Any,
        people: models.QuerySet[Person],
        roles: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        to, chosen = self.fields["to"], self.fields["roles"]
        assert isinstance(to, PersonChoice)
        assert isinstance(chosen, forms.MultipleChoiceField)
        to.queryset = people
        choices = list(roles)
        if choices:
            chosen.choices = choices
        else:
            del self.fields["roles"], self.fields["extent"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        extent, roles = given.get("extent", EVERYTHING), given.get("roles") or []
        if extent == EVERYTHING and roles:
            self.add_error(
                "extent", _("Roller är markerade. Välj att delegera bara dem, eller avmarkera dem.")
            )
        if extent == SOME and not roles and "roles" not in self.errors:
            self.add_error("roles", _("Välj minst en roll."))
        return given

    @property
    def chosen_roles(self) -> list[str] | None:
        """The role keys; None for everything."""
        return self.cleaned_data["roles"] if self.cleaned_data.get("extent") == SOME else None


class WhoseForm(forms.Form):
    """For whom an administrator delegates."""

    person = PersonChoice(label=_("Åt vem?"), queryset=Person.objects.none(), empty_label=_("Välj en person"))

    def __init__(self, *args: Any, people: models.QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.queryset = people
