"""Copies of a shared state in other regions: written after each write of the state, read when its own region is silent."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from sbctl.core.problem import SbctlError
from sbctl.store.objects import Blob, ConflictError, Objects

T = TypeVar("T")
PATIENCE_SECONDS = 1.5
"""How long the first place may take once a copy has answered: a failover cannot wait until a region that hangs is given up."""


class Copy:
    """One copy, as one run writes it: never over what a later run has written. What cannot be written is `behind`."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.behind = ""
        self._etags: dict[str, str] = {}
        self._lock = threading.Lock()

    def open(self, keys: Sequence[str]) -> dict[str, Blob | None]:
        """Look at what is there; without that nothing can be written. Empty when it does not answer."""
        with self._lock:
            self._etags, self.behind = {}, ""
            try:
                found = {key: self.objects.get(key) for key in keys}
            except SbctlError as error:
                self.behind = str(error)
                return {}
            self._etags = {key: blob.etag if blob else "" for key, blob in found.items()}
            return found

    def write(self, key: str, content: bytes) -> None:
        """Write it when the copy can be written, and note when it cannot."""
        with self._lock:
            if key not in self._etags:
                return
            try:
                self._etags[key] = self.objects.put(key, content, self._etags[key])
            except ConflictError:
                self.behind = "another run has written it meanwhile"
                del self._etags[key]
            except SbctlError as error:
                self.behind = str(error)


def first_answer(readers: Sequence[Callable[[], T]], patience: float = PATIENCE_SECONDS) -> T:
    """The answer of the first reader, or of the next that has one when the first fails or is silent for `patience` seconds.

    All are asked at once. Raises the first reader's SbctlError when none answers.
    """
    answers: queue.Queue[tuple[int, T | SbctlError]] = queue.Queue()
    for number, reader in enumerate(readers):
        # Not a pool: a thread that waits for a silent region must not keep the process from ending.
        threading.Thread(target=_ask, args=(number, reader, answers), name="read-state", daemon=True).start()
    found: dict[int, T | SbctlError] = {}
    while len(found) < len(readers):
        try:
            number, answer = answers.get(timeout=patience if _sound(found) else None)
        except queue.Empty:
            break
        found[number] = answer
        if 0 in found and _sound(found):
            break
    sound = _sound(found)
    if sound:
        return sound[0]
    error = found[0]
    assert isinstance(error, SbctlError)
    raise error


def _sound(found: dict[int, T | SbctlError]) -> list[T]:
    return [answer for _, answer in sorted(found.items()) if not isinstance(answer, SbctlError)]


def _ask(number: int, reader: Callable[[], T], answers: queue.Queue[tuple[int, T | SbctlError]]) -> None:
    try:
        answers.put((number, reader()))
    except SbctlError as error:
        answers.put((number, error))
