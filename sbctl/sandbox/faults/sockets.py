"""Connections that get no answer: reset at once, or parked open and silent until the fault is over."""

from __future__ import annotations

import os
import socket
import struct
import threading

from sbctl.sandbox.faults.weather import Weather


def reset(descriptor: int) -> None:
    """Close a TCP connection so that the other end sees a reset, not an orderly end."""
    with socket.socket(fileno=descriptor) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Parked:
    """Connections that hang. They cost a file descriptor each and no thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._descriptors: list[int] = []

    def keep(self, descriptor: int) -> None:
        with self._lock:
            self._descriptors.append(descriptor)

    def release(self, weather: Weather) -> None:
        """Close them once nothing hangs any more; their clients gave up long ago, or see the connection end now."""
        if not any(fault.kind == "hang" for fault in weather.all()):
            self.release_all()

    def release_all(self) -> None:
        with self._lock:
            descriptors, self._descriptors = self._descriptors, []
        for descriptor in descriptors:
            os.close(descriptor)
