"""Text as people type and paste it, made safe to store, compare, sort and print.

Kept: letters of every language, punctuation, emoji. Removed: what cannot be seen but changes how text is
read or compared, which is how a name is made to look like another one: control characters, zero-width
characters, soft hyphens, invisible fillers, direction marks and overrides, tag characters, lone surrogates.

A zero-width joiner is kept only between two emoji ("👩\u200d🔬"), where it is what makes them one picture.
Flags spelled with tag characters (Scotland, Wales) lose their tags and become a plain black flag: tags can
carry hidden text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from cases.values import RefusedValue

_JOINER: Final = "\u200d"
_PICTURE: Final = "\u2190-\u2bff\U0001f000-\U0001faff"
_NEWLINES: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but tab and the line breaks
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, fillers, Arabic letter mark
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero-width, direction marks and overrides
    "\u3164\ufeff\uffa0\ufff9-\ufffb"  # fillers, byte order mark, interlinear marks
    "\ud800-\udfff\U000e0000-\U000e0fff"  # lone surrogates (no database stores them), tags
    "]"
)
_STRAY_JOINER: Final = re.compile(f"(?<![{_PICTURE}\ufe0f]){_JOINER}|{_JOINER}(?![{_PICTURE}])")


class TextTooLong(RefusedValue):
    """The cleaned text is longer than its place allows. It is never cut silently."""


def without_invisible(raw: str) -> str:
    """The text in NFC without invisible characters, its line breaks as "\\n"; all other white space stays."""
    # Normalise last: an invisible character may stand between a letter and its accent.
    visible = _STRAY_JOINER.sub("", _INVISIBLE.sub("", _NEWLINES.sub("\n", raw)))
    return unicodedata.normalize("NFC", visible)


def _within(cleaned: str, max_length: int | None) -> str:
    if max_length is not None and len(cleaned) > max_length:
        message = _("Texten är %(length)d tecken lång, men högst %(limit)d får plats. Korta ner den.")
        raise TextTooLong("too_long", message, {"length": len(cleaned), "limit": max_length})
    return cleaned


def clean_line(raw: str, max_length: int | None = None) -> str:
    """One line of text: invisible characters removed, every run of white space one space, NFC, ends trimmed.

    `max_length` counts code points after cleaning, as the database does. Raises `TextTooLong`.
    """
    return _within(" ".join(without_invisible(raw).split()), max_length)


def clean_text(raw: str, max_length: int | None = None) -> str:
    """Text of several lines: as `clean_line`, but line breaks (as "\\n"), tabs and inner spacing are kept.

    White space at the end of lines, and empty lines at the beginning and the end, are removed.
    `max_length` counts code points after cleaning. Raises `TextTooLong`.
    """
    lines = [line.rstrip() for line in without_invisible(raw).split("\n")]
    return _within("\n".join(lines).strip(), max_length)


def clean_name(raw: str) -> str:
    """A name that must not hide anything, such as a file name: as `clean_line`, and without any joiner at
    all.
    """
    return clean_line(raw.replace(_JOINER, ""))
