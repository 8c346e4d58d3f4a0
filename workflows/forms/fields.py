"""Form fields for what people write in the steps: amounts as they are written in Sweden, choices in columns."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.values.form_fields import CleanTextField
from cases.values.text import clean_line

_CURRENCY_WORDS: Final = re.compile(r"(?:kr(?:onor)?\.?|sek|:-)$", re.IGNORECASE)
_THOUSANDS_BY_POINT: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")


def format_amount(amount: Decimal) -> str:
    """An amount as it is written in Sweden, hundredths only where there are any: "1 250 000,50"."""
    whole, _point, hundredths = f"{amount:.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u00a0")
    return grouped if hundredths == "00" else f"{grouped},{hundredths}"


class ProseField(CleanTextField):
    """Text of several lines whose limit is far beyond what anybody writes: it has no counter, only the limit."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class AmountField(forms.Field):
    """An amount of money as people write it: "1 250 000,50", "1250000.50", "1.250.000,50", "125 000 kr" (R7).

    Its value is a Decimal of at most twelve digits and two decimals, None when left empty.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "unreadable": _("Skriv beloppet med siffror, till exempel 1 250 000,50."),
        "negative": _("Beloppet kan inte vara mindre än noll."),
        "too_large": _("Beloppet är för stort."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = (
            _CURRENCY_WORDS.sub("", clean_line(str(value)).replace("\u2212", "-"))
            .replace(" ", "")
            .replace("'", "")
        )
        if not text:
            return None
        if text.startswith("-"):
            raise ValidationError(self.error_messages["negative"], code="negative")
        if _THOUSANDS_BY_POINT.fullmatch(text):
            text = text.replace(".", "")
        elif not _PLAIN.fullmatch(text):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
        try:
            amount = Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))
        except InvalidOperation as error:
            raise ValidationError(self.error_messages["too_large"], code="too_large") from error
        if amount >= Decimal(10) ** 12:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return format_amount(value) if isinstance(value, Decimal) else value


class ColumnsCheckboxSelect(forms.CheckboxSelectMultiple):
    """Many checkboxes side by side where there is room."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "sv-grid", **(attrs or {})}, choices)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        # The class lays out the group, not each box in it.
        option["attrs"].pop("class", None)
        return option


class DayField(forms.DateField):
    """A day ahead, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilesInput(forms.FileInput):
    """One control for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Any number of files; its value is a list. What they are is looked into by the domain."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = (
            [upload for upload in data if upload] if isinstance(data, list | tuple) else [data] * bool(data)
        )
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(upload, initial) for upload in given]
