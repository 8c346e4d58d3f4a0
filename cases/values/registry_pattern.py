"""How a party writes its registry numbers: "Dnr {series}-{n}/{year}", "KS {year}-{n:05}" (M1).

A pattern has literal text and up to three fields:

- `{n}`, or `{n:05}` for at least five digits with leading zeros: the running number. Required.
- `{year}`, or `{year:02}` for two digits (2000-2099 only, so that 1921 and 2021 never look alike). It may
  be left out; then the numbers of a series are one sequence for ever, since starting again would repeat
  them.
- `{series}`: the series that the registrar chose.

A number can be read back from its text without doubt, which is why some patterns are refused.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from cases.values import RefusedValue

MAX_PATTERN: Final = 60
_FIELDS: Final = ("series", "n", "year")
_PADDING: Final = re.compile(r"0([1-9]|1[0-2])")
_SERIES: Final = re.compile(r"[^\W_](?:[\w ./:+-]{0,28}[^\W_])?")
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_CENTURY: Final = 2000


class RegistryPatternError(RefusedValue):
    """The pattern cannot be used."""


class RegistryNumberError(RefusedValue):
    """A number does not fit the pattern, or its parts cannot be written with it."""


class RegistryNumber(NamedTuple):
    """The parts of a registry number; those that the pattern does not have are None."""

    series: str | None
    year: int | None
    n: int


class _Piece(NamedTuple):
    """Literal text, followed by a field unless `field` is empty."""

    literal: str
    field: str
    spec: str


@dataclass(frozen=True)
class RegistryPattern:
    """A checked pattern. Raises `RegistryPatternError` when made from a text that is no usable pattern."""

    template: str

    def __post_init__(self) -> None:
        _check(self.template, self._pieces)

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        try:
            parsed = list(string.Formatter().parse(self.template))
        except ValueError as error:
            raise RegistryPatternError(
                "braces", _("Varje klammer { behöver ett slut } i mönstret.")
            ) from error
        if any(conversion for _literal, _field, _spec, conversion in parsed):
            raise RegistryPatternError(
                "format", _("Skriv fälten som {n}, {n:05}, {year}, {year:02} eller {series}.")
            )
        return tuple(_Piece(literal, field or "", spec or "") for literal, field, spec, _conversion in parsed)

    @property
    def has_year(self) -> bool:
        """Whether numbering may start again every year; without a year it never does."""
        return any(piece.field == "year" for piece in self._pieces)

    @property
    def has_series(self) -> bool:
        return any(piece.field == "series" for piece in self._pieces)

    def format(self, *, n: int, year: int | None = None, series: str | None = None) -> str:
        """Write a number. What the pattern has no field for is ignored. Raises `RegistryNumberError`."""
        if n < 1:
            raise RegistryNumberError("n", _("Löpnumret måste vara minst 1."))
        written = {"n": str(n), "year": "" if year is None else str(year), "series": series or ""}
        return "".join(piece.literal + self._written(piece, written, year) for piece in self._pieces)

    def parse(self, text: str) -> RegistryNumber:
        """Read a number written with this pattern. Raises `RegistryNumberError` for anything else."""
        message = _("Numret %(text)s är inte skrivet enligt mönstret %(pattern)s.")
        refused = RegistryNumberError("mismatch", message, {"text": text, "pattern": self.template})
        found = self._expression.fullmatch(text)
        if found is None:
            raise refused
        groups = found.groupdict()
        year = int(groups["year"]) if self.has_year else None
        if year is not None and year < 100:
            year += _CENTURY
        number = RegistryNumber(groups.get("series"), year, int(groups["n"]))
        try:
            again = self.format(n=number.n, year=number.year, series=number.series)
        except RegistryNumberError as error:
            raise refused from error
        if again != text:  # padded in another way
            raise refused
        return number

    def __str__(self) -> str:
        return self.template

    def _written(self, piece: _Piece, written: dict[str, str], year: int | None) -> str:
        if piece.field == "n":
            return written["n"].zfill(int(piece.spec or "0"))
        if piece.field == "series" and not _SERIES.fullmatch(written["series"]):
            raise RegistryNumberError(
                "series", _("Serien ska vara 1–30 tecken: bokstäver och siffror, med . - / : + emellan.")
            )
        if piece.field == "year":
            first, last = (_CENTURY, _CENTURY + 99) if piece.spec else (_FIRST_YEAR, _LAST_YEAR)
            if year is None or not first <= year <= last:
                message = _("Året måste ligga mellan %(first)d och %(last)d.")
                raise RegistryNumberError("year", message, {"first": first, "last": last})
            return written["year"][-2:] if piece.spec else written["year"]
        return written.get(piece.field, "")

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        fields = {"n": "(?P<n>[0-9]+)", "series": "(?P<series>.+)", "": ""}
        return re.compile(
            "".join(
                re.escape(piece.literal)
                + (
                    f"(?P<year>[0-9]{{{2 if piece.spec else 4}}})"
                    if piece.field == "year"
                    else fields[piece.field]
                )
                for piece in self._pieces
            )
        )


def _check(template: str, pieces: tuple[_Piece, ...]) -> None:
    used = [piece.field for piece in pieces if piece.field]
    literal = "".join(piece.literal for piece in pieces)
    if len(template) > MAX_PATTERN:
        raise RegistryPatternError(
            "too_long", _("Mönstret får ha högst %(limit)d tecken."), {"limit": MAX_PATTERN}
        )
    if "{" in literal or "}" in literal or "{}" in template:
        raise RegistryPatternError(
            "braces", _("Klamrar får bara stå runt ett fält: {n}, {year} eller {series}.")
        )
    if template != template.strip() or not literal.isprintable():
        raise RegistryPatternError(
            "spacing", _("Mönstret får inte börja eller sluta med blanktecken eller ha radbrytningar.")
        )
    for field in used:
        if field not in _FIELDS:
            message = _("Fältet {%(field)s} finns inte. Använd {n}, {year} och {series}.")
            raise RegistryPatternError("unknown_field", message, {"field": field})
        if used.count(field) > 1:
            raise RegistryPatternError(
                "twice", _("Fältet {%(field)s} får bara stå en gång."), {"field": field}
            )
    if "n" not in used:
        raise RegistryPatternError("no_number", _("Mönstret måste innehålla löpnumret {n}."))
    for piece in pieces:
        allowed = {"n": not piece.spec or _PADDING.fullmatch(piece.spec), "year": piece.spec in ("", "02")}
        if not allowed.get(piece.field, not piece.spec):
            raise RegistryPatternError(
                "format", _("Skriv fälten som {n}, {n:05}, {year}, {year:02} eller {series}.")
            )
    if "series" in used and not _series_is_apart(pieces):
        message = _(
            "Sätt ett skiljetecken, till exempel -, mellan serien och löpnumret så att de går att skilja åt."
        )
        raise RegistryPatternError("ambiguous", message)


def _series_is_apart(pieces: tuple[_Piece, ...]) -> bool:
    """Whether something other than digits stands between series and number.

    A series may hold digits ("109"), so that "1091" could otherwise be 109 and 1, or 10 and 91. A year
    between them does not help, as its digits could be anybody's.
    """
    places = [i for i, piece in enumerate(pieces) if piece.field in ("series", "n")]
    between = "".join(piece.literal for piece in pieces[places[0] + 1 : places[1] + 1])
    return re.search(r"[^0-9]", between) is not None
