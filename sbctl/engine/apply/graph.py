"""The order in which the parts of a plan run, as a graph of tasks. What has deferred fields is made in two tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sbctl.core.kinds.order import ordered, unwound
from sbctl.core.kinds.values import from_json, refs
from sbctl.core.plan import Plan, Step
from sbctl.engine.matching.targets import Kinds


@dataclass(frozen=True)
class Task:
    """One step, or the second half (`finish`) of a creation."""

    address: str
    part: str

    def __str__(self) -> str:
        return self.address if self.part != "finish" else f"{self.address} (content)"


Graph = dict[Task, frozenset[Task]]


def tasks(plan: Plan, kinds: Kinds) -> Graph:
    """Each task with the tasks that must come first. Raises SbctlError when they need each other in a circle."""
    pending = {step.address: step for step in plan.pending}
    leaving = {step.address: step.needs for step in pending.values() if step.action in ("delete", "forget")}
    uses = unwound(leaving)
    graph: Graph = {}
    for step in pending.values():
        if step.action in ("delete", "forget"):
            graph[_task(step)] = _dependents(step, pending, uses)
        else:
            graph.update(_forward(step, pending, kinds))
    ordered(graph)
    return graph


def _task(step: Step) -> Task:
    return Task(step.address, step.action)


RENEWING = ("create", "adopt", "replace")
"""Actions after which a resource has outputs that the state did not know before."""


def _forward(step: Step, pending: dict[str, Step], kinds: Kinds) -> Graph:
    """A step's tasks. What renews outputs and has deferred fields is done in two, so that circles come apart."""
    deferred = kinds[step.at.kind].spec.deferred
    early = _early_needs(step, deferred)
    needs = [address for address in step.needs if address in pending]
    first = _first_parts([address for address in needs if address in early], pending)
    first |= frozenset(_task(pending[address]) for address in step.after if address in pending)
    late = _first_parts([name for name in needs if name not in early and pending[name].action in RENEWING], pending) - {
        _task(step)
    }
    if step.action not in RENEWING or not _has_deferred(step, deferred):
        return {_task(step): first | late}
    return {_task(step): first, Task(step.address, "finish"): first | late | {_task(step)}}


def _has_deferred(step: Step, deferred: Iterable[str]) -> bool:
    return any((step.wanted or {}).get(name) is not None for name in deferred)


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


def _first_parts(addresses: Iterable[str], pending: dict[str, Step]) -> frozenset[Task]:
    return frozenset(_task(pending[address]) for address in addresses if pending[address].action != "forget")


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
