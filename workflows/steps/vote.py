"""Vote in a written deliberation of the steering group, change the vote, or declare a conflict of interest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import STATUS

from cases.errors import AlreadyDone, InvalidInput, NotAllowed, WrongState
from cases.models import Deliberation, Person, Vote, VoteChoice
from cases.models.roles import person_key
from workflows import conflicts
from workflows.act import Act, acting, acting_on_case
from workflows.deliberation import Tally, tally_of
from workflows.flows import ProposalFlow
from workflows.models import WorkItem
from workflows.policy import Action


@dataclass(frozen=True)
class Ballot:
    """What somebody votes. ``amendment`` is the wording that a vote for with amendment wants."""

    choice: VoteChoice
    reasons: str = ""
    amendment: str = ""

    def check(self) -> None:
        """Raise InvalidInput naming what is missing."""
        errors = {}
        if self.choice == VoteChoice.RECUSED and not self.reasons:
            errors["reasons"] = _("Ange skälet till jävet.")
        if self.choice == VoteChoice.FOR_AMENDED and not self.amendment:
            errors["amendment"] = _("Skriv den lydelse som du yrkar på.")
        if errors:
            raise InvalidInput(errors)


def write_vote(
    act: Act, deliberation: Deliberation, *, member_id: int, party_id: int | None, ballot: Ballot
) -> Vote:
    """Write the act's person's vote in the member's seat, or change it; the history keeps both.

    Raises WrongState when the voting is closed.
    """
    assert act.actor is not None
    if not deliberation.takes_votes:
        raise WrongState(_("Omröstningen är stängd."))
    amendment = ballot.amendment if ballot.choice == VoteChoice.FOR_AMENDED else ""
    values = {"choice": ballot.choice, "reasons": ballot.reasons, "amendment": amendment}
    vote = Vote.objects.filter(deliberation=deliberation, member_id=member_id).first()
    told = {"deliberation": deliberation.pk, "member": member_id, **values}
    if vote is None:
        vote = Vote.objects.create(
            deliberation=deliberation,
            member_id=member_id,
            cast_by=act.actor,
            party_id=party_id,
            cast_at=act.now,
            **values,
        )
        act.record("vote_cast", internal_to=deliberation.party_id, **told)
        return vote
    before = {"choice": vote.choice, "reasons": vote.reasons, "amendment": vote.amendment}
    if vote.cast_by_id == act.actor.pk and before == {**values, "choice": ballot.choice.value}:
        raise AlreadyDone(_("Din röst är redan lämnad så."))
    for name, value in values.items():
        setattr(vote, name, value)
    vote.cast_by, vote.changed_at = act.actor, act.now
    vote.save()
    act.record("vote_changed", internal_to=deliberation.party_id, before=before, **told)
    return vote


def cast_vote(
    *,
    item_id: int,
    actor: Person,
    choice: VoteChoice,
    reasons: str = "",
    amendment: str = "",
    now: dt.datetime,
) -> Vote | None:
    """The called member votes, or says why they may not (jäv).

    Whoever has a conflict counts neither here nor in the quorum, unless a deputy takes the seat: the first in order
    who has no conflict is then asked to vote, and None is returned.
    """
    ballot = Ballot(VoteChoice(choice), reasons, amendment)
    ballot.check()
    with acting(item_id=item_id, actor=actor, step=Action.VOTE, now=now) as act:
        assert act.item is not None
        item = act.item
        deliberation = Deliberation.objects.get(pk=item.data["deliberation"])
        _check_one_vote_each(item, actor)
        assert item.body_id is not None
        if ballot.choice == VoteChoice.RECUSED:
            conflicts.declare(act, body_id=item.body_id, person=actor, reason=reasons)
            if _pass_to_deputy(act, item, deliberation):
                return None
        elif conflicts.has_conflict(actor.pk, act.case.pk, item.body_id):
            raise NotAllowed(_("Du har anmält jäv i ärendet och kan inte rösta."))
        vote = write_vote(
            act, deliberation, member_id=item.data["member"], party_id=item.data["party"], ballot=ballot
        )
        act.finish(ballot.choice.value)
        return vote


def change_vote(
    *,
    case_id: int,
    deliberation_id: int,
    actor: Person,
    choice: VoteChoice,
    reasons: str = "",
    amendment: str = "",
    now: dt.datetime,
) -> Vote:
    """Change a vote that one has cast in a written deliberation, until it is concluded. The history keeps both."""
    ballot = Ballot(VoteChoice(choice), reasons, amendment)
    ballot.check()
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CHANGE_VOTE, now=now) as act:
        vote = (
            Vote.objects.filter(deliberation_id=deliberation_id, cast_by=actor, deliberation__case=act.case)
            .select_related("deliberation")
            .first()
        )
        if vote is None or vote.deliberation.party_id is not None:
            raise WrongState(_("Du har ingen röst att ändra i överläggningen."))
        if vote.choice == VoteChoice.RECUSED:
            raise WrongState(_("Du har anmält jäv i ärendet och kan inte rösta."))
        if ballot.choice == VoteChoice.RECUSED:
            conflicts.declare(act, body_id=vote.deliberation.body_id, person=actor, reason=reasons)
        return write_vote(
            act, vote.deliberation, member_id=vote.member_id, party_id=vote.party_id, ballot=ballot
        )


def _check_one_vote_each(item: WorkItem, actor: Person) -> None:
    """Nobody votes twice, in their own seat or in another's."""
    cast_for = (
        Vote.objects.filter(deliberation_id=item.data["deliberation"], cast_by=actor)
        .values_list("member_id", flat=True)
        .first()
    )
    if cast_for == item.data["member"]:
        raise AlreadyDone()
    if cast_for is not None:
        raise NotAllowed(_("Du har redan röstat i överläggningen. Ingen kan lämna två röster."))
    if item.owner_id != actor.pk and _has_own_vote(item, actor):
        raise NotAllowed(_("Du har en egen röst i överläggningen och kan inte rösta för någon annan."))


def _has_own_vote(item: WorkItem, person: Person) -> bool:
    """Whether the person is called in their own right: who votes for somebody else would lose that vote."""
    return WorkItem.objects.filter(
        case=item.case, step=Action.VOTE, owner=person, data__deliberation=item.data["deliberation"]
    ).exists()


def _pass_to_deputy(act: Act, item: WorkItem, deliberation: Deliberation) -> bool:
    """Ask the first deputy in order who can serve to vote in the seat. False when there is none."""
    assert item.body_id is not None
    passed = item.data.get("passed", [])
    # Who has been asked to vote in another seat is not asked again: nobody votes twice.
    others = WorkItem.objects.filter(
        case=act.case, step=Action.VOTE, data__deliberation=deliberation.pk, owner__isnull=False
    ).exclude(pk=item.pk)
    deputy = conflicts.next_deputy(
        member_id=item.data["member"],
        body_id=item.body_id,
        case=act.case,
        deliberation_id=deliberation.pk,
        passed=[*passed, *others.values_list("owner_id", flat=True)],
        on=act.today,
    )
    if deputy is None:
        return False
    assert act.actor is not None
    item.data = {**item.data, "passed": [*passed, act.actor.pk]}
    item.owner_id, item.holder_key, item.status = deputy, person_key(deputy), STATUS.ASSIGNED
    item.assigned = act.now
    taken = WorkItem.objects.filter(pk=item.pk, open=True).update(
        owner=deputy, holder_key=item.holder_key, status=item.status, assigned=act.now, data=item.data
    )
    if not taken:
        raise AlreadyDone()
    act.record(
        "deputy_called",
        item=item.pk,
        step=item.step,
        member=item.data["member"],
        before=act.actor.pk,
        to=deputy,
    )
    act.note_opened([item])
    return True


def close_voting(*, case_id: int, actor: Person, now: dt.datetime) -> Tally:
    """The chair closes a vote that has its quorum although not everybody has voted. Raises InvalidInput without one."""
    with acting_on_case(case_id=case_id, actor=actor, action=Action.CLOSE_VOTING, now=now) as act:
        deliberation = (
            act.case.deliberations.filter(concluded_at__isnull=True, party__isnull=True)
            .order_by("-number")
            .first()
        )
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
