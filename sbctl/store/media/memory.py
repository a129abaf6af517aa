"""The state store in memory: the same contract as the file store, for tests and dry runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sbctl.core.address import Address
from sbctl.core.state import Record, State


class MemoryStore:
    """A state that nobody else sees. Thread-safe."""

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()
        self._lock = threading.Lock()
        self._changed = False

    def load(self) -> State:
        with self._lock:
            return self._state

    def put(self, record: Record) -> None:
        with self._lock:
            self._state = self._state.with_record(record)
            self._changed = True

    def drop(self, address: Address, generation: int) -> None:
        with self._lock:
            gone = {**self._state.gone, str(address): generation}
            self._state = self._state.without(address).model_copy(update={"gone": gone})
            self._changed = True

    def stamp(self, **fields: object) -> None:
        with self._lock:
            self._state = self._state.model_copy(update=fields)

    def compact(self) -> State:
        with self._lock:
            if self._changed:
                self._state = self._state.model_copy(update={"serial": self._state.serial + 1})
                self._changed = False
            return self._state

    @contextmanager
    def lock(self, wait: float = 0) -> Iterator[None]:  # noqa: ARG002
        yield
