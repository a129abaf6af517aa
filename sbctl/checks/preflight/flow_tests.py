"""What the last flow tests said of the regions to which a failover may go. Tests that never ran say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sbctl.checks.flow_tests.result import CHECK, FlowTestResult
from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import Exit, Problem
from sbctl.core.reading import Reading
from sbctl.core.text.ages import age

KIND = "connect_test_case"
NAMED = 3
"""Tests that are named; the others are counted."""


def check_flow_tests(on: Subject) -> Iterator[Reading]:
    """A reading for each target region with results: as old as the oldest of them."""
    wanted = digests_of(on.wanted(KIND))
    kept = results(on.flow_tests)
    for region in on.targets:
        here = [one for one in kept if one.region == region.region and (one.name, one.region) in wanted]
        if here:
            older = [one.name for one in here if wanted[one.name, one.region] != one.digest]
            yield on.say(CHECK, _found(here, older, region.region, on.clock.now()), "flows", region.region)


def results(rows: Iterable[Mapping[str, Any]]) -> list[FlowTestResult]:
    """The kept results; what another version wrote in another form is left out."""
    found = []
    for row in rows:
        try:
            found.append(FlowTestResult.model_validate(row))
        except ValidationError:
            continue
    return found


def digests_of(desired: Iterable[Desired]) -> dict[tuple[str, str], str]:
    """The digest of each test's file, by its name and region."""
    tests = [one for one in desired if one.address.kind == KIND]
    return {(str(one.values["name"]), one.address.region): str(one.values.get("digest") or "") for one in tests}


def failed_before(rows: Iterable[Mapping[str, Any]], target: str, now: datetime) -> tuple[Problem, ...]:
    """A note before the question of a failover: the tests that failed in the region that would take over. It stops nothing."""
    here = [one for one in results(rows) if one.region == target and one.outcome == "failed"]
    told = [f"{one.name}{f' at block {one.block}' if one.block else ''} ({age(one.age(now))} ago)" for one in here]
    note = Problem(
        code="flow-tests-failed",
        summary="Flow tests failed in the region that takes over",
        detail=", ".join(told),
        at=target,
        fix=f"sbctl flow test --region {target}",
        exit=Exit.DONE,
    )
    return (note,) if told else ()


def last_results(rows: Iterable[Mapping[str, Any]], target: str, now: datetime) -> dict[str, Any] | None:
    """`passed`, `failed` (names) and `age_seconds` (of the oldest) of a region's last flow tests; None without any."""
    here = [one for one in results(rows) if one.region == target]
    if not here:
        return None
    return {
        "passed": sum(one.outcome == "passed" for one in here),
        "failed": [one.name for one in here if one.outcome == "failed"],
        "age_seconds": round(max(one.age(now) for one in here), 3),
    }


def _found(here: Sequence[FlowTestResult], older: Sequence[str], region: str, now: datetime) -> Found:
    failed = [one.name for one in here if one.outcome == "failed"]
    aged = f"the oldest result is of {age(max(one.age(now) for one in here))} ago"
    again = f"sbctl flow test --region {region}"
    if failed:
        return Found("failed", "bad", f"{_listed(failed)} failed; {aged}", again)
    if older:
        return Found("older", "unknown", f"{_listed(older)} ran before the file changed; {aged}", f"{again} --deploy")
    return Found("passed", "ok", f"{len(here)} passed; {aged}")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
