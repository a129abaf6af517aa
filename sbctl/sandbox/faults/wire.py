"""What faults do to a connection: reset it, let it hang, answer it late. No worker thread waits meanwhile.

One port serves every region, so a region that is down cannot refuse connections: its clients connect, and are reset as soon
as the request tells the region. boto3 sees ConnectionClosedError where AWS would give it EndpointConnectionError.
"""

from __future__ import annotations

import errno
import socket
import struct
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

LINGER_NOT = struct.pack("ii", 1, 0)
"""SO_LINGER on, 0 seconds: close() sends RST instead of FIN."""


class TakenError(ConnectionResetError):
    """Raised in cheroot's worker once it has no socket any more; it then turns to the next client, silently."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "taken from the server on purpose")


def take(connection: Any) -> socket.socket:
    """The socket of one of cheroot's connections, for us alone. The worker must then raise TakenError."""
    connection.linger = True  # cheroot's close() then leaves alone the socket that it has no longer
    return socket.socket(fileno=connection.socket.detach())


def reset(taken: socket.socket) -> None:
    """Close with RST: the client sees its connection reset, at once."""
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    taken.close()


def answer_late(taken: socket.socket, delay: float, answer: Callable[[], bytes]) -> None:
    """Make the answer after `delay` seconds of real time, send it and close; in a thread of its own."""

    def work() -> None:
        time.sleep(delay)
        with taken, suppress(OSError):  # the client may have gone
            taken.sendall(answer())

    threading.Thread(target=work, name="sandbox-slow", daemon=True).start()


class Parked:
    """Connections that hang: open, never answered, in nobody's thread. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[tuple[str, socket.socket]] = []

    def add(self, fault: str, taken: socket.socket) -> None:
        """Keep a connection until its client gives up or its fault ends."""
        with self._lock:
            gone = [entry for entry in self._sockets if _is_closed(entry[1])]
            self._sockets = [entry for entry in self._sockets if entry not in gone]
            self._sockets.append((fault, taken))
        for _, one in gone:
            one.close()

    def release(self, active: Collection[str]) -> None:
        """Reset what hangs because of faults that are no longer active: whoever still waits may try again."""
        with self._lock:
            over = [entry for entry in self._sockets if entry[0] not in active]
            self._sockets = [entry for entry in self._sockets if entry[0] in active]
        for _, one in over:
            reset(one)


def _is_closed(one: socket.socket) -> bool:
    try:
        return one.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
