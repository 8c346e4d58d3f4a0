"""Vote in the steering group, or declare a conflict of interest."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cases.errors import AlreadyDone, InvalidInput, NotAllowed
from cases.models import Person, Vote, VoteChoice
from workflows.act import acting, acting_on_case
from workflows.deliberation import Tally, tally_of
from workflows.flows import ProposalFlow
from workflows.models import WorkItem
from workflows.policy import Action


def cast_vote(
    *, item_id: int, actor: Person, choice: VoteChoice, reasons: str = "", now: dt.datetime
) -> Vote:
    """The called member votes once, or says why they may not (jäv) and then counts neither here nor in the quorum."""
    if choice == VoteChoice.RECUSED and not reasons:
        raise InvalidInput({"reasons": _("Ange skälet till jävet.")})
    with acting(item_id=item_id, actor=actor, step=Action.VOTE, now=now) as act:
        assert act.item is not None
        deliberation_id = act.item.data["deliberation"]
        cast_for = (
            Vote.objects.filter(deliberation_id=deliberation_id, cast_by=actor)
            .values_list("member_id", flat=True)
            .first()
        )
        if cast_for == act.item.data["member"]:
            raise AlreadyDone()
        if cast_for is not None:
            raise NotAllowed(_("Du har redan röstat i överläggningen. Ingen kan lämna två röster."))
        if act.item.owner_id != actor.pk and _has_own_vote(act.item, actor):
            raise NotAllowed(_("Du har en egen röst i överläggningen och kan inte rösta för någon annan."))
        vote = Vote.objects.create(
            deliberation_id=deliberation_id,
            member_id=act.item.data["member"],
            cast_by=actor,
            party_id=act.item.data["party"],
            choice=choice,
            reasons=reasons,
            cast_at=now,
        )
        act.record(
            "vote_cast", choice=VoteChoice(choice).value, member=act.item.data["member"], reasons=reasons
        )
        act.finish(VoteChoice(choice).value)
        return vote


def _has_own_vote(item: WorkItem, person: Person) -> bool:
    """Whether the person is called in their own right: who votes for somebody else would lose that vote."""
    return WorkItem.objects.filter(
        case=item.case, step=Action.VOTE, owner=person, data__deliberation=item.data["deliberation"]
    ).exists()


def close_voting(*, case_id: int, actor: Person, now: dt.datetime) -> Tally:
    """The chair closes a vote that has its quorum although not everybody has voted. Raises InvalidInput without one."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CLOSE_VOTING, now=now) as act:
        deliberation = act.case.deliberations.filter(concluded_at__isnull=True).order_by("-number").first()
        voting = act.case.work_items.filter(process=act.process, step=Action.VOTE, open=True).exists()
        if deliberation is None or not voting:
            raise InvalidInput(message=_("Det pågår ingen omröstning."))
        tally = tally_of(deliberation, act.profile.rules.deliberation)
        if not tally.has_quorum:
            raise InvalidInput(
                message=_(
                    "Röstningen kan stängas först när %(needed)s ledamöter har röstat. Hittills har %(now)s röstat."
                )
                % {"needed": tally.needed, "now": tally.taking_part}
            )
        deliberation.voting_closed_at = now
        deliberation.save(update_fields=["voting_closed_at"])
        act.record("voting_closed", missing=tally.missing)
        act.cancel_open(steps=[Action.VOTE])
        ProposalFlow.votes_in.reopen_if_done(act)
        return tally
