"""The HTTP server: cheroot on 127.0.0.1, all services on one port, in process or as a program."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn

from cheroot.server import Gateway as CherootGateway
from cheroot.server import HTTPServer

from sbctl.sandbox.awslambda.urls import place_of
from sbctl.sandbox.control import CONTROL, control
from sbctl.sandbox.dns.name_server import NameServer
from sbctl.sandbox.faults.disturb import CutError, disturbed
from sbctl.sandbox.faults.sockets import Parked, reset
from sbctl.sandbox.gateway import Gateway
from sbctl.sandbox.identify import Identity, Request
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
    dns_port: int = 0
    """Of the name server, UDP and TCP; 0 when none was asked for."""

    @property
    def endpoint(self) -> str:
        """What AWS clients take as endpoint URL: an IP address, which keeps S3 to paths instead of host names."""
        return f"http://{HOST}:{self.port}"

    def reset(self) -> None:
        """Forget everything, as on a new account."""
        self.world.reset()


@contextmanager
def serve(world: World, port: int = 0, dns_port: int | None = None) -> Iterator[Running]:
    """Serve a world for as long as the context lasts, its DNS too unless `dns_port` is None; port 0 takes a free one.

    Raises OSError when a port is taken.
    """
    server = http_server(world, port)
    server.prepare()
    names = None if dns_port is None else NameServer(world.route53.resolve, dns_port)
    world.endpoint = f"http://{HOST}:{server.bind_addr[1]}"
    thread = threading.Thread(target=server.serve, name="sandbox", daemon=True)
    thread.start()
    if names is not None:
        names.start()
    world.agenda.start()
    try:
        yield Running(world, server.bind_addr[1], names.port if names else 0)
    finally:
        world.agenda.stop()
        if names is not None:
            names.stop()
        server.parked.release_all()
        server.stop()
        thread.join(timeout=5)
        world.close()


def http_server(world: World, port: int) -> _Server:
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
        self.parked = Parked()
        world.faults.listen(lambda: self.parked.release(world.faults))


class _Front(CherootGateway):
    """One request. Not WSGI: that loses the path's encoding and header names with underscores, and hides the socket."""

    def respond(self) -> None:
        request = self._request()
        if request.path.startswith(CONTROL):
            status, found = control(self.req.server.world, request)
            response = Response(status, json.dumps(found).encode(), {"content-type": "application/json"})
        else:
            try:
                response = self._answer(request)
            except CutError as cut:
                self._cut(cut)
        self._send(request, response)

    def _answer(self, request: Request) -> Response:
        server, place = self.req.server, place_of(request)
        if place is None:
            response: Response = server.gateway_to_aws.handle(request)
            return response
        who = Identity("lambda", place.region, "InvokeFunctionUrl")
        return disturbed(server.world.faults, who, lambda: server.world.function_urls.serve(place, request))

    def _cut(self, cut: CutError) -> NoReturn:
        """End the connection without an answer: with a reset, or by keeping it open and silent.

        The thread goes back to work in both cases. cheroot must not touch the socket any more: hence `linger`.
        """
        connection = self.req.conn
        connection.linger = True
        descriptor = connection.socket.detach()
        if cut.how == "hang":
            self.req.server.parked.keep(descriptor)
        else:
            reset(descriptor)
        raise ConnectionResetError(errno.ECONNRESET, f"cut by a fault: {cut.how}")

    def _request(self) -> Request:
        path, _, query = self.req.uri.decode("latin-1").partition("?")
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.req.inheaders.items()
        }
        return Request(self.req.method.decode("ascii"), path, query, headers, self.req.rfile.read())

    def _send(self, request: Request, response: Response) -> None:
        bodiless = request.method == "HEAD" or response.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        headers = dict(response.headers)
        if response.status == HTTPStatus.NO_CONTENT:
            headers.pop("content-length", None)
        elif request.method != "HEAD" or "content-length" not in headers:
            headers["content-length"] = str(len(response.body))
        self.req.status = f"{response.status} {_reason(response.status)}".encode("ascii")
        self.req.outheaders = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        self.req.ensure_headers_sent()
        if not bodiless and response.body:
            self.req.write(response.body)


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
