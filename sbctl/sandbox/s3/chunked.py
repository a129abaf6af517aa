"""Bodies that a client cut into chunks, signed or not, with trailers behind: what of them is the content.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Request

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[^\r\n]*)?\r\n")


@dataclass(frozen=True)
class Content:
    """The content, and what was said behind it, by names in lower case."""

    body: bytes
    trailers: Mapping[str, str] = field(default_factory=dict)


def content_of(request: Request) -> Content | None:
    """The content of a request; None where it is not certain which it is. Raises ApiError for chunks that do not fit."""
    if not request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        chunked = "aws-chunked" in request.headers.get("content-encoding", "")
        return None if chunked else Content(request.body)
    found = _unchunked(request.body)
    told = request.headers.get("x-amz-decoded-content-length")
    if found is None or (told is not None and told != str(len(found.body))):
        raise ApiError(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
            400,
        )
    return found


def _unchunked(body: bytes) -> Content | None:
    source, content = BytesIO(body), bytearray()
    while True:
        line = _CHUNK.fullmatch(source.readline())
        if line is None:
            return None
        size = int(line[1], 16)
        if not size:
            return Content(bytes(content), _trailers(source.read()))
        chunk = source.read(size)
        if len(chunk) < size or source.read(2) != b"\r\n":
            return None
        content += chunk


def _trailers(text: bytes) -> dict[str, str]:
    lines = [line.partition(":") for line in text.decode("latin-1").splitlines()]
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
