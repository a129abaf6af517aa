"""Where one request ends and the next begins. cheroot takes much for a request that RFC 9112 refuses, and fails on some of it.

A header that says who asks, or how long a body is, stands once: with two of them, two readers of one request would differ.
https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Protocol

from cheroot.server import HTTPRequest

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
ONCE = frozenset(
    {
        b"Authorization",
        b"Content-Length",
        b"Host",
        b"Origin",
        b"Sec-Fetch-Site",
        b"Transfer-Encoding",
        b"X-Amz-Target",
        b"X-Sbctl-Token",
    }
)
JOINED = frozenset(
    {b"Accept", b"Accept-Encoding", b"Connection", b"Content-Encoding", b"Expect", b"If-Match", b"If-None-Match"}
)
"""Lists, which may come in parts; of another header that is repeated the last one counts."""
LINE_BYTES = 8 * 1024
"""Of one line between the chunks of a body."""
TRAILER_BYTES = 64 * 1024


CONTINUE = b"100-Continue"
"""How the expectation is kept: cheroot does not know it so, which would fulfil it before anybody judged the request."""


class FramingError(Exception):
    """The body does not come as the request's head says."""


class TooLongError(Exception):
    """The body is longer than its service takes."""


class Reader(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class Headers:
    """Reads the lines of a request's headers, each as `Name: value`."""

    def __call__(self, lines: Any, found: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Raises ValueError for what is no header, or one too many."""
        while (line := lines.readline()) != b"\r\n":
            name, value = _header(line)
            if name in ONCE and name in found:
                raise ValueError(f"{name.decode()} is there twice")
            found[name] = b", ".join((found[name], value)) if name in JOINED and name in found else value
        if found.get(b"Expect", b"").lower() == b"100-continue":
            found[b"Expect"] = CONTINUE
        return found


def _header(line: bytes) -> tuple[bytes, bytes]:
    if not line.endswith(b"\r\n"):
        raise ValueError("a header does not end with CRLF")
    name, colon, value = line[:-2].partition(b":")
    if not colon or not _NAME.fullmatch(name) or _CONTROL.search(value):
        raise ValueError("a header is not of the form Name: value")
    return name.title(), value.strip()


class StrictRequest(HTTPRequest):
    """The head of one request. What is wrong with it is the client's fault: 4xx, and the connection is closed."""

    header_reader = Headers()

    def read_request_line(self) -> bool:
        self.proxy_mode = True  # else `//key` is refused, which looks like `//host`
        try:
            is_read = bool(super().read_request_line())  # type: ignore[no-untyped-call]
        except ValueError:  # as of a host with half a bracket
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False
        self.proxy_mode = False
        if is_read and self.method == b"CONNECT":
            self.simple_response("405 Method Not Allowed")
            return False
        if is_read and self.method != b"OPTIONS" and not self.uri.startswith(b"/"):
            self.simple_response("400 Bad Request", "Absolute URI not allowed if server is not a proxy.")
            return False
        return is_read

    def read_request_headers(self) -> bool:
        return bool(super().read_request_headers()) and self._is_framed()  # type: ignore[no-untyped-call]

    def simple_response(self, status: str, msg: str = "") -> None:
        """A refusal before the request is understood. An unknown version or coding is the client's fault too."""
        self.close_connection = self.conn.unread = True
        found = "400 Bad Request" if str(status).startswith("5") else str(status)
        super().simple_response(found, msg or found.partition(" ")[2])

    def _is_framed(self) -> bool:
        length, coding = (self.inheaders.get(name) for name in (b"Content-Length", b"Transfer-Encoding"))
        wrong = ""
        if self.response_protocol == "HTTP/1.1" and b"Host" not in self.inheaders:
            wrong = "HTTP/1.1 needs a Host header."
        elif length is not None and not _LENGTH.fullmatch(length):
            wrong = "Malformed Content-Length Header."
        elif coding is not None and (length is not None or not self.chunked_read or coding.lower() != b"chunked"):
            wrong = "Transfer-Encoding is chunked, alone and without Content-Length, in HTTP/1.1."
        if wrong:
            self.simple_response("400 Bad Request", wrong)
        return not wrong


def body_of(request: Any, most: int) -> bytes:
    """The whole body of a request whose head is read. Raises FramingError and TooLongError: nothing more can be read then."""
    source: Reader = request.conn.rfile
    try:
        if request.chunked_read:
            _let_go_on(request)
            return _chunks(source, most)
        length = int(request.inheaders.get(b"Content-Length", 0))
        if length > most:
            raise TooLongError
        _let_go_on(request)
        found = source.read(length) if length else b""
        if len(found) < length:
            raise FramingError("the body is shorter than its Content-Length")
    except (FramingError, TooLongError):
        request.close_connection = request.conn.unread = True
        raise
    request.rfile.remaining = 0
    return found


def _let_go_on(request: Any) -> None:
    """Fulfil a client's expectation: its request is not refused for what its head says."""
    if request.inheaders.get(b"Expect") == CONTINUE and request.response_protocol == "HTTP/1.1":
        with suppress(OSError):
            request.conn.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _chunks(source: Reader, most: int) -> bytes:
    found = bytearray()
    while size := _size(source):
        if len(found) + size > most:
            raise TooLongError
        chunk = source.read(size)
        if len(chunk) < size or source.read(2) != b"\r\n":
            raise FramingError("a chunk of the body is not as long as it says")
        found += chunk
    left = TRAILER_BYTES
    while (line := source.readline(left)) != b"\r\n":
        left -= len(line)
        if not line.endswith(b"\n") or left <= 0:
            raise FramingError("the body's trailer does not end")
    return bytes(found)


def _size(source: Reader) -> int:
    found = _CHUNK.fullmatch(source.readline(LINE_BYTES))
    if found is None:
        raise FramingError("a chunk of the body does not say how long it is")
    return int(found[1], 16)
