"""The HTTP server: cheroot on 127.0.0.1, all services on one port, in process or as a program."""

from __future__ import annotations

import errno
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NoReturn

from cheroot.server import Gateway as CherootGateway
from cheroot.server import HTTPServer

from sbctl.sandbox.dns.name_server import NameServer
from sbctl.sandbox.faults.disturb import CutError, LateError, disturbed
from sbctl.sandbox.faults.sockets import Parked, answer_late, answer_now, is_closed, reset
from sbctl.sandbox.http.bodies import CONTROL_BYTES, OBJECT_BYTES
from sbctl.sandbox.http.connection import PatientConnection, Slow
from sbctl.sandbox.http.control import CONTROL, control
from sbctl.sandbox.http.framing import FramingError, TooLongError, body_of
from sbctl.sandbox.http.gateway import Gateway
from sbctl.sandbox.http.messages import as_http, most_bytes_of, raw, said, too_long
from sbctl.sandbox.http.presigned import asked_of, handed_out
from sbctl.sandbox.http.strangers import MARK, is_trusted, stranger
from sbctl.sandbox.s3.hosts import in_path
from sbctl.sandbox.wire.function_urls import place_of
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.world import World

HOST = "127.0.0.1"
FUNCTION = b"exec-env/AWS_Lambda"
"""What boto3 puts into the user agent within a function."""
Now = Callable[[], float]
THREADS, MOST_THREADS = 32, 512
"""Requests answered at once. Idle keep-alive connections take no thread, so there may be many more clients."""
HEADER_BYTES = 64 * 1024
"""Of one request. What is longer is answered 413."""


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
def serve(world: World, port: int = 0, dns_port: int | None = None, now: Now = time.monotonic) -> Iterator[Running]:
    """Serve a world for as long as the context lasts, its DNS too unless `dns_port` is None; port 0 takes a free one.

    `now` is the clock, in seconds, by which clients that send slowly are given up.

    Raises OSError when a port is taken.
    """
    server = http_server(world, port, now)
    server.prepare()
    names = None if dns_port is None else NameServer(world.route53.resolve, dns_port)
    world.endpoint = f"http://{HOST}:{server.bind_addr[1]}"
    world.ports = (server.bind_addr[1], names.port if names else 0)
    thread = threading.Thread(target=server.serve, name="sandbox", daemon=True)
    thread.start()
    if names is not None:
        names.start()
    server.slow.start(server.relieve)
    world.scheduler.start()
    world.stepper.start()
    try:
        yield Running(world, server.bind_addr[1], names.port if names else 0)
    finally:
        world.stepper.stop()
        world.scheduler.stop()
        if names is not None:
            names.stop()
        server.slow.stop()
        server.parked.release_all()
        world.close()  # cheroot waits for its threads, and those wait for functions
        server.stop()
        thread.join(timeout=5)
        world.close()


def free(port: int, *, udp: bool = False) -> int:
    """The port when nothing has it, on TCP and where asked for on UDP; else another one, 0 where both are asked for.

    cheroot binds a port that it picks itself in such a way that it cannot be bound again for a while.
    """
    for kind in [socket.SOCK_STREAM, *([socket.SOCK_DGRAM] if udp else [])]:
        with socket.socket(socket.AF_INET, kind) as tried:
            if kind == socket.SOCK_STREAM:
                # as the servers do: connections that are still closing do not count
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                return 0 if udp else free(0)
            found = int(tried.getsockname()[1])
    return port if udp else found


def http_server(world: World, port: int, now: Now = time.monotonic) -> _Server:
    """A server that is not yet bound: prepare(), then serve()."""
    return _Server(world, port, now)


class TakenError(ConnectionResetError):
    """Raised in a worker thread whose connection was taken from it: it then turns to the next one, silently."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "taken by a fault")


class _Server(HTTPServer):
    ConnectionClass = PatientConnection

    def __init__(self, world: World, port: int, now: Now) -> None:
        super().__init__((HOST, port), _Front, minthreads=THREADS, maxthreads=MOST_THREADS)
        self.max_request_header_size = HEADER_BYTES
        self.max_request_body_size = OBJECT_BYTES
        self.slow = Slow(now)
        self.timeout = 60
        self.keep_alive_conn_limit = 1000  # cheroot's own limit of 10 closes the connections of all further clients
        self.request_queue_size = 128
        self.shutdown_timeout = 1
        self.world = world
        self.gateway_to_aws = Gateway(world)
        self.parked = Parked()
        world.faults.listen(lambda: self.parked.release(world.faults))

    def relieve(self) -> None:
        """Where all threads are taken, as by clients that send slowly, have more; where there are no more, end the slowest."""
        while self.requests.qsize and not self.requests.idle and len(self.requests._threads) < MOST_THREADS:
            self.requests.grow(THREADS)
        if self.requests.qsize and not self.requests.idle:
            self.slow.cut_oldest(THREADS)


class _Front(CherootGateway):
    """One request. Not WSGI: that loses the path's encoding and header names with underscores, and hides the socket."""

    def respond(self) -> None:
        reason = stranger(self._headers())
        if reason:
            self._refuse(reason)
            return
        with self.req.server.world.stepper.asked():
            self._respond()

    def _respond(self) -> None:
        head = in_path(self._head(), self.req.server.world.is_bucket)
        try:
            request = self._with_body(head)
        except FramingError as error:
            self._send(head, said(400, f"the request is malformed: {error}"))
            return
        except TooLongError:
            self._send(head, too_long(head))
            return
        if request.path.startswith(CONTROL) and not is_trusted(request.headers, self.req.server.world.token):
            response = said(403, "a control request needs the token of the sandbox's note", {MARK: "1"})
        elif request.path.startswith(CONTROL):
            status, found = control(self.req.server.world, request, lambda until: self._hold(request, until))
            response = Response(status, json.dumps(found).encode(), {"content-type": "application/json"})
        else:
            try:
                response = self._answer(request)
            except CutError as cut:
                self._cut(cut)
            except LateError as late:
                self._postpone(request, late)
        self._send(request, response)

    def _answer(self, request: Request) -> Response:
        server, place = self.req.server, place_of(request)
        keeper = asked_of(request.path)
        if keeper is not None:
            return disturbed(server.world.faults, keeper, lambda: handed_out(server.world.files, request.path))
        if place is None:
            response: Response = server.gateway_to_aws.handle(request)
            return response
        who = Identity("lambda", place.region, "InvokeFunctionUrl")
        return disturbed(server.world.faults, who, lambda: server.world.function_urls.serve(place, request))

    def _cut(self, cut: CutError) -> NoReturn:
        """End the connection without an answer: with a reset, or by keeping it open and silent."""
        server, descriptor = self.req.server, self._taken()
        stands = not server.world.clock.speed
        if cut.how == "hang" and not self._keeps_the_clock_standing():
            kept = server.parked.keep(cut.fault, descriptor)
            server.parked.release(server.world.faults)  # the fault may have ended since
            if stands:
                seconds = server.world.settings.hang
                server.world.stepper.after(seconds, lambda: server.parked.cut(kept), lambda: is_closed(kept))
        else:
            reset(descriptor)
        raise TakenError

    def _postpone(self, request: Request, late: LateError) -> NoReturn:
        if self._keeps_the_clock_standing():
            reset(self._taken())
            raise TakenError
        world, kept = self.req.server.world, socket.socket(fileno=self._taken())

        def answer() -> None:
            answer_now(kept.detach(), lambda: raw(request, late.answer()))

        if world.clock.speed:
            answer_late(late.seconds, answer)
        else:
            world.stepper.after(late.seconds, lambda: answer_late(0.0, answer), lambda: is_closed(kept))
        raise TakenError

    def _keeps_the_clock_standing(self) -> bool:
        """Whether a function asks while the clock stands: it is itself being answered, so that the clock could not be moved.

        It gets a reset at once instead of no answer or a late one, since it would have given up: its time-outs are short.
        """
        return not self.req.server.world.clock.speed and FUNCTION in self.req.inheaders.get(b"User-Agent", b"")

    def _hold(self, request: Request, until: float) -> NoReturn:
        """Answer when the world's clock is there."""
        world, kept = self.req.server.world, socket.socket(fileno=self._taken())

        def told() -> bytes:
            status, found = control(world, Request("GET", f"{CONTROL}status", "", {}, b""))
            return raw(request, Response(status, json.dumps(found).encode(), {"content-type": "application/json"}))

        world.stepper.at(until, lambda: answer_now(kept.detach(), told), lambda: is_closed(kept))
        raise TakenError

    def _taken(self) -> int:
        """The connection's socket, which is now ours: cheroot must not touch it any more, hence `linger`."""
        self.req.conn.linger = True
        descriptor: int = self.req.conn.socket.detach()
        return descriptor

    def _refuse(self, reason: str) -> None:
        """Before anything of the body is read."""
        self.req.close_connection = self.req.conn.unread = True
        self._send(
            Request("GET", "/", "", {}, b""), said(403, f"the sandbox answers programs of this machine: {reason}")
        )

    def _headers(self) -> dict[str, str]:
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.req.inheaders.items()}

    def _head(self) -> Request:
        path, _, query = self.req.uri.decode("latin-1").partition("?")
        return Request(self.req.method.decode("latin-1"), path, query, self._headers(), b"")

    def _with_body(self, head: Request) -> Request:
        """Raises FramingError and TooLongError."""
        length = int(head.headers.get("content-length", 0))
        # what fits every limit needs none looked up
        short = length <= CONTROL_BYTES and not self.req.chunked_read
        body = body_of(self.req, CONTROL_BYTES if short else most_bytes_of(head))
        self.req.server.slow.read(self.req.conn)
        return replace(head, body=body)

    def _send(self, request: Request, response: Response) -> None:
        self.req.status, self.req.outheaders, body = as_http(request, response)
        self.req.ensure_headers_sent()
        if body:
            self.req.write(body)
