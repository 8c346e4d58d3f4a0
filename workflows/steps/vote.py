"""Vote in the steering group, or declare a conflict of interest."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import InvalidInput
from cases.models import Person, Vote, VoteChoice
from workflows.act import Act, acting, acting_on_case
from workflows.deliberation import Tally, tally_of
from workflows.flows import ProposalFlow
from workflows.policy import Action


def cast_vote(
    *, item_id: int, actor: Person, choice: VoteChoice, reasons: str = "", now: dt.datetime
) -> Vote:
    """The called member votes once, or says why they may not (jäv) and then counts neither here nor in the quorum."""
    if choice == VoteChoice.RECUSED and not reasons:
        raise InvalidInput({"reasons": _("Ange skälet till jävet.")})
    with acting(item_id=item_id, actor=actor, step=Action.VOTE, now=now) as act:
        assert act.item is not None
        vote = Vote.objects.create(
            deliberation_id=act.item.data["deliberation"],
            member_id=act.item.data["member"],
            cast_by=actor,
            party_id=act.item.data["party"],
            choice=choice,
            reasons=reasons,
            cast_at=now,
        )
        act.record("vote_cast", choice=VoteChoice(choice).value, member=act.item.data["member"], reasons=reasons)
        act.finish(VoteChoice(choice).value)
        if act.item.data["deliberation"] and _all_in(act):
            act.case.deliberations.filter(pk=act.item.data["deliberation"], voting_closed_at__isnull=True).update(
                voting_closed_at=now
            )
        return vote


def _all_in(act: Act) -> bool:
    return not act.case.work_items.filter(process=act.process, step=Action.VOTE, open=True).exists()


def close_voting(*, case_id: int, actor: Person, now: dt.datetime) -> Tally:
    """The chair closes a vote that has its quorum although not everybody has voted. Raises InvalidInput without one."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CLOSE_VOTING, now=now) as act:
        deliberation = act.case.deliberations.filter(concluded_at__isnull=True).order_by("-number").first()
        if deliberation is None or deliberation.voting_closed_at is not None:
            raise InvalidInput(message=_("Det pågår ingen omröstning."))
        tally = tally_of(deliberation, act.profile.rules.deliberation)
        if not tally.has_quorum:
            raise InvalidInput(
                message=_("Röstningen kan stängas först när %(needed)s ledamöter har röstat. Hittills har %(now)s röstat.")
                % {"needed": tally.needed, "now": tally.taking_part}
            )
        deliberation.voting_closed_at = now
        deliberation.save(update_fields=["voting_closed_at"])
        act.record("voting_closed", missing=tally.missing)
        act.cancel_open(steps=[Action.VOTE])
        ProposalFlow.votes_in.reopen_if_done(act)
        return tally
