"""One run against one project: plan, apply, check. Commands call this; it knows no kind by name and prints nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import OneLook
from sbctl.core.clock import Clock
from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.core.state import State
from sbctl.engine.apply.applier import Applier, Outcome
from sbctl.engine.apply.journal import Ledger
from sbctl.engine.apply.renew import renewed
from sbctl.engine.matching.applied import as_applied
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.renamed import renamed
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.observe import LiveReader
from sbctl.engine.planning.one_by_one import one_by_one
from sbctl.engine.planning.planner import Planner, Scope, in_scope
from sbctl.engine.planning.shortfalls import left_as_applied, shortfalls
from sbctl.engine.planning.skipped import skipped
from sbctl.engine.planning.unlisted import Depth
from sbctl.engine.room import crowded

LOOKS = 4
LOOK_SECONDS = 5.0
"""How often, and how far apart, a deploy looks at what it has done while something there still differs."""


class Store(Ledger, Protocol):
    """The part of the state store that a run uses."""

    def load(self) -> State: ...

    def stamp(self, **fields: object) -> None: ...

    def compact(self) -> State: ...


@dataclass(frozen=True)
class Seen:
    """What was wanted in a scope, what the state knew, and what AWS had."""

    desired: tuple[Desired, ...]
    state: State
    world: ObservedWorld


@dataclass(frozen=True)
class Planned:
    """A plan, what stood in its way (regions that did not answer), and what it was made of."""

    plan: Plan
    problems: tuple[Problem, ...]
    seen: Seen


@dataclass(frozen=True)
class Session:
    """Everything that a run needs. `reads` refuses to write, so that a plan cannot change anything."""

    kinds: Kinds
    project: Project
    desired: tuple[Desired, ...]
    digest: str
    reads: AwsCalls
    calls: AwsCalls
    store: Store
    clock: Clock
    listen: Listener
    stop: threading.Event
    endpoint: str = ""
    """Whose resources these are, for the state to remember: "aws", "sandbox", or another endpoint's host."""
    make_executor: MakeExecutor = threads

    def plan(
        self,
        scope: Scope,
        *,
        destroy: bool = False,
        fast: bool = False,
        entire: bool = False,
        asides: bool = False,
        depth: Depth = "wanted",
    ) -> Planned:
        """What would change. With `destroy` nothing is wanted in the scope; with `fast` not everything is read.

        With `asides` what means nothing, such as the layout of flows, is a change, too.

        With `entire` also what the config has no words for is read, for who shows it. `depth`: how far fields are read that
        AWS gives one resource at a time.
        """
        state = self.known()
        wanted = [] if destroy else in_scope(self.desired, scope)
        world = self._observe(state, wanted, scope, fast=fast, brief=not entire, depth=depth)
        planner = Planner(self.kinds, wanted, state, world, asides=asides)
        regions = tuple(sorted(scope.regions)) if scope.regions else tuple(r.region for r in self.project.by_priority)
        plan = planner.plan(self.project, self.digest, regions, scope, self.clock.now())
        notes = (
            *shortfalls(self.kinds, wanted, world),
            *left_as_applied(self.kinds, wanted, world, state),
            *crowded(self.kinds, self.reads, self.project, plan, world),
        )
        unread = skipped(self.kinds, world) if fast else ()
        problems = (*world.problems, *notes, *unread)
        return Planned(plan, problems, Seen(tuple(wanted), state, world))

    def known(self) -> State:
        """The state, each record under the address by which the config knows it now."""
        return renamed(self.store.load(), self.desired).state

    def look(self, scope: Scope, *, applied: bool = False) -> Seen:
        """What AWS has of what is wanted in the scope, and all else that stands in its Connect instances.

        With `applied`, what is wanted is what was last applied, whatever the config says by now.
        """
        state = self.known()
        desired = as_applied(self.kinds, self.desired, state) if applied else self.desired
        wanted = in_scope(desired, scope)
        return Seen(tuple(wanted), state, self._observe(state, wanted, scope, whole=True))

    def _observe(
        self,
        state: State,
        wanted: Iterable[Desired],
        scope: Scope,
        *,
        whole: bool = False,
        fast: bool = False,
        brief: bool = False,
        depth: Depth = "wanted",
    ) -> ObservedWorld:
        primary = self.project.primary.region
        look = OneLook(self.reads, self.project.name, fast=fast, brief=brief)
        reader = LiveReader(
            self.kinds,
            look,
            self.clock,
            primary,
            self.listen,
            whole=whole,
            fast=fast,
            depth=depth,
            make_executor=self.make_executor,
        )
        kept = frozenset(item.address for item in self.desired)
        world = reader.observe(wanted, self._looked_at(state, wanted, scope), state, kept)
        world.problems += one_by_one(look)
        return world

    def _looked_at(self, state: State, wanted: Iterable[Desired], scope: Scope) -> State:
        """The records worth reading: those in scope, and those of what is wanted, with all that these stand on."""
        queue = [item.address for item in wanted]
        queue += [record.at for record in state.records.values() if scope.covers(record.at)]
        chosen: set[str] = set()
        while queue:
            address = queue.pop()
            record = state.get(address)
            if record is not None and record.address not in chosen:
                chosen.add(record.address)
                queue.extend(Address.parse(text) for text in record.needs)
        kept = {name: record for name, record in state.records.items() if name in chosen}
        return state.model_copy(update={"records": kept})

    def apply(self, plan: Plan, *, recheck: bool = False) -> Outcome:
        """Do the plan. The caller holds the lock and has asked. The state is compacted at the end, whatever happens."""
        self.store.stamp(project=self.project.name, account=self.project.account, endpoint=self.endpoint)
        self._move_records(plan)
        state = self.store.load()
        applier = Applier(
            self.kinds,
            self.calls,
            self.clock,
            self.store,
            self.project.primary.region,
            self.listen,
            self.stop,
            self.make_executor,
        )
        try:
            return applier.apply(plan, state, recheck=recheck)
        finally:
            self.store.compact()

    def renew(self, plan: Plan) -> None:
        """Record what is as the config says already, where the last apply said otherwise. The caller holds the lock."""
        found = list(renewed(self.kinds, plan, self.store.load()))
        for record in found:
            self.store.put(record)
        if found:
            self.store.compact()

    def _move_records(self, plan: Plan) -> None:
        """Write down records under their addresses of now; the new ones first, so that a kill loses none.

        Not for a saved plan that an earlier version made: it speaks of the old addresses.
        """
        found = renamed(self.store.load(), self.desired)
        wanted = {str(item.address) for item in self.desired}
        if ({record.address for record in found.left} - wanted) & {step.address for step in plan.steps}:
            return
        for record in found.changed:
            self.store.put(record)
        kept = {record.address for record in found.changed}
        for record in found.left:
            if record.address not in kept:
                self.store.drop(record.at, record.generation)

    def check(self, scope: Scope) -> tuple[Problem, ...]:
        """Look again at what was deployed: whatever still differs, also after a while, is a problem.

        Most services show at once what was written; some, and those with many servers, a little later. What AWS gives one
        resource at a time was read when it was written.
        """
        self.listen(PhaseStarted("checking"))
        for _ in range(LOOKS - 1):
            found = self._differing(scope)
            if not any(problem.code in ("not-as-deployed", "aws-error") for problem in found) or self.stop.is_set():
                return found
            self.clock.sleep(LOOK_SECONDS)
        return self._differing(scope)

    def _differing(self, scope: Scope) -> tuple[Problem, ...]:
        again = replace(self, listen=self.listen).plan(scope, depth="recorded")
        pending = [s for s in again.plan.pending if scope.addresses is None or s.at in scope.addresses]
        return again.problems + tuple(_still_differs(step) for step in pending)


def _still_differs(step: Step) -> Problem:
    fields = ", ".join(change.field for change in step.changes) or step.reason
    return Problem(
        code="not-as-deployed",
        summary="A resource is not as it was deployed",
        detail=f"{step.action}: {fields}",
        at=step.address,
        fix="sbctl plan shows the difference; sbctl deploy puts it right.",
        exit=Exit.PARTIAL,
    )
