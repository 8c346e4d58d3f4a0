"""The judgement of the translations: complete, sure, and with the placeholders of the text."""

from __future__ import annotations

import polib
import pytest

from scripts.messages import faults


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


SOURCE = catalogue(
    polib.POEntry(msgid="Hej %(name)s"),
    polib.POEntry(msgid="En uppgift", msgid_plural="%(n)s uppgifter", msgstr_plural={0: "", 1: ""}),
)
NAME = polib.POEntry(msgid="Hej %(name)s", msgstr="Hello %(name)s")
TASKS = polib.POEntry(
    msgid="En uppgift", msgid_plural="%(n)s uppgifter", msgstr_plural={0: "One task", 1: "%(n)s tasks"}
)


def test_a_complete_catalogue_has_no_faults() -> None:
    assert faults(catalogue(NAME, TASKS), SOURCE) == []


@pytest.mark.parametrize(
    ("instead", "fault"),
    [
        (polib.POEntry(msgid="Något annat", msgstr="Something else"), "not in the catalogue"),
        (polib.POEntry(msgid="Hej %(name)s", msgstr=""), "without English"),
        (polib.POEntry(msgid="Hej %(name)s", msgstr="Hello %(name)s", flags=["fuzzy"]), "only guessed"),
        (polib.POEntry(msgid="Hej %(name)s", msgstr="Hello"), "other placeholders"),
        (polib.POEntry(msgid="Hej %(name)s", msgstr="Hello %(nmae)s"), "other placeholders"),
        (polib.POEntry(msgid="Hej %(name)s", msgstr="Hello %(name)s", obsolete=True), "not in the catalogue"),
    ],
)
def test_a_text_without_a_sound_translation_is_a_fault(instead: polib.POEntry, fault: str) -> None:
    (found,) = faults(catalogue(instead, TASKS), SOURCE)
    assert found.startswith(fault)


def test_a_plural_that_lost_its_number_is_a_fault() -> None:
    lost = polib.POEntry(
        msgid="En uppgift", msgid_plural="%(n)s uppgifter", msgstr_plural={0: "One task", 1: "many tasks"}
    )
    (found,) = faults(catalogue(NAME, lost), SOURCE)
    assert found.startswith("other placeholders")
