"""Form fields clean first and ask whether they are filled in afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from cases.values.form_fields import CleanCharField, CleanTextField, VagueDateFormField
from cases.values.vague_date import VagueDate

INVISIBLE = " \u200b\u202e\t\n "


@pytest.mark.parametrize("field", [CleanCharField(), CleanTextField(), VagueDateFormField()])
def test_a_required_field_with_nothing_visible_in_it_is_empty(field: forms.Field) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(INVISIBLE)
    assert refused.value.code == "required"


def test_an_optional_field_with_nothing_visible_in_it_is_empty() -> None:
    assert CleanCharField(required=False).clean(INVISIBLE) == ""
    assert CleanCharField(required=False, empty_value=None).clean(None) is None
    assert CleanTextField(required=False).clean(INVISIBLE) == ""
    assert VagueDateFormField(required=False).clean(INVISIBLE) == VagueDate.missing()
    assert VagueDateFormField(required=False).clean(None) == VagueDate.missing()


def test_lines_and_texts_are_cleaned() -> None:
    assert CleanCharField().clean(" A\u030asa\r\nÖ\x00 ") == "Åsa Ö"
    assert CleanTextField().clean(" a\r\nb\u200b ") == "a\nb"


def test_the_length_is_that_of_the_cleaned_text() -> None:
    field = CleanCharField(max_length=3)
    assert field.clean("  abc\u200b ") == "abc"
    with pytest.raises(ValidationError) as refused:
        field.clean("abcd")
    assert [error.code for error in refused.value.error_list] == ["max_length"]


def test_a_vague_date_is_the_value_of_its_field() -> None:
    cleaned = VagueDateFormField().clean(" Hösten 2021 ")
    assert cleaned == VagueDate("Hösten 2021", date(2021, 9, 1), date(2021, 11, 30))
    assert VagueDateFormField().clean("när det passar") == VagueDate("när det passar")


def test_too_many_words_for_a_date_are_an_error_of_the_form() -> None:
    with pytest.raises(ValidationError) as refused:
        VagueDateFormField().clean("x" * 201)
    assert refused.value.code == "too_long"
    assert "200" in refused.value.messages[0]


class _Form(forms.Form):
    start = VagueDateFormField(required=False)
    text = CleanTextField(required=False)


def test_a_form_shows_the_words_and_knows_when_they_changed() -> None:
    begun = VagueDate.parse("Hösten 2021")
    shown = str(_Form(initial={"start": begun})["start"])
    assert 'value="Hösten 2021"' in shown
    assert 'maxlength="200"' in shown
    assert not _Form({"start": " Hösten 2021"}, initial={"start": begun}).has_changed()
    assert _Form({"start": "Hösten 2022"}, initial={"start": begun}).has_changed()
    assert _Form({"start": "x" * 201}, initial={"start": begun}).has_changed()
    assert "<textarea" in str(_Form()["text"])


def test_a_disabled_field_keeps_what_it_had() -> None:
    field = VagueDateFormField(disabled=True)
    assert not field.has_changed(VagueDate.parse("2021"), "2022")
    assert field.clean(VagueDate.parse("2021")) == VagueDate.parse("2021")
