"""Something behind the layers that answers as told, and one-request servers for the door."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock


class Answers:
    """Fails with the errors given, one a call, then succeeds; notes when each call came."""

    def __init__(self, clock: FakeClock, *codes: str, status: int = 0, message: str = "") -> None:
        self._clock = clock
        self._codes = list(codes)
        self._status = status
        self._message = message
        self.times: list[float] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.times.append(self._clock.monotonic())
        code = self._codes.pop(0) if self._codes else ""
        if code:
            raise AwsError(
                code, self._message, service=service, operation=operation, region=region, status=self._status
            )
        return {"params": params, "ResponseMetadata": {"RequestId": "r-1"}}

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self._clock.sleep(seconds)


class Raw:
    """A body as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body

    def read(self, *_: Any, **__: Any) -> bytes:
        body, self._body = self._body, b""
        return body

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def http(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """A server on loopback that answers every request alike; its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = answer  # noqa: N815 - names that http.server looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent() -> Iterator[str]:
    """A socket that takes connections and never says a word; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def closed() -> str:
    """An address on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"
