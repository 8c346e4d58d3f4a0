"""What is filled in to act on a case beside its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Organisation, Person

#: Longer texts than this are documents.
MAX_TEXT = 4000


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among people, with what tells them apart."""

    def label_from_instance(self, obj: Person) -> str:
        return _("%(name)s, %(title)s") % {"name": obj.name, "title": obj.title} if obj.title else obj.name


def _long_text(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MAX_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class NothingForm(forms.Form):
    """Only a button."""


class WithdrawForm(forms.Form):
    reason = _long_text(_("Varför återkallar du förslaget?"), required=False)


class HoldForm(forms.Form):
    reason = _long_text(_("Varför ska ärendet vila?"))


class CancelForm(forms.Form):
    reason = _long_text(_("Varför avbryts ärendet?"))


class AskForm(forms.Form):
    text = _long_text(_("Din fråga"), rows=5, help_text=_("Frågan och svaret ses av alla som ser ärendet."))


class HandOverForm(forms.Form):
    """Choose the colleague who takes over."""

    to = PersonChoice(
        label=_("Vem tar över?"), queryset=Person.objects.none(), empty_label=_("Välj en person")
    )

    def __init__(self, *args: Any, people: models.QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, PersonChoice)
        field.queryset = people


class ReassignForm(HandOverForm):
    reason = _long_text(_("Varför lämnas uppgiften över?"))


class OnlyParty(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of the party that alone sees something."""

    def label_from_instance(self, obj: Organisation) -> str:
        return _("Bara %(party)s") % {"party": obj.label}


class _InternalForm(forms.Form):
    """Something that can be kept within one's own party."""

    hide_optional_mark = True
    internal_to = OnlyParty(
        label=_("Vem ska se det?"),
        queryset=Organisation.objects.none(),
        required=False,
        blank=True,
        empty_label=_("Alla som ser ärendet"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, parties: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [party.pk for party in parties]
        if keys:
            field = self.fields["internal_to"]
            assert isinstance(field, OnlyParty)
            field.queryset = Organisation.objects.filter(pk__in=keys)
        else:
            del self.fields["internal_to"]


class CommentForm(_InternalForm):
    text = _long_text(_("Kommentar"))
    field_order = ("text", "internal_to")


class DocumentForm(_InternalForm):
    title = forms.CharField(
        label=_("Titel"),
        required=False,
        max_length=200,
        help_text=_("Lämna tomt för att använda filens namn."),
    )
    file = forms.FileField(label=_("Fil"))
    field_order = ("title", "file", "internal_to")


class VersionForm(forms.Form):
    file = forms.FileField(label=_("Fil"))
