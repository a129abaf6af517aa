"""What a shared state is kept on: objects that are replaced only by whoever knows what is there. And a twin in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from sbctl.core.clock import Clock


class ConflictError(Exception):
    """Somebody else has written the object meanwhile: nothing was written."""


@dataclass(frozen=True)
class Blob:
    """An object's content, the tag by which it is replaced, and how many seconds ago it was written, by the store's clock."""

    content: bytes
    etag: str
    age: float


class Objects(Protocol):
    """Objects under one prefix. All methods raise SbctlError when the store does not answer or refuses."""

    @property
    def where(self) -> str:
        """The prefix, for people."""

    def get(self, key: str) -> Blob | None:
        """An object as it is now; None when there is none."""

    def put(self, key: str, content: bytes, match: str) -> str:
        """Replace the object that has the tag `match`, or make one where there is none (""); the new tag.

        Raises ConflictError when something else is there.
        """

    def write(self, key: str, content: bytes) -> None:
        """Make or replace an object, whatever is there."""

    def keys(self, folder: str) -> list[str]:
        """The keys under `folder/`, without it, sorted."""

    def tags(self, folder: str) -> dict[str, str]:
        """The same keys with the tag of each; "" where the store does not say it."""

    def discard(self, key: str) -> None:
        """Let an object go; fine when there is none."""


class MemoryObjects:
    """The same in memory. Thread-safe."""

    def __init__(self, clock: Clock, where: str = "memory://") -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: dict[str, tuple[bytes, str, float]] = {}
        self._written = 0
        self.where = where

    def get(self, key: str) -> Blob | None:
        with self._lock:
            if key not in self._found:
                return None
            content, etag, written = self._found[key]
            return Blob(content, etag, self._clock.monotonic() - written)

    def put(self, key: str, content: bytes, match: str) -> str:
        with self._lock:
            if self._found.get(key, (b"", "", 0.0))[1] != match:
                raise ConflictError(key)
            return self._store(key, content)

    def write(self, key: str, content: bytes) -> None:
        with self._lock:
            self._store(key, content)

    def keys(self, folder: str) -> list[str]:
        return sorted(self.tags(folder))

    def tags(self, folder: str) -> dict[str, str]:
        start = f"{folder}/"
        with self._lock:
            return {key.removeprefix(start): found[1] for key, found in self._found.items() if key.startswith(start)}

    def discard(self, key: str) -> None:
        with self._lock:
            self._found.pop(key, None)

    def _store(self, key: str, content: bytes) -> str:
        self._written += 1
        etag = f'"{self._written}"'
        self._found[key] = (content, etag, self._clock.monotonic())
        return etag
