"""What an AWS client sees of each kind of fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sbctl.sandbox.http.server import Running
from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS, eventually
from tests.worlds import trusted

EAST, WEST = "us-east-1", "us-west-2"
Client = Callable[..., Any]
AT_ONCE = 40
SHORT = 0.2
"""Real seconds after which an impatient client gives a call up that would wait for ever."""
ASK = {
    "connect": "list_instances",
    "dynamodb": "list_tables",
    "iam": "list_roles",
    "lambda": "list_functions",
    "route53": "list_hosted_zones",
    "s3": "list_buckets",
    "sqs": "list_queues",
}


@pytest.fixture
def running(sandbox: Sandbox) -> Running:
    """The server, whose clock stands."""
    return sandbox.running


@pytest.fixture
def client(running: Running) -> Client:
    """Clients that try once, in a world without faults."""

    def make(service: str, region: str = EAST, read_timeout: float = PATIENCE_SECONDS) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=running.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(
                proxies={},
                read_timeout=read_timeout,
                retries={"total_max_attempts": 1},
                max_pool_connections=AT_ONCE,
            ),
        )

    return make


def control(running: Running, method: str, action: str, **params: Any) -> dict[str, Any]:
    """One control request."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE_SECONDS)
    connection.request(method, f"/_sandbox/{action}", body=json.dumps(params), headers=trusted(running))
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    return found


def all_wait(running: Running, number: int) -> None:
    """So many calls hang, or wait for their late answer."""
    eventually(lambda: running.world.stepper.waiting == number, f"{number} calls that wait")


def test_a_region_that_is_down_resets_connections(client: Client, running: Running) -> None:
    """Every call to it, and to the global services that live there, is cut; other regions answer; healing ends it."""
    control(running, "POST", "faults", kind="down", region=EAST)
    for broken in (client("connect"), client("dynamodb")):
        with pytest.raises(ConnectionClosedError):
            broken.list_instances() if "list_instances" in dir(broken) else broken.list_tables()
    with pytest.raises(ConnectionClosedError):
        client("route53", WEST).list_hosted_zones()
    assert client("connect", WEST).list_instances()["InstanceSummaryList"] == []
    assert len(control(running, "POST", "heal")["healed"]) == 1
    assert client("connect").list_instances()["InstanceSummaryList"] == []


def test_a_region_that_hangs_delays_no_other(client: Client, running: Running) -> None:
    """Forty calls hang, and another region answers meanwhile as if nothing were; in the end they are cut."""
    control(running, "POST", "faults", kind="hang", region=EAST)
    hanging, healthy = client("connect"), client("connect", WEST)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with running.world.stepper.asked():
            waiting = [pool.submit(hanging.list_instances) for _ in range(AT_ONCE)]
            all_wait(running, AT_ONCE)
            assert healthy.list_instances()["InstanceSummaryList"] == []
            assert not any(one.done() for one in waiting)
        assert {type(one.exception()) for one in waiting} == {ConnectionClosedError}
    control(running, "POST", "heal")
    assert client("connect").list_instances()["InstanceSummaryList"] == []


def test_a_call_that_hangs_ends_at_the_clients_timeout(client: Client, running: Running) -> None:
    """A client that is less patient than the world gives up by itself."""
    control(running, "POST", "faults", kind="hang", region=EAST)
    with running.world.stepper.asked(), pytest.raises(ReadTimeoutError):
        client("connect", EAST, SHORT).list_instances()


@pytest.mark.parametrize(
    ("fault", "service", "code", "status"),
    [
        ({"kind": "throttle"}, "dynamodb", "ThrottlingException", 400),
        ({"kind": "throttle"}, "connect", "ThrottlingException", 429),
        ({"kind": "error"}, "dynamodb", "InternalServerError", 500),
        ({"kind": "error", "code": "Oops"}, "iam", "Oops", 500),
        ({"kind": "control-plane"}, "iam", "ServiceUnavailable", 503),
        ({"kind": "throttle"}, "s3", "SlowDown", 503),
        ({"kind": "throttle"}, "route53", "Throttling", 400),
        ({"kind": "error"}, "connect", "InternalServiceException", 500),
        ({"kind": "error"}, "lambda", "ServiceException", 500),
        ({"kind": "error"}, "s3", "InternalError", 500),
        ({"kind": "error"}, "iam", "ServiceFailure", 500),
        ({"kind": "error"}, "sqs", "InternalFailure", 500),
    ],
)
def test_errors(client: Client, running: Running, fault: dict[str, Any], service: str, code: str, status: int) -> None:
    """Throttles and errors come in the protocol and with the code of the service that is asked."""
    control(running, "POST", "faults", region=EAST, **fault)
    asked = client(service)
    ask = ASK[service]
    with pytest.raises(ClientError) as caught:
        getattr(asked, ask)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_lost_answer_has_its_effect(client: Client, running: Running) -> None:
    """The role is made although the caller hears nothing; the second attempt finds it."""
    control(running, "POST", "faults", kind="lost-answer", region=EAST, operation="CreateRole", count=1)
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trust)}
    with pytest.raises(ConnectionClosedError):
        client("iam").create_role(**role)
    assert [found["RoleName"] for found in client("iam").list_roles()["Roles"]] == ["r"]


def test_a_slow_service_is_slow_and_right(client: Client, running: Running) -> None:
    """A client with less patience than the delay times out, one with more gets its answer."""
    control(running, "POST", "faults", kind="slow", region=EAST, service="connect", delay_seconds=0.6)
    with running.world.stepper.asked(), pytest.raises(ReadTimeoutError):
        client("connect", EAST, SHORT).list_instances()
    assert client("connect").list_instances()["InstanceSummaryList"] == []


def test_the_control_api_is_never_broken(client: Client, running: Running) -> None:
    """With everything down, the faults are still listed and a wrong one is refused with its reason."""
    client("connect")
    control(running, "POST", "faults", kind="down")
    assert [fault["kind"] for fault in control(running, "GET", "status")["faults"]] == ["down"]
    assert "kind must be one of" in control(running, "POST", "faults", kind="flood")["error"]
    assert len(control(running, "GET", "faults")["faults"]) == 1


def test_calls_that_hang_are_reset_when_their_fault_ends(client: Client, running: Running) -> None:
    """Whoever still waits when a hanging service is healed sees its connection end; those of another fault wait on."""
    control(running, "POST", "faults", kind="hang", region=EAST)
    control(running, "POST", "faults", kind="hang", region=WEST)
    east, west = client("dynamodb"), client("dynamodb", WEST)
    with ThreadPoolExecutor(AT_ONCE) as pool, running.world.stepper.asked():
        first = [pool.submit(east.list_tables) for _ in range(AT_ONCE // 2)]
        second = [pool.submit(west.list_tables) for _ in range(AT_ONCE // 2)]
        all_wait(running, AT_ONCE)
        control(running, "POST", "heal", region=EAST)
        assert {type(call.exception()) for call in first} == {ConnectionClosedError}
        assert not any(call.done() for call in second)
        control(running, "POST", "reset")
        assert {type(call.exception()) for call in second} == {ConnectionClosedError}
    assert east.list_tables()["TableNames"] == west.list_tables()["TableNames"] == []


def test_more_slow_calls_than_workers_delay_no_other_region(client: Client, running: Running) -> None:
    """Forty slow calls wait side by side, another region answers before any of them, and all get their right answer."""
    slow, healthy = client("dynamodb"), client("dynamodb", WEST)
    control(running, "POST", "faults", kind="slow", region=EAST, delay_seconds=2)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with running.world.stepper.asked():
            calls = [pool.submit(slow.list_tables) for _ in range(AT_ONCE)]
            all_wait(running, AT_ONCE)
            assert healthy.list_tables()["TableNames"] == []
            assert not any(call.done() for call in calls)
        assert all(call.result()["TableNames"] == [] for call in calls)


def test_a_late_answer_is_whole(client: Client, running: Running) -> None:
    """Bodies, and answers that have none, come through a slow service as they are."""
    objects = client("s3")
    objects.create_bucket(Bucket="recordings-1")
    objects.put_object(Bucket="recordings-1", Key="a", Body=b"voice" * 1000)
    control(running, "POST", "faults", kind="slow", region=EAST, delay_seconds=0.1)
    assert objects.get_object(Bucket="recordings-1", Key="a")["Body"].read() == b"voice" * 1000
    assert objects.head_object(Bucket="recordings-1", Key="a")["ContentLength"] == 5000
    assert objects.delete_object(Bucket="recordings-1", Key="a")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_the_server_survives_what_it_does_to_its_clients(client: Client, running: Running) -> None:
    """After hundreds of cut and hanging connections every worker still works: as many clients are answered at once."""
    control(running, "POST", "faults", kind="down", region=EAST)
    control(running, "POST", "faults", kind="hang", region=WEST)
    east, west = client("dynamodb"), client("dynamodb", WEST, SHORT)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with running.world.stepper.asked():
            cut = [pool.submit(east.list_tables) for _ in range(200)]
            hung = [pool.submit(west.list_tables) for _ in range(2 * AT_ONCE)]
            assert {type(call.exception()) for call in cut} == {ConnectionClosedError}
            assert {type(call.exception()) for call in hung} == {ReadTimeoutError}
        control(running, "POST", "heal")
        answers = list(pool.map(lambda _: east.list_tables()["TableNames"], range(AT_ONCE)))
    assert answers == [[]] * AT_ONCE


def test_a_fault_ends_by_the_clock_of_the_world(client: Client, running: Running) -> None:
    """A region that is down for five minutes answers once the world was advanced by as much."""
    control(running, "POST", "faults", kind="down", region=EAST, seconds=300)
    with pytest.raises(ConnectionClosedError):
        client("connect").list_instances()
    assert control(running, "POST", "advance", seconds=301)["faults"] == []
    assert client("connect").list_instances()["InstanceSummaryList"] == []
