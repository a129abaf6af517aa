"""Readings: what a check measured, between which regions, when, and whether that is good enough. Unknown is a value.

A region that does not answer gives a reading with verdict `unknown`, named and with its reason; it never counts as healthy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from sbctl.core.kinds.spec import Frozen
from sbctl.core.problem import Exit, Problem

Verdict = Literal["ok", "late", "bad", "unknown"]
WORST_FIRST: tuple[Verdict, ...] = ("bad", "unknown", "late", "ok")


class Reading(Frozen):
    """One measured value.

    `check` is a stable slug ("canary-item", "replica-status"); `subject` names what was looked at (a table, a bucket, an
    address); `source` and `target` are regions, empty where a check has none; `at` is when it was measured.
    """

    check: str
    subject: str = ""
    source: str = ""
    target: str = ""
    value: float | str | None = None
    unit: str = ""
    verdict: Verdict
    at: AwareDatetime
    detail: str = ""
    """What was seen, for people."""
    fix: str = ""
    """What to do when the verdict is not ok; a command where there is one."""
    exit: Exit = Field(default=Exit.NOT_HELD, exclude=True, repr=False)
    """The exit code that it amounts to when the verdict is not ok: another one where the caller, or this machine, is at fault."""

    def age(self, now: datetime) -> float:
        """Seconds since it was measured; never negative, since two machines' clocks may differ."""
        return max(0.0, (now - self.at).total_seconds())

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The form promised in JSON output."""
        return {
            "check": self.check,
            "subject": self.subject,
            "from": self.source,
            "to": self.target,
            "value": self.value,
            "unit": self.unit,
            "verdict": self.verdict,
            "age_seconds": round(self.age(now), 3),
            "detail": self.detail,
            "fix": self.fix,
        }

    def problem(self) -> Problem | None:
        """The problem that this reading amounts to; None when it is ok. Mostly of exit code 8."""
        if self.verdict == "ok":
            return None
        route = " → ".join(region for region in (self.source, self.target) if region)
        place = " ".join(part for part in (self.subject, route) if part)
        return Problem(
            code=f"{self.check}-{self.verdict}",
            summary=_SUMMARIES[self.verdict],
            detail=f"{self.check}: {self.detail}" if self.detail else self.check,
            at=place,
            fix=self.fix,
            exit=self.exit,
        )


_SUMMARIES: dict[Verdict, str] = {
    "late": "A check took longer than its objective",
    "bad": "A check did not hold",
    "unknown": "A check could not be made",
}


def worst_verdict(readings: Iterable[Reading]) -> Verdict:
    """The worst verdict among readings; unknown when there are none, since nothing is proven by not looking."""
    found = {reading.verdict for reading in readings}
    return next((verdict for verdict in WORST_FIRST if verdict in found), "unknown")


def problems_of(readings: Iterable[Reading]) -> tuple[Problem, ...]:
    """The problems of all readings that do not hold."""
    return tuple(problem for reading in readings if (problem := reading.problem()) is not None)
