"""AWS's rate limits: refused above the burst, in the service's own words, for each region and operation alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.limits import Limits
from sbctl.sandbox.rates import rate_of
from sbctl.sandbox.service import ApiError
from tests.sandbox.conftest import Sandbox


@pytest.fixture
def limited(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox as it is by default, with limits; used up they stay so, however long a call takes."""
    limits = sandbox.world.limits
    limits.enabled, limits.now, usual = True, standing, limits.now
    yield sandbox
    limits.enabled, limits.now = False, usual


def standing() -> float:
    """A clock by which no bucket fills again."""
    return 100.0


def passed(limits: Limits, region: str, service: str, operation: str, calls: int) -> int:
    """How many of a number of calls at once get through."""
    count = 0
    for _ in range(calls):
        try:
            limits.check(region, service, operation)
        except ApiError:
            continue
        count += 1
    return count


def test_a_burst_passes_and_the_next_call_does_not() -> None:
    """Connect lets five calls of an operation through at once, and none of the next hundred; a second later two more."""
    times = [100.0]
    limits = Limits(now=lambda: times[-1])
    assert passed(limits, "us-east-1", "connect", "ListQueues", 5) == 5
    assert passed(limits, "us-east-1", "connect", "ListQueues", 100) == 0
    times.append(101.0)
    assert passed(limits, "us-east-1", "connect", "ListQueues", 100) == 2


def test_regions_and_operations_have_buckets_of_their_own() -> None:
    """An operation that is used up leaves other operations, and other regions, alone."""
    limits = Limits(now=standing)
    passed(limits, "us-east-1", "connect", "ListQueues", 100)
    assert passed(limits, "us-west-2", "connect", "ListQueues", 5) == 5
    assert passed(limits, "us-east-1", "connect", "ListUsers", 5) == 5


def test_data_operations_have_no_rate() -> None:
    """Reading and writing items is bounded by a table's capacity, not by a request rate."""
    assert rate_of("dynamodb", "PutItem") is None
    assert rate_of("dynamodb", "UpdateTable") is not None


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("connect", "ThrottlingException", 429),
        ("route53", "Throttling", 400),
        ("lambda", "TooManyRequestsException", 429),
        ("iam", "Throttling", 400),
        ("dynamodb", "ThrottlingException", 400),
    ],
)
def test_each_service_throttles_in_its_own_words(service: str, code: str, status: int) -> None:
    """The code and status are the ones that SDKs know to retry for that service."""
    limits = Limits(now=standing)
    with pytest.raises(ApiError) as refused:
        for _ in range(1000):
            limits.check("us-east-1", service, "AnyOperation")
    assert (refused.value.code, refused.value.status) == (code, status)


def test_a_client_sees_the_throttle(limited: Sandbox) -> None:
    """boto3 gets a 429 with ThrottlingException when it lists faster than Connect allows."""
    client = limited.client("connect")
    with pytest.raises(ClientError) as refused:
        for _ in range(60):
            client.list_instances()
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_limits_can_be_switched_off(sandbox: Sandbox) -> None:
    """Without limits any number of calls is answered."""
    client = sandbox.client("connect")
    assert [client.list_instances()["InstanceSummaryList"] for _ in range(20)] == [[]] * 20
