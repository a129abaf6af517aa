"""One HTTP request to an address that an operator named: TLS is verified, redirects are not followed, the answer is cut.

Plain HTTP is for servers of this machine alone; whether it may be used at all is decided by whoever asks.
"""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

READ_BYTES = 16_384
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TOO_MANY, BROKEN = 429, 500


@dataclass(frozen=True)
class Request:
    """What is sent. `ca_file` "": the certificates that this machine trusts."""

    url: str
    method: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    ca_file: str = ""


@dataclass(frozen=True)
class Answer:
    """`status` 0 means no answer; `failure` then says why. `whole` says whether `body` is all that came."""

    status: int = 0
    body: str = ""
    failure: str = ""
    whole: bool = True

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def passing(self) -> bool:
        """Whether it may go well another time: nothing answered, or the server was busy or broken."""
        return not self.status or self.status == TOO_MANY or self.status >= BROKEN


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine. Raises ValueError for what is no URL."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def send(request: Request, seconds: float) -> Answer:
    """Send it, and read the beginning of the answer. `seconds` holds for each wait on the network. Never raises."""
    try:
        context = ssl.create_default_context(cafile=request.ca_file or None)
        handlers: list[Any] = [_NoRedirect(), urllib.request.HTTPSHandler(context=context)]
        if is_loopback(request.url):
            handlers.append(urllib.request.ProxyHandler({}))
        wanted = urllib.request.Request(
            request.url, request.body, {"User-Agent": "sbctl", **request.headers}, method=request.method
        )
        with urllib.request.build_opener(*handlers).open(wanted, timeout=seconds) as reply:
            return _answer(reply.status, reply)
    except HTTPError as error:
        with error:
            return _refused(error)
    except (OSError, HTTPException, ValueError) as error:  # URLError is an OSError; ValueError: no URL, or no header
        return Answer(failure=str(getattr(error, "reason", "") or error) or type(error).__name__)


def _refused(error: HTTPError) -> Answer:
    try:
        return _answer(error.code, error)
    except (OSError, HTTPException, ValueError):  # the status came, the rest did not
        return Answer(error.code)


def _answer(status: int, reply: Any) -> Answer:
    raw = reply.read(READ_BYTES + 1)
    return Answer(status, raw[:READ_BYTES].decode("utf-8", "replace"), whole=len(raw) <= READ_BYTES)
