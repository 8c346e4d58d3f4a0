"""Who is responsible, as plans write it: "LK (Hållbarhetsenheten/ Näringsliv och tillväxt) LiU (TEMA Barn)"
(H5).

A text is read as organisations, each with its units in brackets. Nothing is dropped: what cannot be read is
kept as the unparsed rest, and what was read by a guess is marked, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_CAPITAL: Final = r"(?=[^\W\d_a-zåäöéü])"
# A slash or plus parts two names if there is a space beside it or a capital after it;
# "integration/segregation" is one. Inside brackets a comma does so only before a capital: "forskarlag,
# institutioner eller centrubildningar" is one phrase.
_SLASH: Final = rf"\s+[/+]\s*|[/+](?=\s)\s*|[/+]{_CAPITAL}"
_UNIT_END: Final = re.compile(rf"{_SLASH}|,\s*{_CAPITAL}|;")
_NAME_END: Final = re.compile(rf"(?P<slash>{_SLASH})|[,;]|\.(?=\s|$)|(?P<word>\s+(?i:och|samt|and|&)\s+)")
_JOINING_START: Final = re.compile(r"\s*(?:och|samt|and|&)\s+", re.IGNORECASE)
_SEPARATORS: Final = " \t\r\n\v\f\u00a0,;./+&"
_SEVERAL_IN_ONE: Final = re.compile(r",|\s(?:eller|or)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResponsiblePart:
    """One organisation and those of its units that were named.

    `organisation` is the short name of a known organisation, otherwise the name as written. `text` is the
    piece of the input that it was read from. `certain` is False where the reading was a guess.
    """

    organisation: str
    units: tuple[str, ...]
    text: str
    certain: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Responsible:
    """The parts in the order of the text, and what could not be read."""

    parts: tuple[ResponsiblePart, ...]
    unparsed: str

    @property
    def needs_a_person(self) -> bool:
        """Whether anything was guessed, is not known, or could not be read."""
        return bool(self.unparsed) or any(not (part.certain and part.known) for part in self.parts)


class _Known:
    """The known organisations: their short names, and where their names stand among words."""

    def __init__(self, short_names: Mapping[str, str]) -> None:
        self._short_names = short_names
        self._longest = max((len(name.split()) for name in short_names), default=0)

    def get(self, name: str) -> str | None:
        return self._short_names.get(_key(name))

    def end_at(self, words: list[str], begin: int) -> int | None:
        """Where the longest known name that begins at this word ends, if one does."""
        furthest = min(len(words), begin + self._longest)
        return next((end for end in range(furthest, begin, -1) if self.get(" ".join(words[begin:end]))), None)


@dataclass(slots=True)
class _Named:
    """An organisation found outside brackets, before its bracket is read."""

    name: str
    units: tuple[str, ...]
    text: str
    certain: bool = True


def parse_responsible(text: str, *, organisations: Mapping[str, str]) -> Responsible:
    """Read organisations and units.

    `organisations` maps names and short names in any case ("LK", "Linköpings kommun") to the short name to
    use ("LK"). Never raises.
    """
    known = _Known({_key(name): short for name, short in organisations.items()})
    parts: list[ResponsiblePart] = []
    unparsed: list[str] = []
    for outside, bracket in _groups(text):
        named = list(_organisations(outside, known))
        if bracket:
            units = tuple(_pieces(bracket[1:-1], _UNIT_END)) if _is_balanced(bracket) else ()
            if named and units:
                last = named[-1]
                last.units += units
                last.text = f"{last.text} {bracket}"
                last.certain = last.certain and not any(_SEVERAL_IN_ONE.search(unit) for unit in units)
            else:
                unparsed.append(bracket)
                if named:
                    named[-1].certain = False
        for one in named:
            short = known.get(one.name)
            parts.append(
                ResponsiblePart(short or one.name, one.units, one.text, one.certain, short is not None)
            )
    return Responsible(tuple(parts), " ".join(unparsed))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_balanced(bracket: str) -> bool:
    return bracket.count("(") == bracket.count(")")


def _groups(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of text outside brackets and the outermost bracket after it; a bracket that never ends takes
    the rest.
    """
    depth = begin = opened = 0
    for i, character in enumerate(text):
        if character == "(":
            opened = opened if depth else i
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            if not depth:
                yield text[begin:opened], text[opened : i + 1]
                begin = i + 1
        elif character == ")":
            yield text[begin:i], ")"
            begin = i + 1
    if depth:
        yield text[begin:opened], text[opened:]
    elif text[begin:]:
        yield text[begin:], ""


def _pieces(text: str, end: re.Pattern[str]) -> Iterator[str]:
    for piece in end.split(text):
        if tidy := _tidy(piece):
            yield tidy


def _organisations(outside: str, known: _Known) -> Iterator[_Named]:
    """The organisations in a text without brackets: "Kårservice, LK", "LK och LiU", "LiU/ TEMA Barn"."""
    pending: _Named | None = None
    for joining, name, after_slash in _names(outside, known):
        for i, one in enumerate(_by_known_words(name, known)):
            if i == 0 and joining:
                one.text = f"{joining} {one.text}"
            if pending and i == 0 and after_slash and known.get(pending.name) and not known.get(one.name):
                pending.units += (one.name, *one.units)  # a unit behind its organisation: "LiU/ TEMA Barn"
                pending.text = f"{pending.text}/ {one.text}"
                pending.certain = False
                continue
            if pending:
                yield pending
            pending = one
    if pending:
        yield pending


def _names(text: str, known: _Known) -> Iterator[tuple[str, str, bool]]:
    """Each name with the joining word before it, and whether a slash stands before it."""
    joining, begin, after_slash = "", 0, False
    start = _JOINING_START.match(text)
    if start and text[start.end() :].strip(_SEPARATORS):
        joining, begin = start[0].strip(), start.end()
    for end in _NAME_END.finditer(text, begin):
        if end["word"] and not _parts_two(text[begin : end.start()], text[end.end() :], known):
            continue
        if name := _tidy(text[begin : end.start()]):
            yield joining, name, after_slash
            joining = ""
        joining = end["word"].strip() if end["word"] else joining
        begin, after_slash = end.end(), bool(end["slash"])
    if name := _tidy(text[begin:]):
        yield joining, name, after_slash


def _parts_two(before: str, after: str, known: _Known) -> bool:
    """Whether a word "och" stands between two organisations, and not inside the name of one."""
    next_name = _tidy(_NAME_END.split(after, maxsplit=1)[0])
    sides = (_tidy(before), next_name)
    return all(sides) and any(known.end_at(side.split(), 0) for side in sides)


def _by_known_words(name: str, known: _Known) -> Iterator[_Named]:
    """One name as it stands, unless names of known organisations stand among its words: "LK
    Kommunikationsstaben".
    """
    words = name.split()
    begin, current = 0, _Named("", (), "")
    while begin < len(words):
        end = known.end_at(words, begin)
        if end is None:
            following = (at for at in range(begin + 1, len(words)) if known.end_at(words, at))
            end = next(following, len(words))
            loose = " ".join(words[begin:end])
            if current.name:
                current.units, current.text, current.certain = (loose,), f"{current.text} {loose}", False
            else:
                current = _Named(loose, (), loose, certain=end == len(words))
        else:
            if current.name:
                yield current
            whole = " ".join(words[begin:end])
            current = _Named(whole, (), whole)
        begin = end
    if current.name:
        yield current


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(_SEPARATORS)
