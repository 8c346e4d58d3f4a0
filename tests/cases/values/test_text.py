"""Text that people type and paste."""

from __future__ import annotations

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases.values.text import TextTooLong, clean_line, clean_name, clean_text

TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "a\u0301\u030a \t\n\r\u200b\u200d\u202e\ufeff\u00ad\u00a0\u2028\x00👩🔬🏽❤\ufe0f\ud800\U000e0067"
        ),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  Åsa   Öberg\t ", "Åsa Öberg"),
        ("A\u030asa", "Åsa"),
        ("A\u200b\u030asa", "Åsa"),
        ("första\r\nandra\u2028tredje", "första andra tredje"),
        ("fast\u00a0blank", "fast blank"),
        ("pay\u202egpj.exe", "paygpj.exe"),
        ("\ufeffa\u200bb\u200cc\u2060d\u00ade\u200ef", "abcdef"),
        ("nul\x00 bel\x07 del\x7f c1\x9b", "nul bel del c1"),
        ("👩\u200d🔬 och ❤\ufe0f\u200d🔥", "👩\u200d🔬 och ❤\ufe0f\u200d🔥"),
        ("👩🏽\u200d🔬", "👩🏽\u200d🔬"),
        ("ad\u200dmin \u200d🔬 👩\u200d", "admin 🔬 👩"),
        ("👩\u200d\u200d🔬", "👩🔬"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("\ud800a", "a"),
        ("مرحبا – 你好 – Ωmega", "مرحبا – 你好 – Ωmega"),
        ("\u200b \u202e\n", ""),
    ],
)
def test_a_line_keeps_what_can_be_seen(raw: str, cleaned: str) -> None:
    assert clean_line(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\r\n\n  Rad 1 \r\n\r\nRad 2\t\rRad\x0b3\u2029\n", "Rad 1\n\nRad 2\nRad\n3"),
        ("a\tb  c", "a\tb  c"),
        ("a\u202eb\nc\x00", "ab\nc"),
    ],
)
def test_a_text_keeps_its_lines_and_tabs(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


def test_a_name_has_no_joiner_at_all() -> None:
    assert clean_name("👩\u200d🔬.pdf") == "👩🔬.pdf"


def test_length_is_measured_after_cleaning_and_never_cut() -> None:
    assert clean_line(" a\u030a\u200b b ", 3) == "å b"
    assert clean_text("\nab\r\nc\n", 4) == "ab\nc"
    with pytest.raises(TextTooLong) as refused, translation.override("sv"):
        clean_line("fyra", 3)
    assert str(refused.value) == "Texten är 4 tecken lång, men högst 3 får plats. Korta ner den."


@given(TRICKY)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean_line(clean_line(raw)) == clean_line(raw)
    assert clean_text(clean_text(raw)) == clean_text(raw)
    assert clean_line(clean_text(raw)) == clean_line(raw)


@given(TRICKY)
def test_clean_text_can_be_stored_and_hides_nothing(raw: str) -> None:
    cleaned = clean_text(raw)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not [
        c
        for c in cleaned
        if unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
    ]


@given(st.text("abcåäöÅÄÖéüß0123456789.,!?–§€”’ "))
def test_ordinary_swedish_is_left_as_it_is(raw: str) -> None:
    assert clean_text(raw.strip()) == raw.strip()
