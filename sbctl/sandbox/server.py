"""The HTTP server: cheroot on 127.0.0.1, all services on one port, in process or as a program."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cheroot import wsgi

from sbctl.sandbox.control import control
from sbctl.sandbox.gateway import Gateway
from sbctl.sandbox.identify import Request
from sbctl.sandbox.serialise import Response
from sbctl.sandbox.world import World

HOST = "127.0.0.1"
THREADS = 48
CONTROL = "/_sandbox/"
REASONS = {200: "OK", 204: "No Content", 301: "Moved Permanently", 404: "Not Found", 501: "Not Implemented"}

Start = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Running:
    """A server that answers."""

    world: World
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"


class Application:
    """The WSGI face of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._gateway = Gateway(world)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        request = _request(environ)
        if request.path.startswith(CONTROL):
            status, found = control(self._world, request.method, request.path[len(CONTROL) :], request.body)
            response = Response(status, json.dumps(found).encode(), {"content-type": "application/json"})
        else:
            response = self._gateway.handle(request)
        return _send(request, response, start)


def _request(environ: dict[str, Any]) -> Request:
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    path, _, query = str(environ["REQUEST_URI"]).partition("?")
    body = environ["wsgi.input"].read() if _has_body(environ) else b""
    return Request(environ["REQUEST_METHOD"], path, query, headers, body)


def _has_body(environ: dict[str, Any]) -> bool:
    return bool(environ.get("CONTENT_LENGTH")) or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "")


def _send(request: Request, response: Response, start: Start) -> Iterable[bytes]:
    empty = request.method == "HEAD" or response.status in (204, 304)
    headers = [(name, value) for name, value in response.headers.items() if name.lower() != "content-length"]
    length = response.headers.get("content-length", "0") if request.method == "HEAD" else str(len(response.body))
    if response.status not in (204, 304):
        headers.append(("content-length", length))
    start(f"{response.status} {REASONS.get(response.status, 'Status')}", headers)
    return [] if empty else [response.body]


@contextmanager
def serve(world: World, port: int = 0) -> Iterator[Running]:
    """Serve a world for as long as the context lasts; port 0 takes a free one."""
    server = wsgi.Server((HOST, port), Application(world), numthreads=THREADS, timeout=60, request_queue_size=128)
    server.prepare()
    running = Running(world, server.bind_addr[1])
    world.upstream.endpoint = running.endpoint
    thread = threading.Thread(target=server.serve, name="sandbox", daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.stop()
        thread.join(timeout=5)
