"""The order in which the parts of a plan run, as a graph of tasks. What has deferred fields is made in two tasks.

Of some kinds only where it stands in a circle. Whoever refers to these waits until they are whole, and so does whoever stands
outside a circle of them, for all that is in it: nobody meets a flow whose content, or what it leads to, is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sbctl.core.kinds.order import circles, ordered, unwound
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import from_json, refs
from sbctl.core.plan import Plan, Step
from sbctl.engine.matching.targets import Kinds

FINISH = "finish"


@dataclass(frozen=True)
class Task:
    """One step, or the second half (`finish`) of a creation."""

    address: str
    part: str

    def __str__(self) -> str:
        return self.address if self.part != FINISH else f"{self.address} (content)"


Graph = dict[Task, frozenset[Task]]


def tasks(plan: Plan, kinds: Kinds) -> Graph:
    """Each task with the tasks that must come first. Raises SbctlError when they need each other in a circle."""
    pending = {step.address: step for step in plan.pending}
    leaving = {step.address: step.needs for step in pending.values() if step.action in ENDING}
    uses = unwound(leaving)
    ends = {address: _dependents(pending[address], pending, uses) for address in leaving}
    builder = _Forward(pending, kinds, {address: [task.address for task in before] for address, before in ends.items()})
    graph: Graph = {}
    for step in pending.values():
        graph.update({_task(step): ends[step.address]} if step.action in ENDING else builder.tasks(step))
    ordered(graph)
    return graph


def _task(step: Step) -> Task:
    return Task(step.address, step.action)


ENDING = ("delete", "forget")
RENEWING = ("create", "adopt", "replace")
"""Actions after which a resource has outputs that the state did not know before."""


class _Forward:
    """Makes the tasks of what is made or changed. What must not be met half-made is waited for until it is whole."""

    def __init__(self, pending: Mapping[str, Step], kinds: Kinds, ends: Mapping[str, Iterable[str]]) -> None:
        self._pending = pending
        self._kinds = kinds
        forward = {address: [*step.needs, *step.after] for address, step in pending.items() if address not in ends}
        self._circles = circles({**forward, **ends})

    def tasks(self, step: Step) -> Graph:
        """A step's tasks: two, where its deferred fields come later than itself."""
        deferred = self._spec(step).deferred
        early = _early_needs(step, deferred)
        needs = [self._pending[address] for address in step.needs if address in self._pending]
        needs = [need for need in needs if need.action != "forget" and need.address != step.address]
        before = [self._before(step, need, deferred=need.address not in early) for need in needs]
        first = frozenset[Task]().union(
            *(found for need, found in zip(needs, before, strict=True) if need.address in early),
            (_task(self._pending[address]) for address in step.after if address in self._pending),
        )
        late = frozenset[Task]().union(
            *(found for need, found in zip(needs, before, strict=True) if need.address not in early),
            self._published(step),
        )
        if not self._is_split(step):
            return {_task(step): first | late}
        return {_task(step): first, Task(step.address, FINISH): first | late | {_task(step)}}

    def _before(self, step: Step, need: Step, *, deferred: bool) -> frozenset[Task]:
        """What must come before the part of a step that refers to `need`; nothing where its outputs are known already."""
        renews = need.action in RENEWING
        if not self._spec(need).deferred_in_circles or need.action in ENDING:
            return frozenset({_task(need)} if renews or not deferred else ())
        if self._in_one_circle(step, need):
            return frozenset({_task(need)} if renews else ())
        return frozenset(
            self._last(one) for one in self._around(need) if one.address == need.address or self._waits(one)
        )

    def _around(self, step: Step) -> list[Step]:
        """All that stands in one circle with a step; itself alone where it stands in none."""
        return [self._pending[address] for address in self._circles.get(step.address, (step.address,))]

    def _waits(self, step: Step) -> bool:
        return step.action not in ENDING and self._spec(step).deferred_in_circles

    def _published(self, step: Step) -> frozenset[Task]:
        """Of a step that changes what is in use already: all in its circle that nobody can use yet, until they can."""
        around = self._around(step)
        names = {one.address for one in around}
        handed = any(not names.isdisjoint(one.after) for one in around)
        if handed or not self._waits(step) or not self._is_in_use(step):
            return frozenset()
        return frozenset(self._last(one) for one in around if self._is_split(one) and not self._is_in_use(one))

    def _is_in_use(self, step: Step) -> bool:
        """Whether AWS has it whole already, so that somebody may use it."""
        there = step.seen if step.action in ("update", "adopt") else None
        versioned = self._kinds[step.at.kind].versioned
        fields = (versioned,) if versioned else self._spec(step).deferred
        return any((there or {}).get(name) is not None for name in fields)

    def _last(self, step: Step) -> Task:
        return Task(step.address, FINISH) if self._is_split(step) else _task(step)

    def _is_split(self, step: Step) -> bool:
        spec = self._spec(step)
        if step.action not in RENEWING or all((step.wanted or {}).get(name) is None for name in spec.deferred):
            return False
        return not spec.deferred_in_circles or step.address in self._circles

    def _in_one_circle(self, one: Step, other: Step) -> bool:
        return other.address in self._circles.get(one.address, ())

    def _spec(self, step: Step) -> type[Spec]:
        return self._kinds[step.at.kind].spec


def _early_needs(step: Step, deferred: frozenset[str]) -> set[str]:
    """What the creation itself needs: everything but what only deferred fields refer to.

    What is taken over as it is needs nothing: it refers to nothing that is still to be made.
    """
    wanted = from_json(step.wanted or {})
    if step.action == "adopt" and not any(True for _ in refs(wanted)):
        return set()
    late = {str(ref.address) for name in deferred for ref in refs(wanted.get(name))}
    early = {str(ref.address) for name, value in wanted.items() if name not in deferred for ref in refs(value)}
    return early | (set(step.needs) - late)


def _dependents(step: Step, pending: dict[str, Step], uses: dict[str, set[str]]) -> frozenset[Task]:
    """A resource goes only after everything that was made with its help is gone, or no longer refers to it."""
    return frozenset(
        _task(other)
        for other in pending.values()
        if other.address != step.address
        and (step.address in uses.get(other.address, other.needs) or _may_let_go(step, other))
    )


def _may_let_go(step: Step, other: Step) -> bool:
    """Updates in the same region run before deletes: they may be what stops referring to the thing deleted."""
    takes = step.address in other.after
    return other.action in ("update", "adopt") and step.at.region == other.at.region and not takes
