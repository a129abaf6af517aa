"""Answers as bytes, and what the front of the server says by itself, before any service is asked."""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from sbctl.sandbox.http.bodies import CONTROL_BYTES, INVOCATION_BYTES, most_bytes
from sbctl.sandbox.http.control import CONTROL
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.function_urls import place_of
from sbctl.sandbox.wire.identify import Request, identify
from sbctl.sandbox.wire.response import Response

_NO_TEXT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What would end a header, or is refused by clients in one."""


def most_bytes_of(head: Request) -> int:
    """Of the body of a request with this head."""
    if head.path.startswith(CONTROL):
        return CONTROL_BYTES
    return INVOCATION_BYTES if place_of(head) else most_bytes(identify(head))


def too_long(head: Request) -> Response:
    """As the service itself says it, which needs no more than the head."""
    if head.path.startswith(CONTROL) or place_of(head):
        return said(413, f"the body is longer than {most_bytes_of(head)} bytes")
    message = f"Request must be smaller than {most_bytes_of(head)} bytes for this operation"
    return failure(identify(head), ApiError("RequestEntityTooLargeException", message, 413))


def said(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal in JSON, as the control API has it."""
    body = json.dumps({"error": message}).encode()
    return Response(status, body, {"content-type": "application/json", **(headers or {})})


def as_http(request: Request, response: Response) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """Status line, headers and body of this response to this request, as HTTP has them."""
    bodiless = request.method == "HEAD" or response.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    headers = dict(response.headers)
    if response.status == HTTPStatus.NO_CONTENT:
        headers.pop("content-length", None)
    elif request.method != "HEAD" or "content-length" not in headers:
        headers["content-length"] = str(len(response.body))
    status = f"{response.status} {_reason(response.status)}".encode("ascii")
    encoded = [
        (name.encode("latin-1", "replace"), _NO_TEXT.sub("", line).encode("latin-1", "replace"))
        for name, value in headers.items()
        for line in value.split("\n")
    ]
    return status, encoded, b"" if bodiless else response.body


def raw(request: Request, response: Response) -> bytes:
    """A whole answer, after which the connection is closed."""
    status, headers, body = as_http(request, response)
    lines = [b"HTTP/1.1 " + status, *(name + b": " + value for name, value in headers), b"connection: close", b""]
    return b"\r\n".join([*lines, body])


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
