"""Functions really run: their code, their settings, their AWS calls, their failures, and their URLs."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.http.server import Running
from sbctl.sandbox.moto_bridge.awslambda import deployed
from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS

REGION = "us-west-2"
GENEROUS = 60
"""Seconds of real time that an event may take where no time-out is tried."""
SETTLING_SECONDS = 30.0
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SOURCE = """
import json, os, time

COUNT = {"calls": 0}

def handler(event, context):
    COUNT["calls"] += 1
    do = event.get("do", "")
    if do == "raise":
        raise ValueError("no luck")
    while do == "hang":
        time.sleep(1)
    if do == "meet":
        open(os.path.join(event["place"], str(os.getpid())), "w").close()
        while len(os.listdir(event["place"])) < event["guests"]:
            time.sleep(0.01)
    if do == "exit":
        os._exit(3)
    if do == "put":
        import boto3
        boto3.client("dynamodb").put_item(TableName="things", Item={"id": {"S": event["id"]}})
    if event.get("rawPath") == "/cookies":
        return {"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"]}
    if "rawPath" in event:
        return {"statusCode": 201, "headers": {"X-Path": event["rawPath"]}, "body": event.get("body", "-")}
    print("hello from", context.function_name)
    return {
        "env": os.environ.get("COLOUR"), "region": os.environ["AWS_REGION"], "calls": COUNT["calls"],
        "arn": context.invoked_function_arn, "left": context.get_remaining_time_in_millis(), "pid": os.getpid(),
        "now": [time.time(), time.monotonic(), time.time_ns() / 1e9],
    }
"""


def package(source: str) -> bytes:
    """A zip with one module."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


@pytest.fixture
def running(sandbox: Sandbox) -> Running:
    """The server, whose clock stands."""
    return sandbox.running


@pytest.fixture
def ticking(running: Running) -> Iterator[None]:
    """The clock runs as fast as real time, as do the time-outs of functions then."""
    running.world.clock.run_at(1.0)
    yield
    running.world.clock.run_at(0.0)


@pytest.fixture
def client(sandbox: Sandbox) -> Callable[[str], Any]:
    """boto3 clients of an empty account."""
    return lambda service: sandbox.client(service, REGION)


@pytest.fixture
def functions(client: Callable[[str], Any], settle: Callable[[], None]) -> Any:
    """A Lambda client, with the function `f` deployed and active."""
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    settle()
    found = client("lambda")
    found.create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": package(SOURCE)},
        Timeout=GENEROUS,
        Environment={"Variables": {"COLOUR": "red"}},
    )
    settle()
    return found


@pytest.fixture
def settle(running: Running) -> Callable[[], None]:
    """Let pass the time in which a role becomes known, and a function or a table active."""
    return lambda: running.world.scheduler.advance(SETTLING_SECONDS)


def invoke(functions: Any, event: dict[str, Any], **options: Any) -> tuple[dict[str, Any], Any]:
    """The answer to one event, and its payload."""
    answer = functions.invoke(FunctionName="f", Payload=json.dumps(event), **options)
    return answer, json.loads(answer["Payload"].read() or b"null")


def test_a_handler_runs_with_its_settings(functions: Any) -> None:
    """The handler sees its environment, its region and its context, and is kept warm for the next event."""
    _, first = invoke(functions, {})
    answer, second = invoke(functions, {}, LogType="Tail")
    assert (second["env"], second["region"]) == ("red", REGION)
    assert second["arn"].endswith(":function:f")
    assert 0 < second["left"] <= GENEROUS * 1000
    assert (second["calls"], second["pid"]) == (first["calls"] + 1, first["pid"])
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert "hello from f" in base64.b64decode(answer["LogResult"]).decode()


def test_a_version_keeps_its_code_and_settings(functions: Any, settle: Callable[[], None]) -> None:
    """A version and an alias of it run what was published, named in each of the ways; what does not exist is not run."""
    functions.publish_version(FunctionName="f")
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    functions.update_function_configuration(FunctionName="f", Environment={"Variables": {"COLOUR": "blue"}})
    settle()
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:f"
    asked = [("f", ""), (f"{arn}:$LATEST", ""), ("f", "1"), ("f:live", ""), ("f", "live"), (f"{arn}:live", "")]
    found = []
    for name, qualifier in asked:
        answer = functions.invoke(FunctionName=name, **({"Qualifier": qualifier} if qualifier else {}))
        found.append((answer["ExecutedVersion"], json.loads(answer["Payload"].read())["env"]))
    assert found == [("$LATEST", "blue")] * 2 + [("1", "red")] * 4
    for qualifier in ("2", "dead"):
        with pytest.raises(functions.exceptions.ResourceNotFoundException):
            functions.invoke(FunctionName="f", Qualifier=qualifier)


def test_a_function_with_nothing_reserved_for_it_does_not_run(functions: Any) -> None:
    """A reserved concurrency of 0 switches a function off: 429 with the reason; without it, it runs again."""
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(functions.exceptions.TooManyRequestsException) as refused:
        invoke(functions, {})
    assert refused.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    functions.delete_function_concurrency(FunctionName="f")
    assert invoke(functions, {})[0]["StatusCode"] == 200


def test_a_change_of_code_or_settings_is_a_new_process(functions: Any, settle: Callable[[], None]) -> None:
    """After an update the new environment and the new code run, and nothing of the old one is left."""
    invoke(functions, {})
    functions.update_function_configuration(FunctionName="f", Environment={"Variables": {"COLOUR": "blue"}})
    settle()
    _, found = invoke(functions, {})
    assert (found["env"], found["calls"]) == ("blue", 1)
    functions.update_function_code(FunctionName="f", ZipFile=package("def handler(event, context): return 'new'"))
    settle()
    assert invoke(functions, {})[1] == "new"


def test_an_error_is_answered_as_lambda_does(functions: Any) -> None:
    """An exception is a 200 with FunctionError, its type and message; the process goes on."""
    answer, found = invoke(functions, {"do": "raise"})
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert (found["errorType"], found["errorMessage"]) == ("ValueError", "no luck")
    assert invoke(functions, {})[1]["calls"] == 2


@pytest.mark.usefixtures("ticking")
@pytest.mark.parametrize(
    ("event", "kind"), [({"do": "exit"}, "Runtime.ExitError"), ({"do": "hang"}, "Sandbox.Timedout")]
)
def test_a_process_that_ends_or_hangs_is_replaced(
    functions: Any, settle: Callable[[], None], event: dict[str, Any], kind: str
) -> None:
    """A process that exits, or runs past the time-out, is an error, and the next event gets a fresh one."""
    functions.update_function_configuration(FunctionName="f", Timeout=1)
    settle()
    invoke(functions, {})
    answer, found = invoke(functions, event)
    assert (answer["FunctionError"], found["errorType"]) == ("Unhandled", kind)
    assert invoke(functions, {})[1]["calls"] == 1


def test_broken_code_is_reported_at_each_event(functions: Any, settle: Callable[[], None]) -> None:
    """A module that cannot be imported answers every event with the import's error."""
    functions.update_function_code(FunctionName="f", ZipFile=package("import nothing_of_that_name"))
    settle()
    for _ in range(2):
        answer, found = invoke(functions, {})
        assert (answer["FunctionError"], found["errorType"]) == ("Unhandled", "ModuleNotFoundError")


def test_a_function_calls_the_sandbox(functions: Any, settle: Callable[[], None], client: Callable[[str], Any]) -> None:
    """What a handler writes with boto3 lands in the same world, in the function's region."""
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    settle()
    assert "FunctionError" not in invoke(functions, {"do": "put", "id": "x"})[0]
    assert dynamodb.get_item(TableName="things", Key={"id": {"S": "x"}})["Item"] == {"id": {"S": "x"}}


def test_events_run_side_by_side_in_processes_of_their_own(
    functions: Any, settle: Callable[[], None], tmp_path: Path
) -> None:
    """Four events at once run in four processes: each is answered only when all four have met, whenever the last one starts."""
    functions.update_function_configuration(FunctionName="f", Timeout=60)
    settle()
    meet = {"do": "meet", "place": str(tmp_path), "guests": 4}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: invoke(functions, meet)[1], range(4)))
    assert {str(answer["pid"]) for answer in found} == {path.name for path in tmp_path.iterdir()}
    assert len({answer["pid"] for answer in found}) == 4


def test_a_handler_lives_in_the_worlds_time(functions: Any, running: Running) -> None:
    """What it asks of the time module moves on with the world between two events of one process, and is never less than before."""
    _, first = invoke(functions, {})
    began = running.world.clock.seconds()
    running.world.scheduler.advance(3600.0)
    _, second = invoke(functions, {})
    assert second["pid"] == first["pid"]
    assert all(began <= now < began + 3600.0 for now in first["now"])
    assert all(now >= began + 3600.0 for now in second["now"])


def test_other_ways_to_invoke(functions: Any) -> None:
    """A dry run checks and runs nothing, an asynchronous event is accepted at once, a missing function is refused."""
    assert functions.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204
    assert functions.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.invoke(FunctionName="absent")
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        functions.invoke(FunctionName="f", Payload=b"{")


def get(running: Running, url: str, method: str = "GET", body: bytes | None = None) -> tuple[HTTPResponse, bytes]:
    """Ask a function URL: the host stays in the Host header, the connection goes to the sandbox."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE_SECONDS)
    connection.request(
        method, parts.path or "/", body=body, headers={"Host": parts.netloc, "Content-Type": "text/plain"}
    )
    response = connection.getresponse()
    return response, response.read()


def test_a_function_url_needs_both_permissions_and_answers(functions: Any, running: Running) -> None:
    """Without both statements of the resource policy the URL is forbidden; with them the handler's answer comes through."""
    url = functions.create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"].rstrip("/")
    assert get(running, f"{url}/health")[0].status == 403
    functions.add_permission(
        FunctionName="f",
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    assert get(running, f"{url}/health")[0].status == 403
    functions.add_permission(
        FunctionName="f", StatementId="fn", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )
    response, body = get(running, f"{url}/health", "POST", b"question")
    assert (response.status, response.headers["X-Path"], body) == (201, "/health", b"question")
    assert get(running, f"{url}/cookies")[0].headers.get_all("set-cookie") == ["a=1; Path=/", "b=2"]
    functions.delete_function_url_config(FunctionName="f")
    assert get(running, f"{url}/health")[0].status == 404


def test_where_moto_keeps_code(functions: Any) -> None:
    """The one point at which moto's own Lambda is touched still holds the zip, and what is reserved."""
    found = deployed("123456789012", REGION, "f")
    assert functions.get_function(FunctionName="f")["Configuration"]["CodeSize"] == len(found.code)
    assert found.reserved is None
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=2)
    assert deployed("123456789012", REGION, "f").reserved == 2
