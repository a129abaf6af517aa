"""What a raw request is: service, region, operation. From the signature's scope, the target header, the body or the path."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from urllib.parse import parse_qsl

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models

SIGNING_NAMES = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "servicequotas": "service-quotas",
    "profile": "customer-profiles",
    "tagging": "resourcegroupstaggingapi",
    "wisdom": "qconnect",
}
"""Where the name in the signature is not boto3's name of the service (moto.md 9.2)."""
HOME = {
    "cloudfront": "us-east-1",
    "iam": "us-east-1",
    "route53": "us-east-1",
    "route53-recovery-control-config": "us-west-2",
}
"""Global services live in one region, whatever region a client with a custom endpoint signs for (moto.md 9.1)."""
OF_CHATS = "/participant/"
"""How all paths of connectparticipant begin, which signs as every API behind API Gateway does."""
UNSIGNED = {"AssumeRoleWithSAML": "sts", "AssumeRoleWithWebIdentity": "sts"}
_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Request:
    """One HTTP request, raw. `path` is still percent-encoded; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The query string's arguments."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """The arguments of a query-protocol request: in its body, or for a GET in its query string."""
        if "x-www-form-urlencoded" not in self.headers.get("content-type", ""):
            return self.arguments
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)) or self.arguments


@dataclass(frozen=True)
class Identity:
    """Whom a request is for. `operation` is empty where neither header, body nor path tell it.

    `protocol` is how this client speaks to the service, which for a service with several is seen from the request.
    """

    service: str
    region: str
    operation: str = ""
    protocol: str = "json"
    path_parameters: dict[str, str] = field(default_factory=dict)


def unpacked(request: Request, most_bytes: Callable[[], int]) -> Request:
    """The request with its body as it was before the client compressed it, which SDKs do with long ones.
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html

    Raises ApiError when it grows above `most_bytes`.

    What S3 is given compressed is an object, and stays as it is; so does the body of what only claims to be compressed.
    """
    if request.headers.get("content-encoding", "").lower() != "gzip" or _scope(request)[1] == "s3":
        return request
    most, body = most_bytes(), request.body
    try:
        with gzip.open(BytesIO(body)) as packed:
            body = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        pass
    if len(body) > most:
        raise ApiError("RequestEntityTooLargeException", f"The body grows above {most} bytes.", 413)
    headers = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    headers |= {"content-length": str(len(body))} if "content-length" in headers else {}
    return replace(request, headers=headers, body=body)


def identify(request: Request) -> Identity:
    """Read a request's scope, target and path. An unsigned request is taken for S3 in us-east-1, as moto does too."""
    region, service = _scope(request)
    region = HOME.get(service, region)
    target = request.headers.get("x-amz-target", "")
    if target:
        if target.startswith("DynamoDBStreams"):
            service = "dynamodbstreams"
        return Identity(service, region, target.rpartition(".")[2], "json")
    if service not in models.known_services():
        return Identity(service, region)
    protocol = models.protocol(service)
    if not protocol.startswith("rest-"):
        return Identity(service, region, request.form.get("Action", ""), "query")
    found = models.match(service, request.method, request.path, request.arguments, request.headers)
    operation, parameters = found or ("", {})
    return Identity(service, region, operation, protocol, parameters)


def is_for_s3(request: Request) -> bool:
    """Whether a request is for S3, which its head alone tells."""
    return "x-amz-target" not in request.headers and _scope(request)[1] == "s3"


def _scope(request: Request) -> tuple[str, str]:
    text = request.headers.get("authorization", "")
    if not text and "X-Amz-Credential" in request.arguments:
        text = "Credential=" + request.arguments["X-Amz-Credential"]
    found = _SCOPE.search(text)
    if found and found.group(2) == "execute-api" and request.path.startswith(OF_CHATS):
        return found.group(1), "connectparticipant"
    if found:
        return found.group(1), SIGNING_NAMES.get(found.group(2), found.group(2))
    return "us-east-1", UNSIGNED.get(request.form.get("Action", ""), "s3")
