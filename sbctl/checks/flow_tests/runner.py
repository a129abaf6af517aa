"""Runs test cases in one region: five at once, as many as Amazon Connect runs, each until it has ended.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StartTestCaseExecution.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sbctl.checks.flow_tests.records import failure, path_of
from sbctl.checks.flow_tests.result import FlowTestResult, Outcome
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import answers
from sbctl.core.clock import Clock

CALLS = frozenset(
    {
        "connect:StartTestCaseExecution",
        "connect:StopTestCaseExecution",
        "connect:GetTestCaseExecutionSummary",
        "connect:ListTestCaseExecutionRecords",
    }
)
AT_ONCE = 5
"""https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation.html"""
LOOK_SECONDS = 2.0
LONGEST_SECONDS = 900.0
"""For one test: its five minutes, and what others may run before it."""
NOT_RUN = frozenset({"InvalidRequestException", "InvalidTestCaseException"})
"""What StartTestCaseExecution answers of one case: it is a draft, or its number leads to no flow."""
FULL = "ServiceQuotaExceededException"
OUTCOMES: Mapping[str, Outcome] = {"PASSED": "passed", "FAILED": "failed", "STOPPED": "stopped"}


@dataclass(frozen=True)
class Case:
    """A deployed test. `content` is what the project's file says."""

    name: str
    region: str
    instance: str
    id: str
    content: Mapping[str, Any]
    digest: str = ""


@dataclass(frozen=True)
class Going:
    """An execution that has not ended. `since` in seconds of the waiting clock, `begun` by the clock of results."""

    case: Case
    id: str
    since: float
    begun: datetime


@dataclass(frozen=True)
class RegionRun:
    """The results of a region, and the error that ended its run early."""

    results: tuple[FlowTestResult, ...]
    error: AwsError | None = None


class Runner:
    """Runs tests in one region. `now` stamps results; `clock` is waited by; `told` hears of each that ended."""

    def __init__(
        self,
        aws: AwsCalls,
        clock: Clock,
        now: Callable[[], datetime],
        told: Callable[[FlowTestResult], object],
        stopped: Callable[[], bool],
    ) -> None:
        self._aws, self._clock, self._now, self._told, self._stopped = aws, clock, now, told, stopped

    def run(self, cases: Sequence[Case]) -> RegionRun:
        """Every case once. A region that stops answering leaves the rest unknown."""
        waiting, going = list(cases), list[Going]()
        results: list[FlowTestResult] = []
        try:
            while waiting or going:
                if self._stopped():
                    results += [self._cut(one) for one in going]
                    results += [self._result(one, "stopped", "it was interrupted") for one in waiting]
                    break
                waiting = self._start(waiting, going, results)
                self._clock.sleep(LOOK_SECONDS)
                for one in list(going):
                    ended = self._look(one)
                    if ended is not None:
                        going.remove(one)
                        results.append(ended)
        except AwsError as error:
            left = [*(one.case for one in going), *waiting]
            results += [self._result(one, "unknown", _why(error)) for one in left]
            return RegionRun(tuple(results), error)
        return RegionRun(tuple(results))

    def _start(self, waiting: list[Case], going: list[Going], results: list[FlowTestResult]) -> list[Case]:
        """Start as many as may run; those that are left. One that AWS does not run fails, and the others go on."""
        while waiting and len(going) < AT_ONCE:
            case = waiting[0]
            try:
                made = self._call("StartTestCaseExecution", case, ClientToken=str(uuid4()))
            except AwsError as error:
                if error.code == FULL:
                    return waiting  # others run tests of this instance
                if error.code not in NOT_RUN:
                    raise
                results.append(self._heard(self._result(case, "failed", f"AWS does not run it: {error.message}")))
                waiting = waiting[1:]
                continue
            going.append(Going(case, str(made["TestCaseExecutionId"]), self._clock.monotonic(), self._now()))
            waiting = waiting[1:]
        return waiting

    def _look(self, one: Going) -> FlowTestResult | None:
        found = self._call("GetTestCaseExecutionSummary", one.case, TestCaseExecutionId=one.id)
        outcome = OUTCOMES.get(str(found.get("Status")))
        if outcome is None:
            if self._clock.monotonic() - one.since < LONGEST_SECONDS:
                return None
            return self._result(one.case, "unknown", f"it is still {found.get('Status')}")
        records = self._records(one)
        why, block = failure(records, one.case.content) if outcome == "failed" else ("", "")
        result = self._result(one.case, outcome, why)
        seconds = max(0.0, (result.at - one.begun).total_seconds())
        return self._heard(result.model_copy(update={"block": block, "path": path_of(records), "seconds": seconds}))

    def _records(self, one: Going) -> list[Mapping[str, Any]]:
        pages = answers(
            self._aws,
            "connect",
            "ListTestCaseExecutionRecords",
            one.case.region,
            {"NextToken": "NextToken"},
            InstanceId=one.case.instance,
            TestCaseId=one.case.id,
            TestCaseExecutionId=one.id,
        )
        return [record for page in pages for record in page.get("ExecutionRecords") or ()]

    def _cut(self, one: Going) -> FlowTestResult:
        """Stop what this run began: a test goes on in AWS otherwise, and holds one of five places."""
        self._call("StopTestCaseExecution", one.case, TestCaseExecutionId=one.id, ClientToken=str(uuid4()))
        return self._result(one.case, "stopped", "it was interrupted")

    def _call(self, operation: str, case: Case, **params: Any) -> dict[str, Any]:
        named = {"InstanceId": case.instance, "TestCaseId": case.id}
        return self._aws.call("connect", operation, case.region, **named, **params)

    def _result(self, case: Case, outcome: Outcome, why: str) -> FlowTestResult:
        return FlowTestResult(
            name=case.name, region=case.region, outcome=outcome, at=self._now(), why=why, digest=case.digest
        )

    def _heard(self, result: FlowTestResult) -> FlowTestResult:
        self._told(result)
        return result


def _why(error: AwsError) -> str:
    return f"{error.region} does not answer" if error.unreachable else f"{error.operation}: {error.code}"
