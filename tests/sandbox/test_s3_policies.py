"""Bucket policies deny what they say, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

RESOURCES = ["arn:aws:s3:::guarded", "arn:aws:s3:::guarded/*"]


def deny(action: str = "s3:*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": RESOURCES, **more}


def client_with(sandbox: Sandbox, *statements: dict[str, Any]) -> Any:
    client = sandbox.client("s3")
    client.create_bucket(Bucket="guarded")
    client.put_bucket_policy(Bucket="guarded", Policy=json.dumps({"Version": "2012-10-17", "Statement": [*statements]}))
    return client


def test_a_policy_for_tls_only_lets_objects_in(sandbox: Sandbox) -> None:
    """Clients of the sandbox count as clients over TLS, so a bucket that sbctl made takes recordings."""
    client = client_with(sandbox, deny(Condition={"Bool": {"aws:SecureTransport": "false"}}))
    client.put_object(Bucket="guarded", Key="calls/1", Body=b"voice")
    assert client.get_object(Bucket="guarded", Key="calls/1")["Body"].read() == b"voice"


@pytest.mark.parametrize(
    "condition", [{}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}], ids=["always", "over TLS"]
)
def test_a_denial_that_holds_denies(sandbox: Sandbox, condition: dict[str, Any]) -> None:
    """What is denied to everybody is denied to the account's own callers too."""
    client = client_with(sandbox, deny("s3:PutObject", **condition))
    with pytest.raises(ClientError) as refused:
        client.put_object(Bucket="guarded", Key="calls/1", Body=b"voice")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
