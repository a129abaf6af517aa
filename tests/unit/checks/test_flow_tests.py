"""Runs of flow tests: how executions are started and watched, where ways part, and what is covered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sbctl.checks.flow_tests.apart import apart, apart_problems, apart_readings
from sbctl.checks.flow_tests.coverage import coverage
from sbctl.checks.flow_tests.parting import partings, with_blocks
from sbctl.checks.flow_tests.records import failure, path_of
from sbctl.checks.flow_tests.result import FlowTestResult, Outcome, PathStep
from sbctl.checks.flow_tests.runner import AT_ONCE, Case, Runner
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.flow_document import FlowDocument

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Connect:
    """Executions that end at the second look. `most` run at once; `silent` from so many calls on."""

    def __init__(self, most: int = 99, silent: int = 999, status: str = "PASSED") -> None:
        self.most, self.silent, self.status = most, silent, status
        self.looks: dict[str, int] = {}
        self.running = self.peak = self.calls = 0
        self.stopped: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.calls += 1
        if self.calls > self.silent:
            raise AwsError("Unreachable", "no answer", service=service, operation=operation, region=region)
        answer: dict[str, Any] = getattr(self, operation)(params)
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        """Nobody waits here."""

    def StartTestCaseExecution(self, params: Mapping[str, Any]) -> dict[str, Any]:
        if self.running >= self.most:
            raise AwsError("ServiceQuotaExceededException", "full")
        self.running += 1
        self.peak = max(self.peak, self.running)
        name = f"x-{params['TestCaseId']}"
        self.looks[name] = 0
        return {"TestCaseExecutionId": name, "Status": "INITIATED"}

    def GetTestCaseExecutionSummary(self, params: Mapping[str, Any]) -> dict[str, Any]:
        name = params["TestCaseExecutionId"]
        self.looks[name] += 1
        if self.looks[name] < 2:
            return {"Status": "IN_PROGRESS"}
        self.running -= 1
        return {"Status": self.status}

    def ListTestCaseExecutionRecords(self, params: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return {"ExecutionRecords": [record("hears-1", self.status, Path=[{"Flow": "F", "Block": "b", "Branch": ""}])]}

    def StopTestCaseExecution(self, params: Mapping[str, Any]) -> dict[str, Any]:
        self.stopped.append(params["TestCaseExecutionId"])
        return {}


def record(observation: str, status: str, **said: Any) -> dict[str, Any]:
    return {"ObservationId": observation, "Status": status, "Record": json.dumps(said)}


def a_case(number: int) -> Case:
    return Case(f"t{number}", "us-east-1", "instance", f"case-{number}", {})


def a_result(region: str, outcome: Outcome, *steps: str) -> FlowTestResult:
    """A way is written as `block:branch`."""
    path = tuple(PathStep(flow="F", block=one.split(":")[0], branch=one.split(":")[1]) for one in steps)
    return FlowTestResult(name="t", region=region, outcome=outcome, at=NOW, path=path)


def ran(aws: Connect, cases: int, *, stopped: bool = False) -> list[FlowTestResult]:
    runner = Runner(aws, FakeClock(), lambda: NOW, lambda _one: None, lambda: stopped)
    return list(runner.run([a_case(number) for number in range(cases)]).results)


def test_no_more_than_five_run_at_once() -> None:
    """Amazon Connect runs five, and every case has its turn."""
    aws = Connect()
    results = ran(aws, 12)
    assert (aws.peak, sorted({one.outcome for one in results}), len(results)) == (AT_ONCE, ["passed"], 12)
    assert results[0].path == (PathStep(flow="F", block="b", branch=""),)


def test_a_full_instance_is_waited_for() -> None:
    """Others run tests too: the quota is no failure."""
    aws = Connect(most=1)
    assert [one.outcome for one in ran(aws, 3)] == ["passed"] * 3
    assert aws.peak == 1


def test_a_region_that_falls_silent_leaves_the_rest_unknown() -> None:
    """Never failed, and never passed."""
    aws = Connect(silent=3)
    runner = Runner(aws, FakeClock(), lambda: NOW, lambda _one: None, lambda: False)
    run = runner.run([a_case(number) for number in range(3)])
    assert [one.outcome for one in run.results] == ["unknown"] * 3
    assert run.error is not None
    assert run.error.unreachable


def test_what_never_ends_is_unknown() -> None:
    """An execution that AWS keeps in progress does not hold the command for ever."""
    aws = Connect(status="IN_PROGRESS")
    (one,) = ran(aws, 1)
    assert (one.outcome, one.why) == ("unknown", "it is still IN_PROGRESS")


def test_a_case_that_aws_does_not_run_fails_alone() -> None:
    """Its number leads to no flow in this region: the others are tested all the same."""

    class Refusing(Connect):
        def StartTestCaseExecution(self, params: Mapping[str, Any]) -> dict[str, Any]:
            if params["TestCaseId"] == "case-0":
                raise AwsError("InvalidRequestException", "it names no published flow")
            return super().StartTestCaseExecution(params)

    found = {one.name: (one.outcome, one.why) for one in ran(Refusing(), 2)}
    assert found == {"t0": ("failed", "AWS does not run it: it names no published flow"), "t1": ("passed", "")}


def test_an_interruption_starts_nothing() -> None:
    """What was not begun is told as stopped."""
    aws = Connect()
    assert [one.outcome for one in ran(aws, 2, stopped=True)] == ["stopped", "stopped"]
    assert aws.looks == {}


def test_ways_part_at_the_block_that_branches() -> None:
    """The last block that both passed, with either branch."""
    east = a_result("us-east-1", "passed", "hello:", "menu:1", "one:")
    west = a_result("us-west-2", "failed", "hello:", "menu:NoMatchingCondition", "none:")
    (found,) = partings([east, west])
    assert (found.block, found.region, found.branch, found.other_branch) == (
        "menu",
        "us-west-2",
        "NoMatchingCondition",
        "1",
    )
    assert [one.block for one in with_blocks([east, west])] == ["", "menu"]


def test_a_block_that_is_elsewhere_is_a_difference() -> None:
    """Also where no branch tells: another block follows."""
    (found,) = partings([a_result("a", "passed", "hello:", "menu:"), a_result("b", "passed", "hello:", "play:")])
    assert found.block == "hello"


def test_a_shorter_way_is_no_difference() -> None:
    """A test that failed early went the same way as far as it came."""
    assert partings([a_result("a", "passed", "hello:", "menu:"), a_result("b", "failed", "hello:")]) == ()


def test_ways_that_part_by_chance_are_alike() -> None:
    """A block that draws lots sends callers different ways in one region too."""
    east, west = (a_result(region, "passed", f"lots:{way}", f"b{way}:") for region, way in (("a", "1"), ("b", "2")))
    by_chance = PathStep(flow="F", block="lots", type="DistributeByPercentage", branch="2")
    assert partings([east, west.model_copy(update={"path": (by_chance, *west.path[1:])})]) == ()


def test_kept_results_tell_parity() -> None:
    """Of the present files and since the last deploy, against the reference, each block once."""
    east = a_result("us-east-1", "failed", "menu:1", "one:")
    west = a_result("us-west-2", "passed", "menu:2", "two:")
    digests = {("t", "us-east-1"): "", ("t", "us-west-2"): ""}
    found = apart([east, west], digests, 0, "us-east-1", ("us-west-2",))
    assert [(one.parting.region, one.parting.block, one.at) for one in found] == [("us-west-2", "menu", NOW)]
    (problem,) = apart_problems(found, NOW + timedelta(minutes=3))
    assert problem.detail == "at block menu of F: 2 in us-west-2, 1 in us-east-1; by t, 3 min ago"
    assert [(one.target, one.verdict, one.value) for one in apart_readings(found, "us-east-1")] == [
        ("us-west-2", "bad", 1)
    ]
    assert apart([east, west], digests, 1, "us-east-1", ("us-west-2",)) == ()
    assert apart([east, west], {**digests, ("t", "us-west-2"): "new"}, 0, "us-east-1", ("us-west-2",)) == ()
    assert apart([east, west], digests, 0, "us-east-1", ("eu-west-2",)) == ()


def test_a_failed_assertion_is_said_with_what_was_found() -> None:
    """And with the block where it was made."""
    failed = {"Namespace": "$.Queue.Name", "Operator": "Equals", "Expected": "VIP", "Found": None}
    why, block = failure([record("queue", "FAILED", FailedAssertion=failed, Block="transfer")], {})
    assert (why, block) == ("$.Queue.Name is not set, expected Equals 'VIP'", "transfer")


@pytest.mark.parametrize("text", ["", "plain words", "[1]", '{"Path": "x"}', '{"Path": [1]}'])
def test_records_of_any_form_are_read(text: str) -> None:
    """AWS gives a record's text no form: then no way is known, and nothing breaks."""
    rows = [{"ObservationId": "one", "Status": "FAILED", "Record": text}]
    assert path_of(rows) == ()
    assert failure(rows, {}) == ("observation one: it was not observed", "")


def test_coverage_counts_what_a_test_can_bring_about() -> None:
    """An error of a prompt is out of reach; a menu's time-out is not."""
    menu = {
        "Identifier": "menu",
        "Type": "GetParticipantInput",
        "Transitions": {
            "NextAction": "end",
            "Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["1"]}}],
            "Errors": [
                {"NextAction": "end", "ErrorType": one} for one in ("InputTimeLimitExceeded", "NoMatchingError")
            ],
        },
    }
    actions = [menu, {"Identifier": "end", "Type": "DisconnectParticipant", "Transitions": {}}]
    document = FlowDocument("F", "CONTACT_FLOW", "", {"StartAction": "menu", "Actions": actions}, "F.json")
    (none,) = coverage([document], [])
    assert (none.missed_blocks, none.missed_branches) == (("menu", "end"), ("menu: 1", "menu: InputTimeLimitExceeded"))
    passed = [PathStep(flow="F", block="menu", branch="1"), PathStep(flow="F", block="end")]
    (some,) = coverage([document], [passed])
    assert (some.blocks, some.branches, some.out_of_reach) == (2, 2, 1)
    assert (some.missed_blocks, some.missed_branches) == ((), ("menu: InputTimeLimitExceeded",))
