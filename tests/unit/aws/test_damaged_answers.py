"""Whatever comes back in place of an answer, the door gives an answer or an AwsError, and nothing else gets out."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.loaders import Loader
from botocore.model import ServiceModel

from sbctl.aws.answer import Answer
from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.meaning import meaning
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.kinds.discover import discover, names
from sbctl.core.problem import Exit, Problem, merged, worst
from tests.unit.aws.fakes import Raw

ENDPOINT = "http://127.0.0.1:1"
REGION = "us-east-1"
DAMAGED = 32
"""Answers for each operation that sbctl calls: more than 5,000 in all, as a test counts."""
ELSEWHERE = ("sbctl.checks", "sbctl.checks.preflight", "sbctl.failover", "sbctl.engine.adoption")
"""Packages of which modules declare calls of their own."""
OF_THE_STATE = ("GetObject", "PutObject", "DeleteObject", "ListObjectsV2", "HeadBucket")
BODIES = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b'"text"',
    b"{",
    b"<html><body>proxy</body></html>",
    b"<a/>",
    b"<a><b></a>",
    b"\xff\xfe\x00",
    b'{"Message": null}',
    b'{"__type": null, "message": null}',
    b'{"__type": 7, "message": ["x"], "problems": {"message": 1}}',
    b'{"Error": {"Code": null, "Message": null}}',
    b"<ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>",
    b"<Error><Code>NoSuchBucket</Code></Error>",
    b'{"__type": "Stran\\udc00ge", "message": "\\ud800", "problems": [{"message": "\\ud800"}]}',
    b'{"NextToken": 5, "Items": {"a": 1}}',
    b"[" * 3000,
)
STATUSES = (200, 200, 204, 301, 400, 403, 404, 409, 413, 429, 500, 502, 503, 505)
HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"content-type": "text/html"},
    {"x-amzn-errortype": ""},
    {"x-amzn-errortype": "Ünknown:http://x"},
    {"x-amzn-query-error": ";"},
    {"content-length": "many"},
    {"date": "never"},
)


class Damaging:
    """Answers every request with something damaged: at random, but the same for the same number and address."""

    number = 0

    def __call__(self, request: AWSPreparedRequest) -> AWSResponse:
        draw = random.Random(f"{self.number} {request.url} {request.headers.get('X-Amz-Target')}")
        body = Raw(draw.choice(BODIES))
        return AWSResponse(request.url, draw.choice(STATUSES), dict(draw.choice(HEADERS)), body)


@pytest.fixture(scope="module")
def damaging() -> Damaging:
    return Damaging()


@pytest.fixture(scope="module")
def aws_client(damaging: Damaging) -> Client:
    """One for all operations: to make a client takes longer than to damage a hundred answers."""
    return Client(ClientSettings(endpoint_url=ENDPOINT, placeholder_credentials=True, transport=damaging))


def operations() -> list[str]:
    """Every operation that a kind of resource, a check, a failover, an adoption or a state makes."""
    found = {call for kind in discover("sbctl.resources", "RESOURCE").values() for call in kind.calls}
    for package in ELSEWHERE:
        for name in names(package):
            found |= getattr(import_module(f"{package}.{name}"), "CALLS", frozenset())
    return sorted(found | {"sts:GetCallerIdentity", *(f"s3:{name}" for name in OF_THE_STATE)})


@cache
def model_of(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


def parameters(service: str, operation: str) -> dict[str, Any]:
    """Parameters that botocore lets through: what is required, in the least form."""
    shape = model_of(service).operation_model(operation).input_shape
    return {} if shape is None else {name: _least(shape.members[name]) for name in shape.required_members}


def _least(shape: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return {name: _least(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [_least(shape.member) for _ in range(max(1, shape.metadata.get("min", 0)))]
    if kind == "map":
        return {}
    if kind == "string":
        return "x" * max(12, int(shape.metadata.get("min", 1)))
    return {"boolean": True, "blob": b"x", "timestamp": 0}.get(kind, max(1, int(shape.metadata.get("min", 1))))


@pytest.mark.parametrize("call", operations())
def test_whatever_comes_back_nothing_else_gets_out(aws_client: Client, damaging: Damaging, call: str) -> None:
    """An Answer or an AwsError, which is a problem with an exit code and a text that files take; no status, no "refused"."""
    service, _, operation = call.partition(":")
    asked = parameters(service, operation)
    for number in range(DAMAGED):
        damaging.number = number
        try:
            assert isinstance(aws_client.call(service, operation, REGION, **asked), Answer)
        except AwsError as error:
            problem = from_aws(error)
            assert problem.exit in (Exit.FAILED, Exit.PARTIAL, Exit.CREDENTIALS)
            assert problem.fix
            assert problem.detail.encode()
            assert error.status or problem.summary != "AWS refused the call"


def test_there_are_enough_of_them() -> None:
    """Five thousand damaged answers, over all operations."""
    assert DAMAGED * len(operations()) >= 5000


def test_a_member_that_is_missing_is_told_with_its_call() -> None:
    """To ask for it is an AwsError that names it; to ask whether it is there is not."""

    def empty(request: AWSPreparedRequest) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, Raw(json.dumps({"Table": {"TableName": "t"}}).encode()))

    aws_client = Client(ClientSettings(endpoint_url=ENDPOINT, placeholder_credentials=True, transport=empty))
    answer = aws_client.call("dynamodb", "DescribeTable", REGION, TableName="ttt")
    assert answer["Table"].get("TableStatus") is None
    with pytest.raises(
        AwsError, match="dynamodb:DescribeTable in us-east-1: Unreadable: the answer has no TableStatus"
    ):
        answer["Table"]["TableStatus"]


NOT_ASKED = (
    (boto.ProxyConnectionError(proxy_url="http://p", error=""), "Unreachable", Exit.PARTIAL),
    (boto.EndpointConnectionError(endpoint_url="http://e", error=""), "Unreachable", Exit.PARTIAL),
    (boto.ConfigParseError(path="/c"), "BadSettings", Exit.USAGE),
    (boto.ProfileNotFound(profile="nosuch"), "BadSettings", Exit.USAGE),
    (ValueError("Invalid endpoint: not-a-url"), "BadSettings", Exit.USAGE),
    (ValueError("Invalid IPv6 URL"), "BadSettings", Exit.USAGE),
    (boto.UnauthorizedSSOTokenError(), "SignInNeeded", Exit.CREDENTIALS),
    (boto.SSOTokenLoadError(error_msg="no token"), "SignInNeeded", Exit.CREDENTIALS),
    (EOFError("EOF when reading a line"), "NoCredentials", Exit.CREDENTIALS),
    (boto.CredentialRetrievalError(provider="process", error_msg="exit 1"), "NoCredentials", Exit.CREDENTIALS),
    (PermissionError(13, "denied"), "BadSettings", Exit.USAGE),
    (boto.ReadTimeoutError(endpoint_url="http://e", error=""), "Timeout", Exit.PARTIAL),
    (KeyError("Code"), "Unreadable", Exit.PARTIAL),
    (boto.FlexibleChecksumError(error_msg="AAAAAA=="), "Unreadable", Exit.PARTIAL),
    (boto.ChecksumError(checksum_type="crc32", expected_checksum="1", actual_checksum="2"), "Unreadable", Exit.PARTIAL),
)


@pytest.mark.parametrize(("error", "code", "exit_code"), NOT_ASKED, ids=lambda value: type(value).__name__)
def test_what_is_no_answer_of_aws_is_told_as_what_it_is(error: Exception, code: str, exit_code: Exit) -> None:
    """Settings, sign-in, proxies and unreadable answers have codes of their own."""
    found, message = meaning(error)
    assert found == code
    assert message
    assert from_aws(AwsError(found, message, service="sts", operation="GetCallerIdentity")).exit == exit_code


def test_what_does_not_answer_is_named() -> None:
    """By its host alone: a terminal may still lead to a sandbox that was stopped, and a URL may hold a password."""
    silent = boto.EndpointConnectionError(endpoint_url="http://me:secret@127.0.0.1:4566/x?y=z", error="")
    assert meaning(silent)[1] == "127.0.0.1:4566 does not answer"
    assert meaning(boto.ConnectTimeoutError(endpoint_url="http://[", error=""))[1] == "the endpoint does not answer"


REFUSED = (
    ("RequestTimeTooSkewed", 403, "clock"),
    ("RequestExpired", 400, "clock"),
    ("InvalidAccessKeyId", 403, "keys"),
    ("ExpiredTokenException", 400, "aws sso login"),
    ("UnrecognizedClientException", 400, "enable-region"),
    ("InvalidClientTokenId", 403, "enable-region"),
    ("403", 403, "Allow s3:ListBucket"),
)


@pytest.mark.parametrize(("code", "status", "remedy"), REFUSED)
def test_a_refusal_has_its_remedy(code: str, status: int, remedy: str) -> None:
    """Exit 9, and what to do about just this."""
    problem = from_aws(AwsError(code, "", service="s3", operation="HeadBucket", region="eu-south-1", status=status))
    assert problem.exit == Exit.CREDENTIALS
    assert remedy in problem.fix


def test_one_cause_is_told_once() -> None:
    """Forty-five calls of an expired token are one problem with its number; two regions that are silent are two."""
    expired = [
        AwsError("ExpiredToken", "old", service="connect", operation=f"List{n}", region=REGION) for n in range(45)
    ]
    (one,) = merged([from_aws(error, at=f"place {n}") for n, error in enumerate(expired)])
    assert one.detail.endswith("the same 44 more times, at place 1, place 2, place 3, …")
    silent = [AwsError("Unreachable", "", service="s3", operation="ListBuckets", region=r) for r in ("a", "b", "a")]
    told = merged([from_aws(error) for error in silent])
    assert [problem.cause for problem in told] == ["a", "b"]
    own = [Problem(code="x", summary="same"), Problem(code="x", summary="same")]
    assert merged(own) == tuple(own)
    assert worst(told) == Exit.PARTIAL
