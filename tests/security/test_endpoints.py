"""The public addresses of the health function: what they answer to strangers, and that strangers move nothing by them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from sbctl.desired.files.packages import pack
from sbctl.resources.lambda_permission import PermissionSpec
from sbctl.sandbox.http.server import Running
from tests.unit.resources.aws.projects import project, wanted
from tests.waits import PATIENCE_SECONDS, advanced_until
from tests.worlds import empty_world, still

SETTLING_SECONDS = 30.0
FORGETTING_SECONDS = 10.0
"""After which the function asks its tables anew."""
REGION, OTHER = "us-west-2", "us-east-1"
HEALTH = Path(__file__).parents[2] / "lambdas" / "health"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
TABLES = {"customers": ("CustomerId",), "config": ("PK", "SK")}
ENVIRONMENT = {"CUSTOMERS_TABLE": "customers", "CONFIG_TABLE": "config", "INSTANCE_ID": "", "REGION": REGION}
SIGNAL = {"PK": {"S": "TAKEOVER"}, "SK": {"S": "SIGNAL"}, "region": {"S": OTHER}, "generation": {"N": "1"}}
ANSWERS = (
    {"status": "ok"},
    {"status": "not found"},
    {"status": "standing by"},
    {"status": "unknown"},
    {"status": "failing", "failed": ["customers"]},
    {"status": "failing", "failed": ["config", "customers"]},
)
"""All that anybody gets to read."""
TELLING = re.compile(
    rb"\d{12}|arn:|Traceback|File \"|Exception|Error|amazonaws|boto|python|us-(east|west)-\d|/tmp|Bearer", re.I
)


@dataclass(frozen=True)
class Stranger:
    """Somebody on the internet who knows the address."""

    running: Running
    host: str

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers; the target goes out as it is."""
        place = urlsplit(self.running.endpoint)
        connection = HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE_SECONDS)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": self.host, "Content-Length": str(len(body)), **headers}.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.running.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )

    def pass_time(self, seconds: float) -> None:
        self.running.world.scheduler.advance(seconds)

    def items(self) -> list[Any]:
        """Everything that stands in the two tables."""
        dynamodb = self.client("dynamodb")
        return [dynamodb.scan(TableName=name, ConsistentRead=True)["Items"] for name in TABLES]


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    """The shipped function as sbctl deploys it, with the permissions that sbctl gives, in a region that stands by."""
    with empty_world(still()) as running:
        found = Stranger(running, "")
        _make_tables(found)
        made = Stranger(running, _deployed(found))
        advanced_until(running.world, lambda: made.ask("GET", "/health")[0] == 200, "a healthy region", step=10.0)
        yield made


def _make_tables(found: Stranger) -> None:
    """The two tables, with nothing but the signal that another region has taken over."""
    dynamodb = found.client("dynamodb")
    for name, keys in TABLES.items():
        dynamodb.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    found.pass_time(SETTLING_SECONDS)
    dynamodb.put_item(TableName="config", Item=SIGNAL)


def _deployed(found: Stranger) -> str:
    """Deploy the function; its URL's host."""
    role = found.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    functions = found.client("lambda")
    found.pass_time(SETTLING_SECONDS)
    functions.create_function(
        FunctionName="health", Runtime="python3.13", Role=role, Handler="handler.handler", Timeout=60,
        Code={"ZipFile": pack(HEALTH).zip}, Environment={"Variables": ENVIRONMENT},
    )  # fmt: skip
    found.pass_time(SETTLING_SECONDS)
    for desired in wanted(project()):
        spec = desired.spec
        if isinstance(spec, PermissionSpec) and spec.principal == "*" and desired.address.region == REGION:
            if not desired.address.name.startswith("health."):
                continue
            conditions = {"FunctionUrlAuthType": spec.url_auth_type, "InvokedViaFunctionUrl": spec.through_url}
            functions.add_permission(
                FunctionName="health", StatementId=spec.statement_id, Action=spec.action, Principal="*",
                **{name: value for name, value in conditions.items() if value},
            )  # fmt: skip
    return str(
        urlsplit(functions.create_function_url_config(FunctionName="health", AuthType="NONE")["FunctionUrl"]).netloc
    )


PUT = json.dumps(
    {"TableName": "config", "Item": {**SIGNAL, "region": {"S": REGION}, "generation": {"N": "9"}}}
).encode()
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=x", "X_Amz_Target": "DynamoDB_20120810.PutItem"}
ODD = [
    ("GET", "/takeover", b"", {}),
    ("HEAD", "/takeover", b"", {}),
    *((method, "/takeover", PUT, {}) for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")),
    ("GET", "/takeover", PUT, {"Content_Type": "application/json"}),
    ("GET", "/takeover", b"\xff\xfe\x00" * 100, {"Content_Type": "application/octet-stream"}),
    ("POST", "/takeover", PUT, {"X_HTTP_Method_Override": "GET"}),
    ("GET", "/takeover", b"", {"X_HTTP_Method_Override": "PUT"}),
    ("GET", f"/takeover?region={REGION}&REGION={REGION}&taken=true", b"", {}),
    ("GET", f"/takeover?PK=TAKEOVER&SK=SIGNAL&region={REGION}", b"", {}),
    ("GET", "/takeover/", b"", {}),
    ("GET", "/TAKEOVER", b"", {}),
    ("GET", "/takeover%00", b"", {}),
    ("GET", "/health/../takeover", b"", {}),
    ("GET", "/%2e%2e/%2e%2e/etc/passwd", b"", {}),
    ("GET", "/health;takeover", b"", {}),
    ("POST", "/", PUT, SIGNED),
    ("POST", "/2015-03-31/functions/health/invocations", b'{"rawPath": "/takeover"}', SIGNED),
    ("GET", "/", b"", {}),
    ("GET", "/admin", b"", {}),
    ("GET", "/health?failed=1", b"", {"X_Region": OTHER, "X_Forwarded_For": "'; --"}),
    ("GET", "/health", b"x" * 100_000, {"Content_Type": "text/plain"}),
    ("GET", "/health", b"", {"User_Agent": "\x9b31m", "Cookie": "a=" + "b" * 4000}),
]


def assert_tells_nothing(status: int, body: bytes, headers: dict[str, str]) -> None:
    """One of the few plain answers, or nothing but a status; no account, ARN, host, region or traceback."""
    assert not TELLING.search(body), body
    assert not TELLING.search(json.dumps({name: value for name, value in headers.items() if name != "date"}).encode())
    assert not body or json.loads(body) in (*ANSWERS, {"Message": None}), (status, body)


@pytest.mark.parametrize(("method", "target", "body", "headers"), ODD, ids=lambda value: str(value)[:40])
def test_odd_requests_learn_nothing_and_move_nothing(
    stranger: Stranger, method: str, target: str, body: bytes, headers: dict[str, str]
) -> None:
    """No takeover, whatever is asked for and however; the tables hold what they held."""
    status, said, sent = stranger.ask(method, target, body, **headers)
    assert_tells_nothing(status, said, sent)
    assert status in (
        {200} if target.startswith("/health") and ";" not in target and ".." not in target else {400, 404}
    )
    assert stranger.items() == [[], [SIGNAL]]
    assert stranger.ask("GET", "/takeover")[0] == 404


def test_a_region_that_has_taken_over_says_only_that(stranger: Stranger) -> None:
    """200 and no more than a word, once those who may write to the table have said so."""
    stranger.client("dynamodb").put_item(TableName="config", Item={**SIGNAL, "region": {"S": REGION}})
    try:
        stranger.pass_time(FORGETTING_SECONDS)
        found = stranger.ask("GET", "/takeover")
        assert (found[0], json.loads(found[1])) == (200, {"status": "taken over"})
        assert not TELLING.search(found[1])
    finally:
        stranger.client("dynamodb").put_item(TableName="config", Item=SIGNAL)
        stranger.pass_time(FORGETTING_SECONDS)
        assert stranger.ask("GET", "/takeover")[0] == 404


def test_what_fails_behind_it_is_named_by_a_word(stranger: Stranger) -> None:
    """Tables that are gone: 503 with the names of checks; AWS's errors stay in the function's log."""
    for name in TABLES:
        stranger.client("dynamodb").delete_table(TableName=name)
    stranger.pass_time(SETTLING_SECONDS)
    try:
        unhealthy = stranger.ask("GET", "/health")
        assert_tells_nothing(*unhealthy)
        assert (unhealthy[0], json.loads(unhealthy[1])["failed"]) == (503, ["config", "customers"])
        found = stranger.ask("GET", "/takeover")
        assert (found[0], json.loads(found[1])) == (503, {"status": "unknown"})
    finally:
        _make_tables(stranger)


def test_a_function_that_breaks_is_a_plain_status(stranger: Stranger) -> None:
    """Without its settings the handler raises; strangers get 502 and no traceback."""
    _configure(stranger, {"CONFIG_TABLE": "config"})
    try:
        status, body, _ = stranger.ask("GET", "/takeover")
        assert (status, json.loads(body)) == (502, {"Message": "Internal Server Error"})
    finally:
        _configure(stranger, ENVIRONMENT)


def _configure(stranger: Stranger, environment: dict[str, str]) -> None:
    functions = stranger.client("lambda")
    functions.update_function_configuration(FunctionName="health", Environment={"Variables": environment})
    stranger.pass_time(SETTLING_SECONDS)
