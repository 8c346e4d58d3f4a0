"""What changed between two versions of an agreement, part by part and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import AgreementVersion

#: A word or a mark, with the white space after it, which is shown as it stands in the newer text but not compared.
_TOKENS: Final = re.compile(r"(\w+|[^\w\s])\s*")


@dataclass(frozen=True)
class Piece:
    """A run of text that was kept, added or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Part:
    """One part of an agreement: its heading, its text now, and the pieces that show what changed."""

    heading: str | Promise
    text: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def word_differences(before: str, after: str) -> Iterator[Piece]:
    """The pieces that lead from one text to the other, in reading order, removed before added."""
    old, new = list(_TOKENS.finditer(before)), list(_TOKENS.finditer(after))
    matcher = SequenceMatcher(a=[token[1] for token in old], b=[token[1] for token in new], autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", _text(new[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Piece("removed", _text(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece("added", _text(new[new_from:new_to]))


def _text(tokens: list[re.Match[str]]) -> str:
    return "".join(token[0] for token in tokens)


def changed_parts(before: AgreementVersion | None, after: AgreementVersion) -> list[Part]:
    """The agreement's parts in order, compared with the version before; without one nothing counts as changed."""
    headings = (
        ("object_text", _("Föremål")),
        ("terms", _("Åtaganden och villkor")),
        ("confidentiality", _("Sekretessbestämmelser")),
        ("period_words", _("Avtalstid")),
    )
    parts = []
    for name, heading in headings:
        text: str = getattr(after, name)
        earlier: str = getattr(before, name) if before is not None else text
        parts.append(Part(heading, text, tuple(word_differences(earlier, text))))
    return parts
