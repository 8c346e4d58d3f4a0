"""One's own profile: language, absence, and who stands in meanwhile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Person
from workflows.forms.case_acts import PersonChoice


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may change about themselves. Name, address and roles are kept by the administrator."""

    to = PersonChoice(
        label=_("Vem ersätter dig under tiden?"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Ingen"),
        help_text=_(
            "Välj en kollega som får göra allt som du får göra, från den första till den sista dagen. Det går att avsluta när som helst."
        ),
    )

    class Meta:
        model = Person
        fields = ("language", "absent_from", "absent_until")
        widgets = {
            "language": forms.RadioSelect,
            "absent_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "absent_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "language": _("Språk"),
            "absent_from": _("Frånvarande från och med"),
            "absent_until": _("Frånvarande till och med"),
        }
        help_texts = {
            "language": _("Gäller sidorna och e-posten till dig."),
            "absent_from": _("Lämna tomt när du är på plats."),
            "absent_until": _("Lämna tomt om du inte vet när du är tillbaka."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.instance.organisation_id
        if organisation is None:
            del self.fields["to"]
            return
        colleagues = Person.objects.filter(organisation=organisation, is_active=True)
        field = self.fields["to"]
        assert isinstance(field, PersonChoice)
        field.queryset = colleagues.exclude(pk=self.instance.pk).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("absent_from"), given.get("absent_until")
        if last and not first and "absent_from" not in self.errors:
            self.add_error("absent_from", _("Ange också från vilken dag du är frånvarande."))
        if first and last and last < first:
            self.add_error("absent_until", _("Sista dagen kan inte ligga före den första."))
        return given
