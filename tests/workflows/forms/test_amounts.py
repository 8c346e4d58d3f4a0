"""Amounts of money as people write them (R7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from workflows.forms.fields import AmountField, format_amount

amounts = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 250 000,50", "1250000.50"),
        ("1\u00a0250\u00a0000,50", "1250000.50"),
        ("1\u202f250\u202f000,5", "1250000.50"),
        ("1.250.000,50", "1250000.50"),
        ("1250000.50", "1250000.50"),
        ("125 000 kr", "125000"),
        ("125 000 kronor", "125000"),
        ("125000:-", "125000"),
        ("1'250'000", "1250000"),
        ("0", "0"),
        ("1.250", "1250"),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_sweden(written: str, meant: str) -> None:
    assert AmountField().clean(written) == Decimal(meant)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en miljon", "unreadable"),
        ("1,250,000.50", "unreadable"),
        ("1,505", "unreadable"),
        ("1e9", "unreadable"),
        ("NaN", "unreadable"),
        ("Infinity", "unreadable"),
        ("-5", "negative"),
        ("\u22125", "negative"),
        ("1000000000000", "too_large"),
        ("9" * 400, "too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(written: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(written)
    assert refused.value.code == code


def test_nothing_is_no_amount_rather_than_nought() -> None:
    assert AmountField(required=False).clean(" \u200b ") is None


@given(amounts)
def test_what_is_shown_is_read_back_as_the_same_amount(amount: Decimal) -> None:
    assert AmountField().clean(format_amount(amount)) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        amount = AmountField(required=False).clean(text)
    except ValidationError:
        return
    assert amount is None or 0 <= amount < Decimal(10) ** 12
