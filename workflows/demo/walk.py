"""Random legal people: a walk through everything that the policy lets anybody do, until every case has ended.

All choices are drawn through one function, so that ``manage.py simulate`` (seeded) and property tests (hypothesis)
drive the same walk::

    walker = Walker(random.Random(7).randrange, now=start, cases=20)
    while walker.step() is not None:
        pass
    assert walker.violations == []

After every act the invariants of :mod:`workflows.demo.invariants` are asked of the case. A case that has gone on for
``patience`` acts is only led forward from then on, so that every walk ends.
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from viewflow.workflow.status import STATUS

from cases.errors import DomainError, NotAllowed, NotFound
from cases.models import Body, Case, CaseStatus, Partnership
from workflows import policy
from workflows.act import access_for
from workflows.demo.asides import ASIDES, Aside
from workflows.demo.chooser import Chooser, Draw
from workflows.demo.course import waits_for_meeting
from workflows.demo.directory import Directory
from workflows.demo.drafts import random_content
from workflows.demo.gathering import Gathering
from workflows.demo.invariants import check_case, check_register
from workflows.demo.meeting_invariants import check_meetings
from workflows.demo.variants import FUNCTIONS, Variant, allowed_variants, refer_back_targets
from workflows.demo.violation import Violation
from workflows.models import WorkItem
from workflows.proposals import create_draft, discard_draft, partnerships_open_to, save_draft, submit_proposal
from workflows.timers import due_reminders, due_timers, fire_reminders, fire_timer

#: How far time goes on after an act, in minutes: mostly within the working day, now and then weeks.
_PAUSES = ((6, 20), (4, 120), (4, 24 * 60), (2, 4 * 24 * 60), (1, 21 * 24 * 60))


@dataclass(frozen=True)
class Step:
    """What one step of the walk was: an act and its outcome, or timers."""

    what: str
    case_id: int | None
    now: dt.datetime


@dataclass
class Walker:
    """Walks ``cases`` new cases to their ends. ``now`` must be aware; people's roles must cover the years after it."""

    draw: Draw
    now: dt.datetime
    cases: int
    patience: int = 60
    #: At most so many cases are under way at once.
    abreast: int = 6
    violations: list[Violation] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    ended: list[int] = field(default_factory=list)
    discarded: int = 0
    _acts_on: Counter[int] = field(default_factory=Counter)
    _live: list[int] = field(default_factory=list)
    _begun: int = 0

    def __post_init__(self) -> None:
        self.chooser = Chooser(self.draw)
        self.directory = Directory()
        #: The bodies that have settled something at a meeting, or are to.
        self._bodies: list[Body] = []
        self.partnerships = list(
            Partnership.objects.filter(profile__versions__isnull=False).distinct().order_by("pk")
        )

    def step(self) -> Step | None:
        """One act of somebody, or the passing of time. None when every case has ended."""
        if not self._live and self._begun >= self.cases:
            return None
        self._fire_timers()
        if self._begun < self.cases and (
            not self._live or (len(self._live) < self.abreast and self.chooser.chance(4))
        ):
            return self._did("begin", self._begin())
        if self._bodies and self.chooser.chance(12):
            what = self._gather(self.chooser.pick(self._bodies))
            self.now += dt.timedelta(minutes=5)
            return self._did(what, None)
        case = self._choose_case()
        if case is None:
            self._wait()
            return self._did("wait", None)
        what = self._act_on(case)
        self._acts_on[case.pk] += 1
        self._look_at(case.pk)
        self.now += dt.timedelta(minutes=self.chooser.weighted(_PAUSES))
        return self._did(what, case.pk)

    def run(self, *, limit: int = 1_000_000, told: Callable[[Step], None] | None = None) -> None:
        """Walk to the end, then look at the register and once more at every case."""
        for _ in range(limit):
            step = self.step()
            if step is None:
                break
            if told is not None:
                told(step)
        else:
            self.violations.append(Violation(None, "every walk ends", f"not after {limit} steps"))
        self.violations.extend(check_register())
        self.violations.extend(check_meetings())
        for case_id in self.ended:
            self._look_at(case_id)

    @property
    def over(self) -> int:
        """How many of the cases are over: ended, discarded, or broken off by a violation."""
        return self._begun - len(self._live)

    # What happens

    def _did(self, what: str, case_id: int | None) -> Step:
        self.acts[what] += 1
        return Step(what, case_id, self.now)

    def _begin(self) -> int | None:
        self._begun += 1
        partnership = self.chooser.pick(self.partnerships)
        # Anybody at a party may propose, chairs and registrars too; now and then somebody else tries.
        people = (
            self.directory.everybody()
            if self.chooser.chance(8)
            else self.directory.at_party_of(partnership.pk)
        )
        able = [person for person in people if not self.directory.is_needed_for_own(person)]
        person = self.chooser.pick(able)
        content = random_content(partnership, self.chooser)
        try:
            case = create_draft(partnership=partnership, actor=person, content=content, now=self.now)
        except NotAllowed:
            if partnership in partnerships_open_to(person, self.now):
                raise
            self._begun -= 1
            return None
        self._live.append(case.pk)
        return case.pk

    def _choose_case(self) -> Case | None:
        """Mostly a case in which somebody can act; sometimes one that only waits. None: let time pass."""
        rows = {
            case.pk: case
            for case in Case.objects.filter(pk__in=self._live).select_related("partnership", "proposal")
        }
        acting = set(
            WorkItem.objects.filter(case__in=self._live, open=True).values_list("case_id", flat=True)
        )
        weights = [
            (10 if case.pk in acting or case.status != CaseStatus.OPEN else 1, case)
            for case in (rows[pk] for pk in self._live)
        ]
        if all(weight == 1 for weight, _case in weights):
            weights = [
                (1 if self._acts_on[case.pk] < self.patience else 0, case) for _weight, case in weights
            ]
            return self.chooser.weighted([(8, None), *weights])
        return self.chooser.weighted(weights)

    def _wait(self) -> None:
        following = (
            WorkItem.objects.filter(
                case__in=self._live, status=STATUS.SCHEDULED, case__status=CaseStatus.OPEN
            )
            .order_by("scheduled")
            .first()
        )
        if following is None or following.scheduled is None:
            for case_id in list(self._live):
                self._break_off(
                    Violation(case_id, "somebody can act or a timer is set", "the walk stands still")
                )
            return
        self.now = max(self.now, following.scheduled) + dt.timedelta(minutes=5)

    def _fire_timers(self) -> None:
        for item_id, case_id in due_timers(self.now, limit=10_000):
            try:
                fire_timer(item_id=item_id, case_id=case_id, now=self.now)
                self.acts["timer"] += 1
            except Exception:  # whatever it was, the walk tells it
                self._break_off(Violation(case_id, "a timer fires", traceback.format_exc(limit=-3)))
            self._look_at(case_id)
        for case_id in due_reminders(self.now, limit=10_000):
            try:
                self.acts["reminder"] += fire_reminders(case_id=case_id, now=self.now)
            except Exception:  # whatever it was, the walk tells it
                self._break_off(Violation(case_id, "a reminder is sent", traceback.format_exc(limit=-3)))
            self._look_at(case_id)
        for case_id in due_reminders(self.now, limit=10_000):
            self._break_off(Violation(case_id, "a timer fires once", "another is due at the same moment"))

    def _act_on(self, case: Case) -> str:
        patient = self._acts_on[case.pk] < self.patience
        if case.is_draft:
            return self._act_on_draft(case, patient)
        if patient and self.chooser.chance(40):
            return self._trespass(case)
        items = list(WorkItem.objects.filter(case=case, open=True).select_related("process").order_by("pk"))
        if items and (not patient or not self.chooser.chance(5)):
            # What a person can do comes before what only a meeting can.
            able = [item for item in items if not waits_for_meeting(item)]
            item = self.chooser.pick(able or items)
            item.case = case
            if waits_for_meeting(item):
                assert item.body is not None
                return self._gather(item.body, case, patient)
            return self._do_step(item, patient)
        return self._do_aside(case, items, patient)

    def _do_step(self, item: WorkItem, patient: bool) -> str:
        able = self.directory.who_can_do(item, self.now)
        if not able:
            return "nobody"  # the invariants have told it
        person = self.chooser.pick(able)
        variants = allowed_variants(item)
        variant: Variant
        if patient:
            # Ways back are seldomer with every round and every act, so that a case does not go in circles for ever.
            seldom = item.case.round * (1 + self._acts_on[item.case_id] // 25)
            variant = self.chooser.weighted(
                [(12 * v.weight if v.forward else 24 * v.weight // seldom, v) for v in variants]
            )
        else:
            variant = next((v for v in variants if v.forward), variants[0])
        given = variant.given(item, self.now)
        if item.step == "decide" and variant.name == "refer_back":
            given["refer_back_to"] = self.chooser.pick(["", *refer_back_targets(item)])
        if item.step == "prepare" and self.chooser.chance(2):
            given["reporter"] = self.directory.person(
                self.chooser.pick(self.directory.at_party_of(item.case.partnership_id)).pk
            )
        self._attempt(
            item.case_id,
            f"{item.step} {variant.name}",
            lambda: FUNCTIONS[item.step](item_id=item.pk, actor=person, now=self.now, **given),
            (NotAllowed,) if item.step == "vote" else (),
        )
        if "reporter" in given or variant.name == "recused":
            self.directory.forget()  # what somebody may do has changed
        return f"{item.step} {variant.name}"

    # At meetings

    def _gather(self, body: Body, case: Case | None = None, patient: bool = True) -> str:
        """Move the body's meetings on: towards the case's settlement, or in whatever way is open."""
        if body not in self._bodies:
            self._bodies.append(body)
        gathering = Gathering(body, self.directory, self.chooser, self.now)
        towards = case if not patient or not self.chooser.chance(2) else None
        doing = gathering.forward(towards) if towards is not None else gathering.whatever()
        if doing is None:
            return "nothing"
        if doing.not_before is not None:
            self.now = max(self.now, doing.not_before)
        act = doing.act
        self._attempt(
            case.pk if case is not None else None, doing.name, lambda: act(self.now), doing.refusals
        )
        if doing.conflict:
            self.directory.forget()
        for case_id in doing.cases:
            self._look_at(case_id)
        return doing.name

    def _do_aside(self, case: Case, items: list[WorkItem], patient: bool) -> str:
        if not patient:
            aside = ASIDES["resume"] if case.is_on_hold else None
        else:
            seldom = 1 + self._acts_on[case.pk] // 20
            aside = self.chooser.weighted(
                [
                    (max(1, a.weight // (seldom if a.ends else 1)), a)
                    for a in ASIDES.values()
                    if a.fits(case, items)
                ]
            )
        if aside is None:
            return "nothing"
        people = self._who_may(aside, case)
        if not people:
            return "nobody"
        person = self.chooser.pick(people)
        act = aside.prepare(case, items, person, self.chooser, self.now)
        if act is None:
            return "nothing"
        self._attempt(case.pk, aside.name, act, aside.refusals)
        if aside.name == "reassign":
            # Whoever was given a task of a case role holds that role from now on.
            self.directory.forget()
        return aside.name

    def _who_may(self, aside: Aside, case: Case) -> list[Any]:
        if aside.action is not None:
            return self.directory.who_may(aside.action, case, self.now)
        items = WorkItem.objects.filter(case=case, open=True)
        ids = dict.fromkeys(person for item in items for person in self.directory.candidates(item))
        return [self.directory.person(person_id) for person_id in ids]

    def _act_on_draft(self, case: Case, patient: bool) -> str:
        actor = self.directory.person(case.created_by_id)
        what = self.chooser.weighted(
            [(6, "submit"), (2 if patient else 0, "save draft"), (1 if patient else 0, "discard")]
        )
        if what == "save draft":
            content = random_content(case.partnership, self.chooser)
            self._attempt(
                case.pk, what, lambda: save_draft(case_id=case.pk, actor=actor, content=content, now=self.now)
            )
        elif what == "discard":
            self._attempt(case.pk, what, lambda: discard_draft(case_id=case.pk, actor=actor, now=self.now))
            if not Case.objects.filter(pk=case.pk).exists():
                self._live.remove(case.pk)
                self.discarded += 1
        else:
            self._attempt(case.pk, what, lambda: submit_proposal(case_id=case.pk, actor=actor, now=self.now))
        return what

    def _trespass(self, case: Case) -> str:
        """Somebody tries a step that the policy does not let them do: it must be refused and change nothing."""
        items = list(WorkItem.objects.filter(case=case).exclude(holder_key="").select_related("process"))
        if not items:
            return "nothing"
        item = self.chooser.pick(items)
        item.case = case
        person = self.directory.person(self.chooser.pick(self.directory.everybody()).pk)
        if policy.may_step(access_for(person, self.now), item, case):
            return "nothing"
        if waits_for_meeting(item):
            return "nothing"
        before = (case.event_count, case.event_head)
        variants = [variant for variant in allowed_variants(item) if variant.forward] if item.open else []
        given = variants[0].given(item, self.now) if variants else None
        if given is None:
            return "nothing"
        try:
            FUNCTIONS[item.step](item_id=item.pk, actor=person, now=self.now, **given)
        except DomainError:
            pass
        else:
            self._break_off(Violation(case.pk, "the policy refuses", f"{item.step} {item.pk} by {person.pk}"))
        case.refresh_from_db()
        if (case.event_count, case.event_head) != before:
            self._break_off(Violation(case.pk, "a refused act changes nothing", f"{item.step} {item.pk}"))
        return "trespass"

    def _attempt(
        self,
        case_id: int | None,
        what: str,
        act: Callable[[], Any],
        refusals: tuple[type[DomainError], ...] = (),
    ) -> None:
        """Do what the policy allows. Refusals that the rules foresee are fine; anything else is a violation."""
        try:
            with transaction.atomic():
                act()
        except refusals:
            self.acts[f"{what}, refused"] += 1
        except (NotFound, NotAllowed, DomainError) as error:
            self._break_off(Violation(case_id, "what the policy allows can be done", f"{what}: {error!r}"))
        except Exception:  # whatever it was, the walk tells it
            self._break_off(Violation(case_id, "nothing fails", f"{what}: {traceback.format_exc(limit=-4)}"))

    # What is seen

    def _break_off(self, violation: Violation) -> None:
        """Tell a violation and leave the case where it is."""
        self.violations.append(violation)
        if violation.case_id in self._live:
            self._live.remove(violation.case_id)

    def _look_at(self, case_id: int) -> None:
        if not Case.objects.filter(pk=case_id).exists():
            return
        found = list(check_case(case_id, self.directory, self.now))
        for violation in found:
            self._break_off(violation)
        if not found and case_id in self._live and Case.objects.get(pk=case_id).is_closed:
            self._live.remove(case_id)
            self.ended.append(case_id)
