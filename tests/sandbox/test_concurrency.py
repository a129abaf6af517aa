"""Reserved concurrency as Lambda keeps it: within the account's limit, told with the function, and 429 beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sbctl.core.address import Address
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.wire.function_urls import place_of
from sbctl.sandbox.wire.identify import Request
from tests.conformance.prerequisites import Prerequisites
from tests.worlds import empty_world, still

EAST = "us-east-1"
NAMES = ("one", "two")


@pytest.fixture
def running() -> Iterator[Running]:
    with empty_world(still()) as found:
        yield found


def client(running: Running, service: str, region: str = EAST) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=running.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )


def functions(running: Running) -> Any:
    """Lambda's client, after two functions were made."""
    made = Prerequisites(lambda service, region: client(running, service, region), running.world)
    for name in NAMES:
        made.lookup(Address.of("lambda_function", EAST, name).ref("name"))
    return client(running, "lambda")


def unreserved(lambdas: Any) -> int:
    return int(lambdas.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"])


def test_a_hundred_stay_unreserved(running: Running) -> None:
    """What functions reserve together leaves 100 for the others; a function's own reservation is not counted twice."""
    lambdas = functions(running)
    lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=800)
    assert unreserved(lambdas) == 200
    with pytest.raises(ClientError, match=r"below its minimum value of \[100\]") as caught:
        lambdas.put_function_concurrency(FunctionName="needed-two", ReservedConcurrentExecutions=101)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"
    lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=900)
    with pytest.raises(ClientError, match="minimum value"):
        lambdas.put_function_concurrency(FunctionName="needed-two", ReservedConcurrentExecutions=1)
    lambdas.delete_function_concurrency(FunctionName="needed-one")
    assert unreserved(lambdas) == 1000


def test_it_is_told_with_the_function_and_zero_too(running: Running) -> None:
    """GetFunction has it, also for a function that was stopped by 0, and no longer when it was taken back."""
    lambdas = functions(running)

    def told() -> Any:
        return lambdas.get_function(FunctionName="needed-one").get("Concurrency")

    assert told() is None
    for count in (5, 0):
        lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=count)
        assert told() == {"ReservedConcurrentExecutions": count}
    lambdas.delete_function_concurrency(FunctionName="needed-one")
    assert told() is None


def test_beyond_it_lambda_answers_429(running: Running) -> None:
    """Invoke raises TooManyRequestsException with its reason, a function URL has the status, the other function runs."""
    lambdas = functions(running)
    host = lambdas.create_function_url_config(FunctionName="needed-one", AuthType="NONE")["FunctionUrl"].split("/")[2]
    allowed = {"FunctionName": "needed-one", "Principal": "*"}
    lambdas.add_permission(**allowed, StatementId="a", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
    lambdas.add_permission(**allowed, StatementId="b", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True)
    lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as caught:
        lambdas.invoke(FunctionName="needed-one")
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    request = Request("GET", "/", "", {"host": host}, b"")
    place = place_of(request)
    assert place is not None
    assert running.world.function_urls.serve(place, request).status == 429
    assert lambdas.invoke(FunctionName="needed-two")["StatusCode"] == 200


def test_a_small_account_reserves_nothing(running: Running) -> None:
    """New accounts have ten executions: all of them stay unreserved."""
    lambdas = functions(running)
    quotas = running.world.services["service-quotas"]
    assert isinstance(quotas, ServiceQuotas)
    quotas.apply(EAST, "L-B99A9384", 10.0)
    with pytest.raises(ClientError, match=r"minimum value of \[10\]"):
        lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=1)
    lambdas.put_function_concurrency(FunctionName="needed-one", ReservedConcurrentExecutions=0)
