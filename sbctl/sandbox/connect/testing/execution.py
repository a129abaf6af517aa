"""One execution of a test case, as it is kept: its state, its times and its records.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetTestCaseExecutionSummary.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.testing.watch import Record

LONGEST_SECONDS = 300.0
"""https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation.html"""
RUNNING = ("INITIATED", "IN_PROGRESS")


@dataclass
class Execution:
    """Times in seconds since the epoch of the world's clock; `ended` None while it goes on."""

    id: str
    case: str
    asked: float
    observations: tuple[str, ...]
    status: str = "INITIATED"
    begun: float | None = None
    ended: float | None = None
    records: list[Record] = field(default_factory=list)

    @property
    def deadline(self) -> float | None:
        return None if self.begun is None else self.begun + LONGEST_SECONDS

    def is_late(self, now: float) -> bool:
        """Whether its time is up, also where nothing runs it any more because the world was put back."""
        return self.status == "IN_PROGRESS" and self.deadline is not None and now >= self.deadline

    def end(self, status: str, now: float, why: str, path: Sequence[dict[str, str]]) -> None:
        """Observations that saw nothing get their records, the first with what the contact did since the last match."""
        seen = {record.observation for record in self.records}
        missed = [one for one in self.observations if one not in seen]
        rest = list(path)
        for one in missed:
            said: dict[str, Any] = {"Reason": why, "Path": rest}
            self.records.append(Record(one, "STOPPED" if status == "STOPPED" else "FAILED", now, said))
            rest = []
        if self.records and rest:
            told = self.records[-1].said
            told["Path"] = [*(told.get("Path") or ()), *rest]
        self.status, self.ended = status, now

    def summary(self) -> dict[str, Any]:
        """What GetTestCaseExecutionSummary answers."""
        done = [record.status for record in self.records]
        return {
            "StartTime": moment(self.asked),
            **({"EndTime": moment(self.ended)} if self.ended is not None else {}),
            "Status": self.status,
            "ObservationSummary": {
                "TotalObservations": len(self.observations),
                "ObservationsPassed": done.count("PASSED"),
                "ObservationsFailed": done.count("FAILED"),
            },
        }


def moment(when: float) -> datetime:
    return datetime.fromtimestamp(when, UTC)
