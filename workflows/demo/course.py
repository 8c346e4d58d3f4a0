"""Playing one case's course: who does what, and when in their working hours."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

from django.utils import timezone
from viewflow.workflow.status import STATUS

from cases.models import (
    Case,
    CaseStatus,
    DeliberationOutcome,
    Meeting,
    Organisation,
    Partnership,
    Person,
    StatementKind,
    VoteChoice,
)
from workflows import case_acts, inbox
from workflows.demo import wording
from workflows.demo.content import content_of
from workflows.demo.directory import Directory
from workflows.demo.papers import paper
from workflows.demo.plan import Planned
from workflows.demo.shapes import AsideShape, TurnShape
from workflows.demo.variants import FUNCTIONS, VARIANTS, Variant
from workflows.meetings.session import OUTCOME_OF_CHAIN, Settlement
from workflows.meetings.votes import make_statement
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.profile import profile_of
from workflows.proposals import ProposalContent, create_draft, submit_proposal
from workflows.steps.vote import change_vote, close_voting
from workflows.timers import fire_reminders, fire_timer
from workflows.working_days import add_working_days

#: What a meeting comes to, by the name that a course gives a decision of a chain.
_AT_MEETING = {decision.value: outcome for outcome, decision in OUTCOME_OF_CHAIN.items()}
_STATEMENTS = ("dissent", "special")


def waits_for_meeting(item: WorkItem) -> bool:
    """Whether a body settles the task at a meeting, so that nobody does it alone."""
    return item.step == Action.AT_MEETING or bool(item.data.get("at_meeting"))


class CourseError(Exception):
    """A course cannot be played: it asks for something that nobody may do. Names the case and the step."""


class Course:
    """One case under way. :attr:`at` is when its next act falls; :meth:`act` does it."""

    def __init__(
        self,
        planned: Planned,
        content: ProposalContent,
        *,
        directory: Directory,
        partnership: Partnership,
        seed: str,
        now: dt.datetime,
    ) -> None:
        self.planned = planned
        self._content = content
        self._directory = directory
        self._partnership = partnership
        self._random = random.Random(seed)  # noqa: S311 the demonstration's chance, not a secret's
        self._latest = now
        self._turns = list(planned.course.turns)
        self._asides = list(planned.course.asides)
        self._done: Counter[str] = Counter()
        self._resume: str | None = None
        self.case: Case | None = None
        self.acts = 0
        self.over = False
        #: Whether nothing can be done before a meeting settles the case.
        self.parked = False
        #: The bodies whose meetings it then waits for.
        self.waits_for: frozenset[int | None] = frozenset()
        today = timezone.localtime(now).date()
        course = planned.course
        first = course.submitted or add_working_days(today, -(course.days_ago or 0))
        # Drafted on the working day before, so that a case of today's has been submitted by now.
        self.at = self._time_on(add_working_days(first, -1))

    # Time

    def _time_on(self, day: dt.date) -> dt.datetime:
        """A moment of the working day, from eight to half past four."""
        minutes = 8 * 60 + self._random.randrange(510)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60)))

    def _after(self, working_days: int) -> dt.datetime:
        """The next act's moment: so many working days later, or later the same day."""
        local = timezone.localtime(self.at)
        if working_days > 0:
            return self._time_on(add_working_days(local.date(), working_days))
        later = local + dt.timedelta(minutes=self._random.randrange(7, 50))
        if later.time() < dt.time(16, 45) and add_working_days(local.date(), 0) == local.date():
            return later
        return self._time_on(add_working_days(local.date(), 1))

    def _pause(self) -> int:
        return self._random.randrange(0, 2 * self.planned.course.pace + 1)

    def _go_on(self, working_days: int) -> None:
        """Set the next act's moment; the course is over when that lies ahead of today."""
        self.at = self._after(working_days)
        self._end_if_ahead()

    def _end_if_ahead(self) -> None:
        if self.at > self._latest:
            self.over = True

    # Acts

    def act(self) -> None:
        """Do what comes next at :attr:`at`. Raises :class:`CourseError`."""
        self.acts += 1
        try:
            self.let_time_pass(self.at)
            self._act()
        except CourseError:
            raise
        except Exception as error:
            raise CourseError(f"{self.planned.activity.title}, {self.at:%Y-%m-%d}: {error!r}") from error

    def let_time_pass(self, until: dt.datetime) -> None:
        """Let the steps that stand open remind and escalate, each at its own time, up to the moment."""
        while self.case is not None:
            due = (
                WorkItem.objects.open()
                .filter(case=self.case, timer_at__lte=until)
                .order_by("timer_at", "pk")
                .first()
            )
            if due is None or due.timer_at is None:
                break
            fire_reminders(case_id=self.case.pk, now=due.timer_at)

    def _act(self) -> None:
        proposer = self._directory.by_email(self.planned.course.by)
        if self.case is None:
            self.case = create_draft(
                partnership=self._partnership, actor=proposer, content=self._content, now=self.at
            )
            self.over = self.planned.course.until == "draft"
            self._go_on(1)
            return
        self.case = Case.objects.select_related("partnership", "proposal", "area").get(pk=self.case.pk)
        if self.case.is_draft:
            submit_proposal(case_id=self.case.pk, actor=proposer, now=self.at)
            self._go_on(1)
            return
        if self._resume is not None:
            case_acts.resume(case_id=self.case.pk, actor=self._directory.by_email(self._resume), now=self.at)
            self._resume = None
            self._go_on(1)
            return
        items = self._open_items()
        if not items:
            self._wait()
            return
        aside = self._next_aside(items)
        if aside is not None:
            self._asides.remove(aside)
            self._do_aside(aside, items)
            return
        if self._is_left(items):
            self.over = True
            return
        able = [item for item in items if not waits_for_meeting(item) and not self._is_left_open(item)]
        if not able:
            self.parked = True
            self.waits_for = frozenset(item.body_id for item in items if waits_for_meeting(item))
            return
        self._do_step(able)

    def _open_items(self) -> list[WorkItem]:
        assert self.case is not None
        items = list(
            WorkItem.objects.filter(case=self.case, open=True)
            .select_related("process", "owner", "party")
            .order_by("pk")
        )
        for item in items:
            item.case = self.case
        return items

    def _wait(self) -> None:
        """Let the case's timer fire when its time comes; a closed or resting case is over."""
        assert self.case is not None
        waiting = (
            WorkItem.objects.filter(case=self.case, status=STATUS.SCHEDULED, case__status=CaseStatus.OPEN)
            .order_by("scheduled")
            .first()
        )
        if waiting is None or waiting.scheduled is None:
            self.over = True
        elif waiting.scheduled > self.at:
            self.at = waiting.scheduled
            self._end_if_ahead()
        else:
            fire_timer(item_id=waiting.pk, case_id=self.case.pk, now=self.at)
            self._go_on(1)

    def _is_left_open(self, item: WorkItem) -> bool:
        """Whether it is a question that the proposer leaves unanswered; the case goes on beside it."""
        return item.step == Action.ANSWER and self.planned.course.until == Action.ANSWER.value

    def _is_left(self, items: list[WorkItem]) -> bool:
        until = self.planned.course.until
        if until == Action.ANSWER.value and any(waits_for_meeting(item) for item in items):
            return False
        return (
            until is not None
            and self._done[until] >= self.planned.course.after
            and any(i.step == until for i in items)
        )

    # Steps

    def _do_step(self, items: list[WorkItem]) -> None:
        until = self.planned.course.until
        # A question to the proposer is answered before anything else, unless the case is left with it open.
        ordered = sorted(items, key=lambda item: item.step != Action.ANSWER)
        if until == Action.ANSWER.value:
            ordered = [item for item in items if item.step != Action.ANSWER]
        item, turn = self._next_item(ordered)
        if turn is not None and turn.late:
            self._turns[self._turns.index(turn)] = turn.model_copy(update={"late": 0})
            self._go_on(turn.late)
            return
        able = self._directory.who_can_do(item, self.at)
        if turn is not None and turn.by is not None and item.step != Action.VOTE:
            able = [person for person in able if person.email == turn.by]
        if not able:
            raise CourseError(
                f"{self.planned.activity.title}: nobody can do {item.step}, at {self.at:%Y-%m-%d}"
            )
        actor = able[0]
        if len(able) > 1 and turn is None and item.owner_id is None and self._random.randrange(6) == 0:
            actor = able[1]
        variant = self._variant(item, turn)
        given = variant.given(item, self.at)
        if item.step == Action.COMPLETE and self.case is not None:
            given["content"] = content_of(self.case)
        if item.step == Action.PREPARE and self.planned.course.reporter is not None:
            given["reporter"] = self._directory.by_email(self.planned.course.reporter)
        if turn is not None:
            self._turns.remove(turn)
            given |= turn.given
        FUNCTIONS[item.step](item_id=item.pk, actor=actor, now=self.at, **given)
        if "reporter" in given:
            self._directory.forget()
        self._done[item.step] += 1
        self._go_on(self._pause())

    def _next_item(self, items: list[WorkItem]) -> tuple[WorkItem, TurnShape | None]:
        """The task that the first fitting turn is written for, else the first task."""
        for turn in self._turns:
            for item in items:
                if turn.at == item.step and self._fits(turn, item):
                    return item, turn
        return items[0], None

    def _fits(self, turn: TurnShape, item: WorkItem) -> bool:
        if turn.party is not None and (item.party is None or item.party.slug != turn.party):
            return False
        if turn.chain_step not in (None, item.data.get("chain_step")):
            return False
        if turn.by is None:
            return True
        if item.step == Action.VOTE:
            return item.owner is not None and item.owner.email == turn.by
        return any(person.email == turn.by for person in self._directory.who_can_do(item, self.at))

    def _variant(self, item: WorkItem, turn: TurnShape | None) -> Variant:
        usual = VARIANTS[item.step][0].name
        if item.step == Action.REPORT:
            usual = "on_track"
        elif item.step == Action.AGREEMENT_NEED and profile_of(item.process).rules.agreement_usual:
            usual = "needed"
        name = turn.do if turn is not None and turn.do else usual
        return next(variant for variant in VARIANTS[item.step] if variant.name == name)

    # Asides

    def _next_aside(self, items: list[WorkItem]) -> AsideShape | None:
        steps = {item.step for item in items}
        for aside in self._asides:
            if aside.do in _STATEMENTS and aside.at in (Action.AT_MEETING, Action.DECIDE):
                continue  # made at the meeting
            if (aside.at == "any" or aside.at in steps) and self._done[aside.at] >= aside.after:
                return aside
        return None

    def _do_aside(self, aside: AsideShape, items: list[WorkItem]) -> None:
        assert self.case is not None
        actor = self._directory.by_email(aside.by)
        case_id, now = self.case.pk, self.at
        common: dict[str, Any] = {"case_id": case_id, "actor": actor, "now": now}
        internal = Organisation.objects.get(slug=aside.internal) if aside.internal else None
        if aside.do == "comment":
            case_acts.add_comment(**common, text=aside.text, internal_to=internal)
        elif aside.do == "document":
            upload = paper(self.case, aside.title, aside.text, aside.file)
            case_acts.add_document(**common, title=aside.title, upload=upload, internal_to=internal)
        elif aside.do == "version":
            document = self.case.documents.get(title=aside.title)
            upload = paper(self.case, aside.title, aside.text, aside.file)
            case_acts.add_document_version(**common, document_id=document.pk, upload=upload)
        elif aside.do == "ask":
            case_acts.ask_proposer(**common, text=aside.text)
        elif aside.do == "withdraw":
            case_acts.withdraw(**common, reason=aside.text)
        elif aside.do == "cancel":
            case_acts.cancel(**common, reason=aside.text)
        elif aside.do == "hold":
            case_acts.hold(**common, reason=aside.text)
            if aside.days is None:
                self.over = True
                return
            self._resume = aside.by
            self._go_on(aside.days)
            return
        elif aside.do == "close_voting":
            close_voting(**common)
        elif aside.do == "change_vote":
            choice = VoteChoice(aside.choice)
            change_vote(**common, deliberation_id=self._deliberation_id, choice=choice, reasons=aside.text)
        elif aside.do in _STATEMENTS:
            make_statement(
                deliberation_id=self._deliberation_id,
                actor=actor,
                kind=StatementKind(aside.do),
                text=aside.text,
                now=now,
            )
        else:
            self._do_with_item(aside, actor, self._item_for(aside, actor, items))
        self._go_on(0)

    def _do_with_item(self, aside: AsideShape, actor: Person, item: WorkItem) -> None:
        assert self.case is not None
        if aside.do == "claim":
            inbox.claim(item_id=item.pk, actor=actor, now=self.at)
        elif aside.do == "remind":
            case_acts.remind(case_id=self.case.pk, item_id=item.pk, actor=actor, now=self.at)
        else:
            to = self._directory.by_email(aside.to or "")
            case_acts.reassign(
                case_id=self.case.pk, item_id=item.pk, actor=actor, to=to, reason=aside.text, now=self.at
            )

    def _item_for(self, aside: AsideShape, actor: Person, items: list[WorkItem]) -> WorkItem:
        """The step's open task: the actor's own when a task is claimed, else the first."""
        wanted = [item for item in items if item.step == aside.at] or items
        if aside.do == "claim":
            wanted = [item for item in wanted if actor.pk in self._directory.candidates(item)] or wanted
        return wanted[0]

    # At meetings

    @property
    def created_by_id(self) -> int:
        """The proposer, who takes no part in a proposal of their own."""
        assert self.case is not None
        return self.case.created_by_id

    @property
    def _deliberation_id(self) -> int:
        """The partnership's body's newest deliberation."""
        assert self.case is not None
        return int(self.case.deliberations.filter(party__isnull=True).latest("number").pk)

    def _item_at(self, body_id: int) -> WorkItem:
        """The task that the body settles at its meeting."""
        items = [i for i in self._open_items() if i.body_id == body_id and waits_for_meeting(i)]
        return items[0]

    def _take(self, step: str, item: WorkItem) -> list[TurnShape]:
        """The turns of the step that are written for the body's task. They are used up."""
        chain_step = item.data.get("chain_step")
        turns = [turn for turn in self._turns if turn.at == step and turn.chain_step == chain_step]
        self._turns = [turn for turn in self._turns if turn not in turns]
        return turns

    def ballots_at_meeting(self, body_id: int) -> list[TurnShape]:
        """Who votes how when the body settles the case, conflicts included; none when it is acclaimed."""
        return self._take("vote", self._item_at(body_id))

    def settlement_at_meeting(
        self, body_id: int, *, tabled_to: Meeting | None, following: dt.date | None, at: dt.datetime
    ) -> Settlement:
        """How the body settles the case, as the course's next turn says."""
        item = self._item_at(body_id)
        joint = item.step == Action.AT_MEETING
        turns = self._take("conclude" if joint else "decide", item)
        turn, rest = (turns[0] if turns else None), turns[1:]
        self._turns = [*rest, *self._turns]
        name = turn.do if turn is not None and turn.do else ("recommend" if joint else "approve")
        given = turn.given if turn is not None else {}
        outcome = DeliberationOutcome(name) if joint else _AT_MEETING[name]
        text = given.get("decision_text") or given.get("text") or ""
        if outcome == DeliberationOutcome.RECOMMEND_AMENDED and not text:
            assert self.case is not None
            text = wording.amended(self.case.deliberations.latest("number").proposed_text)
        self._done[item.step] += 1
        until = following or timezone.localtime(at).date() + dt.timedelta(days=30)
        return Settlement(
            outcome,
            decision_text=text,
            reasons=given.get("reasons", ""),
            notes=given.get("notes", ""),
            tabled_to=tabled_to.pk if tabled_to is not None else None,
            tabled_until=None if tabled_to is not None else until,
            refer_back_to=given.get("refer_back_to", ""),
        )

    def statements_at_meeting(self, body_id: int) -> list[AsideShape]:
        """The dissents and special statements that members make when the body has settled the case."""
        assert self.case is not None
        joint = self.case.partnership.bodies.filter(pk=body_id).exists()
        at = Action.AT_MEETING if joint else Action.DECIDE
        made = [aside for aside in self._asides if aside.do in _STATEMENTS and aside.at == at]
        self._asides = [aside for aside in self._asides if aside not in made]
        return made

    def wake(self, at: dt.datetime) -> None:
        """Go on after a meeting has settled the case."""
        self.parked = False
        self.at = at
        self._go_on(self._pause() or 1)
