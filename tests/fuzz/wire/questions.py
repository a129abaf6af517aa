"""Requests as clients send them, before they are damaged: of all operations of all services, of the control API, of nobody's."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from botocore.serialize import create_serializer

from sbctl.sandbox.http.control import ACTIONS
from sbctl.sandbox.http.strangers import TOKEN_HEADER
from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.services import OWN
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import SIGNING_NAMES
from tests.fuzz.wire.parameters import DOCUMENTS, ODD_TEXTS, Parameters

REGIONS = ("us-east-1", "us-west-2", "eu-west-2", "us-east-1", "mars-1", "", "é")
SIGNED_AS = {name: sign for sign, name in SIGNING_NAMES.items()}
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get", "")
SEGMENTS = (
    "a",
    "instance",
    "2013-04-01",
    "bucket-1",
    "..",
    "",
    "%2F",
    "%zz",
    "%",
    "é",
    "x" * 300,
    "functions",
    "_sandbox",
)
Headers = tuple[tuple[str, str], ...]
Operations = Mapping[str, Sequence[str]]
"""By service, those that the sandbox simulates or takes."""


@dataclass(frozen=True)
class Asked:
    """A server, and what is known of its world: how members of requests name things, and operations."""

    port: int
    token: str
    names: Mapping[str, str]
    operations: Operations


@dataclass(frozen=True)
class Question:
    """One request, not yet as bytes. `form` is how its service tells errors: json, xml, control or "" (any)."""

    name: str
    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    form: str = ""


class Questions:
    """Draws requests; what it has seen of the world's names may stand in them."""

    def __init__(self, draw: random.Random, on: Asked, pool: list[str]) -> None:
        self._draw = draw
        self._token = on.token
        self._pool = pool
        self._parameters = Parameters(draw, pool, on.names)
        self._services = sorted(SERVICES | OWN)
        self._operations = on.operations

    def one(self) -> Question:
        """The next one."""
        kinds = (self._operation, self._control, self._function_url, self._object, self._nobodys, self._packed_form)
        return self._draw.choices(kinds, weights=(70, 8, 5, 8, 7, 2))[0]()

    def _operation(self) -> Question:
        draw = self._draw
        service = draw.choices(self._services, weights=[4 if name in OWN else 1 for name in self._services])[0]
        known = self._operations.get(service, ())
        if known and draw.random() < 0.85:
            return self.of(service, draw.choice(known))
        return self.of(service, draw.choice(sorted(models.operation_names(service))))

    def of(self, service: str, operation: str) -> Question:
        """A request for this operation. What no serializer takes is sent without parameters."""
        model, form = models.service_model(service).operation_model(operation), models.protocol(service)
        params = self._parameters.of(model.input_shape) if model.input_shape else {}
        try:
            sent = _serialised(form, model, params)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            sent = _serialised(form, model, {}) if form in ("json", "query") else {}
        query = sent.get("query_string", {})
        query = query if isinstance(query, str) else urlencode(query, doseq=True)
        path = sent.get("url_path", "/")
        body = sent.get("body", b"")
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
        body = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
        headers = {name: str(value) for name, value in sent.get("headers", {}).items()}
        return Question(
            f"{service}:{operation}",
            str(sent.get("method", "GET")),
            quote(path, safe="/%?&=:~+") + (f"{'&' if '?' in path else '?'}{query}" if query else ""),
            (*self.scope(SIGNED_AS.get(service, service)), *headers.items()),
            body,
            "json" if "json" in form else "xml",
        )

    def scope(self, service: str) -> Headers:
        text = f"Credential=a/20260301/{self._draw.choice(REGIONS)}/{service}/aws4_request"
        return (("Authorization", f"AWS4-HMAC-SHA256 {text}, SignedHeaders=host, Signature=0"),)

    def _control(self) -> Question:
        draw = self._draw
        method, action = draw.choice([key for key in ACTIONS if key[1] != "reset"])
        names = (
            "seconds",
            "enabled",
            "kind",
            "region",
            "service",
            "count",
            "probability",
            "id",
            "lag_seconds",
            "jitter",
            "x",
        )
        values = ("1", "-1", "NaN", "1e999", "1e18", '"a"', "null", "[]", "{}", "true", '"connect"', "9" * 5_000, "0.5")
        body = "{" + ", ".join(f'"{draw.choice(names)}": {draw.choice(values)}' for _ in range(draw.randrange(4))) + "}"
        body = body if draw.random() < 0.8 else draw.choice(DOCUMENTS)
        headers = ((TOKEN_HEADER, self._token),) if draw.random() < 0.8 else ()
        return Question(f"control {action}", method, f"/_sandbox/{action}", headers, body.encode(), "control")

    def _function_url(self) -> Question:
        host = self._draw.choice([*[one for one in self._pool if "lambda-url" in one], "a.lambda-url.us-east-1.on.aws"])
        host += self._draw.choice(("", ".", ":443", ":99999", "x"))
        target, method = self._path(), self._draw.choice(METHODS[:7])
        return Question("function URL", method, target, (("Host", host), *self._odd_headers()), self._text(), "")

    def _object(self) -> Question:
        draw = self._draw
        key = draw.choice(("a", "calls/1.wav", "%2F", "..", "%zz", "a//b", "é", "x" * 1025, " ", "%00", "+"))
        flags = (
            "",
            "uploads",
            "acl",
            "tagging",
            "versionId=a",
            "partNumber=1&uploadId=a",
            "partNumber=x&uploadId=",
            "torrent",
            "attributes",
            "retention",
            "legal-hold",
            "select&select-type=2",
            "list-type=2&max-keys=x",
            "delete",
            "x-id=a",
            "response-content-type=%0d%0a",
            "max-keys=-1",
            "versions&max-keys=99999999999999999999",
            "policy",
            "location",
        )
        bucket = draw.choice(("bench-east", "bench-east", "none", "A_b", "a" * 70, "%00"))
        odd = [
            ("x-amz-meta-é", "a"),
            ("x-amz-copy-source", draw.choice(("", "a", "/%zz", "bench-east/a", "bench-east/a?versionId="))),
            ("x-amz-tagging", "a=b=c&&%"),
            ("Range", draw.choice(("bytes=5-1", "bytes=-", "bytes=0-0,5-9", "lines=1", "bytes=99999999999-"))),
            ("x-amz-acl", "x"),
            ("Content-MD5", "x"),
            ("If-Match", "*"),
            ("If-Modified-Since", "x"),
            ("x-amz-content-sha256", "x"),
            ("x-amz-checksum-crc32", "x"),
            ("x-amz-decoded-content-length", "x"),
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-object-lock-retain-until-date", "x"),
            ("x-amz-storage-class", "x"),
            ("x-amz-website-redirect-location", "\x85"),
        ]
        headers = (*self.scope("s3"), *draw.sample(odd, draw.choice((0, 0, 1, 2))))
        target = f"/{bucket}/{key}?{draw.choice(flags)}".rstrip("?")
        return Question(
            "s3 object", draw.choice(METHODS[:6]), quote(target, safe="/%?&=-+"), headers, self._text(), "xml"
        )

    def _nobodys(self) -> Question:
        """Random service, target, path, query, headers and body."""
        draw = self._draw
        service = draw.choice((*self._services, "", "no-such", "../..", "é", "s3", "dynamodb", "ec2", "aaaa" * 200))
        headers = [*self.scope(service), *self._odd_headers()]
        if draw.random() < 0.5:
            targets = (
                "DynamoDB_20120810.ListTables",
                "DynamoDBStreams_20120810.",
                ".",
                "",
                "a.b.c",
                "é",
                "ServiceQuotasV20190624.",
            )
            headers.append(("X-Amz-Target", draw.choice(targets)))
        headers = headers[1:] if draw.random() < 0.3 else headers
        return Question("nobody's", draw.choice(METHODS), self._path(), tuple(headers), self._text(), "")

    def _packed_form(self) -> Question:
        """Deep, long and many arguments of a query-protocol request."""
        names = (
            "A.member.1",
            "A." * 1_000,
            "Tags.member.999999999.Key",
            "MetricData.member.1.Value",
            "Action",
            "Action",
            "%",
            "=",
        )
        actions = ("PutMetricData", "CreateRole", "Publish", "SendMessage", "GetCallerIdentity", "")
        pairs = [f"{self._draw.choice(names)}={quote(self._draw.choice(ODD_TEXTS))}" for _ in range(20)]
        body = "&".join([f"Action={self._draw.choice(actions)}", *pairs])
        headers = (
            *self.scope(self._draw.choice(("iam", "sns", "sts", "monitoring", "sqs"))),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )
        return Question("query form", "POST", "/", headers, body.encode("utf-8", "surrogatepass"), "")

    def _path(self) -> str:
        draw = self._draw
        path = "/" + "/".join(quote(draw.choice(SEGMENTS), safe="%") for _ in range(draw.randrange(4)))
        return path + draw.choice(
            ("", "?", "?a", "?a=%", "?&&=", "?X-Amz-Credential=a/1/us-east-1/lambda/aws4_request", "?Action=ListRoles")
        )

    def _odd_headers(self) -> Headers:
        draw = self._draw
        names = (
            "Content-Type",
            "Accept",
            "X-Amz-Date",
            "User-Agent",
            "X-Amz-Security-Token",
            "Expect",
            "Cookie",
            "x_y",
            "Authorization",
        )
        return tuple(
            (
                draw.choice(names),
                draw.choice(("", "a", "é", "\t", "x" * 9_000, "AWS4-HMAC-SHA256 Credential=/", "application/json")),
            )
            for _ in range(draw.randrange(3))
        )

    def _text(self) -> bytes:
        draw = self._draw
        return draw.choice(
            (b"", b"", b"{}", b"<a/>", b"\xff\xfe", b"a=b", draw.choice(DOCUMENTS).encode(), draw.randbytes(200))
        )


def _serialised(form: str, model: Any, params: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = create_serializer(form, False).serialize_to_request(params, model)
    return found
