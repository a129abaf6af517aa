"""Functions really run: their code, their settings, their AWS calls, their failures, and their URLs."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from sbctl.sandbox.moto_lambda import deployed
from sbctl.sandbox.server import Running
from sbctl.sandbox.world import WorldSettings
from tests.worlds import empty_world

REGION = "us-west-2"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SOURCE = """
import json, os, sys, time
import boto3

COUNT = {"calls": 0}

def handler(event, context):
    COUNT["calls"] += 1
    do = event.get("do", "")
    if do == "raise":
        raise ValueError("no luck")
    if do == "sleep":
        time.sleep(event["seconds"])
    if do == "exit":
        os._exit(3)
    if do == "put":
        boto3.client("dynamodb").put_item(TableName="things", Item={"id": {"S": event["id"]}})
    if event.get("rawPath") == "/cookies":
        return {"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"]}
    if "rawPath" in event:
        return {"statusCode": 201, "headers": {"X-Path": event["rawPath"]}, "body": event.get("body", "-")}
    print("hello from", context.function_name)
    return {
        "env": os.environ.get("COLOUR"), "region": os.environ["AWS_REGION"], "calls": COUNT["calls"],
        "arn": context.invoked_function_arn, "left": context.get_remaining_time_in_millis(), "pid": os.getpid(),
    }
"""


def package(source: str) -> bytes:
    """A zip with one module."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A world at high speed, so that states pass."""
    with empty_world(WorldSettings(speed=200.0, limits=False)) as running:
        yield running


@pytest.fixture
def client(served: Running) -> Callable[[str], Any]:
    """boto3 clients of an empty account."""
    served.reset()

    def make(service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=served.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )

    return make


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    """A Lambda client, with the function `f` deployed and active."""
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    found = client("lambda")
    deploy = {
        "FunctionName": "f",
        "Runtime": "python3.11",
        "Role": role,
        "Handler": "app.handler",
        "Code": {"ZipFile": package(SOURCE)},
        "Timeout": 5,
        "Environment": {"Variables": {"COLOUR": "red"}},
    }
    for _ in range(100):
        try:
            found.create_function(**deploy)
            break
        except ClientError as error:
            if "cannot be assumed" not in str(error):
                raise
    found.get_waiter("function_active_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
    return found


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
    assert 0 < second["left"] <= 5000
    assert (second["calls"], second["pid"]) == (first["calls"] + 1, first["pid"])
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert "hello from f" in base64.b64decode(answer["LogResult"]).decode()


def test_a_version_keeps_its_code_and_settings(functions: Any) -> None:
    """A version and an alias of it run what was published, named in each of the ways; what does not exist is not run."""
    functions.publish_version(FunctionName="f")
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    functions.update_function_configuration(FunctionName="f", Environment={"Variables": {"COLOUR": "blue"}})
    functions.get_waiter("function_updated_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
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


def test_a_change_of_code_or_settings_is_a_new_process(functions: Any) -> None:
    """After an update the new environment and the new code run, and nothing of the old one is left."""
    invoke(functions, {})
    functions.update_function_configuration(FunctionName="f", Environment={"Variables": {"COLOUR": "blue"}})
    functions.get_waiter("function_updated_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
    _, found = invoke(functions, {})
    assert (found["env"], found["calls"]) == ("blue", 1)
    functions.update_function_code(FunctionName="f", ZipFile=package("def handler(event, context): return 'new'"))
    functions.get_waiter("function_updated_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
    assert invoke(functions, {})[1] == "new"


def test_an_error_is_answered_as_lambda_does(functions: Any) -> None:
    """An exception is a 200 with FunctionError, its type and message; the process goes on."""
    answer, found = invoke(functions, {"do": "raise"})
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert (found["errorType"], found["errorMessage"]) == ("ValueError", "no luck")
    assert invoke(functions, {})[1]["calls"] == 2


@pytest.mark.parametrize(
    ("event", "kind"), [({"do": "exit"}, "Runtime.ExitError"), ({"do": "sleep", "seconds": 30}, "Sandbox.Timedout")]
)
def test_a_process_that_ends_or_hangs_is_replaced(functions: Any, event: dict[str, Any], kind: str) -> None:
    """A process that exits, or runs past the time-out, is an error, and the next event gets a fresh one."""
    functions.update_function_configuration(FunctionName="f", Timeout=1)
    functions.get_waiter("function_updated_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
    invoke(functions, {})
    answer, found = invoke(functions, event)
    assert (answer["FunctionError"], found["errorType"]) == ("Unhandled", kind)
    assert invoke(functions, {})[1]["calls"] == 1


def test_broken_code_is_reported_at_each_event(functions: Any) -> None:
    """A module that cannot be imported answers every event with the import's error."""
    functions.update_function_code(FunctionName="f", ZipFile=package("import nothing_of_that_name"))
    functions.get_waiter("function_updated_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.1})
    for _ in range(2):
        answer, found = invoke(functions, {})
        assert (answer["FunctionError"], found["errorType"]) == ("Unhandled", "ModuleNotFoundError")


def test_a_function_calls_the_sandbox(functions: Any, client: Callable[[str], Any]) -> None:
    """What a handler writes with boto3 lands in the same world, in the function's region."""
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="things", WaiterConfig={"Delay": 1})
    assert "FunctionError" not in invoke(functions, {"do": "put", "id": "x"})[0]
    assert dynamodb.get_item(TableName="things", Key={"id": {"S": "x"}})["Item"] == {"id": {"S": "x"}}


def test_events_run_side_by_side_in_processes_of_their_own(functions: Any) -> None:
    """Four events at once run in four processes; none waits for another's."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: invoke(functions, {"do": "sleep", "seconds": 0.5})[1], range(4)))
    assert len({answer["pid"] for answer in found}) == 4


def test_other_ways_to_invoke(functions: Any) -> None:
    """A dry run checks and runs nothing, an asynchronous event is accepted at once, a missing function is refused."""
    assert functions.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204
    assert functions.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.invoke(FunctionName="absent")
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        functions.invoke(FunctionName="f", Payload=b"{")


def get(served: Running, url: str, method: str = "GET", body: bytes | None = None) -> tuple[HTTPResponse, bytes]:
    """Ask a function URL: the host stays in the Host header, the connection goes to the sandbox."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request(
        method, parts.path or "/", body=body, headers={"Host": parts.netloc, "Content-Type": "text/plain"}
    )
    response = connection.getresponse()
    return response, response.read()


def test_a_function_url_needs_both_permissions_and_answers(functions: Any, served: Running) -> None:
    """Without both statements of the resource policy the URL is forbidden; with them the handler's answer comes through."""
    url = functions.create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"].rstrip("/")
    assert get(served, f"{url}/health")[0].status == 403
    functions.add_permission(
        FunctionName="f",
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    assert get(served, f"{url}/health")[0].status == 403
    functions.add_permission(
        FunctionName="f", StatementId="fn", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )
    response, body = get(served, f"{url}/health", "POST", b"question")
    assert (response.status, response.headers["X-Path"], body) == (201, "/health", b"question")
    assert get(served, f"{url}/cookies")[0].headers.get_all("set-cookie") == ["a=1; Path=/", "b=2"]
    functions.delete_function_url_config(FunctionName="f")
    assert get(served, f"{url}/health")[0].status == 404


def test_where_moto_keeps_code(functions: Any) -> None:
    """The one point at which moto's own Lambda is touched still holds the zip, and what is reserved."""
    found = deployed("123456789012", REGION, "f")
    assert functions.get_function(FunctionName="f")["Configuration"]["CodeSize"] == len(found.code)
    assert found.reserved is None
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=2)
    assert deployed("123456789012", REGION, "f").reserved == 2
