"""Who fills a step: from the case, the profile and the roles held today to a :class:`workflows.nodes.Holder`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.models import Role, RoleHolding
from cases.models.roles import ScopeKind, role_key
from workflows.nodes import Holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.act import Act
    from workflows.models import WorkItem


def proposer(act: Act, item: WorkItem) -> Holder:
    """The one who started the initiative, in person."""
    return Holder(role_key(Role.PROPOSER, ScopeKind.CASE, act.case.pk), owner_id=act.case.created_by_id)


def coordinator(act: Act, item: WorkItem) -> Holder:
    """Whoever coordinates the partnership."""
    return Holder(role_key(Role.COORDINATOR, ScopeKind.PARTNERSHIP, act.case.partnership_id))


def chair(act: Act, item: WorkItem) -> Holder:
    """The chair of the partnership's steering group, or the chair's deputy."""
    body = act.profile.steering_body_id
    return Holder(role_key(Role.STEERING_CHAIR, ScopeKind.BODY, body), body_id=body)


def secretary(act: Act, item: WorkItem) -> Holder:
    """The secretary of the partnership's steering group, who puts the case on a meeting's agenda."""
    body = act.profile.steering_body_id
    return Holder(role_key(Role.SECRETARY, ScopeKind.BODY, body), body_id=body)


def member(act: Act, item: WorkItem) -> Holder:
    """The called member, in person; ``item.data`` names the member and the role that they were called in.

    For a member with a conflict of interest it is the deputy whom it names.
    """
    body = act.profile.steering_body_id
    return Holder(
        role_key(item.data["role"], ScopeKind.BODY, body),
        owner_id=item.data.get("deputy", item.data["member"]),
        party_id=item.data["party"],
        body_id=body,
    )


def party(role: Role) -> Callable[[Act, WorkItem], Holder]:
    """Whoever holds the role at the branch's party."""

    def holder(act: Act, item: WorkItem) -> Holder:
        party_id: int = item.data["party"]
        return Holder(role_key(role, ScopeKind.ORGANISATION, party_id), party_id=party_id)

    return holder


def contact_person(act: Act, item: WorkItem) -> Holder:
    """The party's contact person for the case's area where there is one, else the party's contact persons (U7)."""
    party_id: int = item.data["party"]
    return Holder(
        role_key(Role.CONTACT_PERSON, ScopeKind.ORGANISATION, party_id, item.data.get("area")),
        party_id=party_id,
    )


def chain_step(act: Act, item: WorkItem) -> Holder:
    """The role that the profile names for this step of the party's chain; internal to the party.

    A body that deals with the matter at a meeting has its secretary put it on the agenda.
    """
    party_id: int = item.data["party"]
    step = act.profile.chain(party_id)[item.data["index"]]
    scope, scope_id = act.profile.chain_scope(step)
    item.data.update(title=step.title, title_en=step.title_en, chain_step=step.id, kind=step.kind)
    if step.deliberation is not None:
        item.data["at_meeting"] = True
    role = Role.SECRETARY if step.deliberation is not None else step.role
    return Holder(
        role_key(role, scope, scope_id),
        party_id=party_id,
        body_id=scope_id if scope is ScopeKind.BODY else None,
        internal_to_id=party_id,
    )


def referral_recipient(act: Act, item: WorkItem) -> Holder:
    """The one who is asked in a referral: whoever answers for a body or an organisation, or a person.

    One who is asked by mail has no account: the task then waits under a key that nobody holds.
    """
    return Holder(item.data["key"], owner_id=item.data["owner"])


def reporter(act: Act, item: WorkItem) -> Holder:
    """The one named responsible for follow-up today, else the proposer."""
    held = (
        RoleHolding.objects.current(act.today)
        .ordinary()
        .filter(case=act.case, role=Role.REPORTER)
        .order_by("-pk")
        .values_list("person_id", flat=True)
        .first()
    )
    return Holder(
        role_key(Role.REPORTER, ScopeKind.CASE, act.case.pk), owner_id=held or act.case.created_by_id
    )
