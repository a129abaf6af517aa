"""Some hundred random requests by a fixed seed, and one by one those that once broke a promise. `make test-long` draws 10,000."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sbctl.sandbox.http.bodies import FORM_BYTES, ITEMS_BYTES, MESSAGE_BYTES
from sbctl.sandbox.http.server import Running
from tests.fuzz.wire.campaign import asked, campaign
from tests.fuzz.wire.damage import Sent, as_bytes, sent
from tests.fuzz.wire.judge import answers, exchanged, wrong
from tests.fuzz.wire.questions import Asked, Question, Questions
from tests.worlds import empty_world, still

SCOPE = "AWS4-HMAC-SHA256 Credential=a/20260301/us-east-1/{}/aws4_request"
REQUESTS = 150
DEEP = "[" * 100_000
LENGTHS = ("-1", "+5", "1_0", "x", "", "0x10", "9" * 30, "1, 1")
"""Each was taken for a number, or for none, by the library below."""
CHUNKS = (
    b"zz\r\n{}\r\n0\r\n\r\n",
    b"-1\r\n{}\r\n0\r\n\r\n",
    b"0x2\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}xx0\r\n\r\n",
    b"ffffffffff\r\n{}",
    b"1" * 300_000,
    b"2\r\n{",
    b"2\r\n{}\r\n0\r\nX: " + b"a" * 70_000,
)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with empty_world(still(zone="example.com")) as made:
        yield made


@pytest.fixture(scope="module")
def on(running: Running) -> Asked:
    return asked(running.port, running.world.token)


def test_random_requests_are_answered_as_aws_does(on: Asked) -> None:
    """No answer is a failure of the sandbox's own, and none is missing."""
    said: list[str] = []
    tally = campaign(on, "20261129", REQUESTS, said.append)
    assert not tally.broken, said
    assert tally.tried == REQUESTS


def signed(service: str, method: str = "POST", target: str = "/", body: bytes = b"", **headers: str) -> Question:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Question("", method, target, (("Authorization", SCOPE.format(service)), *named), body)


def first(on: Asked, raw: bytes) -> tuple[int, bytes]:
    status, _, body = next(answers(exchanged(on.port, Sent(signed("s3"), "", raw)), ""))
    return status, body


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_a_length_that_is_none_is_refused(on: Asked, length: str) -> None:
    """400 or 413, and nothing after the head is taken for the body or for a further request."""
    raw = as_bytes(signed("s3", "PUT", "/bench-east/length", b"{}"), ("Content-Length", length), length=False)
    found = exchanged(on.port, Sent(signed("s3"), "", raw * 2))
    assert [status for status, _, _ in answers(found, "")] in ([400], [413])


@pytest.mark.parametrize("framed", CHUNKS, ids=lambda framed: repr(framed[:12]))
def test_chunks_that_are_none_are_refused(on: Asked, framed: bytes) -> None:
    """400 or 413, and nothing is stored."""
    question = signed("s3", "PUT", "/bench-east/chunks", framed)
    assert first(on, as_bytes(question, ("Transfer-Encoding", "chunked"), length=False))[0] in (400, 413)
    assert first(on, as_bytes(signed("s3", "GET", "/bench-east/chunks")))[0] == 404


def test_chunks_and_their_trailer_are_read_and_the_next_request_is_answered(on: Asked) -> None:
    """What is between two requests of one connection belongs to the first."""
    body = b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: GET / HTTP/1.1\r\n\r\n"
    put = as_bytes(signed("s3", "PUT", "/bench-east/whole", body), ("Transfer-Encoding", "chunked"), length=False)
    get = as_bytes(signed("s3", "GET", "/bench-east/whole"))
    found = list(answers(exchanged(on.port, Sent(signed("s3"), "", put + get)), ""))
    assert [(status, text) for status, _, text in found] == [(200, b""), (200, b"abcde")]


def test_a_body_that_is_cut_is_not_stored(on: Asked) -> None:
    """It was stored as far as it had come."""
    raw = as_bytes(signed("s3", "PUT", "/bench-east/cut", b"x" * 1000))
    assert first(on, raw[:-1])[0] == 400
    assert first(on, as_bytes(signed("s3", "GET", "/bench-east/cut")))[0] == 404


@pytest.mark.parametrize(
    "name", ["Host", "Content-Length", "Transfer-Encoding", "Authorization", "Origin", "X-Sbctl-Token"]
)
def test_a_header_that_says_who_asks_stands_once(on: Asked, name: str) -> None:
    """The last of them counted: a foreign Host passed before a good one."""
    raw = as_bytes(signed("s3"), (name, "evil.example"), (name, "127.0.0.1"), length=False)
    assert first(on, raw)[0] == 400


@pytest.mark.parametrize(
    "head",
    [
        b"GET http://[::1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/0.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n folded: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nspace : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ],
    ids=repr,
)
def test_a_head_that_is_none_is_refused(on: Asked, head: bytes) -> None:
    """400; each was a 5xx, or let two readers see two requests."""
    assert first(on, head)[0] == 400


DYNAMODB = {"X_Amz_Target": "DynamoDB_20120810.ListTables"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
MALFORMED = (
    signed("monitoring", body=b"Action=PutDashboard&DashboardName=a&DashboardBody=" + DEEP.encode(), **FORM),
    signed("iam", body=b"Action=CreateRole&RoleName=b&AssumeRolePolicyDocument=" + DEEP.encode(), **FORM),
    signed("lambda", target="/2015-03-31/functions/bench/invocations", body=DEEP.encode()),
    signed("lambda", target="/2015-03-31/functions/bench/invocations", body=b"NaN"),
    signed("lambda", "GET", "/2018-10-31/layers/a/versions/1", b"\x1f\x8b\x08", Content_Encoding="gzip"),
    signed("dynamodb", "OPTIONS", "/?Action=ListRoles", b"{}", **DYNAMODB),
    signed("s3", "GET", "/bench-east/a", Range="bench"),
    signed("s3", "GET", "/bench-east/never-%00"),
    signed("route53", "GET", "/2013-04-01/hostedzone/%01"),
    signed("lambda", "GET", "/2015-03-31/event-source-mappings/90079735-9060-4f60-bf0c-63d210dac76f"),
)


@pytest.mark.parametrize(
    "question",
    MALFORMED,
    ids=lambda question: f"{question.method} {question.target[:30]} {question.body[:50]!r}",
)
def test_what_the_fuzz_found_stays_found(on: Asked, question: Question) -> None:
    """A 4xx in the form of its protocol: each was a failure of the sandbox's own, or could not be parsed."""
    form = "xml" if any(name in question.headers[0][1] for name in ("s3", "route53", "iam", "monitoring")) else "json"
    one = Sent(replace(question, form=form), "", as_bytes(question))
    raw = exchanged(on.port, one)
    assert not wrong(one, raw)
    assert 400 <= next(answers(raw, question.method))[0] < 500


def test_a_module_that_is_nested_too_deep_is_refused(on: Asked) -> None:
    """Its content is read by several parts, all of which once failed on it."""
    target = f"/contact-flow-modules/{on.names['InstanceId']}"
    body = f'{{"Name": "deep", "Content": "{DEEP}"}}'.encode()
    status, text = first(on, as_bytes(signed("connect", "PUT", target, body)))
    assert (status, b"InvalidContactFlowModuleException" in text) == (400, True)


MANY = 50_000
"""Arguments: each was once compared with all others."""
LIMITS = (
    ("dynamodb", ITEMS_BYTES, DYNAMODB),
    ("kms", MESSAGE_BYTES, {"X_Amz_Target": "TrentService.ListKeys"}),
    ("iam", FORM_BYTES, FORM),
)


def test_a_form_of_many_arguments_is_read_once(on: Asked) -> None:
    """Lists, maps and strays: refused for what is wrong, by a server that answers others too."""
    tags = "".join(f"&Tags.member.{number}.Key=a&x{number}=" for number in range(1, MANY))
    body = f"Action=CreateRole&RoleName=b&AssumeRolePolicyDocument=a{tags}".encode()[: FORM_BYTES - 1]
    status, text = first(on, as_bytes(signed("iam", body=body, **FORM)))
    assert (status, b"<Code>ValidationError</Code>" in text) == (400, True)


def test_a_map_without_a_value_is_refused(on: Asked) -> None:
    """The value was taken for one that is none of AWS's."""
    body = b"Action=CreateTopic&Name=a&Attributes.entry.1.key=DisplayName"
    assert first(on, as_bytes(signed("sns", body=body, **FORM)))[0] == 400


@pytest.mark.parametrize(("service", "most", "headers"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_body_has_the_limit_of_its_service(on: Asked, service: str, most: int, headers: dict[str, str]) -> None:
    """413 in the service's own form, said before the body is sent."""
    raw = as_bytes(signed(service, "POST", "/", b"", **headers), ("Content-Length", str(most + 1)), length=False)
    status, text = first(on, raw)
    assert (status, b"RequestEntityTooLargeException" in text) == (413, True)


def test_more_keys_than_s3_deletes_at_once_are_refused(on: Asked) -> None:
    """A thousand are deleted; one more is no XML of AWS's."""
    for keys, wanted in ((1000, 200), (1001, 400)):
        body = b"<Delete>" + b"<Object><Key>none</Key></Object>" * keys + b"</Delete>"
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        question = signed("s3", target="/bench-east?delete", body=body, Content_MD5=digest)
        assert first(on, as_bytes(question))[0] == wanted


def test_the_seed_draws_the_same_requests() -> None:
    """What a seed found is found again by it."""
    known = Asked(1, "token", {"InstanceId": "i"}, {})
    drawn = []
    for _ in range(2):
        draw = random.Random("seed")
        questions = Questions(draw, known, ["bench"])
        drawn.append([sent(draw, questions.one()).raw for _ in range(30)])
    assert drawn[0] == drawn[1]
