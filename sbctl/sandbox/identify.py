"""What a raw request is: service, region, operation. From the signature's scope, the target header, the body or the path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl

from sbctl.sandbox import models

SIGNING_NAMES = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "servicequotas": "service-quotas",
    "profile": "customer-profiles",
    "wisdom": "qconnect",
}
HOME = {"route53": "us-east-1", "iam": "us-east-1"}
"""Global services live in one region, whatever region a client with a custom endpoint signs for (moto.md 9.1)."""
_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Request:
    """One HTTP request, raw. `path` is still percent-encoded; header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def arguments(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Identity:
    """Whom a request is for. `operation` is empty where the path alone does not tell (objects of S3)."""

    service: str
    region: str
    operation: str
    path_parameters: dict[str, str]


def identify(request: Request) -> Identity:
    """Read a request's scope. An unsigned one is taken for S3 in us-east-1, as AWS does with public objects."""
    region, service = _scope(request)
    service = SIGNING_NAMES.get(service, service)
    target = request.headers.get("x-amz-target", "")
    if target.startswith("DynamoDBStreams"):
        service = "dynamodbstreams"
    operation, found = _operation(service, request, target)
    return Identity(service, HOME.get(service, region), operation, found)


def _scope(request: Request) -> tuple[str, str]:
    text = request.headers.get("authorization", "")
    if "X-Amz-Credential" in request.arguments:
        text = "Credential=" + request.arguments["X-Amz-Credential"]
    found = _SCOPE.search(text)
    if found:
        return found.group(2), found.group(3)
    return "us-east-1", "s3"


def _operation(service: str, request: Request, target: str) -> tuple[str, dict[str, str]]:
    if target:
        return target.rpartition(".")[2], {}
    try:
        form = models.protocol(service)
    except Exception:  # noqa: BLE001 - botocore raises its own for a service it does not know
        return "", {}
    if form == "query":
        arguments = parse_qs(request.body.decode("utf-8", "replace")) or parse_qs(request.query)
        return next(iter(arguments.get("Action", [""]))), {}
    found = models.match(service, request.method, request.path, request.arguments)
    return found or ("", {})
