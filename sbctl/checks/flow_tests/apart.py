"""What the kept results of flow tests say of parity: ways that part between regions, with the age of the older result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sbctl.checks.flow_tests.parting import Parting, partings
from sbctl.checks.flow_tests.result import FlowTestResult
from sbctl.core.problem import Exit, Problem
from sbctl.core.reading import Reading
from sbctl.core.text.ages import age

PARITY = "parity"
SUBJECT = "flow tests"


@dataclass(frozen=True)
class Apart:
    """A parting, and when the older of its two results was measured."""

    parting: Parting
    at: datetime


def apart(
    kept: Iterable[FlowTestResult],
    digests: Mapping[tuple[str, str], str],
    serial: int,
    reference: str,
    regions: Sequence[str],
) -> tuple[Apart, ...]:
    """Where callers meet something else in one of `regions` than in `reference`, by results that still hold.

    A result holds for the file it tested (`digests` by test and region) and until the next deploy (`serial` of the state).
    """
    held = [
        one
        for one in kept
        if one.region in (reference, *regions)
        and one.serial == serial
        and digests.get((one.name, one.region)) == one.digest
    ]
    at = {(one.name, one.region): one.at for one in held}
    return tuple(
        Apart(one, min(at[one.name, one.region], at[one.name, one.other]))
        for one in partings(held, reference)
        if one.other == reference
    )


def apart_problems(found: Iterable[Apart], now: datetime) -> Iterator[Problem]:
    """One for each region and block, with the tests whose ways part there. Exit code 8."""
    at_block: dict[tuple[str, str, str], list[Apart]] = {}
    for one in found:
        at_block.setdefault((one.parting.region, one.parting.flow, one.parting.block), []).append(one)
    for (region, flow, block), same in at_block.items():
        first = same[0].parting
        names = ", ".join(one.parting.name for one in same)
        oldest = max((now - one.at).total_seconds() for one in same)
        yield Problem(
            code="parity-flow-test",
            summary="Callers take another way in one region",
            detail=f"at block {block} of {flow}: {ways_of(first)}; by {names}, {age(max(0.0, oldest))} ago",
            at=region,
            fix=f"Correct it, then measure again: sbctl flow test {' '.join(one.parting.name for one in same)}",
            exit=Exit.NOT_HELD,
        )


def apart_readings(found: Sequence[Apart], reference: str) -> Iterator[Reading]:
    """A bad reading for each region whose ways part from the reference."""
    for region in dict.fromkeys(one.parting.region for one in found):
        here = [one for one in found if one.parting.region == region]
        yield Reading(
            check=PARITY,
            subject=SUBJECT,
            source=reference,
            target=region,
            value=len(here),
            unit="differences",
            verdict="bad",
            at=min(one.at for one in here),
            detail="; ".join(f"{one.parting.name} at block {one.parting.block}" for one in here),
            fix="sbctl flow test",
        )


def ways_of(one: Parting) -> str:
    """Where each goes from the block; the same branch may lead to another block."""
    mine, theirs = (branch or "next" for branch in (one.branch, one.other_branch))
    if mine == theirs:
        return f"another block follows in {one.region} than in {one.other}"
    return f"{mine} in {one.region}, {theirs} in {one.other}"
