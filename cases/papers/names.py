"""What a paper's file is called when it is saved."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from cases.papers.paper import NOTHING, Paper, one_line, printable

_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|%]+')
#: Leaves room for the ending and for a folder's path on the systems that count both.
LONGEST: Final = 100


def file_name(paper: Paper, ending: str, *, version: int = 1) -> str:
    """The name with what the paper is, its number and its title: ``Promemoria KS 2021-00001 Reversed mentorship.pdf``."""
    parts = [one_line(paper.kind), one_line(paper.number), paper.name]
    if version > 1:
        parts.insert(2, f"v{version}")
    name = printable(_NOT_IN_NAMES.sub("-", " ".join(part for part in parts if part)))
    return f"{name[:LONGEST].strip(' .') or NOTHING}.{ending}"


def as_attachment(name: str) -> str:
    """The value of Content-Disposition: the name in ASCII for what reads nothing else, and as it is (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name)
    ascii_name = "".join(
        character if character.isascii() else "_"
        for character in plain
        if not unicodedata.combining(character)
    )
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
