"""The fixture world: Linköping and its university, with everybody who acts in a proposal.

The partnership, its areas, bodies and rules are those of the real action plan; the people are invented. Tests say
what they need in the words of the domain::

    world = build_world()
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.AGAINST)

Time is passed in: every act happens at ``world.tick()``, one working hour after the one before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cases.models import (
    Body,
    Case,
    DecisionOutcome,
    DeliberationOutcome,
    FocusArea,
    Goal,
    HowMet,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Referral,
    ReferralRecipient,
    ReviewOutcome,
    Role,
    Stance,
    VoteChoice,
)
from cases.models.roles import person_key
from cases.roles import give_role
from tests.snapshot import Snapshot
from workflows.models import WorkItem
from workflows.profiles import load_profile
from workflows.proposals import ProposalContent, Responsible, create_draft, submit_proposal
from workflows.referral_sending import Recipient, start_referral
from workflows.steps.agreement import decide_agreement_need, draft_agreement, review_agreement, sign_agreement
from workflows.steps.answer import answer_question
from workflows.steps.complete import complete_proposal
from workflows.steps.conclude import conclude_deliberation
from workflows.steps.decide import decide
from workflows.steps.prepare import prepare_memo
from workflows.steps.referral import Answer, View, answer_referral, compile_referral
from workflows.steps.register import register_proposal
from workflows.steps.report import close_with_report, submit_report
from workflows.steps.screen import ScreenOutcome, screen_proposal
from workflows.steps.statement import state_need
from workflows.steps.vote import cast_vote
from workflows.timers import fire_timer

START = dt.datetime(2021, 9, 6, 7, 0, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2020, 1, 1)

PROFILE = """
format: 1
profile: lk-liu
partnership: lk-liu
title: Samverkan mellan Linköpings kommun och Linköpings universitet
steering_body: samverkansradet
deliberation: {quorum: 0.5, rule: simple}
meetings: ["02-15", "05-15", "09-15", "11-15"]
report_lead_days: 15
chains:
  lk:
    - {id: tjansteskrivelse, title: Tjänsteskrivelse, title_en: Official report, kind: prepare, role: coordinator, organisation: lk}
    - {id: ks, title: Kommunstyrelsen, title_en: Executive board, kind: decide, role: decision_maker, body: ks-lk,
       may_refer_back_to: [tjansteskrivelse]}
  liu:
    - {id: rektor, title: Rektor, title_en: Vice-chancellor, kind: decide, role: decision_maker, organisation: liu}
"""

THIRD_PARTY_CHAIN = """
  ro:
    - {id: regionstyrelsen, title: Regionstyrelsen, kind: decide, role: decision_maker, organisation: ro}
"""


_built: dict[tuple[int, str], Snapshot] = {}


@dataclass
class World:
    """Handles to what stands in the database."""

    partnership: Partnership
    area: FocusArea
    council: Body
    board: Body
    organisations: dict[str, Organisation]
    people_ids: dict[str, int] = field(default_factory=dict)
    now: dt.datetime = START

    def tick(self, **delta: float) -> dt.datetime:
        """Let time pass (an hour unless said otherwise) and return the new now."""
        self.now += dt.timedelta(**delta) if delta else dt.timedelta(hours=1)
        return self.now

    def person(self, name: str) -> Person:
        """The person, fresh: nothing remembered from an earlier request."""
        return Person.objects.get(pk=self.people_ids[name])

    def add_person(self, name: str, organisation: str | None, **fields: Any) -> Person:
        """A new person without a role, at an organisation or at none."""
        person = Person.objects.create_user(
            f"{name}@linkoping.example",
            name=fields.pop("full_name", name.title()),
            organisation=self.organisations[organisation] if organisation else None,
            invented=True,
            **fields,
        )
        self.people_ids[name] = person.pk
        return person

    def give(self, name: str, role: Role, scope: Any, **options: Any) -> None:
        """Give a person a role from the first day of the world."""
        options.setdefault("valid_from", FIRST_DAY)
        give_role(person=self.person(name), role=role, scope=scope, **options)

    def content(self, **changes: Any) -> ProposalContent:
        """A complete proposal from the plan."""
        lk, liu = self.organisations["lk"], self.organisations["liu"]
        fields: dict[str, Any] = {
            "title": "Reversed mentorship",
            "area": self.area,
            "description": "Studenter är mentorer för företagsledare.",
            "reporting_words": "Fortlöpande.",
            "current_status": "Konceptframtagning.",
            "responsible": (
                Responsible("LK (Linköpings Science Park)", lk),
                Responsible("LiU (Samverkansenheten)", liu),
            ),
        }
        return ProposalContent(**(fields | changes))

    def draft(self, by: str = "proposer", **changes: Any) -> Case:
        """A proposer's draft."""
        return create_draft(
            partnership=self.partnership,
            actor=self.person(by),
            content=self.content(**changes),
            now=self.tick(),
        )

    def submitted(self, by: str = "proposer", **changes: Any) -> Case:
        """A submitted proposal that waits to be screened."""
        case = self.draft(by, **changes)
        return submit_proposal(case_id=case.pk, actor=self.person(by), now=self.tick())

    def open_items(self, case: Case, step: str | None = None) -> list[WorkItem]:
        """The case's open tasks, in the order they were opened."""
        items = WorkItem.objects.filter(case=case, open=True).order_by("pk")
        return list(items.filter(step=step) if step is not None else items)

    def item_of(self, case: Case, step: str, by: str) -> WorkItem:
        """The open task of the step that waits for the person."""
        person = self.person(by)
        keys = {person_key(person.pk)} | set(person.holdings.values_list("key", flat=True))
        matching = [item for item in self.open_items(case, step) if item.holder_key in keys]
        own = [item for item in matching if item.owner_id == person.pk]
        return (own or matching)[0]

    def holder_of(self, item: WorkItem) -> str:
        """The name of somebody who can do the open task."""
        if item.owner_id is not None:
            return next(name for name, pk in self.people_ids.items() if pk == item.owner_id)
        holders = set(Person.objects.filter(holdings__key=item.holder_key).values_list("pk", flat=True))
        return next(name for name, pk in self.people_ids.items() if pk in holders)

    def act(self, case: Case, step: str, *, by: str | None = None, **choices: Any) -> Any:
        """Do an open task of the step in its usual way, or as the choices say."""
        item = self.item_of(case, step, by) if by is not None else self.open_items(case, step)[0]
        return self.do(item, by=by or self.holder_of(item), **choices)

    def do(self, item: WorkItem, *, by: str, **choices: Any) -> Any:
        """Do the task as the person."""
        function, usual = self.usual(item)
        return function(item_id=item.pk, actor=self.person(by), now=self.tick(), **(usual | choices))

    def usual(self, item: WorkItem) -> tuple[Callable[..., Any], dict[str, Any]]:
        """The domain function of the item's step, and what it is usually given."""
        checksum, views = "", []
        if item.step == "compile_referral":
            answered = ReferralRecipient.objects.filter(
                referral__case=item.case, referral__status="compiling", status="answered"
            )
            views = [
                View(recipient_id=pk, view="Börja i liten skala.", how_met=HowMet.ACCEPTED)
                for pk in answered.values_list("pk", flat=True)
            ]
        if item.step == "sign":
            checksum = item.case.agreement.versions.latest("number").checksum
        table: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "screen": (screen_proposal, {"outcome": ScreenOutcome.ACCEPT}),
            "complete": (complete_proposal, {"content": self.content()}),
            "register": (register_proposal, {}),
            "statement": (
                state_need,
                {
                    "position": "support",
                    "need": "Kontakt med studenter.",
                    "benefit": "Lättare att rekrytera.",
                },
            ),
            "prepare": (
                prepare_memo,
                {
                    "matter": "Studenter blir mentorer för företagsledare.",
                    "preparation": "Parternas kontaktpersoner har hörts.",
                    "views": "Förslaget ligger i linje med handlingsplanen.",
                    "related_check": "Inga andra samarbeten berörs.",
                    "proposed_decision": "Samverkansrådet tillstyrker förslaget.",
                },
            ),
            "vote": (cast_vote, {"choice": VoteChoice.FOR}),
            "conclude": (conclude_deliberation, {"outcome": DeliberationOutcome.RECOMMEND}),
            "agreement_need": (
                decide_agreement_need,
                {"needed": True, "reason": "Studenternas villkor behöver regleras."},
            ),
            "draft_agreement": (
                draft_agreement,
                {
                    "object_text": "Avtalet gäller mentorskap.",
                    "terms": "Parterna bär sina egna kostnader.",
                    "confidentiality": "",
                    "period_words": "2022-2024",
                    "change_note": "Ny lydelse.",
                },
            ),
            "review_agreement": (review_agreement, {"outcome": ReviewOutcome.CLEARED}),
            "decide": (decide, {"outcome": DecisionOutcome.APPROVE, "text": "Förslaget bifalls."}),
            "sign": (sign_agreement, {"signed": True, "checksum": checksum}),
            "report": (submit_report, {"status": "on_track", "result": "Piloten är genomförd."}),
            "closing_report": (close_with_report, {"result": "Modellen används.", "lessons": "Börja i tid."}),
            "answer": (answer_question, {"answer": "Tolv studenter."}),
            "referral_answer": (
                answer_referral,
                {"answer": Answer(stance=Stance.SUPPORTS, text="Börja i liten skala.", name="Svarande")},
            ),
            "compile_referral": (
                compile_referral,
                {"summary": "Remissinstanserna är positiva.", "views": views},
            ),
        }
        return table[item.step]

    def refer(self, case: Case, *recipients: Recipient, **changes: Any) -> Referral:
        """Send the case on referral, to the executive board, the university, a person and somebody outside.

        The case is brought to its preparation first.
        """
        self.advance(case, to="prepare")
        usual = (
            Recipient(body=self.board),
            Recipient(organisation=self.organisations["liu"]),
            Recipient(person=self.person("outsider")),
            Recipient(name="Kårservice", email="remiss@karservice.example"),
        )
        given: dict[str, Any] = {
            "title": "Mentorer för företagsledare",
            "text": "Är förslaget rätt avvägt?",
            "due_on": (self.now + dt.timedelta(days=28)).date(),
            "recipients": recipients or usual,
        }
        return start_referral(
            case_id=case.pk, actor=self.person("coordinator"), now=self.tick(), **(given | changes)
        )

    def advance(self, case: Case, *, to: str, limit: int = 60) -> list[WorkItem]:
        """Let everybody do the usual until a task of the step is open, timers included; returns the open ones."""
        for _ in range(limit):
            waiting = self.open_items(case, to)
            if waiting:
                return waiting
            items = self.open_items(case)
            if items:
                self.do(items[0], by=self.holder_of(items[0]))
            else:
                self.wait_for_timer(case)
        raise AssertionError(f"{to} was not reached")

    def finish(self, case: Case) -> Case:
        """Let everybody do the usual, and the first report be the last, until the case is closed."""
        self.advance(case, to="report")
        self.act(case, "report", status="done")
        self.act(case, "closing_report")
        case.refresh_from_db()
        return case

    def wait_for_timer(self, case: Case) -> None:
        """Let time pass until the case's next timer, and fire it."""
        due = WorkItem.objects.filter(case=case, status="SCHEDULED").order_by("scheduled").first()
        assert due is not None, "nobody can act and no timer is set"
        assert due.scheduled is not None
        self.now = max(self.now, due.scheduled + dt.timedelta(minutes=1))
        fire_timer(item_id=due.pk, case_id=case.pk, now=self.now)


def build_world(*, parties: int = 2, profile: str = PROFILE) -> World:
    """Build the world with two parties, or with a third (the region).

    It is built by the domain functions once in a process; after that its rows are put back as they were.
    """
    known = _built.get((parties, profile))
    if known is not None:
        known.put_back()
    else:
        _build(parties=parties, profile=profile)
        _built[parties, profile] = Snapshot.taken()
    return World(
        Partnership.objects.get(),
        FocusArea.objects.get(),
        Body.objects.get(slug="samverkansradet"),
        Body.objects.get(slug="ks-lk"),
        {organisation.slug: organisation for organisation in Organisation.objects.all()},
        {email.partition("@")[0]: pk for email, pk in Person.objects.values_list("email", "pk")},
    )


def _build(*, parties: int, profile: str) -> None:
    names = [
        ("lk", "Linköpings kommun", "LK", "municipality", "KS {year}-{n:05}"),
        ("liu", "Linköpings universitet", "LiU", "university", "LiU-{year}-{n:05}"),
        ("ro", "Region Östergötland", "RÖ", "region", "RS {year}-{n:04}"),
    ][:parties]
    organisations = {
        slug: Organisation.objects.create(
            slug=slug, name=name, short_name=short, kind=kind, registry_pattern=pattern
        )
        for slug, name, short, kind, pattern in names
    }
    partnership = Partnership.objects.create(
        name="Linköpings kommun och Linköpings universitet",
        slug="lk-liu",
        kind=Partnership.Kind.AGREEMENT,
        valid_from=dt.date(2021, 1, 1),
        valid_until=dt.date(2024, 12, 31),
    )
    for order, organisation in enumerate(organisations.values(), 1):
        PartnershipParty.objects.create(partnership=partnership, organisation=organisation, order=order)
    goal = Goal.objects.get_or_create(number=9, defaults={"name": "Hållbar industri", "name_en": "Industry"})[
        0
    ]
    area = FocusArea.objects.create(partnership=partnership, slug="hallbar-tillvaxt", name="Hållbar tillväxt")
    area.goals.add(goal)
    council = Body.objects.create(
        name="Samverkansrådet", slug="samverkansradet", kind=Body.Kind.COUNCIL, partnership=partnership
    )
    board = Body.objects.create(
        name="Kommunstyrelsen", slug="ks-lk", kind=Body.Kind.EXECUTIVE_BOARD, organisation=organisations["lk"]
    )
    world = World(partnership, area, council, board, organisations)
    world.add_person("proposer", "lk", full_name="Petra Proposer")
    world.add_person("outsider", None, full_name="Ove Outsider")
    world.add_person("coordinator", "lk", full_name="Kajsa Coordinator")
    world.give("coordinator", Role.COORDINATOR, partnership)
    world.add_person("auditor", None, full_name="Assar Auditor")
    world.give("auditor", Role.AUDITOR, partnership)
    world.add_person("administrator", None, full_name="Alva Administrator")
    world.give("administrator", Role.ADMINISTRATOR, None)
    world.add_person("chair", "lk", full_name="Carin Chair")
    world.give("chair", Role.STEERING_CHAIR, council, represents=organisations["lk"])
    world.add_person("secretary", "lk", full_name="Sven Secretary")
    world.give("secretary", Role.SECRETARY, council)
    world.add_person("clerk-lk", "lk", full_name="Klara Clerk")
    world.give("clerk-lk", Role.COORDINATOR, organisations["lk"])
    world.add_person("board-lk", "lk", full_name="Britta Board")
    world.give("board-lk", Role.DECISION_MAKER, board)
    per_party = (
        ("reg", Role.REGISTRAR),
        ("contact", Role.CONTACT_PERSON),
        ("counsel", Role.LEGAL_COUNSEL),
        ("sign", Role.SIGNATORY),
        ("lead", Role.LEADERSHIP),
    )
    for slug, organisation in organisations.items():
        for prefix, role in per_party:
            world.add_person(f"{prefix}-{slug}", slug)
            world.give(f"{prefix}-{slug}", role, organisation)
        if slug != "lk":
            world.add_person(f"decider-{slug}", slug)
            world.give(f"decider-{slug}", Role.DECISION_MAKER, organisation)
        world.add_person(f"mem-{slug}", slug)
        world.give(f"mem-{slug}", Role.STEERING_MEMBER, council, represents=organisation)
    load_profile(
        profile + (THIRD_PARTY_CHAIN if parties > 2 and profile is PROFILE else ""),
        filename="lk-liu.yaml",
        now=START,
    )
