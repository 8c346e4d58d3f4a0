"""Forms of the demonstration mailbox."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _


class MailboxFilter(forms.Form):
    """Whose mail to show."""

    recipient = forms.ChoiceField(label=_("Mottagare"), required=False)

    def __init__(self, *, data: object, recipients: Iterable[tuple[str, str]]) -> None:
        super().__init__(data=data)  # type: ignore[arg-type]
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Alla")), *((address, name) for name, address in recipients)]
