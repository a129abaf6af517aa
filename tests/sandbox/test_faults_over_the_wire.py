"""Faults as AWS clients see them: boto3 with its retries off, over real connections."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.sandbox.conftest import Sandbox

pytestmark = pytest.mark.served
EAST, WEST = "us-east-1", "us-west-2"
HANGING = 40
INSTANCE = {"IdentityManagementType": "CONNECT_MANAGED", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}


@pytest.fixture(autouse=True)
def healed(sandbox: Sandbox) -> Iterator[None]:
    """Nothing stays broken for the next test, and nothing parked."""
    yield
    sandbox.world.faults.heal()


def do(sandbox: Sandbox, method: str, action: str, params: Any = None) -> dict[str, Any]:
    """One control request over HTTP."""
    connection = HTTPConnection("127.0.0.1", sandbox.running.port, timeout=20)
    connection.request(method, f"/_sandbox/{action}", None if params is None else json.dumps(params))
    answer = connection.getresponse()
    found: dict[str, Any] = json.loads(answer.read())
    connection.close()
    assert answer.status == 200, found
    return found


def break_it(sandbox: Sandbox, kind: str, region: str = EAST, /, **params: Any) -> None:
    """Add a fault."""
    do(sandbox, "POST", "faults", {"kind": kind, "region": region, **params})


def impatient(sandbox: Sandbox, service: str, region: str) -> Any:
    """A client that waits half a second for an answer."""
    config = Config(retries={"total_max_attempts": 1}, read_timeout=0.5, max_pool_connections=HANGING, proxies={})
    keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    return boto3.client(service, region_name=region, endpoint_url=sandbox.endpoint, config=config, **keys)


def test_a_region_that_is_down_answers_nobody(sandbox: Sandbox) -> None:
    """Every service of the region is a connection error, another region and the control API answer, healing ends it."""
    east = [sandbox.client("connect", EAST).list_instances, sandbox.client("dynamodb", EAST).list_tables]
    for ask in east:
        ask()  # its connection is open when the region goes down
    break_it(sandbox, "down")
    for ask in [*east, sandbox.client("lambda", EAST).list_functions]:
        with pytest.raises(ConnectionClosedError):
            ask()
    assert sandbox.client("connect", WEST).list_instances()["InstanceSummaryList"] == []
    assert [fault["kind"] for fault in do(sandbox, "POST", "heal")["healed"]] == ["down"]
    assert all(ask()["ResponseMetadata"]["HTTPStatusCode"] == 200 for ask in east)


def test_global_control_planes_go_down_with_their_home(sandbox: Sandbox) -> None:
    """With us-east-1 down, Route 53 and IAM fail from every region, while us-west-2's own services answer."""
    break_it(sandbox, "down")
    for service, ask in (("route53", "list_hosted_zones"), ("iam", "list_roles")):
        with pytest.raises(ConnectionClosedError):
            getattr(sandbox.client(service, WEST), ask)()
    assert sandbox.client("sts", WEST).get_caller_identity()["Account"] == "123456789012"


def test_a_loss_of_another_region_leaves_the_global_control_planes(sandbox: Sandbox) -> None:
    """With us-west-2 down, Route 53 is changed as ever, also by a client of that region."""
    break_it(sandbox, "down", WEST)
    made = sandbox.client("route53", WEST).create_hosted_zone(Name="example.com", CallerReference="1")
    assert made["HostedZone"]["Name"] == "example.com."


def test_a_control_plane_fails_while_data_is_written_and_read(sandbox: Sandbox) -> None:
    """With control planes failing, tables cannot be made, and items of a table that is there can be."""
    client = sandbox.client("dynamodb")
    table = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    client.create_table(TableName="customers", **table)
    break_it(sandbox, "control-plane")
    with pytest.raises(ClientError, match="InternalServerError"):
        client.create_table(TableName="others", **table)
    client.put_item(TableName="customers", Item={"id": {"S": "1"}})
    assert client.get_item(TableName="customers", Key={"id": {"S": "1"}})["Item"] == {"id": {"S": "1"}}


def test_forty_hanging_calls_delay_nobody(sandbox: Sandbox) -> None:
    """More calls hang than there are workers; another region is answered meanwhile, and healing resets those who wait."""
    break_it(sandbox, "hang", count=1000)
    hanging, west = sandbox.client("dynamodb", EAST), sandbox.client("dynamodb", WEST)
    with ThreadPoolExecutor(HANGING) as pool:
        calls = [pool.submit(hanging.list_tables) for _ in range(HANGING)]
        while do(sandbox, "GET", "faults")["faults"][0]["count"] > 1000 - HANGING:
            time.sleep(0.02)
        assert west.list_tables()["TableNames"] == []
        assert not any(call.done() for call in calls)
        do(sandbox, "POST", "heal")
        errors = [type(call.exception()) for call in calls]
    assert errors == [ConnectionClosedError] * HANGING
    assert hanging.list_tables()["TableNames"] == []


def test_a_hanging_call_is_a_read_timeout(sandbox: Sandbox) -> None:
    """A client that waits for a service that hangs runs into its own timeout, and finds it well after healing."""
    break_it(sandbox, "hang", WEST, service="connect")
    client = impatient(sandbox, "connect", WEST)
    with pytest.raises(ReadTimeoutError):
        client.list_instances()
    do(sandbox, "POST", "heal", {"region": WEST})
    assert client.list_instances()["InstanceSummaryList"] == []


@pytest.mark.parametrize(
    ("service", "ask", "code", "status"),
    [
        ("connect", "list_instances", "ThrottlingException", 429),
        ("lambda", "list_functions", "TooManyRequestsException", 429),
        ("s3", "list_buckets", "SlowDown", 503),
        ("dynamodb", "list_tables", "ThrottlingException", 400),
        ("iam", "list_roles", "Throttling", 400),
        ("route53", "list_hosted_zones", "Throttling", 400),
        ("cloudwatch", "list_dashboards", "Throttling", 400),
    ],
)
def test_each_service_throttles_in_its_own_words(
    sandbox: Sandbox, service: str, ask: str, code: str, status: int
) -> None:
    """A throttled client is told so by the code and status of that service."""
    break_it(sandbox, "throttle", service=service)
    assert refused(sandbox.client(service), ask) == (code, status)


@pytest.mark.parametrize(
    ("service", "ask", "code", "status"),
    [
        ("connect", "list_instances", "InternalServiceException", 500),
        ("lambda", "list_functions", "ServiceException", 500),
        ("s3", "list_buckets", "InternalError", 500),
        ("dynamodb", "list_tables", "InternalServerError", 500),
        ("iam", "list_roles", "ServiceFailure", 500),
        ("route53", "list_hosted_zones", "ServiceUnavailable", 503),
        ("logs", "describe_log_groups", "ServiceUnavailableException", 503),
        ("sqs", "list_queues", "InternalFailure", 500),
    ],
)
def test_each_service_fails_in_its_own_words(sandbox: Sandbox, service: str, ask: str, code: str, status: int) -> None:
    """A failing service answers with a server error of its own, and names the fault in the message."""
    break_it(sandbox, "error", service=service)
    assert refused(sandbox.client(service), ask) == (code, status)


def refused(client: Any, ask: str) -> tuple[str, int]:
    """The code and status with which a call is refused."""
    with pytest.raises(ClientError, match="The sandbox's fault f") as error:
        getattr(client, ask)()
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_an_error_with_a_code_strikes_the_operation_as_often_as_told(sandbox: Sandbox) -> None:
    """One named operation gets the named error twice, then its answer; other operations are untouched."""
    break_it(sandbox, "error", service="connect", operation="ListInstances", code="ResourceInUseException", count=2)
    client = sandbox.client("connect")
    client.create_instance(InstanceAlias="a-name", **INSTANCE)
    assert [refused(client, "list_instances")[0] for _ in range(2)] == ["ResourceInUseException"] * 2
    assert len(client.list_instances()["InstanceSummaryList"]) == 1


def test_a_lost_answer_has_its_effect(sandbox: Sandbox) -> None:
    """The caller sees its connection break, and what it asked for was done: a repetition with the token makes no second."""
    break_it(sandbox, "lost-answer", service="connect", operation="CreateInstance", count=1)
    client = sandbox.client("connect")
    with pytest.raises(ConnectionClosedError):
        client.create_instance(InstanceAlias="a-name", ClientToken="t-1", **INSTANCE)
    known = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
    assert client.create_instance(InstanceAlias="a-name", ClientToken="t-1", **INSTANCE)["Id"] == known[0]
    assert len(client.list_instances()["InstanceSummaryList"]) == len(known) == 1


def test_a_slow_service_answers_right_and_late(sandbox: Sandbox) -> None:
    """A patient client gets the whole answer, an impatient one its timeout, and objects survive the way."""
    client = sandbox.client("s3")
    client.create_bucket(Bucket="recordings-1")
    client.put_object(Bucket="recordings-1", Key="a", Body=b"voice" * 1000)
    break_it(sandbox, "slow", service="s3", delay=1.2)
    with pytest.raises(ReadTimeoutError):
        impatient(sandbox, "s3", EAST).list_buckets()
    assert client.get_object(Bucket="recordings-1", Key="a")["Body"].read() == b"voice" * 1000
    assert client.head_object(Bucket="recordings-1", Key="a")["ContentLength"] == 5000


def test_many_slow_calls_delay_nobody(sandbox: Sandbox) -> None:
    """More slow calls than workers are answered side by side, and another region at once."""
    break_it(sandbox, "slow", delay=2)
    slow, west, done = sandbox.client("dynamodb", EAST), sandbox.client("dynamodb", WEST), threading.Event()
    with ThreadPoolExecutor(HANGING) as pool:
        calls = [pool.submit(slow.list_tables) for _ in range(HANGING)]
        calls[0].add_done_callback(lambda _: done.set())
        assert west.list_tables()["TableNames"] == []
        assert not done.is_set()
        assert all(call.result()["TableNames"] == [] for call in calls)


def test_a_fault_ends_by_the_clock_of_the_world(sandbox: Sandbox) -> None:
    """A region that is down for five minutes answers again once the world's clock was moved by five minutes."""
    client = sandbox.client("connect")
    break_it(sandbox, "down", **{"for": 300})
    with pytest.raises(ConnectionClosedError):
        client.list_instances()
    assert do(sandbox, "POST", "advance", {"seconds": 301})["faults"] == []
    assert client.list_instances()["InstanceSummaryList"] == []


def test_the_server_survives_what_it_does_to_its_clients(sandbox: Sandbox) -> None:
    """After hundreds of reset and hanging connections every worker still works: fifty clients are answered at once."""
    break_it(sandbox, "down", EAST)
    break_it(sandbox, "hang", WEST)
    east, west = sandbox.client("dynamodb", EAST), impatient(sandbox, "dynamodb", WEST)
    with ThreadPoolExecutor(HANGING) as pool:
        calls = [pool.submit(east.list_tables) for _ in range(200)] + [pool.submit(west.list_tables) for _ in range(80)]
        assert {type(call.exception()) for call in calls} == {ConnectionClosedError, ReadTimeoutError}
    do(sandbox, "POST", "heal")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: sandbox.client("dynamodb").list_tables()["TableNames"], range(50)))
    assert answers == [[]] * 50
