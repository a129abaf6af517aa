"""Readings that do not hold as problems: what has one reason and one remedy is told once, with the places it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sbctl.core.problem import Problem
from sbctl.core.reading import WORST_FIRST, Reading

SHOWN = 3
"""Places named in one problem before the others are only counted."""


def dedupe(readings: Iterable[Reading], family: str = "replication") -> tuple[Problem, ...]:
    """The problems of all readings that do not hold. A region that does not answer is one problem, not forty.

    `family` begins the code of a problem that several checks share.
    """
    together: dict[tuple[str, str, str], list[Reading]] = {}
    for reading in readings:
        if reading.verdict != "ok":
            verdict = "" if reading.detail else reading.verdict  # one reason is one problem, however bad it is for each
            together.setdefault((verdict, reading.detail, reading.fix), []).append(reading)
    return tuple(problem for group in together.values() if (problem := _problem(group, family)) is not None)


def _problem(group: Sequence[Reading], family: str) -> Problem | None:
    group = sorted(group, key=lambda reading: WORST_FIRST.index(reading.verdict))
    first = group[0].problem()
    if first is None or len(group) == 1:
        return first
    places = list(dict.fromkeys(problem.at for reading in group if (problem := reading.problem()) is not None))
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    checks = list(dict.fromkeys(reading.check for reading in group))
    said: dict[str, Any] = {"at": ", ".join(places[:SHOWN]) + more}
    if len(checks) > 1:
        said["code"] = f"{family}-{group[0].verdict}"
        count = f" ({len(group)} readings)" if len(group) > len(checks) else ""
        named = (
            f"{', '.join(checks)}{count}" if len(checks) <= SHOWN else f"{len(group)} readings of {len(checks)} checks"
        )
        said["detail"] = f"{group[0].detail}; this concerns {named}"
    return replace(first, **said)
