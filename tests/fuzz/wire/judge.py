"""Sends bytes to the server, reads what comes, and says what is wrong with it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

from tests.fuzz.wire.damage import Sent

SILENCE_SECONDS = 150.0
"""After which a request counts as one that hangs: more than twice what the server gives a client to send it."""
NAMES = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|arn:aws:[\w:/.-]{5,120}|[0-9a-z]{20,}\.lambda-url[\w.-]+"
)
S3_LACKS = b"<Code>NotImplemented</Code><Message>A header you provided implies functionality that is not implemented"
"""What S3 itself answers 501."""
MOST_NAMES = 400


def exchanged(port: int, sent: Sent) -> bytes:
    """What the server said until it closed, or until its last answer was whole. Raises TimeoutError."""
    with socket.create_connection(("127.0.0.1", port), SILENCE_SECONDS) as connection:
        with suppress(OSError):  # it may refuse before it has read all
            connection.sendall(sent.raw)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        got = bytearray()
        try:
            while piece := connection.recv(1 << 16):
                got += piece
        except ConnectionResetError:
            pass
        return bytes(got)


def answers(raw: bytes, method: str) -> Iterator[tuple[int, str, bytes]]:
    """Status, content type with the error's code in the header if there is one, and body of each answer."""
    while raw.startswith(b"HTTP/"):
        head, _, rest = raw.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        status = int(first.split()[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        if status == 100:
            raw = rest
            continue
        length = 0 if method == "HEAD" else int(headers.get(b"content-length", b"0"))
        kind = headers.get(b"content-type", b"") + b" " + headers.get(b"x-amzn-errortype", b"")
        yield status, kind.decode("latin-1"), rest[:length]
        raw = rest[length:]


def wrong(sent: Sent, raw: bytes) -> str:
    """What of an answer breaks a promise; "" when nothing does."""
    try:
        found = list(answers(raw, sent.question.method))
    except (ValueError, IndexError):
        return f"no HTTP: {raw[:200]!r}"
    if sent.whole and not found:
        return "no answer"
    if len(found) > sent.answers:
        return f"{len(found)} answers"
    return next((why for one in found if (why := _wrong(sent, *one))), "")


def _wrong(sent: Sent, status: int, kind: str, body: bytes) -> str:
    shown = f"{status} {body[:600].decode('utf-8', 'replace')}"
    if status >= 500:
        return (
            ""
            if status == 501 and (b"NotModelled" in body or S3_LACKS in body or sent.question.method == "HEAD")
            else shown
        )
    if status < 400 or not sent.whole or not body or "text/plain" in kind:
        return "" if status < 400 or body or sent.question.method == "HEAD" or status in (404, 412, 416) else shown
    return "" if _is_error(kind, body, sent.question.form) else f"not an error of its protocol: {kind} {shown}"


def _is_error(kind: str, body: bytes, form: str) -> bool:
    try:
        if "json" in kind:
            found = json.loads(body)
            return isinstance(found, dict) and (form != "json" or "__type" in found or not kind.endswith(" "))
        return ElementTree.fromstring(body).find(".//{*}Code") is not None
    except (ValueError, ElementTree.ParseError):
        return False


def names_in(raw: bytes) -> list[str]:
    """Names of things that the world has, to be asked for."""
    return NAMES.findall(raw[:20_000].decode("utf-8", "replace"))
