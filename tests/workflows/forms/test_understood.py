"""What vague words are taken to mean is said beside them (H4)."""

from __future__ import annotations

import pytest

from cases.values.vague_date import VagueDate
from workflows.forms.understood import understood_date


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Hösten 2021", "Tolkas som 1 september 2021 till 30 november 2021."),
        ("2021-10-04", "Tolkas som 4 oktober 2021."),
        ("tidigast våren 2023", "Tolkas som tidigast 1 mars 2023."),
        ("senast 31 december 2022", "Tolkas som senast 31 december 2022."),
        ("när det passar", "Går inte att tolka som en tid. Orden sparas som de är."),
    ],
)
def test_the_interval_is_said_in_words(words: str, said: str) -> None:
    assert understood_date(VagueDate.parse(words)) == said
