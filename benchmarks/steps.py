"""(a) One plain human step: the house's domain function, the stock engine, the least SQL, by turns in one run."""

from __future__ import annotations

from typing import Any

from benchmarks import flows, least
from benchmarks.measure import Measured, timings_in_turn
from cases.models import Case, DecisionOutcome, Person
from tests.world import PROFILE, World, build_world
from workflows.models import WorkItem
from workflows.steps.decide import decide

#: Steps in the long chain that is measured: every one opens the next, with nothing in between.
CHAIN = 12


def long_chain() -> str:
    """The world's profile with a chain of twelve steps at the municipality."""
    steps = "\n".join(
        f"    - {{id: steg-{n}, title: Steg {n}, kind: {'decide' if n == CHAIN - 1 else 'propose'}, "
        "role: decision_maker, body: ks-lk}"
        for n in range(CHAIN)
    )
    before, _, rest = PROFILE.partition("  lk:\n")
    return f"{before}  lk:\n{steps}\n  liu:{rest.partition('  liu:')[2]}"


class Chains:
    """Cases that wait in the long chain, and the next plain step to take."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: list[int] = []
        self.pk = world.people_ids["board-lk"]

    def prepare(self, cases: int) -> None:
        """Bring so many cases to the first step of the chain."""
        for _ in range(cases):
            case: Case = self.world.submitted()
            self.world.advance(case, to="decide")
            self.waiting.append(case.pk)

    def next_item(self) -> WorkItem:
        """An open step of the chain that is not its last."""
        while True:
            item = WorkItem.objects.filter(
                case_id=self.waiting[0],
                step="decide",
                open=True,
                holder_key__startswith="decision_maker@body",
            ).get()
            if item.data["index"] < CHAIN - 1:
                return item
            self.waiting.pop(0)

    def do(self, item: WorkItem, actor: Person) -> None:
        """Approve the step through the domain function."""
        decide(
            item_id=item.pk,
            actor=actor,
            outcome=DecisionOutcome.APPROVE,
            text="Förslaget bifalls.",
            now=self.world.tick(minutes=1),
        )


def run(times: int) -> dict[str, Any]:
    """Measure; returns by name the timing and the statements of one step."""
    world = build_world(profile=long_chain())
    chains = Chains(world)
    chains.prepare(times // (CHAIN - 1) + 4)

    def ready() -> tuple[WorkItem, Person]:
        # What a page has in hand before it calls the domain function. The person is read anew each time, as for a
        # request, so that working out their rights is part of the measured step.
        return chains.next_item(), Person.objects.get(pk=chains.pk)

    user = Person.objects.get(pk=chains.pk)
    least.create_tables()
    key = [least.begin()]

    def bare(_given: None) -> None:
        key[0] = least.do_step(key[0])

    return timings_in_turn(
        {
            "house": Measured(ready, lambda given: chains.do(*given)),
            "stock": Measured(StockRow().next_task, lambda task: flows.do_step(task, user)),
            "least": Measured(lambda: None, bare),
        },
        times=times,
    )


class StockRow:
    """The stock flow's next open task; a new process begins before the last step of one."""

    def __init__(self) -> None:
        self.process = flows.begin()
        self.done = 0

    def next_task(self) -> int:
        """The key of a task to do."""
        if self.done == 48:
            self.process, self.done = flows.begin(), 0
        self.done += 1
        return flows.open_task(self.process)
