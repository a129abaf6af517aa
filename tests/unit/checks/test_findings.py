"""Figures and verdicts of checks as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.checks.findings import dedupe
from sbctl.checks.lag.measure import Lag
from sbctl.checks.lag.measuring import unasked
from sbctl.checks.lag.routes import Choice, Pair
from sbctl.checks.replication.role import ReplicationPath, RoleView, judge_role, look_at_role
from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit
from sbctl.core.reading import Reading
from tests.unit.checks.tables import EAST, WEST, customers
from tests.unit.resources.aws.scripted import Scripted

ACCOUNT = "123456789012"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAIR = Pair(customers(), EAST, WEST)


@pytest.mark.parametrize(
    ("samples", "p50", "p95"),
    [((3.0,), 3.0, 3.0), ((1.0, 2.0), 1.0, 2.0), (tuple(range(1, 101)), 50, 95), ((5.0, 1.0, 3.0), 3.0, 5.0)],
)
def test_percentiles_are_measured_values(samples: tuple[float, ...], p50: float, p95: float) -> None:
    """By nearest rank: nothing is made up between samples."""
    lag = Lag(PAIR, samples)
    assert (lag.percentile(0.5), lag.percentile(0.95)) == (p50, p95)


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(tables=["customers"]), True),
        (Choice(tables=["others"]), False),
        (Choice(buckets=["recordings"]), False),
        (Choice(sources=[EAST]), True),
        (Choice(sources=[WEST]), False),
        (Choice(targets=[EAST]), False),
        (Choice(tables=["customers"], sources=[EAST], targets=[WEST]), True),
    ],
)
def test_a_choice_takes_what_it_names(choice: Choice, taken: bool) -> None:
    """Nothing named is all; naming buckets leaves tables out."""
    assert choice.takes(PAIR) is taken


def silent(subject: str, check: str = "pitr") -> Reading:
    return Reading(
        check=check, subject=subject, verdict="unknown", at=NOW, detail="us-west-2 does not answer", fix="wait"
    )


def test_one_reason_is_told_once() -> None:
    """Five readings with one reason are one problem that names three of them; another reason is another problem."""
    readings = [silent(f"t{number}") for number in range(5)]
    readings.append(Reading(check="ttl", subject="x", verdict="bad", at=NOW, detail="off"))
    readings.append(Reading(check="ttl", subject="y", verdict="ok", at=NOW))
    first, second = dedupe(readings)
    assert (first.at, first.code) == ("t0, t1, t2 and 2 more", "pitr-unknown")
    assert (second.at, second.code, second.exit) == ("x", "ttl-bad", 8)


def test_one_reason_behind_several_checks_names_them() -> None:
    """A silent region stops many checks: the one problem lists which."""
    (problem,) = dedupe([silent("a"), silent("a", "stream")])
    assert problem.detail == "us-west-2 does not answer; this concerns pitr, stream"


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("ExpiredToken", Exit.CREDENTIALS, "AWS refused the credentials: ExpiredToken"),
        ("SignInNeeded", Exit.CREDENTIALS, "No credentials to ask AWS with: old"),
        ("AccessDenied", Exit.CREDENTIALS, "s3:HeadObject in us-east-1 answered AccessDenied: old"),
        ("BadSettings", Exit.USAGE, "Nothing could be asked of AWS: old"),
        ("UnrecognizedClientException", Exit.NOT_HELD, "AWS refused the credentials in us-east-1"),
        ("Unreachable", Exit.NOT_HELD, "us-east-1 does not answer"),
        ("ValidationException", Exit.NOT_HELD, "answered ValidationException"),
    ],
)
def test_a_check_that_was_not_made_ends_as_its_cause_does(code: str, exit_code: Exit, said: str) -> None:
    """Credentials and permissions end with 9, this machine's settings with 2; what AWS does is a check that did not hold."""
    found = unasked(AwsError(code, "old", service="s3", operation="HeadObject", region="us-east-1"))
    readings = [
        Reading(check=name, verdict="unknown", at=NOW, detail=found.detail, fix=found.fix, exit=found.exit)
        for name in ("a", "b", "b")
    ]
    (problem,) = dedupe(readings)
    assert problem.exit == exit_code
    assert said in problem.detail
    assert problem.detail.endswith("; this concerns a, b (3 readings)")
    assert "exit" not in readings[0].model_dump()


@pytest.mark.parametrize(
    "document", ["text", "[]", "[1]", '{"Statement": "x"}', '{"Statement": [{"Condition": []}, 1]}']
)
def test_a_policy_that_is_none_makes_one_reading_unknown(document: str) -> None:
    """Whatever IAM gives in the place of a policy."""
    role = {"Role": {"AssumeRolePolicyDocument": document}}
    view = look_at_role(Scripted(GetRole=role), "arn:aws:iam::123456789012:role/copy")
    assert isinstance(view, AwsError)
    assert judge_role(view, ACCOUNT, WAY).verdict == "unknown"


WAY = ReplicationPath("from", "to")
TRUST = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def condition(account: str) -> dict[str, Any]:
    return {**TRUST, "Condition": {"StringEquals": {"aws:SourceAccount": account}}}


@pytest.mark.parametrize(
    ("trust", "policies", "value"),
    [
        (TRUST, [ALL], "works"),
        (condition(ACCOUNT), [ALL], "works"),
        (condition("210987654321"), [ALL], "not-trusting"),
        ({**TRUST, "Principal": {"Service": ["ec2.amazonaws.com", "s3.amazonaws.com"]}}, [ALL], "works"),
        ({**TRUST, "Principal": "*"}, [ALL], "not-trusting"),
        ({**TRUST, "Effect": "Deny"}, [ALL], "not-trusting"),
        (TRUST, [], "not-allowing"),
        (TRUST, [{**ALL, "Action": ["S3:Get*", "s3:list*", "s3:Replicate*"]}], "works"),
        (TRUST, [{**ALL, "Action": "s3:Get*"}], "not-allowing"),
        (TRUST, [{**ALL, "Resource": ["arn:aws:s3:::from", "arn:aws:s3:::from/*", "arn:aws:s3:::to/*"]}], "works"),
        (TRUST, [{**ALL, "Resource": ["arn:aws:s3:::from", "arn:aws:s3:::from/*"]}], "not-allowing"),
        (TRUST, [ALL, {**ALL, "Effect": "Deny", "Action": "s3:ReplicateDelete"}], "not-allowing"),
        (TRUST, [ALL, {**ALL, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], "works"),
        (TRUST, [{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::other/*"}], "works"),
    ],
)
def test_what_a_role_is_good_for(trust: dict[str, Any], policies: list[dict[str, Any]], value: str) -> None:
    """Trust by service and account, wildcards, denials and the Not forms of elements."""
    view = RoleView("arn:aws:iam::123456789012:role/copy", True, (trust,), tuple(policies))
    assert judge_role(view, ACCOUNT, WAY).value == value


def test_a_role_that_is_not_there() -> None:
    """Bad, named, with the remedy."""
    found = judge_role(RoleView("arn:aws:iam::123456789012:role/copy"), ACCOUNT, WAY)
    assert (found.verdict, found.fix) == ("bad", "sbctl role apply")
    assert "role copy" in found.detail


SOURCE_KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
TARGET_KEY = "arn:aws:kms:us-west-2:123456789012:key/2"
USE: dict[str, Any] = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]}


@pytest.mark.parametrize(
    ("policies", "value"),
    [
        ([ALL], "not-allowing"),
        ([ALL, {**USE, "Resource": [SOURCE_KEY, TARGET_KEY]}], "works"),
        ([ALL, {**USE, "Resource": "arn:aws:kms:*:123456789012:key/*"}], "works"),
        ([ALL, {**USE, "Resource": SOURCE_KEY}], "not-allowing"),
        ([ALL, {**USE, "Resource": [SOURCE_KEY, TARGET_KEY], "Action": "kms:Decrypt"}], "not-allowing"),
    ],
)
def test_a_role_opens_originals_and_closes_copies(policies: list[dict[str, Any]], value: str) -> None:
    """With the key of each region; AWS's own key for S3 needs nothing."""
    view = RoleView("arn:aws:iam::123456789012:role/copy", True, (TRUST,), tuple(policies))
    assert judge_role(view, ACCOUNT, ReplicationPath("from", "to", (SOURCE_KEY,), TARGET_KEY)).value == value
    managed = "arn:aws:kms:us-west-2:123456789012:alias/aws/s3"
    assert judge_role(view, ACCOUNT, ReplicationPath("from", "to", (), managed)).value == "works"
