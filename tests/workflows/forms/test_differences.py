"""What changed between two versions of an agreement."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cases.models import AgreementVersion
from workflows.forms.differences import changed_parts, word_differences

texts = (
    st.lists(
        st.sampled_from(["Parterna", "bär", "delar", "kostnader", ".", ",", "§ 4", "\n\n", "100 000 kr"])
    )
    .map(" ".join)
    .map(str.strip)
)


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in word_differences(before, after)]


def test_only_the_words_that_changed_are_marked() -> None:
    assert pieces("Parterna bär sina egna kostnader.", "Parterna delar alla kostnader.") == [
        ("same", "Parterna "),
        ("removed", "bär sina egna "),
        ("added", "delar alla "),
        ("same", "kostnader."),
    ]


def test_a_mark_after_a_word_is_a_change_of_its_own() -> None:
    assert pieces("Mentorskap.", "Mentorskap för studenter.") == [
        ("same", "Mentorskap "),
        ("added", "för studenter"),
        ("same", "."),
    ]


def test_another_line_break_alone_is_no_change() -> None:
    assert pieces("A b\nc", "A b\n\nc") == [("same", "A b\n\nc")]


@given(texts, texts)
def test_what_was_kept_and_added_is_the_newer_text(before: str, after: str) -> None:
    found = list(word_differences(before, after))
    assert "".join(piece.text for piece in found if piece.kind != "removed") == after


@given(texts, texts)
def test_what_was_kept_and_removed_are_the_older_words(before: str, after: str) -> None:
    found = list(word_differences(before, after))
    kept = "".join(f"{piece.text} " for piece in found if piece.kind != "added")
    assert "".join(kept.split()) == "".join(before.split())


@given(texts)
def test_the_same_text_has_no_changes(text: str) -> None:
    assert all(piece.kind == "same" for piece in word_differences(text, text))


def test_a_first_version_has_no_changes() -> None:
    version = AgreementVersion(object_text="A", terms="B", confidentiality="", period_words="2022")
    parts = changed_parts(None, version)
    assert [part.text for part in parts] == ["A", "B", "", "2022"]
    assert not any(part.is_changed for part in parts)
