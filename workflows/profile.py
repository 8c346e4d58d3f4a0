"""The process profile as a typed value: its file format, its rules, its use by running cases.

A profile is a YAML file; ``docs/profiles.md`` describes every field. :func:`parse_profile` validates it and names
the line and the field of every fault. What a running case needs is read back with :func:`profile_of`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from cases.models.roles import ROLE_SCOPES, Role, ScopeKind

if TYPE_CHECKING:
    from workflows.models import CaseProcess, ProfileVersion

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=50)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
Days = Annotated[int, Field(ge=1, le=366)]

#: The human steps of the main flow, with the working days that a step may take when the profile says nothing.
DEFAULT_DEADLINES: dict[str, int] = {
    "screen": 5,
    "complete": 15,
    "register": 2,
    "statement": 15,
    "prepare": 15,
    "at_meeting": 30,
    "vote": 10,
    "conclude": 5,
    "agreement_need": 5,
    "draft_agreement": 20,
    "review_agreement": 15,
    "decide": 20,
    "sign": 10,
    "report": 10,
    "closing_report": 20,
    "answer": 5,
    "referral_answer": 30,
    "compile_referral": 10,
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeliberationRules(_Strict):
    """How a body deliberates and votes (section 5).

    ``quorum`` is the share of the members that must take part, over one half. ``rule`` is the majority: ``each_party``
    is a simple one with at least one vote for from every party that has a member without a conflict. ``procedure``
    says whether members vote in writing before a meeting or at it; ``ballot`` whether they see each other's votes
    before their own. ``adjusters`` adjust the minutes, which are then posted for ``posted_days`` calendar days.
    """

    quorum: Annotated[float, Field(gt=0, le=1)] = 0.5
    rule: Literal["simple", "two_thirds", "unanimous", "each_party"] = "simple"
    casting_vote: bool = True
    procedure: Literal["written", "meeting"] = "written"
    ballot: Literal["open", "closed"] = "open"
    adjusters: Annotated[int, Field(ge=1, le=4)] = 2
    posted_days: Annotated[int, Field(ge=1, le=60)] = 21

    def members_needed(self, called: int) -> int:
        """How many of ``called`` members must take part: more than half by the usual quorum, else the share rounded up."""
        if called <= 0:
            return 0
        if self.quorum == 0.5:
            return called // 2 + 1
        # The share as it was written: 0.28 of 25 members are 7, which a product of floats makes a little more.
        return max(1, math.ceil(called * Fraction(str(self.quorum))))

    def carried(self, votes_for: int, votes_against: int, *, every_party_for: bool = True) -> bool | None:
        """Whether the votes carry the proposal; None for a tie that the chair's casting vote decides.

        Abstentions do not count. ``every_party_for``: whether every party has a member who voted for. Without a
        casting vote a tie does not carry.
        """
        tie = None if self.casting_vote else False
        if self.rule == "simple":
            return tie if votes_for == votes_against else votes_for > votes_against
        if self.rule == "two_thirds":
            return votes_for > 0 and 3 * votes_for >= 2 * (votes_for + votes_against)
        if self.rule == "unanimous":
            return votes_for > 0 and votes_against == 0
        if not every_party_for:
            return False
        return tie if votes_for == votes_against else votes_for > votes_against


class ChainStep(_Strict):
    """One step of a party's own decision chain (M2-M5, R1).

    ``prepare`` writes the official report, ``endorse`` adds reasons and supports, ``propose`` proposes to the next,
    ``decide`` decides for the party, and so does ``delegate``: one person, by the delegation order, who reports it to
    the body ``report_to`` at its next meeting. ``may_refer_back_to`` names earlier steps; the joint preparation is
    always possible. With ``deliberation`` the body itself deals with the matter, at a meeting and by these rules;
    without, whoever holds the role records what was decided.
    """

    id: Slug
    title: Text
    title_en: str = ""
    kind: Literal["prepare", "endorse", "propose", "decide", "delegate"]
    role: Role
    body: Slug | None = None
    organisation: Slug | None = None
    deadline: Days | None = None
    may_refer_back_to: tuple[Slug, ...] = ()
    deliberation: DeliberationRules | None = None
    report_to: Slug | None = None

    @property
    def decides(self) -> bool:
        """Whether its outcome is the party's own."""
        return self.kind in ("decide", "delegate")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ChainStep:
        if (self.kind == "delegate") != (self.report_to is not None):
            raise ValueError(
                "report_to: names the body to which a step of kind delegate reports, and only that"
            )
        if self.deliberation is not None:
            if self.body is None or self.kind in ("prepare", "delegate"):
                raise ValueError("deliberation: only a body that endorses, proposes or decides deliberates")
            if self.deliberation.procedure != "meeting":
                raise ValueError("deliberation.procedure: a body of a chain deals with matters at a meeting")
        return self

    @model_validator(mode="after")
    def _one_scope(self) -> ChainStep:
        if (self.body is None) == (self.organisation is None):
            raise ValueError("name either body or organisation")
        scope = ScopeKind.BODY if self.body is not None else ScopeKind.ORGANISATION
        if scope not in ROLE_SCOPES[self.role]:
            raise ValueError(f"the role {self.role.value} cannot be held at a {scope.value}")
        return self


MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Profile(_Strict):
    """A whole profile. See ``docs/profiles.md``."""

    format: Literal[1]
    profile: Slug
    partnership: Slug
    title: Text
    steering_body: Slug
    deliberation: DeliberationRules = DeliberationRules()
    deadlines: dict[str, Days] = Field(default_factory=dict)
    meetings: Annotated[tuple[MonthDay, ...], Field(min_length=1, max_length=24)]
    report_lead_days: Annotated[int, Field(ge=0, le=90)] = 15
    remind_before_days: Annotated[int, Field(ge=0, le=30)] = 2
    escalate_after_days: Annotated[int, Field(ge=0, le=60)] = 3
    annual_dialogue_month: Annotated[int, Field(ge=1, le=12)] = 4
    agreement_usual: bool = True
    chains: dict[Slug, Annotated[tuple[ChainStep, ...], Field(min_length=1, max_length=12)]]

    @model_validator(mode="after")
    def _steps_known(self) -> Profile:
        for name in self.deadlines:
            if name not in DEFAULT_DEADLINES:
                known = ", ".join(sorted(DEFAULT_DEADLINES))
                raise ValueError(f"deadlines: unknown step {name!r}; known are {known}")
        for text in self.meetings:
            try:
                dt.date.fromisoformat(f"2023-{text}")
            except ValueError as error:
                raise ValueError(f"meetings: {text} is no day of every year") from error
        for party, chain in self.chains.items():
            earlier: list[str] = []
            for number, step in enumerate(chain, 1):
                where = f"chains.{party}.{number}"
                if step.id in earlier:
                    raise ValueError(f"{where}: the id {step.id!r} stands twice")
                for target in step.may_refer_back_to:
                    if target not in earlier:
                        raise ValueError(
                            f"{where}.may_refer_back_to: {target!r} is no earlier step of the chain, "
                            "so the chain would go in a circle or nowhere"
                        )
                earlier.append(step.id)
                if step.decides != (number == len(chain)):
                    raise ValueError(
                        f"{where}: the last step, and only the last, is of kind decide or delegate"
                    )
        return self

    def deadline(self, step: str) -> int:
        """The working days that the step may take."""
        return self.deadlines.get(step, DEFAULT_DEADLINES[step])

    def meeting_dates(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The council's usual meeting days from ``first`` to ``last``, both included."""
        for year in range(first.year, last.year + 1):
            for text in sorted(self.meetings):
                day = dt.date.fromisoformat(f"{year}-{text}")
                if first <= day <= last:
                    yield day

    def slugs(self) -> tuple[set[str], set[str]]:
        """The organisations and the bodies that the profile names."""
        organisations = set(self.chains)
        bodies = {self.steering_body}
        for chain in self.chains.values():
            for step in chain:
                bodies |= {slug for slug in (step.body, step.report_to) if slug is not None}
                if step.organisation is not None:
                    organisations.add(step.organisation)
        return organisations, bodies


class ProfileFault(Exception):
    """A profile file does not hold. ``faults`` are lines such as ``file.yaml:12: chains.kth.1.role: …``."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def _line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int | None:
    """The line, counted from 1, where the path's deepest existing node stands."""
    line = None if node is None else node.start_mark.line + 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            match = [(k, v) for k, v in node.value if getattr(k, "value", None) == str(part)]
            if not match:
                break
            key, node = match[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def parse_profile(text: str, *, filename: str) -> Profile:
    """Validate a profile file's text. Raises :class:`ProfileFault` with every fault, each by line and field."""
    try:
        raw: Any = yaml.safe_load(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{filename}:{mark.line + 1}" if mark is not None else filename
        raise ProfileFault([f"{where}: {getattr(error, 'problem', None) or error}"]) from error
    except ValueError as error:  # a date that no calendar has
        raise ProfileFault([f"{filename}: {error}"]) from error
    if not isinstance(raw, dict):
        raise ProfileFault([f"{filename}:1: a profile is a mapping of fields"])
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        faults = []
        for fault in error.errors(include_url=False):
            path = tuple(part for part in fault["loc"] if part != "[key]")
            message = fault["msg"].removeprefix("Value error, ")
            named = tuple(message.split(":")[0].split(".")) if not path and ":" in message else path
            numeric = tuple(int(p) - 1 if isinstance(p, str) and p.isdigit() else p for p in named)
            line = _line_of(root, path or numeric)
            field = ".".join(str(p + 1 if isinstance(p, int) else p) for p in path)
            place = f"{filename}:{line}" if line is not None else filename
            faults.append(f"{place}: {field}: {message}" if field else f"{place}: {message}")
        raise ProfileFault(faults) from error


class Ids(TypedDict):
    """What a profile's slugs stand for: primary keys by slug, and the parties in their order as (slug, key)."""

    organisations: dict[str, int]
    bodies: dict[str, int]
    parties: Sequence[Sequence[Any]]


def checksum_of(profile: Profile, ids: Ids) -> str:
    """SHA-256 of the profile's content and of what its slugs stood for."""
    canonical = json.dumps([profile.model_dump(mode="json"), ids], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


class BoundProfile:
    """A profile version in use: the profile, and the primary keys that its slugs stood for when it was loaded."""

    def __init__(self, profile: Profile, ids: Ids) -> None:
        self.rules = profile
        self.organisation_ids: dict[str, int] = ids["organisations"]
        self.body_ids: dict[str, int] = ids["bodies"]
        self.party_ids: list[int] = [party_id for _slug, party_id in ids["parties"]]
        self._chains = {self.organisation_ids[slug]: chain for slug, chain in profile.chains.items()}

    @property
    def steering_body_id(self) -> int:
        return self.body_ids[self.rules.steering_body]

    def chain(self, party_id: int) -> tuple[ChainStep, ...]:
        """The party's decision chain."""
        return self._chains[party_id]

    def rules_of_body(self, body_id: int, chain_step: str = "") -> DeliberationRules:
        """How the body deliberates: by its step of a chain where one is named, else as the steering group does."""
        if chain_step:
            for chain in self._chains.values():
                for step in chain:
                    if step.id == chain_step and step.body and self.body_ids[step.body] == body_id:
                        return step.deliberation or self.rules.deliberation
        return self.rules.deliberation

    def chain_scope(self, step: ChainStep) -> tuple[ScopeKind, int]:
        """Where the chain step's role is held."""
        if step.body is not None:
            return ScopeKind.BODY, self.body_ids[step.body]
        assert step.organisation is not None
        return ScopeKind.ORGANISATION, self.organisation_ids[step.organisation]


#: By content: a version never changes and its checksum covers all of it, so that this cannot go stale.
_bound: dict[str, BoundProfile] = {}


def profile_of_version(version: ProfileVersion) -> BoundProfile:
    """The version's rules, parsed once per content and worker."""
    bound = _bound.get(version.checksum)
    if bound is None:
        bound = _bound[version.checksum] = BoundProfile(Profile.model_validate(version.data), version.ids)
    return bound


def profile_of(process: CaseProcess) -> BoundProfile:
    """The rules that the process began with; no statement once its worker has met them."""
    return _bound.get(process.profile_checksum) or profile_of_version(process.profile_version)
