"""The wordings that a proposed decision has had on its way: each with where it was written and what it changed (M5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import Decision, Deliberation, Memo
from workflows.forms.differences import Piece, word_differences


@dataclass(frozen=True)
class Wording:
    """One wording: where it comes from, when it was written, and the pieces that lead to it from the one before.

    The first has only pieces that were kept.
    """

    origin: str
    at: dt.datetime
    text: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def wordings_of(
    memos: Iterable[Memo], deliberations: Iterable[Deliberation], decisions: Iterable[Decision]
) -> list[Wording]:
    """The wordings in the order in which they were written, from what the reader may see of the case. No statement.

    One that repeats the wording before it is left out: what was passed on unchanged is no new wording.
    """
    found: list[tuple[dt.datetime, str, str]] = [
        (
            memo.created_at,
            _("Beredningsunderlaget, version %(n)s") % {"n": memo.version},
            memo.proposed_decision,
        )
        for memo in memos
    ]
    found += [
        (row.concluded_at, row.body.label, row.decision_text)
        for row in deliberations
        if row.concluded_at is not None and row.decision_text and row.party_id is None
    ]
    found += [
        (
            row.decided_at,
            _("%(party)s, %(step)s") % {"party": row.party.short_name, "step": row.step_title},
            row.text,
        )
        for row in decisions
    ]
    wordings: list[Wording] = []
    for at, origin, text in sorted(found, key=lambda one: one[0]):
        before = wordings[-1].text if wordings else text
        if wordings and before.split() == text.split():
            continue
        wordings.append(Wording(origin, at, text, tuple(word_differences(before, text))))
    return wordings
