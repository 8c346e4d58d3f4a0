"""The shapes of ``fixtures/activities`` and ``fixtures/courses``; ``docs/demo-data.md`` describes them for people."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from cases.models import InitiativeKind, Stance
from cases.reference.files import Shape
from cases.reference.shapes import GoalNumber, Slug
from workflows.demo.variants import VARIANTS

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
StepName = Literal[
    "draft",
    "screen",
    "complete",
    "register",
    "statement",
    "prepare",
    "at_meeting",
    "vote",
    "conclude",
    "agreement_need",
    "draft_agreement",
    "review_agreement",
    "decide",
    "sign",
    "report",
    "closing_report",
    "answer",
    "any",
]


class FundingShape(Shape):
    source: Title
    amount: Annotated[Decimal, Field(ge=0, decimal_places=2)]
    year: Annotated[int, Field(ge=1990, le=2100)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "SEK"
    decided_by: str = ""


class ActivityShape(Shape):
    """What an initiative says, in the fields of the action plan (H3) and those of U4 and R7."""

    title: Title
    area: Slug
    kind: InitiativeKind
    description: str = ""
    goals: tuple[GoalNumber, ...] = ()
    start: Annotated[str, StringConstraints(max_length=200)] = ""
    current_status: str = ""
    responsible: Annotated[str, StringConstraints(max_length=300)] = ""
    council_task: Annotated[str, StringConstraints(max_length=300)] = ""
    reporting: Annotated[str, StringConstraints(max_length=200)] = ""
    need: str = ""
    purpose: str = ""
    terms: str = ""
    benefit: str = ""
    funding: tuple[FundingShape, ...] = ()


class ActivitiesFile(Shape):
    partnership: Slug
    source: str = ""
    activities: tuple[ActivityShape, ...]


class TurnShape(Shape):
    """A step done in another way than the usual one, or by somebody in particular. Each is used once.

    Of a case that a meeting settles, ``vote`` says how a member votes, ``conclude`` or ``decide`` how it is settled.
    """

    at: StepName
    do: str = ""
    by: str | None = None
    party: Slug | None = None
    #: Of ``decide``, and of a ``vote`` in a body of a chain: the step of the party's chain.
    chain_step: Slug | None = None
    late: Annotated[int, Field(ge=0, le=400)] = 0
    given: dict[str, str] = Field(default_factory=dict, alias="with")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.at not in VARIANTS:
            raise ValueError(f"{self.at} is no step that somebody does")
        if self.do and self.do not in {variant.name for variant in VARIANTS[self.at]}:
            known = ", ".join(variant.name for variant in VARIANTS[self.at])
            raise ValueError(f"{self.at} cannot be done as {self.do!r}; known are {known}")
        return self


class AsideShape(Shape):
    """Something done beside the steps, while the step ``at`` is open (``any``: whichever comes first). Used once.

    A ``dissent`` or ``special`` statement at ``at_meeting`` or ``decide`` is made at the meeting that settles the case.
    """

    at: StepName
    do: Literal[
        "comment",
        "document",
        "version",
        "ask",
        "hold",
        "withdraw",
        "cancel",
        "reassign",
        "remind",
        "claim",
        "close_voting",
        "change_vote",
        "dissent",
        "special",
    ]
    by: str
    text: str = ""
    title: str = ""
    file: Literal["pdf", "txt", "csv"] = "pdf"
    #: For ``change_vote``: the new choice.
    choice: Literal["for", "against", "abstain"] = "for"
    internal: Slug | None = None
    to: str | None = None
    #: How many acts of the step ``at`` are done before this one.
    after: Annotated[int, Field(ge=0, le=100)] = 0
    #: For ``hold``: the working days until it is resumed; none: it rests still.
    days: Annotated[int, Field(ge=1, le=400)] | None = None


class CourseShape(Shape):
    """What people do with one activity. ``until`` is the step at which it is left, after so many acts of that step."""

    title: Title
    by: str
    submitted: dt.date | None = None
    days_ago: Annotated[int, Field(ge=0, le=2000)] | None = None
    pace: Annotated[int, Field(ge=0, le=60)] = 3
    reporter: str | None = None
    until: StepName | None = None
    after: Annotated[int, Field(ge=0, le=200)] = 0
    turns: tuple[TurnShape, ...] = ()
    asides: tuple[AsideShape, ...] = ()

    @model_validator(mode="after")
    def _begins_once(self) -> Self:
        if (self.submitted is None) == (self.days_ago is None):
            raise ValueError("name either submitted (a date) or days_ago (working days)")
        return self


class NoteShape(Shape):
    """What is said of every case of the file, as its first comment."""

    by: str
    text: str


class CoursesFile(Shape):
    partnership: Slug
    note: NoteShape | None = None
    courses: tuple[CourseShape, ...]


MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class NearShape(Shape):
    """A meeting near the day of loading, so many working days after it (before it, when negative).

    ``cancel`` says why it was called off; ``unadjusted``: its minutes wait for the second adjuster.
    """

    days: Annotated[int, Field(ge=-400, le=200)]
    unadjusted: bool = False
    cancel: str = ""


class SittingShape(Shape):
    """When and where a body meets. A day without matters is passed over, but for the newest, which are planned early."""

    body: Slug
    place: Title
    starts: Annotated[str, StringConstraints(pattern=r"^(0[89]|1[0-3]):[0-5]0$")] = "09:00"
    minutes: Annotated[int, Field(ge=30, le=240)] = 120
    first: dt.date
    days: tuple[MonthDay, ...]
    near: tuple[NearShape, ...] = ()


class SittingsFile(Shape):
    sittings: tuple[SittingShape, ...]


class AskedShape(Shape):
    """One who is asked in a referral: a body, an organisation, a person, or somebody outside by mail."""

    body: Slug | None = None
    organisation: Slug | None = None
    person: str | None = None
    name: str = ""
    email: str = ""
    stance: Stance | None = None
    text: str = ""


class ReferralShape(Shape):
    """A referral of a case that waits for its memo."""

    partnership: Slug
    case: Title
    title: Title
    text: str
    sent: Annotated[int, Field(ge=1, le=60)]
    answered: Annotated[int, Field(ge=1, le=30)] = 2
    due: Annotated[int, Field(ge=1, le=90)]
    to: Annotated[tuple[AskedShape, ...], Field(min_length=1)]


class ReferralsFile(Shape):
    referrals: tuple[ReferralShape, ...]
