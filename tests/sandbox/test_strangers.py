"""Who may ask the sandbox: programs of this machine. A web page in a browser of this machine gets 403, whatever it asks."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest

from sbctl.sandbox.http.connection import REQUEST_SECONDS, Slow
from sbctl.sandbox.http.server import HEADER_BYTES, THREADS, serve
from sbctl.sandbox.world import World
from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS
from tests.worlds import still, trusted

PAGE = "http://page.example"
SCOPE = "AWS4-HMAC-SHA256 Credential=a/20260301/us-east-1/{}/aws4_request"


def ask(
    sandbox: Sandbox, headers: Mapping[str, str], method: str = "GET", path: str = "/", body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """One raw request: status, headers in lower case, body. Host is 127.0.0.1 unless it is given."""
    connection = HTTPConnection("127.0.0.1", sandbox.running.port, timeout=PATIENCE_SECONDS)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


STRANGERS: tuple[Mapping[str, str], ...] = (
    {"Origin": PAGE},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost"},
    {"Origin": "https://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Host": "page.example"},
    {"Host": "127.0.0.1.page.example"},
    {"Host": "localhost.page.example:80"},
    {"Host": "2130706433"},
    {"Host": "10.0.0.1"},
    {"Host": "[2001:db8::1]:80"},
    {"Host": "s3.us-east-1.amazonaws.com"},
    {"Host": "abc.lambda-url.us-east-1.on.aws.page.example"},
    {"Host": "127.0.0.1@page.example"},
)
DOORS = (
    ("GET", "/", b""),
    ("POST", "/?X-Amz-Credential=a/20260301/us-east-1/lambda/aws4_request", b"{}"),
    ("OPTIONS", "/bucket/key", b""),
    ("POST", "/_sandbox/advance", b'{"seconds": 5}'),
    ("GET", "/_sandbox/status", b""),
)


@pytest.mark.parametrize("headers", STRANGERS, ids=lambda headers: "-".join(next(iter(headers.items()))))
def test_a_page_gets_in_by_no_door(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    """403 for every path and method, also with the token, and nothing is done."""
    before = sandbox.world.clock.seconds()
    for method, path, body in DOORS:
        status, said, text = ask(sandbox, {**headers, **trusted(sandbox.running)}, method, path, body)
        assert status == 403
        assert b"programs of this machine" in text
        assert not [name for name in said if name.startswith("access-control-")]
    assert sandbox.world.clock.seconds() == before


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:4566",
        "localhost",
        "LOCALHOST:80",
        "x.localhost",
        "[::1]:8080",
        "localhost.",
        "127.0.0.1:65535",
    ],
)
def test_a_program_of_this_machine_is_answered(sandbox: Sandbox, host: str) -> None:
    """By each name that this machine has for itself, and by a page of the sandbox's own origin."""
    for headers in (
        {"Host": host},
        {"Host": host, "Sec-Fetch-Site": "none"},
        {"Host": host, "Origin": f"http://{host}"},
    ):
        status, said, _ = ask(sandbox, headers)
        assert status in (200, 404)
        assert not [name for name in said if name.startswith("access-control-")]


def test_a_function_url_is_a_name_of_ours(sandbox: Sandbox) -> None:
    """Its host is answered as Lambda does: there is no such URL."""
    for name in (
        "abc.lambda-url.us-east-1.on.aws",
        "ABC.Lambda-URL.us-east-1.on.AWS",
        "abc.lambda-url.us-east-1.on.aws.",
    ):
        for port in ("", ":80", ":443"):
            assert ask(sandbox, {"Host": name + port})[0] == 404


@pytest.mark.parametrize("token", [{}, {"X-Sbctl-Token": ""}, {"X-Sbctl-Token": "guessed"}, {"X-Sbctl-Token": "\xff"}])
def test_a_control_request_needs_the_token(sandbox: Sandbox, token: dict[str, str]) -> None:
    """403, which says where the token is, and by which a sandbox is known."""
    before = sandbox.world.clock.seconds()
    for method, action in (
        ("GET", "status"),
        ("GET", "health"),
        ("POST", "advance"),
        ("POST", "reset"),
        ("POST", "wait"),
    ):
        status, said, text = ask(sandbox, token, method, f"/_sandbox/{action}", b'{"seconds": 5}')
        assert (status, said["x-sbctl-sandbox"]) == (403, "1")
        assert b"note" in text
    assert sandbox.world.clock.seconds() == before


@pytest.mark.parametrize("seconds", ["1e18", "NaN", "Infinity", "-1", "true", '"5"', "2678401"])
def test_time_is_finite(sandbox: Sandbox, seconds: str) -> None:
    """The clock is moved by 31 days at most, and by no number that is none."""
    headers = trusted(sandbox.running)
    for action in ("advance", "wait"):
        assert ask(sandbox, headers, "POST", f"/_sandbox/{action}", f'{{"seconds": {seconds}}}'.encode())[0] == 400


def test_headers_and_unpacked_bodies_have_a_limit(sandbox: Sandbox) -> None:
    """413, with a small answer of the service's own form; what is packed is not unpacked further than that."""
    assert ask(sandbox, {"X-Long": "a" * (HEADER_BYTES + 1)})[0] == 413
    headers = {"Content-Encoding": "gzip", "Authorization": SCOPE.format("monitoring")}
    status, _, text = ask(sandbox, headers, "POST", "/", gzip.compress(b"0" * (257 * 1024 * 1024), 1))
    assert status == 413
    assert b"RequestEntityTooLargeException" in text


MALFORMED: tuple[tuple[str, dict[str, str], bytes], ...] = (
    ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"[" * 50_000),
    ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b'{"Limit": NaN}'),
    ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.CreateTable"}, b'{"TableName": "abc"}'),
    ("kms", {"X-Amz-Target": "TrentService.ListGrants"}, b'{"KeyId": "abc"}'),
    (
        "monitoring",
        {"Content-Type": "application/x-www-form-urlencoded"},
        b"Action=PutMetricData&Namespace=n&MetricData.member.1.Value=1e999",
    ),
    ("sns", {"Content-Type": "application/x-www-form-urlencoded"}, b"Action=ListTopics&NextToken=none"),
)


@pytest.mark.parametrize(
    ("service", "headers", "body"), MALFORMED, ids=[f"{row[0]}-{row[2][-20:]!r}" for row in MALFORMED]
)
def test_a_malformed_request_is_refused_as_aws_does(
    sandbox: Sandbox, service: str, headers: dict[str, str], body: bytes
) -> None:
    """400 with a code, and never a 500 of the sandbox's own."""
    status, _, text = ask(sandbox, {"Authorization": SCOPE.format(service), **headers}, "POST", "/", body)
    assert status == 400, text
    assert b"The sandbox itself failed" not in text


UNFINISHED = (
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx:",
    b"PUT /a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nabc",
)


@pytest.mark.parametrize("sent", UNFINISHED, ids=["line", "headers", "body"])
@pytest.mark.parametrize("many", [50, 200])
def test_clients_that_send_slowly_keep_nobody_out(sandbox: Sandbox, many: int, sent: bytes) -> None:
    """With more unfinished requests than threads, others are answered."""
    assert many > THREADS
    slow = [socket.create_connection(("127.0.0.1", sandbox.running.port)) for _ in range(many)]
    try:
        for connection in slow:
            connection.sendall(sent)
        status, _, text = ask(sandbox, trusted(sandbox.running), path="/_sandbox/status")
        found: dict[str, Any] = json.loads(text)
        assert (status, found["instance"]) == (200, sandbox.world.instance)
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("sent", UNFINISHED, ids=["line", "headers", "body"])
def test_a_request_that_never_comes_is_given_up(sent: bytes) -> None:
    """After its time, and not before: by 400, and the end of the connection."""
    passed = [0.0]
    with serve(World(still()), now=lambda: passed[0]) as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE_SECONDS) as slow:
            slow.sendall(sent)
            asked = Sandbox(running)
            assert ask(asked, trusted(running), path="/_sandbox/status")[0] == 200
            passed[0] = 2 * REQUEST_SECONDS
            assert slow.recv(1000).startswith(b"HTTP/1.1 400 ")
            slow.shutdown(socket.SHUT_WR)
            assert b"".join(iter(lambda: slow.recv(1000), b""))[:4] != b"HTTP"
        assert ask(asked, trusted(running), path="/_sandbox/status")[0] == 200


def test_the_slowest_make_room() -> None:
    """Where there are no more threads, those that have sent for longest are ended first."""
    passed, pairs = [0.0], [socket.socketpair() for _ in range(3)]
    slow = Slow(lambda: passed[0])
    with ExitStack() as reading:
        for ours, theirs in pairs:
            reading.callback(ours.close)
            reading.callback(theirs.close)
            reading.enter_context(slow.reading(Connection(ours)))
            passed[0] += 1.0
        slow.cut_oldest(2)
        for ours, _ in pairs[:2]:
            assert ours.recv(1) == b""
        pairs[2][1].sendall(b"a")
        assert pairs[2][0].recv(1) == b"a"


@dataclass(frozen=True)
class Connection:
    """As much of one as is needed to end it."""

    socket: socket.socket
