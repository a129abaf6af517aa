"""The door turns whatever happens on the wire into one kind of error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.aws.client import Client, ClientSettings
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from tests.unit.aws.fakes import closed, http, silent

PATIENCE_SECONDS = 60.0
"""For what answers: a busy machine is no fault of the door."""


def aws_client(endpoint: str, patience: float = PATIENCE_SECONDS) -> Client:
    settings = ClientSettings(
        endpoint_url=endpoint,
        placeholder_credentials=True,
        connect_timeout=PATIENCE_SECONDS,
        read_timeout=patience,
    )
    return Client(settings)


def refused(aws_client: Client, service: str, operation: str, **params: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        aws_client.call(service, operation, "us-east-1", **params)
    return caught.value


def test_a_closed_port_is_unreachable() -> None:
    """Where nobody listens, nothing arrived: the region is unreachable and the error says which call it was."""
    error = refused(aws_client(closed()), "connect", "ListInstances")
    assert (error.code, error.unreachable) == ("Unreachable", True)
    assert (error.service, error.operation, error.region) == ("connect", "ListInstances", "us-east-1")


def test_silence_is_a_timeout() -> None:
    """A request that arrived and got no answer may have taken effect, so it is a timeout."""
    with silent() as endpoint:
        assert refused(aws_client(endpoint, 0.02), "connect", "ListInstances").code == "Timeout"


def test_an_answer_cut_short_is_a_timeout() -> None:
    """A body that ends before its announced length is an error of the door's own, not botocore's."""
    with http(200, {"Content-Length": "100"}, b"half") as endpoint:
        error = refused(aws_client(endpoint), "s3", "GetObject", Bucket="b", Key="k")
    assert error.code == "Timeout"


def test_a_body_is_read() -> None:
    """A streamed body comes back as bytes."""
    with http(200, {}, b"whole") as endpoint:
        assert aws_client(endpoint).call("s3", "GetObject", "us-east-1", Bucket="b", Key="k")["Body"] == b"whole"


def test_a_flow_that_is_refused_says_why() -> None:
    """InvalidContactFlowException has no message of its own; the problems in it become one."""
    body = json.dumps({"problems": [{"message": "Missing NextAction"}, {"message": "Unknown type"}]}).encode()
    headers = {
        "x-amzn-ErrorType": "InvalidContactFlowException",
        "x-amzn-RequestId": "r-7",
        "Content-Type": "application/json",
    }
    with http(400, headers, body) as endpoint:
        error = refused(
            aws_client(endpoint),
            "connect",
            "CreateContactFlow",
            InstanceId="i",
            Name="n",
            Type="CONTACT_FLOW",
            Content="{}",
        )
    assert error.code == "InvalidContactFlowException"
    assert error.message == "Missing NextAction; Unknown type"
    assert (error.status, error.request_id) == (400, "r-7")
    assert error.members["problems"] == [{"message": "Missing NextAction"}, {"message": "Unknown type"}]


def test_a_throttle_keeps_its_code_message_and_status() -> None:
    """A refusal comes back with the code, the message and the status that AWS gave."""
    body = json.dumps({"__type": "ThrottlingException", "Message": "Slow down"}).encode()
    headers = {"x-amzn-ErrorType": "ThrottlingException"}
    with http(429, headers, body) as endpoint:
        error = refused(aws_client(endpoint), "connect", "ListInstances")
    assert (error.code, error.message, error.status) == ("ThrottlingException", "Slow down", 429)


def test_wrong_parameters_are_told_before_anything_is_sent() -> None:
    """A call that the model does not allow needs no endpoint to fail."""
    assert refused(aws_client(closed()), "connect", "DescribeQueue", Queue="x").code == "ParamValidation"


def test_a_page_of_html_is_named_and_not_printed() -> None:
    """What a proxy or a stand-in answers instead of AWS is told in a sentence, with its status as code."""
    page = b"<!doctype html>\n<html><title>404 Not Found</title><h1>Not Found</h1></html>"
    with http(404, {"Content-Type": "text/html"}, page) as endpoint:
        error = refused(
            aws_client(endpoint), "connect", "ListInstanceAttributes", InstanceId="12345678-1234-1234-1234-123456789012"
        )
    assert error.code == "404"
    assert "<" not in error.message
    assert "HTML" in error.message
    assert from_aws(error).summary == "Something else than AWS answered"


def test_a_redirect_is_not_what_aws_says() -> None:
    """As a network sends it in which one has to sign in first."""
    with http(302, {"Location": "http://127.0.0.1:9/"}, b"") as endpoint:
        error = refused(aws_client(endpoint), "dynamodb", "DescribeTable", TableName="ttt")
    assert from_aws(error).summary == "Something else than AWS answered"
    assert "HTTPS_PROXY" in from_aws(error).fix
