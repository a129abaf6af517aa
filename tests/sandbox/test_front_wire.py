"""Every operation of the services that sbctl calls, against botocore itself: what it sends is read, what is answered it reads."""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSRequest, HeadersDict, prepare_request_dict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity, Request, identify, unpacked
from sbctl.sandbox.wire.parse import parameters
from sbctl.sandbox.wire.serialise import UnknownMemberError, answer
from tests.sandbox.samples import full

SPOKEN = [
    ("connect", "rest-json", "connect"),
    ("route53", "rest-xml", "route53"),
    ("dynamodb", "json", "dynamodb"),
    ("lambda", "rest-json", "lambda"),
    ("iam", "query", "iam"),
    ("sts", "query", "sts"),
    ("sns", "query", "sns"),
    ("cloudwatch", "json", "monitoring"),
    ("cloudwatch", "query", "monitoring"),
    ("logs", "json", "logs"),
    ("s3", "rest-xml", "s3"),
]
TWINS = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
    "ListDirectoryBuckets": "ListBuckets",
}
"""Operations of S3 that the request alone does not tell apart: by the client's age, or by the host name."""


def raw(service: str, protocol: str, signing: str, operation: str, params: dict[str, Any]) -> Request:
    """The request that botocore would send, signed for us-west-2 as far as the scope goes."""
    model = models.service_model(service).operation_model(operation)
    request = create_serializer(protocol, include_validation=False).serialize_to_request(params, model)
    prepare_request_dict(request, endpoint_url="http://127.0.0.1:1")
    sent = AWSRequest(
        method=request["method"], url=request["url"], headers=request["headers"], data=request["body"]
    ).prepare()
    scope = f"AWS4-HMAC-SHA256 Credential=AKIA/20260301/us-west-2/{signing}/aws4_request, SignedHeaders=host"
    headers = {name.lower(): str(value) for name, value in sent.headers.items()} | {"authorization": scope}
    body = sent.body if isinstance(sent.body, bytes) else (sent.body or "").encode()
    url = urlsplit(sent.url)
    return Request(sent.method, url.path, url.query, headers, body)


def operations(service: str) -> list[str]:
    """The operations of a service, without those that need a duplex stream or a host name of their own."""
    model = models.service_model(service)
    found = [model.operation_model(name) for name in model.operation_names]
    plain = [one for one in found if not one.has_event_stream_input and not one.has_event_stream_output]
    return [one.name for one in plain if not one.endpoint or "hostPrefix" not in one.endpoint or service != "s3"]


@pytest.mark.parametrize(("service", "protocol", "signing"), SPOKEN)
def test_what_botocore_sends_is_read_as_it_was_meant(service: str, protocol: str, signing: str) -> None:
    """Each operation is recognised, and all of its parameters come back with their values and types."""
    wrong: list[str] = []
    for operation in operations(service):
        shape = models.service_model(service).operation_model(operation).input_shape
        params = full(shape) if shape is not None else {}
        request = raw(service, protocol, signing, operation, params)
        who = identify(request)
        if who.operation != TWINS.get(operation, operation) or who.service != service or who.protocol != protocol:
            wrong.append(f"{operation}: taken for {who.service}:{who.operation} in {who.protocol}")
        elif operation not in TWINS and (read := parameters(who, request)) != params:
            wrong.append(f"{operation}: {params} read as {read}")
    assert wrong == []


@pytest.mark.parametrize(("service", "protocol", "signing"), SPOKEN)
def test_what_is_answered_is_read_by_botocore(service: str, protocol: str, signing: str) -> None:  # noqa: ARG001
    """An answer with every member of each operation's output comes back from botocore's parser as it was given."""
    wrong: list[str] = []
    for operation in operations(service):
        model = models.service_model(service).operation_model(operation)
        if model.output_shape is None or model.has_streaming_output or operation in TWINS:
            continue
        given = full(model.output_shape)
        response = answer(Identity(service, "us-west-2", operation, protocol), given)
        read = create_parser(protocol).parse(
            {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body},
            model.output_shape,
        )
        read.pop("ResponseMetadata")
        if read != given:
            wrong.append(f"{operation}: {given} read as {read}")
    assert wrong == []


def test_a_member_that_aws_does_not_have_is_refused() -> None:
    """A simulated operation cannot answer with a misspelt member, at any depth."""
    who = Identity("connect", "us-east-1", "DescribeQueue", "rest-json")
    with pytest.raises(UnknownMemberError, match="Nmae is not in Queue"):
        answer(who, {"Queue": {"Nmae": "Sales"}})


def test_an_identifier_with_slashes_stays_one_identifier() -> None:
    """An ARN, or a flow's draft (":$SAVED"), given as a path parameter arrives whole."""
    arn = "arn:aws:connect:us-west-2:123456789012:instance/a/contact-flow/b:$SAVED"
    request = raw("connect", "rest-json", "connect", "DescribeContactFlow", {"InstanceId": "i", "ContactFlowId": arn})
    assert "%2F" in request.path
    assert parameters(identify(request), request) == {"InstanceId": "i", "ContactFlowId": arn}


def test_global_services_live_in_their_home_region() -> None:
    """A client with an endpoint of its own signs for its own region; IAM and Route 53 are in us-east-1 nevertheless."""
    for service, protocol, operation in (("iam", "query", "ListRoles"), ("route53", "rest-xml", "ListHostedZones")):
        assert identify(raw(service, protocol, service, operation, {})).region == "us-east-1"
    assert identify(raw("connect", "rest-json", "connect", "ListInstances", {})).region == "us-west-2"


@pytest.mark.parametrize(
    ("service", "protocol", "operation"),
    [
        ("connect", "rest-json", "CreateContactFlow"),
        ("route53", "rest-xml", "ChangeResourceRecordSets"),
        ("iam", "query", "CreateRole"),
        ("dynamodb", "json", "UpdateTable"),
    ],
)
def test_an_error_is_read_with_code_message_and_status(service: str, protocol: str, operation: str) -> None:
    """botocore reads an error's code and message in each protocol."""
    response = failure(Identity(service, "us-east-1", operation, protocol), ApiError("SomeError", "that & <this>", 409))
    read = create_parser(protocol).parse(
        {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body}, None
    )
    assert (read["Error"]["Code"], read["Error"]["Message"]) == ("SomeError", "that & <this>")
    assert read["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_an_errors_own_members_are_read_by_their_shape() -> None:
    """InvalidContactFlowException carries its problems as AWS does, so that a client finds them in the response."""
    who = Identity("connect", "us-east-1", "CreateContactFlow", "rest-json")
    error = ApiError("InvalidContactFlowException", "", 400, {"problems": [{"message": "Invalid action"}]})
    shape = models.error_shapes("connect", "CreateContactFlow")["InvalidContactFlowException"]
    response = failure(who, error)
    read = create_parser("rest-json").parse(
        {"status_code": 400, "headers": HeadersDict(response.headers), "body": response.body}, shape
    )
    assert read["problems"] == [{"message": "Invalid action"}]


SCOPE = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.parametrize(
    ("service", "sent", "read"),
    [
        ("monitoring", gzip.compress(b"{}"), b"{}"),
        ("monitoring", b"{}", b"{}"),
        ("s3", b"an object", b"an object"),
    ],
    ids=["compressed", "claimed", "an object"],
)
def test_what_a_client_compressed_is_read_and_what_is_an_object_stays(service: str, sent: bytes, read: bytes) -> None:
    """SDKs compress long bodies of some operations; what only says that it is compressed, and S3's objects, are as they came."""
    headers = {"authorization": SCOPE.format(service), "content-encoding": "gzip", "content-length": str(len(sent))}
    found = unpacked(Request("POST", "/", "", headers, sent), lambda: 1_000_000)
    assert found.body == read
    assert ("content-encoding" in found.headers) == (service == "s3")  # moto would unpack it once more
    assert found.headers["content-length"] == str(len(read))
