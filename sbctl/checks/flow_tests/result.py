"""What came of one test in one region, in a form that can be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime

from sbctl.core.kinds.spec import Frozen
from sbctl.core.reading import Reading, Verdict

CHECK = "flow-test"
Outcome = Literal["passed", "failed", "stopped", "unknown"]
VERDICTS: dict[Outcome, Verdict] = {"passed": "ok", "failed": "bad", "stopped": "unknown", "unknown": "unknown"}


class PathStep(Frozen):
    """One block that a contact passed. `branch`: "" for the next block, an error's name, a condition's operand; None: not left."""

    flow: str
    block: str
    type: str = ""
    branch: str | None = None


class FlowTestResult(Frozen):
    """`block` is where a test failed, or where its path parts from that of other regions; "" where nothing says it.

    `digest` tells the file that was tested from later ones.
    """

    name: str
    region: str
    outcome: Outcome
    at: AwareDatetime
    block: str = ""
    why: str = ""
    path: tuple[PathStep, ...] = ()
    digest: str = ""
    serial: int = 0
    """Of the state when it was tested: a deploy since then may have changed what the test met."""
    seconds: float = 0.0
    """From its start to its end, by the clock of the world it ran in."""

    def age(self, now: datetime) -> float:
        """Seconds since the test ended."""
        return max(0.0, (now - self.at).total_seconds())

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The form promised in JSON output."""
        return {
            "name": self.name,
            "region": self.region,
            "outcome": self.outcome,
            "block": self.block,
            "why": self.why,
            "age_seconds": round(self.age(now), 3),
        }

    def reading(self) -> Reading:
        """The same as a reading, for checks before a failover."""
        where = f" at block {self.block}" if self.block else ""
        return Reading(
            check=CHECK,
            subject=self.name,
            target=self.region,
            value=self.outcome,
            verdict=VERDICTS[self.outcome],
            at=self.at,
            detail=f"{self.outcome}{where}{f': {self.why}' if self.why else ''}",
            fix="" if self.outcome == "passed" else f"sbctl flow test --region {self.region}",
        )
