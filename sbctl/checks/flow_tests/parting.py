"""Where the ways of one test part between regions: what a caller meets in one region and not in another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sbctl.checks.flow_tests.result import FlowTestResult, PathStep

BY_CHANCE = frozenset({"DistributeByPercentage"})
"""Actions that send callers different ways in one region too."""


@dataclass(frozen=True)
class Parting:
    """One test whose way is another in `region` than in `other`. `branch` and `other_branch`: where each leaves the block."""

    name: str
    block: str
    flow: str
    region: str
    other: str
    branch: str | None
    other_branch: str | None


def partings(results: Iterable[FlowTestResult], reference: str = "") -> tuple[Parting, ...]:
    """Each test's regions are compared with `reference`, else with the first that passed, else with the first."""
    by_name: dict[str, list[FlowTestResult]] = {}
    for one in results:
        if one.path:
            by_name.setdefault(one.name, []).append(one)
    return tuple(found for same in by_name.values() for found in _of_test(same, reference))


def with_blocks(results: Sequence[FlowTestResult]) -> tuple[FlowTestResult, ...]:
    """Failed results, with the block where their way parts from that of a region that passed."""
    found = {(one.name, one.region): one.block for one in partings(results)}
    return tuple(
        one.model_copy(update={"block": found[one.name, one.region]})
        if one.outcome == "failed" and (one.name, one.region) in found
        else one
        for one in results
    )


def _of_test(same: Sequence[FlowTestResult], reference: str) -> Iterable[Parting]:
    passed = next((one for one in same if one.outcome == "passed"), same[0])
    first = next((one for one in same if one.region == reference), passed)
    for one in same:
        at = _parts_at(one.path, first.path) if one is not first else None
        if at is not None and one.path[at].type not in BY_CHANCE:
            mine, theirs = one.path[at], first.path[at]
            yield Parting(one.name, mine.block, mine.flow, one.region, first.region, mine.branch, theirs.branch)


def _parts_at(one: Sequence[PathStep], other: Sequence[PathStep]) -> int | None:
    """The place of the last block that both passed before they part; None where one is the beginning of the other.

    A test that ended earlier has the shorter way, which is no difference of the flow.
    """
    for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if (mine.flow, mine.block) != (theirs.flow, theirs.block):
            return max(number - 1, 0)
        if None not in (mine.branch, theirs.branch) and mine.branch != theirs.branch:
            return number
    return None
