"""Answer a question that was put to the proposer."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Person, Question
from workflows.act import acting
from workflows.policy import Action


def answer_question(*, item_id: int, actor: Person, answer: str, now: dt.datetime) -> Question:
    """The proposer answers; everybody who sees the case sees the answer."""
    if not answer:
        raise InvalidInput({"answer": _("Skriv ett svar.")})
    with acting(item_id=item_id, actor=actor, step=Action.ANSWER, now=now) as act:
        assert act.item is not None
        question = act.case.questions.get(pk=act.item.data["question"])
        question.answer, question.answered_by, question.answered_at = answer, actor, now
        question.save()
        act.record("question_answered", question=question.pk)
        act.finish("answered")
        return question
