"""Looks at the regions and says how alike they are: as readings for guards and status, and as problems with remedies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sbctl.checks.quotas import Allowed
from sbctl.core.address import Address
from sbctl.core.kinds.value_paths import leaves
from sbctl.core.problem import Exit, Problem
from sbctl.core.reading import Reading
from sbctl.core.text.cut import cut_apart
from sbctl.engine.parity.compare import SILENT, Cell, Comparison, Difference, compare
from sbctl.engine.parity.peers import seated_in
from sbctl.engine.parity.quotas import instance_arn, quota_problems, quota_readings, read_quotas
from sbctl.engine.planning.planner import Scope
from sbctl.engine.session import Session

CHECK = "parity"
LONGEST = 60


@dataclass(frozen=True)
class Parity:
    """What was found: the comparison itself, readings for each kind and quota, and everything that is wrong."""

    comparison: Comparison
    readings: tuple[Reading, ...]
    quotas: tuple[Allowed, ...]
    problems: tuple[Problem, ...]


def parity_of(
    session: Session, reference: str, regions: tuple[str, ...], now: datetime, *, applied: bool = False
) -> Parity:
    """Read what AWS has in the reference region and in `regions`, and compare. Writes nothing.

    `now` stamps the readings. With `applied` regions are compared by what was last applied. A region that does not answer
    gives readings with verdict `unknown`, and a problem.
    """
    codes = tuple(region.region for region in session.project.by_priority)
    chosen = seated_in((item.address for item in session.desired), codes, (reference, *regions))
    seen = session.look(Scope(addresses=chosen), applied=applied)
    comparison = compare(session.kinds, seen, codes, reference, regions)
    project, world, every = session.project, seen.world, (reference, *regions)
    quotas = read_quotas(session.kinds, session.reads, project, world, every, session.make_executor)
    of_quotas = tuple(quota_readings(quotas, reference, regions, now))
    instances = {region: instance_arn(project, world, region) for region in every}
    refusals = [problem for problem in seen.world.problems if problem.code != SILENT]
    silences = [problem for problem in seen.world.problems if problem.code == SILENT]
    problems = [
        *difference_problems(comparison.differences),
        *quota_problems(quotas, of_quotas, instances),
        *map(_silence, silences),
        *refusals,
    ]
    return Parity(comparison, (*_readings(comparison, now), *of_quotas), tuple(quotas.values()), tuple(problems))


def _readings(comparison: Comparison, now: datetime) -> Iterator[Reading]:
    for cell in comparison.cells:
        wrong = cell.differing + cell.missing
        if cell.region == comparison.reference and not wrong:
            continue
        yield Reading(
            check=CHECK,
            subject=cell.kind,
            source=comparison.reference,
            target=cell.region,
            value=wrong,
            unit="differences",
            verdict="bad" if wrong else "unknown" if cell.unknown else "ok",
            at=now,
            detail=_told(comparison, cell),
            fix=remedy(comparison.reference, cell.region) if wrong else "",
        )


def _told(comparison: Comparison, cell: Cell) -> str:
    found = [
        sentence(one) for one in comparison.differences if one.region == cell.region and one.address.kind == cell.kind
    ]
    return "; ".join([*found, *([cell.unknown] if cell.unknown else [])])


def sentence(one: Difference) -> str:
    """A difference in words, its address included."""
    return f"{one.address}: {told(one)}"


def told(one: Difference) -> str:
    """A difference in words that follow its address."""
    if one.what == "missing":
        return "it is missing"
    if one.said:
        return "; ".join(one.said)
    other = f", in {one.reference} " if one.moved == "" else " instead of "
    return "; ".join(_of_leaf(*leaf, other) for leaf in leaves(one.field, one.there, one.here))


def _of_leaf(path: str, there: Any, here: Any, other: str) -> str:
    path = path.replace("<", "").replace(">", "")
    if isinstance(there, dict | list) and here is None:
        return f"{path} is missing"
    mine, theirs = cut_apart((_line(here), _line(there)), LONGEST)
    return f"{path} is {mine}{other}{theirs}"


def _line(value: Any) -> str:
    return "nothing" if value in (None, "") else value if isinstance(value, str) else json.dumps(value, default=str)


def remedy(reference: str, region: str) -> str:
    """The command that plans the difference away."""
    return f"sbctl parity --fix --from {reference}" + (f" --region {region}" if region != reference else "")


def difference_problems(differences: Iterable[Difference]) -> list[Problem]:
    """One problem for each address that differs, what hurts a failover most first. Exit code 8."""
    by_address: dict[Address, list[Difference]] = {}
    for one in sorted(differences, key=rank):
        by_address.setdefault(one.address, []).append(one)
    return [_problem(found) for found in by_address.values()]


def rank(one: Difference) -> tuple[int, Address, str]:
    """Sorts by how much it would hurt a failover."""
    return one.severity.rank, one.address, one.field


def _problem(found: list[Difference]) -> Problem:
    first = found[0]
    missing = first.what == "missing"
    hurts = first.severity
    return Problem(
        code=f"parity-{first.what}",
        summary="A region lacks what the config wants there" if missing else "A region is not like the others",
        detail=f"{'; '.join(map(told, found))} ({hurts.level}: {hurts.why})",
        at=str(first.address),
        fix=remedy(first.reference, first.region) if any(one.moved for one in found) else _by_hand(first),
        exit=Exit.NOT_HELD,
    )


def _by_hand(one: Difference) -> str:
    return f"Set it alike by hand: the config does not manage {one.field}."


def _silence(problem: Problem) -> Problem:
    return replace(
        problem,
        code="parity-unknown",
        summary="Nobody can say whether a region is like the others",
        detail=f"{problem.summary}: {problem.detail}",
        fix="Ask again when the region answers; until then it counts as not alike.",
        exit=Exit.NOT_HELD,
    )


def to_fix(comparison: Comparison) -> frozenset[Address]:
    """The addresses that a deploy would put right: those that are not as the config wants, on either side."""
    found: set[Address] = set()
    for one in comparison.differences:
        if one.moved in ("here", "both"):
            found.add(one.address)
        if one.moved in ("reference", "both") and one.peer is not None:
            found.add(one.peer)
    return frozenset(found)
