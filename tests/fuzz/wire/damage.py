"""From a request to the bytes that are sent: as they should be, or damaged on the way."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.fuzz.wire.questions import Question

ZEROS = gzip.compress(b"0" * (80 * 1024 * 1024), 9)
NESTED = gzip.compress(b"[" * (40 * 1024 * 1024), 9)
RAW_VALUES = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5_000,
    b"-0.0",
    b'"\\ud800"',
    b'"\xff"',
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"1.5",
    b"99999999999999999999",
    b"[" * 990 + b"]" * 990,
    b'{"a": ' * 300 + b"1" + b"}" * 300,
)


@dataclass(frozen=True)
class Sent:
    """What goes over the connection. `whole` when a server that knows HTTP has all that it was told of."""

    question: Question
    how: str
    raw: bytes
    whole: bool = True
    answers: int = 1
    """How many are due at most."""


Damage = Callable[[random.Random, Question], Sent]


def sent(draw: random.Random, question: Question) -> Sent:
    """The request, in one of the ways."""
    ways: tuple[Damage, ...] = (*BODY, *FRAME)
    if draw.random() < 0.6:
        return _plain(draw, question)
    return draw.choice(ways)(draw, question)


def as_bytes(question: Question, *extra: tuple[str, str], version: str = "HTTP/1.1", length: bool = True) -> bytes:
    """Head and body; Host is the server's own unless the request has one."""
    headers = [*question.headers, *extra]
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", "127.0.0.1"))
    if length:
        headers.append(("Content-Length", str(len(question.body))))
    lines = [f"{question.method} {question.target} {version}", *(f"{name}: {_line(value)}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogatepass") + question.body


def _line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _plain(_: random.Random, question: Question) -> Sent:
    return Sent(question, "as it is", as_bytes(question))


def _value(draw: random.Random, question: Question) -> Sent:
    """One value of a JSON body, or some bytes of another, replaced."""
    body, raw = question.body, draw.choice(RAW_VALUES)
    places = [place for place in range(len(body)) if body[place : place + 1] == b":"][:400]
    if places:
        at = draw.choice(places) + 1
        end = min([place for place in (body.find(b",", at), body.find(b"}", at)) if place > 0], default=len(body))
        changed = replace(question, body=body[:at] + b" " + raw + body[end:])
    else:
        at = draw.randrange(len(body) + 1)
        changed = replace(question, body=body[:at] + raw + body[at + 1 :])
    return Sent(changed, "a value", as_bytes(changed))


def _byte(draw: random.Random, question: Question) -> Sent:
    body = bytearray(question.body or b"{}")
    for _ in range(draw.randrange(1, 4)):
        body[draw.randrange(len(body))] = draw.randrange(256)
    changed = replace(question, body=bytes(body))
    return Sent(changed, "bytes of the body", as_bytes(changed))


def _cut_content(draw: random.Random, question: Question) -> Sent:
    changed = replace(question, body=question.body[: draw.randrange(len(question.body) + 1)])
    return Sent(changed, "a shorter body", as_bytes(changed))


def _gzip(draw: random.Random, question: Question) -> Sent:
    """Packed, truly or not: bombs among them."""
    packed = draw.choices((gzip.compress(question.body), b"\x1f\x8b\x08", ZEROS, NESTED), weights=(5, 3, 1, 1))[0]
    changed = replace(question, body=packed)
    return Sent(changed, "gzip", as_bytes(changed, ("Content-Encoding", draw.choice(("gzip", "gzip", "GZIP", "br")))))


def _target(draw: random.Random, question: Question) -> Sent:
    target = list(question.target)
    target.insert(
        draw.randrange(1, len(target) + 1),
        draw.choice(("%", "%zz", "%00", "%ff", "/", "?", "&", "=", "é", "%2e%2e/", ";", "//", "#", "\x7f")),
    )
    changed = replace(question, target="".join(target))
    return Sent(changed, "the target", as_bytes(changed))


def _method(draw: random.Random, question: Question) -> Sent:
    method = draw.choice(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"))
    changed = replace(question, method=method)
    return Sent(changed, "another method", as_bytes(changed))


def _header(draw: random.Random, question: Question) -> Sent:
    """A header lost, doubled, or with odd bytes."""
    headers = list(question.headers) or [("Accept", "*/*")]
    at = draw.randrange(len(headers))
    name, value = headers[at]
    headers[at : at + 1] = draw.choice(
        (
            [],
            [(name, value), (name, value)],
            [(name, ""), (name, value)],
            [(name, value + "\x00é")],
            [(name, value.replace("/", "//"))],
        )
    )
    changed = replace(question, headers=tuple(headers))
    return Sent(changed, "headers", as_bytes(changed))


def _length(draw: random.Random, question: Question) -> Sent:
    """A wrong length, or two."""
    length = draw.choice(
        ("-1", "+5", "1_0", "x", "", "0x10", "9" * 30, str(2**40), str(len(question.body) + 10), "1", "1, 1")
    )
    raw = as_bytes(question, ("Content-Length", length), length=draw.random() < 0.3)
    return Sent(question, f"the length {length[:12]!r}", raw, whole=False, answers=3)


def _chunks(draw: random.Random, question: Question) -> Sent:
    size, body = f"{len(question.body):x}".encode(), question.body or b"{}"
    size = f"{len(body):x}".encode()
    good = size + b"\r\n" + body + b"\r\n0\r\n\r\n"
    forms = (
        (good, True),
        (size + b";a=b\r\n" + body + b"\r\n0\r\nX-Trailer: a\r\n\r\n", True),
        (good[: draw.randrange(len(good))], False),
        (b"-1\r\n" + good, False),
        (b"zz\r\n" + good, False),
        (b"fffffffffff\r\n" + good, False),
        (b"1" * 300_000 + b"\r\n", False),
        (size + b"\r\n" + body + b"xx0\r\n\r\n", False),
        (b"0x2\r\n{}\r\n0\r\n\r\n", False),
    )
    framed, whole = draw.choice(forms)
    changed = replace(question, body=framed)
    coding = draw.choices(("chunked", "gzip, chunked", "xchunked", "Chunked"), weights=(9, 1, 1, 1))[0]
    both = draw.random() < 0.1
    raw = as_bytes(changed, ("Transfer-Encoding", coding), length=both)
    return Sent(changed, "chunks", raw, whole=whole and coding == "chunked" and not both, answers=3)


def _cut(draw: random.Random, question: Question) -> Sent:
    raw = as_bytes(question)
    return Sent(question, "cut", raw[: draw.randrange(len(raw))], whole=False)


def _too_long(_: random.Random, question: Question) -> Sent:
    return Sent(question, "more than told", as_bytes(question) + b"{}\x00\xff", whole=False, answers=2)


def _pipelined(_: random.Random, question: Question) -> Sent:
    return Sent(question, "pipelined", as_bytes(question) * 3, whole=False, answers=3)


def _version(draw: random.Random, question: Question) -> Sent:
    version = draw.choice(("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.x", "HTTP/9.9", "http/1.1", "FTP/1.1", ""))
    return Sent(question, f"version {version!r}", as_bytes(question, version=version), whole=False)


def _absolute(draw: random.Random, question: Question) -> Sent:
    start = draw.choice(
        (
            "http://127.0.0.1",
            "http://evil.example",
            "http://[::1",
            "//evil.example",
            "http://",
            "*",
            "http://127.0.0.1:99999",
        )
    )
    changed = replace(question, target=start + question.target)
    return Sent(changed, "absolute form", as_bytes(changed), whole=False)


def _hosts(draw: random.Random, question: Question) -> Sent:
    hosts = [("Host", host) for host in draw.sample(("127.0.0.1", "evil.example", "", "[::1]", "localhost", "a b"), 2)]
    changed = replace(question, headers=(*hosts, *question.headers))
    return Sent(changed, "two hosts", as_bytes(changed), whole=False)


def _endings(draw: random.Random, question: Question) -> Sent:
    head, _, body = as_bytes(question).partition(b"\r\n\r\n")
    ending = draw.choice((b"\n", b"\r", b"\r\n ", b"\r\n\x00: a\r\n", b"\r\n: \r\n", b"\r\nno colon\r\n"))
    return Sent(question, "line ends", head.replace(b"\r\n", ending) + b"\r\n\r\n" + body, whole=False)


def _noise(draw: random.Random, question: Question) -> Sent:
    raw = draw.choice(
        (draw.randbytes(300), b"\x16\x03\x01\x02\x00" + draw.randbytes(80), b"\r\n" * 50, b"GET /" + b"a" * 70_000)
    )
    return Sent(question, "noise", raw, whole=False, answers=2)


def _many_headers(draw: random.Random, question: Question) -> Sent:
    extra = [(f"x-{number}", "a") for number in range(draw.choice((500, 9_000)))]
    return Sent(question, "many headers", as_bytes(question, *extra), whole=False)


BODY = (_value, _value, _value, _byte, _cut_content, _gzip, _target, _method, _header)
FRAME = (_length, _chunks, _cut, _too_long, _pipelined, _version, _absolute, _hosts, _endings, _noise, _many_headers)
