"""A date in people's own words: "Hösten 2021", "Oktober 2021", "senast 31 december 2022" (H4).

The words are the truth and are kept. The interval is what the words say and nothing more; which words are
read, and how long each of them lasts, is decided in docs/decisions/0002-vague-dates.md and read in
`cases.values.date_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from cases.values import RefusedValue
from cases.values.date_words import read_interval

MAX_WORDS: Final = 200


class VagueDateError(RefusedValue):
    """The words are too long, or a given interval ends before it begins."""


@dataclass(frozen=True, slots=True)
class VagueDate:
    """Somebody's words for a time, and the first and last day they cover, as far as the words say so.

    Either end may be open: "tidigast våren 2023" has no last day, "senast 31 december 2022" no first. Words
    without a year, and words that are no time at all, have neither.
    """

    words: str
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if len(self.words) > MAX_WORDS:
            message = _("Tidsangivelsen är för lång. Skriv den med högst %(limit)d tecken.")
            raise VagueDateError("too_long", message, {"limit": MAX_WORDS})
        if self.first and self.last and self.first > self.last:
            raise VagueDateError("reversed", _("Tiden slutar innan den börjar. Kontrollera datumen."))

    @classmethod
    def parse(cls, words: str | None) -> VagueDate:
        """Read Swedish or English words, keeping them exactly but for white space around them.

        Words that cannot be read are kept undated. Raises `VagueDateError` only if they are too long.
        """
        undated = cls((words or "").strip())
        first, last = read_interval(undated.words)
        return cls(undated.words, first, last)

    @classmethod
    def missing(cls) -> VagueDate:
        """No words at all."""
        return cls("")

    @property
    def is_missing(self) -> bool:
        """Nothing was said, which is not the same as words that could not be read."""
        return not self.words

    @property
    def is_dated(self) -> bool:
        """Whether at least one end of the interval is known."""
        return self.first is not None or self.last is not None

    @property
    def sort_key(self) -> tuple[bool, date, date, str]:
        """By first day (by the last where only that is known), shorter before longer; undated last, by
        their words.
        """
        begins = self.first or self.last or date.max
        return (not self.is_dated, begins, self.last or date.max, self.words.casefold())

    def __str__(self) -> str:
        return self.words
