"""The door of measurements: reads and canaries pass, and nothing else does, by construction."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.aws.layers.guards import CanaryOnly
from sbctl.core.clock import FakeClock
from sbctl.core.moving.canary import OBJECT_PREFIX, is_canary_key, key_value
from sbctl.core.problem import SbctlError
from tests.unit.aws.fakes import Answers

TOKEN = "3f0e5b0a6c0d4c559c7e3d3a4f5b6c7d"
OURS = {"Id": key_value("S", TOKEN)}
NEW = {"ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": {"#key": "Id"}}
KEY = f"{OBJECT_PREFIX}us-east-1/{TOKEN}"

ALLOWED: list[tuple[str, str, dict[str, Any]]] = [
    ("dynamodb", "GetItem", {"Key": {"Id": {"S": "anybody"}}}),
    ("s3", "HeadObject", {"Key": "calls/1.wav"}),
    ("dynamodb", "PutItem", {"Item": {**OURS, "expiresAt": {"N": "1"}}, **NEW}),
    ("dynamodb", "DeleteItem", {"Key": OURS}),
    ("dynamodb", "DeleteItem", {"Key": {"Id": key_value("N", TOKEN), "At": key_value("B", TOKEN)}}),
    ("s3", "PutObject", {"Key": KEY}),
    ("s3", "DeleteObject", {"Key": KEY, "VersionId": "v1"}),
]
REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("dynamodb", "PutItem", {"Item": {"Id": {"S": "ann"}}, **NEW}),
    ("dynamodb", "PutItem", {"Item": OURS}),
    ("dynamodb", "PutItem", {"Item": OURS, **NEW, "ConditionExpression": "attribute_exists(#key)"}),
    ("dynamodb", "PutItem", {"Item": {"Id": {"S": "ann"}, "x": OURS["Id"]}, **NEW}),
    ("dynamodb", "PutItem", {"Item": OURS, "ConditionExpression": "attribute_not_exists(#key)"}),
    ("dynamodb", "DeleteItem", {"Key": {"Id": {"S": "ann"}}}),
    ("dynamodb", "DeleteItem", {"Key": {**OURS, "At": {"N": "5"}}}),
    ("dynamodb", "DeleteItem", {"Key": {}}),
    ("dynamodb", "UpdateItem", {"Key": OURS}),
    ("dynamodb", "BatchWriteItem", {}),
    ("dynamodb", "UpdateTable", {"TableName": "t"}),
    ("s3", "PutObject", {"Key": "calls/1.wav"}),
    ("s3", "PutObject", {"Key": f"x/{OBJECT_PREFIX}"}),
    ("s3", "DeleteObject", {"Key": KEY}),
    ("s3", "DeleteObject", {"Key": "calls/1.wav", "VersionId": "v1"}),
    ("s3", "DeleteObjects", {}),
    ("s3", "PutBucketReplication", {"Bucket": "b"}),
    ("iam", "PutRolePolicy", {}),
    ("connect", "UpdateQueueStatus", {}),
]


@pytest.mark.parametrize(("service", "operation", "params"), ALLOWED)
def test_reads_and_canaries_pass(service: str, operation: str, params: dict[str, Any]) -> None:
    """Any read, and writes that name a canary's own key."""
    answers = Answers(FakeClock())
    assert CanaryOnly(answers).call(service, operation, "us-east-1", **params)["params"] == params


@pytest.mark.parametrize(("service", "operation", "params"), REFUSED)
def test_every_other_write_is_refused(service: str, operation: str, params: dict[str, Any]) -> None:
    """Users' keys, overwriting, delete markers, and all that changes resources: none reaches AWS."""
    answers = Answers(FakeClock())
    with pytest.raises(SbctlError, match="no canary"):
        CanaryOnly(answers).call(service, operation, "us-east-1", **params)
    assert answers.times == []


@pytest.mark.parametrize("value", [{"S": "sbctl-canary"}, {"N": "-7"}, {"B": b"x"}, {"S": "x", "N": "1"}, {}])
def test_what_only_looks_like_a_canary_is_none(value: dict[str, Any]) -> None:
    """Short prefixes, other numbers, and values of two types."""
    assert not is_canary_key({"Id": value})


def test_numbers_of_canaries_are_numbers_that_dynamodb_keeps() -> None:
    """38 digits, the most there are, and another for every canary."""
    first, second = (key_value("N", token)["N"] for token in (TOKEN, TOKEN[::-1]))
    assert first != second
    assert {len(first), len(second)} == {39}
    assert str(int(first)) == first
