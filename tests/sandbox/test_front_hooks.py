"""Upstream: how corrections call moto underneath, in any region, and what they get when it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.hooks import MotoUpstream
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.failure import NOT_MODELLED
from tests.sandbox.conftest import Sandbox

TABLE = {
    "TableName": "customers",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def upstream(sandbox: Sandbox) -> MotoUpstream:
    """moto of the running sandbox, called from inside."""
    return MotoUpstream(sandbox.world.moto)


def test_a_call_reaches_the_region_it_names(upstream: MotoUpstream, sandbox: Sandbox) -> None:
    """A table made upstream in us-west-2 is seen by a client there, and by none elsewhere."""
    made = upstream.call("dynamodb", "CreateTable", "us-west-2", TABLE)
    assert made["TableDescription"]["TableName"] == "customers"
    assert sandbox.client("dynamodb", "us-west-2").list_tables()["TableNames"] == ["customers"]
    assert sandbox.client("dynamodb", "us-east-1").list_tables()["TableNames"] == []


def test_an_answer_has_no_metadata_and_no_stream(upstream: MotoUpstream) -> None:
    """The parsed answer holds the operation's members alone; an object's body comes as bytes."""
    upstream.call("s3", "CreateBucket", "us-east-1", {"Bucket": "recordings-1"})
    upstream.call("s3", "PutObject", "us-east-1", {"Bucket": "recordings-1", "Key": "a/b c", "Body": b"voice"})
    found = upstream.call("s3", "GetObject", "us-east-1", {"Bucket": "recordings-1", "Key": "a/b c"})
    assert found["Body"] == b"voice"
    assert "ResponseMetadata" not in found


@pytest.mark.parametrize("region", ["\u00e9", "a b", "-x", "a/../b", "x" * 70])
def test_a_region_that_is_none_is_refused(upstream: MotoUpstream, region: str) -> None:
    """As AWS refuses a signature for it; what asks underneath is not to fail itself."""
    with pytest.raises(ApiError) as refused:
        upstream.call("cloudwatch", "DescribeAlarms", region, {})
    assert (refused.value.code, refused.value.status) == ("InvalidSignatureException", 400)


def test_a_refusal_is_an_api_error(upstream: MotoUpstream) -> None:
    """moto's error comes with its code and status, ready to be raised to the client."""
    with pytest.raises(ApiError) as refused:
        upstream.call("dynamodb", "DescribeTable", "us-west-2", {"TableName": "none"})
    assert (refused.value.code, refused.value.status) == ("ResourceNotFoundException", 400)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [("dynamodb", "DescribeGlobalTable", {"GlobalTableName": "none"}), ("kinesis", "ListStreams", {})],
)
def test_a_gap_is_named(upstream: MotoUpstream, service: str, operation: str, params: dict[str, Any]) -> None:
    """A correction that builds on an operation or a service that is not there gets the same error as a client would."""
    with pytest.raises(ApiError) as refused:
        upstream.call(service, operation, "us-west-2", params)
    assert (refused.value.code, refused.value.status) == (NOT_MODELLED, 501)
    assert f"{service}:{operation}" in refused.value.message
