"""How a connection is shared among threads: a client that asks again at once is heard by the thread that answered it.

cheroot gives each connection back to its listener after every answer, which then looks for a free thread: two changes of
threads a request, and on a busy machine most of the time of a small one.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from cheroot.server import HTTPConnection

from sbctl.sandbox.http.framing import StrictRequest

PATIENCE_MILLISECONDS = 2
"""How long a thread waits for the same client's next request before it leaves the connection to the listener."""


REQUEST_SECONDS = 60.0
"""Real time that a client may take to send a request."""
WATCH_SECONDS = 0.25
DRAIN_SECONDS, DRAIN_BYTES = 2.0, 512 * 1024 * 1024
"""Of what a client still sends after it was refused: were it left lying, closing would take the answer back from the client."""


class Slow:
    """Ends connections whose request does not come to its end: each takes a thread for as long.

    `now` is the clock by which that is judged, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._begun: dict[Any, float] = {}
        self._stopping = threading.Event()

    @contextmanager
    def reading(self, connection: Any) -> Iterator[None]:
        """A connection's request is read from now on, until it is `read`."""
        with self._lock:
            self._begun[connection] = self._now()
        try:
            yield
        finally:
            self.read(connection)

    def read(self, connection: Any) -> None:
        """It has come: its answer may take as long as it wants."""
        with self._lock:
            self._begun.pop(connection, None)

    def start(self, look: Callable[[], object]) -> None:
        """Watch from now on; `look` is called in between."""
        threading.Thread(target=self._run, args=(look,), name="sandbox-slow", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def cut_late(self) -> None:
        """End those that took longer than they may."""
        oldest = self._now() - REQUEST_SECONDS
        with self._lock:
            _cut([connection for connection, begun in self._begun.items() if begun < oldest])

    def cut_oldest(self, many: int) -> None:
        """End those that have been read for longest, to make room for others."""
        with self._lock:
            _cut(sorted(self._begun, key=self._begun.__getitem__)[:many])

    def _run(self, look: Callable[[], object]) -> None:
        while not self._stopping.wait(WATCH_SECONDS):
            look()
            self.cut_late()


def _cut(connections: Iterable[Any]) -> None:
    """Who reads from them reads an end, and can still say so to the client."""
    for connection in connections:
        with suppress(OSError):
            connection.socket.shutdown(socket.SHUT_RD)


class PatientConnection(HTTPConnection):
    """One client's connection. Threads are patient only while nobody else waits for one."""

    RequestHandlerClass = StrictRequest
    unread = False
    """Whether it was refused before all of its request was read."""

    def communicate(self) -> bool:
        """Answer one request, and those that come at once after it. Whether the connection stays open."""
        stays = self._answer()
        while stays and not self.server.requests.qsize and self._asks_again():
            stays = self._answer()
        return stays

    def _answer(self) -> bool:
        with self.server.slow.reading(self):
            return cast(bool, super().communicate())  # type: ignore[no-untyped-call]

    def _asks_again(self) -> bool:
        waiting = select.poll()
        waiting.register(self.socket.fileno(), select.POLLIN)
        return bool(waiting.poll(PATIENCE_MILLISECONDS))

    def close(self) -> None:
        if self.unread and not self.linger:
            with suppress(OSError):
                self._drain()
        super().close()

    def _drain(self) -> None:
        end, most = time.monotonic() + DRAIN_SECONDS, DRAIN_BYTES
        self.socket.shutdown(socket.SHUT_WR)
        while most > 0 and (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            piece = self.socket.recv(1 << 16)
            if not piece:
                return
            most -= len(piece)
