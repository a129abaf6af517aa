"""The HTTP server: cheroot on 127.0.0.1, all services on one port, in process or as a program."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from cheroot.server import Gateway as CherootGateway
from cheroot.server import HTTPServer

from sbctl.sandbox.control import CONTROL, control
from sbctl.sandbox.failure import failure
from sbctl.sandbox.faults import wire
from sbctl.sandbox.faults.answers import answer_of
from sbctl.sandbox.faults.fault import DOWN, HANG, LOST_ANSWER, SLOW, Fault
from sbctl.sandbox.gateway import Gateway
from sbctl.sandbox.identify import Identity, Request, identify
from sbctl.sandbox.response import Response
from sbctl.sandbox.world import World

HOST = "127.0.0.1"
THREADS = 32
"""Requests answered at once. Idle keep-alive connections take no thread, so there may be many more clients."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    world: World
    port: int

    @property
    def endpoint(self) -> str:
        """What AWS clients take as endpoint URL: an IP address, which keeps S3 to paths instead of host names."""
        return f"http://{HOST}:{self.port}"

    def reset(self) -> None:
        """Forget everything, as on a new account."""
        self.world.reset()


@contextmanager
def serve(world: World, port: int = 0) -> Iterator[Running]:
    """Serve a world for as long as the context lasts; port 0 takes a free one. Raises OSError when the port is taken."""
    server = http_server(world, port)
    server.prepare()
    thread = threading.Thread(target=server.serve, name="sandbox", daemon=True)
    thread.start()
    world.agenda.start()
    try:
        yield Running(world, server.bind_addr[1])
    finally:
        world.agenda.stop()
        server.stop()
        thread.join(timeout=5)


def http_server(world: World, port: int) -> HTTPServer:
    """A server that is not yet bound: prepare(), then serve()."""
    return _Server(world, port)


class _Server(HTTPServer):
    def __init__(self, world: World, port: int) -> None:
        super().__init__((HOST, port), _Front, minthreads=THREADS, maxthreads=THREADS)
        self.timeout = 60
        self.keep_alive_conn_limit = 1000  # cheroot's own limit of 10 closes the connections of all further clients
        self.request_queue_size = 128
        self.shutdown_timeout = 1
        self.world = world
        self.gateway_to_aws = Gateway(world)
        self.parked = wire.Parked()
        world.faults.listen(self._release)

    def stop(self) -> None:
        super().stop()
        self.parked.release(())

    def park(self, fault: Fault, taken: socket.socket) -> None:
        """Let a connection hang for as long as its fault lasts."""
        self.parked.add(fault.id, taken)
        self._release()  # the fault may have ended since it struck

    def _release(self) -> None:
        self.parked.release({fault.id for fault in self.world.faults.active()})


class _Front(CherootGateway):
    """One request. Not WSGI: that loses the path's encoding and header names with underscores, and hides the socket."""

    def respond(self) -> None:
        request = self._request()
        server = self.req.server
        if request.path.startswith(CONTROL):
            status, found = control(server.world, request)
            self._send(request, Response(status, json.dumps(found).encode(), {"content-type": "application/json"}))
            return
        who = identify(request)
        fault = server.world.faults.strike(who)
        if fault is None:
            self._send(request, server.gateway_to_aws.handle(request))
        else:
            self._fail(fault, who, request)

    def _fail(self, fault: Fault, who: Identity, request: Request) -> None:
        """Do to the client what the fault says. Raises TakenError when the connection is no longer cheroot's."""
        server = self.req.server
        if fault.kind == SLOW:
            wire.answer_late(wire.take(self.req.conn), fault.delay, partial(self._answer, request))
        elif fault.kind == HANG:
            server.park(fault, wire.take(self.req.conn))
        elif fault.kind in (DOWN, LOST_ANSWER):
            if fault.kind == LOST_ANSWER:
                server.gateway_to_aws.handle(request)
            wire.reset(wire.take(self.req.conn))
        else:
            self._send(request, failure(who, answer_of(who, fault)))
            return
        raise wire.TakenError

    def _answer(self, request: Request) -> bytes:
        return _raw(request, self.req.server.gateway_to_aws.handle(request))

    def _request(self) -> Request:
        path, _, query = self.req.uri.decode("latin-1").partition("?")
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.req.inheaders.items()
        }
        return Request(self.req.method.decode("ascii"), path, query, headers, self.req.rfile.read())

    def _send(self, request: Request, response: Response) -> None:
        self.req.status, self.req.outheaders, body = _form(request, response)
        self.req.ensure_headers_sent()
        if body:
            self.req.write(body)


def _form(request: Request, response: Response) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """Status line, headers and body as HTTP wants them of this response to this request."""
    bodiless = request.method == "HEAD" or response.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    headers = dict(response.headers)
    if response.status == HTTPStatus.NO_CONTENT:
        headers.pop("content-length", None)
    elif request.method != "HEAD" or "content-length" not in headers:
        headers["content-length"] = str(len(response.body))
    status = f"{response.status} {_reason(response.status)}".encode("ascii")
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return status, encoded, b"" if bodiless else response.body


def _raw(request: Request, response: Response) -> bytes:
    """A whole answer, after which the connection is closed."""
    status, headers, body = _form(request, response)
    lines = [b"HTTP/1.1 " + status, *(name + b": " + value for name, value in headers), b"connection: close", b""]
    return b"\r\n".join([*lines, body])


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
