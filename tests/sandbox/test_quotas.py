"""Service Quotas and Lambda's account settings, as far as a failover rests on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import instance

CALLS = {"ServiceCode": "connect", "QuotaCode": "L-12AB7C57"}
LAMBDA = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384"}
ONE, OTHER = (f"arn:aws:connect:us-east-1:123456789012:instance/{number}" for number in (1, 2))
Client = Callable[..., Any]


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    """boto3 clients of an empty account."""
    return sandbox.client


def value(quotas: Any, **asked: str) -> float:
    found: float = quotas.get_service_quota(**asked)["Quota"]["Value"]
    return found


def test_an_increase_is_of_one_instance_and_one_region(client: Client) -> None:
    """A Connect quota belongs to an instance: the others keep the default, and so does every other region."""
    quotas = client("service-quotas")
    asked = quotas.request_service_quota_increase(**CALLS, ContextId=ONE, DesiredValue=50)["RequestedQuota"]
    assert asked["Status"] == "PENDING"
    assert (value(quotas, **CALLS, ContextId=ONE), value(quotas, **CALLS, ContextId=OTHER), value(quotas, **CALLS)) == (
        50, 10, 10,
    )  # fmt: skip
    assert value(client("service-quotas", "us-west-2"), **CALLS, ContextId=ONE) == 10


@pytest.mark.parametrize("context", ["arn", "id", ""])
def test_an_increase_of_an_instances_quota_takes_effect(sandbox: Sandbox, context: str) -> None:
    """A sixth number is claimed after an increase for the instance, by its ARN or id, or for the whole account."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    arn = connect.describe_instance(InstanceId=where)["Instance"]["Arn"]
    asked = {"arn": {"ContextId": arn}, "id": {"ContextId": where}, "": {}}[context]
    numbers: dict[str, Any] = {"ServiceCode": "connect", "QuotaCode": "L-8F812903", **asked}
    sandbox.client("service-quotas").request_service_quota_increase(**numbers, DesiredValue=6)
    ids = [
        connect.claim_phone_number(TargetArn=arn, PhoneNumber=f"+1800555010{number}")["PhoneNumberId"]
        for number in range(7)
    ]
    sandbox.world.clock.advance(6)
    told = [connect.describe_phone_number(PhoneNumberId=one)["ClaimedPhoneNumberSummary"] for one in ids]
    assert [one["PhoneNumberStatus"]["Status"] for one in told] == ["CLAIMED"] * 6 + ["FAILED"]


def test_lambda_tells_the_same_as_its_quota(client: Client) -> None:
    """GetAccountSettings follows an increase of the concurrency quota."""
    client("service-quotas").request_service_quota_increase(**LAMBDA, DesiredValue=3000)
    limits = client("lambda").get_account_settings()["AccountLimit"]
    assert (limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]) == (3000, 3000)
    assert client("lambda", "us-west-2").get_account_settings()["AccountLimit"]["ConcurrentExecutions"] == 1000


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"ServiceCode": "connect", "QuotaCode": "L-00000000"}, "NoSuchResourceException"),
        ({"ServiceCode": "ec2", "QuotaCode": "L-12AB7C57"}, "NoSuchResourceException"),
    ],
)
def test_a_quota_that_is_not_there_is_refused_by_name(client: Client, asked: dict[str, str], code: str) -> None:
    """What the sandbox does not model answers as AWS does for what it does not have."""
    with pytest.raises(ClientError) as caught:
        client("service-quotas").get_service_quota(**asked)
    assert caught.value.response["Error"]["Code"] == code


def test_a_smaller_value_is_no_increase(client: Client) -> None:
    """AWS only increases."""
    with pytest.raises(ClientError):
        client("service-quotas").request_service_quota_increase(**CALLS, DesiredValue=10)
