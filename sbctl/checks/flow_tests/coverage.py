"""Which blocks and branches of the project's flows the tests pass.

An error that no test can bring about is not counted: tests can replace functions, hours, queues and bots, and press keys or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sbctl.checks.flow_tests.result import PathStep
from sbctl.core.flow_document import FlowDocument
from sbctl.flows.language.graph import Branch, graph_of
from sbctl.flows.testing.language import ASK_BOT, CHECK_HOURS, INVOKE_LAMBDA, TO_QUEUE

NO_MATCH = "NoMatchingCondition"
BROUGHT_ABOUT: Mapping[str, frozenset[str]] = {
    INVOKE_LAMBDA: frozenset({"NoMatchingError", "TimeLimitExceeded"}),
    CHECK_HOURS: frozenset({"NoMatchingError"}),
    TO_QUEUE: frozenset({"QueueAtCapacity", "NoMatchingError"}),
    ASK_BOT: frozenset({"NoMatchingError", "InputTimeLimitExceeded"}),
    "GetParticipantInput": frozenset({"InputTimeLimitExceeded"}),
}
"""Errors that a test can bring about, by the action's type."""


@dataclass(frozen=True)
class Covered:
    """One flow: the names of its blocks, of its branches ("menu: 1"), and of those that no test passed."""

    flow: str
    blocks: int
    branches: int
    missed_blocks: tuple[str, ...]
    missed_branches: tuple[str, ...]
    out_of_reach: int
    """Branches that no test can take."""


def coverage(flows: Iterable[FlowDocument], paths: Iterable[Iterable[PathStep]]) -> tuple[Covered, ...]:
    """What was passed of each flow, by name."""
    passed = {(step.flow, step.block, step.branch) for path in paths for step in path}
    return tuple(_of_flow(one, passed) for one in sorted(flows, key=lambda one: one.name))


def _of_flow(document: FlowDocument, passed: set[tuple[str, str, str | None]]) -> Covered:
    graph = graph_of(document.content)
    met = {block for flow, block, _ in passed if flow == document.name}
    reached = [graph.blocks[number] for number in sorted(graph.reachable)]
    branches: list[tuple[str, str]] = []
    beyond = 0
    for block in reached:
        for branch in block.branches:
            name = _name(branch, bool(block.conditions))
            if name is None:
                continue
            if branch.how == "error" and not _can_be_taken(block.type, branch.error):
                beyond += 1
            else:
                branches.append((block.name, name))
    return Covered(
        flow=document.name,
        blocks=len(reached),
        branches=len(branches),
        missed_blocks=tuple(block.name for block in reached if block.name not in met),
        missed_branches=tuple(
            f"{block}: {name or 'next'}" for block, name in branches if (document.name, block, name) not in passed
        ),
        out_of_reach=beyond,
    )


def _name(branch: Branch, has_conditions: bool) -> str | None:
    """As the way of a contact calls it; None for the next block of an action that always branches."""
    if branch.how == "next":
        return None if has_conditions else ""
    return branch.error if branch.how == "error" else ", ".join(map(str, branch.operands))


def _can_be_taken(kind: str, error: str) -> bool:
    return error == NO_MATCH or error in BROUGHT_ABOUT.get(kind, ())
