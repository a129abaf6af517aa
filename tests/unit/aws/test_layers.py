"""The layers round the door: each does its one thing to calls and leaves the rest alone."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sbctl.aws.layers.counts import CountedCalls, Counts
from sbctl.aws.layers.guards import Breaker, ReadOnly
from sbctl.aws.layers.limit import THROTTLES, Bucket, RateLimit
from sbctl.aws.layers.rates import rate_of
from sbctl.aws.layers.retry import BUDGET_SECONDS, RetriedCalls
from sbctl.aws.layers.stack import SLICE_SECONDS, WaitingCalls
from sbctl.aws.reads import is_read
from sbctl.core.actor import Actor
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.events import CallMade, CallWaiting
from sbctl.core.problem import SbctlError
from tests.unit.aws.fakes import Answers


def quiet(event: object) -> None:
    """Listens to nothing."""


def test_a_bucket_gives_its_burst_and_then_spaced_turns() -> None:
    """As many turns as the burst are free, the next ones come at the rate."""
    bucket = Bucket((2.0, 3), FakeClock())
    assert [bucket.turn() for _ in range(6)] == pytest.approx([0, 0, 0, 0.5, 1.0, 1.5])


def test_a_bucket_refills_to_its_burst_and_no_further() -> None:
    """After a long rest the burst is there again, not more."""
    clock = FakeClock()
    bucket = Bucket((2.0, 3), clock)
    for _ in range(5):
        bucket.turn()
    clock.sleep(1000)
    assert [bucket.turn() for _ in range(4)] == pytest.approx([0, 0, 0, 0.5])


def test_an_emptied_bucket_has_no_burst() -> None:
    """After a throttle even the first turn waits."""
    bucket = Bucket((2.0, 3), FakeClock())
    bucket.empty()
    assert [bucket.turn() for _ in range(2)] == pytest.approx([0.5, 1.0])


def test_no_window_holds_more_calls_than_burst_and_rate_allow() -> None:
    """Calls through the limit never come closer than the documented rate once the burst is used."""
    clock = FakeClock()
    inner = Answers(clock)
    limit = RateLimit(inner, clock, quiet)
    rate, burst = rate_of("connect", "SearchQueues")
    for _ in range(burst + 6):
        limit.call("connect", "SearchQueues", "us-east-1")
    assert inner.times[:burst] == [0.0] * burst
    assert all(later - earlier == pytest.approx(1 / rate) for earlier, later in pairwise(inner.times[burst:]))


def test_regions_and_operations_have_buckets_of_their_own() -> None:
    """A used-up burst in one region or operation makes no other wait."""
    clock = FakeClock()
    limit = RateLimit(Answers(clock), clock, quiet)
    _, burst = rate_of("connect", "SearchQueues")
    for _ in range(burst):
        limit.call("connect", "SearchQueues", "us-east-1")
    limit.call("connect", "SearchQueues", "us-west-2")
    limit.call("connect", "ListQueues", "us-east-1")
    assert clock.monotonic() == 0
    limit.call("connect", "SearchQueues", "us-east-1")
    assert clock.monotonic() > 0


def test_a_throttle_empties_the_bucket() -> None:
    """When AWS throttles, the next call waits although the burst was not used up."""
    clock = FakeClock()
    limit = RateLimit(Answers(clock, "ThrottlingException"), clock, quiet)
    with pytest.raises(AwsError):
        limit.call("connect", "SearchQueues", "us-east-1")
    limit.call("connect", "SearchQueues", "us-east-1")
    assert clock.monotonic() > 0


@pytest.mark.parametrize("code", [*sorted(THROTTLES), "PriorRequestNotComplete", "InternalServiceException"])
def test_what_passes_is_repeated(code: str) -> None:
    """Throttles and server errors are tried again until the call succeeds, and each wait is said."""
    clock = FakeClock()
    inner = Answers(clock, code, code)
    said: list[object] = []
    answer = RetriedCalls(inner, clock, said.append).call("connect", "CreateQueue", "us-east-1", Name="Sales")
    assert answer["params"] == {"Name": "Sales"}
    assert len(inner.times) == 3
    assert [type(event) for event in said] == [CallWaiting, CallWaiting]


@pytest.mark.parametrize("code", ["LimitExceededException", "AccessDeniedException", "Unreachable", "NoCredentials"])
def test_what_stays_is_not_repeated(code: str) -> None:
    """A full quota, a refusal or a dead region is told at once."""
    clock = FakeClock()
    inner = Answers(clock, code, status=429)
    with pytest.raises(AwsError) as caught:
        RetriedCalls(inner, clock, quiet).call("connect", "CreateQueue", "us-east-1")
    assert caught.value.code == code
    assert len(inner.times) == 1


def test_dynamodb_busy_is_repeated_though_it_calls_it_a_limit() -> None:
    """DynamoDB's "too many at once" passes, although its code is that of a full quota."""
    clock = FakeClock()
    inner = Answers(clock, "LimitExceededException", message="Too many tables can be updated simultaneously")
    RetriedCalls(inner, clock, quiet).call("dynamodb", "CreateTable", "us-east-1")
    assert len(inner.times) == 2


def test_a_lost_answer_is_repeated_for_reads_only() -> None:
    """A write that got no answer may have taken effect, so only a read is sent again."""
    clock = FakeClock()
    read, write = Answers(clock, "Timeout"), Answers(clock, "Timeout")
    RetriedCalls(read, clock, quiet).call("connect", "DescribeQueue", "us-east-1")
    with pytest.raises(AwsError):
        RetriedCalls(write, clock, quiet).call("connect", "CreateQueue", "us-east-1")
    assert (len(read.times), len(write.times)) == (2, 1)


def test_repeating_ends_with_the_budget_on_the_runs_own_clock() -> None:
    """A throttle that never ends is told after the budget, measured on the clock that was passed in."""
    clock = FakeClock()
    inner = Answers(clock, *["ThrottlingException"] * 500)
    with pytest.raises(AwsError) as caught:
        RetriedCalls(inner, clock, quiet).call("connect", "SearchQueues", "us-east-1")
    assert caught.value.code == "ThrottlingException"
    assert BUDGET_SECONDS <= clock.monotonic() < BUDGET_SECONDS + 10


def test_the_breaker_opens_after_two_misses() -> None:
    """A region that did not answer twice in a row is not asked again; another region or service is."""
    clock = FakeClock()
    inner = Answers(clock, "Unreachable", "Timeout")
    breaker = Breaker(inner)
    for code in ("Unreachable", "Timeout", "Unreachable", "Unreachable"):
        with pytest.raises(AwsError) as caught:
            breaker.call("connect", "ListQueues", "us-east-1")
        assert caught.value.code == code
    assert len(inner.times) == 2
    breaker.call("connect", "ListQueues", "us-west-2")
    breaker.call("s3", "ListBuckets", "us-east-1")


@pytest.mark.parametrize("between", ["", "AccessDeniedException"])
def test_an_answer_between_two_misses_keeps_the_breaker_closed(between: str) -> None:
    """Any answer, even a refusal, shows that the region lives."""
    clock = FakeClock()
    inner = Answers(clock, "Timeout", between, "Timeout")
    breaker = Breaker(inner)
    for _ in range(3):
        try:
            breaker.call("connect", "ListQueues", "us-east-1")
        except AwsError:
            continue
    breaker.call("connect", "ListQueues", "us-east-1")
    assert len(inner.times) == 4


@pytest.mark.parametrize("operation", ["CreateQueue", "PutMetricAlarm", "DeleteBucket", "TagResource", "UpdateQueue"])
def test_read_only_refuses_writes(operation: str) -> None:
    """A write does not reach AWS through the layer for plans."""
    clock = FakeClock()
    inner = Answers(clock)
    with pytest.raises(SbctlError) as caught:
        ReadOnly(inner).call("connect", operation, "us-east-1")
    assert caught.value.problems[0].code == "write-in-plan"
    assert inner.times == []
    assert not is_read(operation)


@pytest.mark.parametrize("operation", ["GetBucketTagging", "ListQueues", "DescribeTable", "SearchQueues", "HeadBucket"])
def test_read_only_lets_reads_through(operation: str) -> None:
    """A read passes with its parameters."""
    assert ReadOnly(Answers(FakeClock())).call("connect", operation, "us-east-1", A=1)["params"] == {"A": 1}


def test_calls_are_counted_told_and_logged(tmp_path: Path) -> None:
    """Every request counts, also a refused one, and the audit log holds no parameters."""
    clock, counts, said = FakeClock(), Counts(), list[object]()
    audit = tmp_path / "logs" / "audit.jsonl"
    counted = CountedCalls(Answers(clock, "", "AccessDenied"), counts, clock, said.append, audit)
    counted.call("connect", "SearchQueues", "us-east-1", Name="secret")
    with pytest.raises(AwsError):
        counted.call("s3", "ListBuckets", "us-west-2")
    assert counts.operations() == {"connect:SearchQueues", "s3:ListBuckets"}
    assert counts.as_json() == {
        "total": 2,
        "by_service": {"connect": 1, "s3": 1},
        "by_region": {"us-east-1": {"connect": 1}, "us-west-2": {"s3": 1}},
    }
    assert [event.outcome for event in said if isinstance(event, CallMade)] == ["ok", "AccessDenied"]
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [(line["call"], line["request"], line["outcome"]) for line in lines] == [
        ("connect:SearchQueues", "r-1", "ok"),
        ("s3:ListBuckets", "", "AccessDenied"),
    ]
    assert "secret" not in audit.read_text()
    assert audit.stat().st_mode & 0o777 == 0o600


class Sts(Answers):
    """Says whose credentials these are."""

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        return {
            **super().call(service, operation, region, **params),
            "Arn": "arn:aws:sts::123456789012:assumed-role/ops/kim",
        }


def test_the_audit_log_says_who_from_where_and_in_which_run(tmp_path: Path) -> None:
    """The caller from the first answer that says it, asked for by others; the run as it is at each call."""
    actor, audit = Actor("kim@build-7", "build-7", "0.1.0", "sbctl-1"), tmp_path / "audit.jsonl"
    counted = CountedCalls(Sts(FakeClock()), Counts(), FakeClock(), lambda _: None, audit, actor)
    counted.call("dynamodb", "ListTables", "us-east-1")
    counted.call("sts", "GetCallerIdentity", "us-east-1")
    actor.run = "failover-1"
    counted.call("dynamodb", "PutItem", "us-east-1")
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [(line["by"], line["caller"].rpartition("/")[2], line["run"]) for line in lines] == [
        ("kim@build-7", "", "sbctl-1"),
        ("kim@build-7", "kim", "sbctl-1"),
        ("kim@build-7", "kim", "failover-1"),
    ]


def test_an_audit_log_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    """Where no call can be logged none is made, and the problem names the place and the remedy."""
    (tmp_path / "logs").write_text("a file where a folder should be")
    inner = Answers(FakeClock())
    counted = CountedCalls(inner, Counts(), FakeClock(), lambda _: None, tmp_path / "logs" / "audit.jsonl")
    with pytest.raises(SbctlError) as caught:
        counted.call("connect", "SearchQueues", "us-east-1")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at) == ("audit-unwritable", str(tmp_path / "logs" / "audit.jsonl"))
    assert "no call was made" in problem.detail
    assert inner.times == []


def test_an_audit_log_that_fails_later_stops_the_run(tmp_path: Path) -> None:
    """When the log goes away between two calls, the problem says that the second one was made."""
    inner, audit = Answers(FakeClock()), tmp_path / "audit.jsonl"
    counted = CountedCalls(inner, Counts(), FakeClock(), lambda _: None, audit)
    counted.call("connect", "SearchQueues", "us-east-1")
    audit.unlink()
    audit.mkdir()
    with pytest.raises(SbctlError, match="the last call was made"):
        counted.call("connect", "SearchQueues", "us-east-1")
    assert len(inner.times) == 2


def test_waiting_takes_the_time_asked_for_and_says_why() -> None:
    """A wait lasts as long as asked, in slices that say what is waited for and how long still."""
    clock = FakeClock()
    said: list[object] = []
    WaitingCalls(Answers(clock), clock, said.append).wait(2 * SLICE_SECONDS + 1, "the table to become active")
    assert clock.monotonic() == 2 * SLICE_SECONDS + 1
    events = [event for event in said if isinstance(event, CallWaiting)]
    assert [event.seconds for event in events] == [11.0, 6.0, 1.0]
    assert {event.reason for event in events} == {"the table to become active"}
