"""What an AWS client sees of each kind of fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sbctl.sandbox.server import Running, serve
from sbctl.sandbox.world import World, WorldSettings

EAST, WEST = "us-east-1", "us-west-2"
Client = Callable[..., Any]


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A world without rate limits."""
    with serve(World(WorldSettings(limits=False))) as running:
        yield running


@pytest.fixture
def client(served: Running) -> Client:
    """Clients that try once, in a world without faults."""
    served.reset()

    def make(service: str, region: str = EAST, read_timeout: float = 10) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=served.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(proxies={}, read_timeout=read_timeout, retries={"total_max_attempts": 1}),
        )

    return make


def control(served: Running, method: str, action: str, **params: Any) -> dict[str, Any]:
    """One control request."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request(method, f"/_sandbox/{action}", body=json.dumps(params))
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    return found


def test_a_region_that_is_down_resets_connections(client: Client, served: Running) -> None:
    """Every call to it, and to the global services that live there, is cut; other regions answer; healing ends it."""
    control(served, "POST", "faults", kind="down", region=EAST)
    for broken in (client("connect"), client("dynamodb")):
        with pytest.raises(ConnectionClosedError):
            broken.list_instances() if "list_instances" in dir(broken) else broken.list_tables()
    with pytest.raises(ConnectionClosedError):
        client("route53", WEST).list_hosted_zones()
    assert client("connect", WEST).list_instances()["InstanceSummaryList"] == []
    assert len(control(served, "POST", "heal")["healed"]) == 1
    assert client("connect").list_instances()["InstanceSummaryList"] == []


def test_a_region_that_hangs_delays_no_other(client: Client, served: Running) -> None:
    """Forty calls that hang time out at their client, and another region answers meanwhile as if nothing were."""
    control(served, "POST", "faults", kind="hang", region=EAST)
    hanging, healthy = client("connect", EAST, 2), client("connect", WEST)

    def hang(_: int) -> bool:
        try:
            hanging.list_instances()
        except ReadTimeoutError:
            return True
        return False

    with ThreadPoolExecutor(40) as pool:
        waiting = [pool.submit(hang, number) for number in range(40)]
        time.sleep(0.5)
        assert healthy.list_instances()["InstanceSummaryList"] == []
        assert not any(one.done() for one in waiting)
        assert all(one.result() for one in waiting)
    control(served, "POST", "heal")
    assert client("connect").list_instances()["InstanceSummaryList"] == []


@pytest.mark.parametrize(
    ("fault", "service", "code", "status"),
    [
        ({"kind": "throttle"}, "dynamodb", "ThrottlingException", 400),
        ({"kind": "throttle"}, "connect", "ThrottlingException", 429),
        ({"kind": "error"}, "dynamodb", "InternalServerError", 500),
        ({"kind": "error", "code": "Oops"}, "iam", "Oops", 500),
        ({"kind": "control-plane"}, "iam", "ServiceUnavailable", 503),
    ],
)
def test_errors(client: Client, served: Running, fault: dict[str, Any], service: str, code: str, status: int) -> None:
    """Throttles and errors come in the protocol and with the code of the service that is asked."""
    control(served, "POST", "faults", region=EAST, **fault)
    asked = client(service)
    ask = {"dynamodb": "list_tables", "connect": "list_instances", "iam": "list_roles"}[service]
    with pytest.raises(ClientError) as caught:
        getattr(asked, ask)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_lost_answer_has_its_effect(client: Client, served: Running) -> None:
    """The role is made although the caller hears nothing; the second attempt finds it."""
    control(served, "POST", "faults", kind="lost-answer", region=EAST, operation="CreateRole", count=1)
    role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": []})}
    with pytest.raises(ConnectionClosedError):
        client("iam").create_role(**role)
    assert [found["RoleName"] for found in client("iam").list_roles()["Roles"]] == ["r"]


def test_a_slow_service_is_slow_and_right(client: Client, served: Running) -> None:
    """A client with less patience than the delay times out, one with more gets its answer."""
    control(served, "POST", "faults", kind="slow", region=EAST, service="connect", delay_seconds=0.6)
    with pytest.raises(ReadTimeoutError):
        client("connect", EAST, 0.2).list_instances()
    assert client("connect", EAST, 10).list_instances()["InstanceSummaryList"] == []


def test_the_control_api_is_never_broken(client: Client, served: Running) -> None:
    """With everything down, the faults are still listed and a wrong one is refused with its reason."""
    client("connect")
    control(served, "POST", "faults", kind="down")
    assert [fault["kind"] for fault in control(served, "GET", "status")["faults"]] == ["down"]
    assert "kind must be one of" in control(served, "POST", "faults", kind="flood")["error"]
    assert len(control(served, "GET", "faults")["faults"]) == 1
