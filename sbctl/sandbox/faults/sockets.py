"""Connections that get no answer, or a late one: reset at once, parked open and silent, or answered by a thread of their own.

No worker thread waits for any of them, so that a region that hangs or is slow delays no other.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from collections.abc import Callable

from sbctl.sandbox.faults.registry import FaultRegistry

LOG = logging.getLogger("sbctl.sandbox")
NO_LINGER = struct.pack("ii", 1, 0)


def reset(descriptor: int) -> None:
    """Close a TCP connection so that the other end sees a reset, not an orderly end."""
    with socket.socket(fileno=descriptor) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)


def answer_now(descriptor: int, answer: Callable[[], bytes]) -> None:
    """Make the answer, send it and close."""
    with socket.socket(fileno=descriptor) as connection:
        try:
            connection.sendall(answer())
        except OSError:
            LOG.info("a client has not waited for its late answer")
        except Exception:  # the last resort of a thread
            LOG.exception("a late answer failed")


def answer_late(seconds: float, answer: Callable[[], None]) -> None:
    """Wait so many seconds of real time, then answer, in a thread."""

    def work() -> None:
        time.sleep(seconds)
        answer()

    threading.Thread(target=work, name="sandbox-late", daemon=True).start()


class Parked:
    """Connections that hang. They cost a file descriptor each and no thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[tuple[str, socket.socket]] = []

    def keep(self, fault: str, descriptor: int) -> socket.socket:
        """Keep a connection open because of a fault, and close those whose clients have given up meanwhile."""
        connection = socket.socket(fileno=descriptor)
        with self._lock:
            gone = [entry for entry in self._kept if is_closed(entry[1])]
            self._kept = [entry for entry in self._kept if entry not in gone]
            self._kept.append((fault, connection))
        for _, other in gone:
            other.close()
        return connection

    def cut(self, connection: socket.socket) -> None:
        """Reset one that is still kept."""
        with self._lock:
            found = [entry for entry in self._kept if entry[1] is connection]
            self._kept = [entry for entry in self._kept if entry[1] is not connection]
        for _, one in found:
            reset(one.detach())

    def release(self, faults: FaultRegistry) -> None:
        """Reset those whose fault is over: clients that still wait may try again."""
        lasting = {fault.id for fault in faults.all()}
        self._reset(lambda fault: fault not in lasting)

    def release_all(self) -> None:
        self._reset(lambda _: True)

    def _reset(self, is_over: Callable[[str], bool]) -> None:
        with self._lock:
            over = [connection for fault, connection in self._kept if is_over(fault)]
            self._kept = [entry for entry in self._kept if not is_over(entry[0])]
        for connection in over:
            reset(connection.detach())


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end has gone away, or this one is closed."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
