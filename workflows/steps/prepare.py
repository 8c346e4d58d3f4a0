"""Write the preparation memo, check other collaborations, name who follows up (M2, M6, M7)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Memo, Person, Role, RoleHolding
from cases.roles import give_role
from workflows.act import Act, acting
from workflows.policy import Action
from workflows.referrals import why_memo_must_wait


def name_reporter(act: Act, person: Person) -> None:
    """Let the person, and from now on nobody else, be responsible for the case's follow-up."""
    current = RoleHolding.objects.filter(case=act.case, role=Role.REPORTER)
    if current.ordinary().filter(person=person, valid_until__isnull=True).exists():
        return
    current.delete()
    give_role(person=person, role=Role.REPORTER, scope=act.case, valid_from=act.today)
    act.record("reporter_named", person=person.pk)


def prepare_memo(
    *,
    item_id: int,
    actor: Person,
    matter: str,
    preparation: str,
    views: str,
    related_check: str,
    proposed_decision: str,
    reporter: Person | None = None,
    now: dt.datetime,
) -> Memo:
    """The coordinator writes the memo that the steering group will read; its members are then called to vote."""
    missing = {}
    if not matter:
        missing["matter"] = _("Beskriv ärendet.")
    if not preparation:
        missing["preparation"] = _("Beskriv hur ärendet har beretts.")
    if not related_check:
        missing["related_check"] = _(
            "Skriv vad avstämningen mot andra samarbeten visade, eller att inget berörs."
        )
    if not proposed_decision:
        missing["proposed_decision"] = _("Skriv ett förslag till beslut.")
    if missing:
        raise InvalidInput(missing)
    with acting(item_id=item_id, actor=actor, step=Action.PREPARE, now=now) as act:
        running = why_memo_must_wait(act.case)
        if running:
            raise InvalidInput(message=running)
        memo = Memo.objects.create(
            case=act.case,
            version=act.case.memos.count() + 1,
            matter=matter,
            preparation=preparation,
            views=views,
            related_check=related_check,
            proposed_decision=proposed_decision,
            author=actor,
            created_at=now,
        )
        act.record("memo_written", version=memo.version)
        if reporter is not None:
            name_reporter(act, reporter)
        act.finish("prepared")
        return memo
