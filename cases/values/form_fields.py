"""Form fields for the values of a case. They clean first and ask "is it filled in?" afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.values.text import clean_line, clean_text
from cases.values.vague_date import MAX_WORDS, VagueDate, VagueDateError


class CleanCharField(forms.CharField):
    """One line of text. A required field holding only white space or invisible characters counts as empty."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean_line(str(value)))


class CleanTextField(forms.CharField):
    """Text of several lines, cleaned like `CleanCharField` but keeping its lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean_text(str(value)))


class VagueDateFormField(forms.Field):
    """A date in people's own words (H4); its value is always a `VagueDate`, the missing one if left empty.

    Words that no interval can be read from are accepted: they are still what the person said.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> VagueDate:
        if isinstance(value, VagueDate):
            return value
        try:
            return VagueDate.parse(clean_line("" if value is None else str(value)))
        except VagueDateError as refused:
            raise ValidationError(
                refused.message, code=refused.code, params=dict(refused.params)
            ) from refused

    def validate(self, value: VagueDate) -> None:
        if self.required and value.is_missing:
            raise ValidationError(self.error_messages["required"], code="required")

    def prepare_value(self, value: Any) -> Any:
        return value.words if isinstance(value, VagueDate) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": str(MAX_WORDS)}
