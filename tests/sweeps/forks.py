"""Forked children: each inherits the whole world at one point, tells one line of JSON through a pipe, and ends."""

from __future__ import annotations

import json
import os
import select
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from tests.waits import stopwatch


@dataclass(frozen=True)
class Told:
    """What a child found: what it was about, and what was wrong; nothing when all was well. `seconds` of real time."""

    fault: str
    point: str
    wrong: tuple[str, ...]
    seconds: float


@dataclass
class _Running:
    pid: int
    reader: int
    fault: str
    point: str
    took: Callable[[], float]
    said: bytes = b""


@dataclass
class Forks:
    """Forks, so many at a time. Only for a process with one thread."""

    jobs: int = 1
    told: list[Told] = field(default_factory=list)
    tell: Callable[[Told], None] = lambda _: None
    _running: list[_Running] = field(default_factory=list)
    _writer: int = -1

    def child(self, fault: str, point: str) -> bool:
        """Fork; True in the child, which has to call `end`. The parent waits while too many run."""
        while len(self._running) >= self.jobs:
            self._reap()
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            for other in self._running:
                os.close(other.reader)
            self._running = []
            self._writer = writer
            return True
        os.close(writer)
        self._running.append(_Running(pid, reader, fault, point, stopwatch()))
        return False

    def end(self, find: Callable[[], list[str]]) -> NoReturn:
        """End the child, with what is wrong."""
        try:
            wrong = find()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is to hear of it
            wrong = [traceback.format_exc()]
        content = json.dumps(wrong).encode()
        while content:
            content = content[os.write(self._writer, content) :]
        os._exit(0)

    def drain(self) -> list[Told]:
        """Wait for all; what they told, in the order in which they ended."""
        while self._running:
            self._reap()
        return self.told

    def _reap(self) -> None:
        ready, _, _ = select.select([one.reader for one in self._running], [], [])
        for one in [one for one in self._running if one.reader in ready]:
            chunk = os.read(one.reader, 65536)
            one.said += chunk
            if not chunk:
                self._ended(one)

    def _ended(self, one: _Running) -> None:
        os.close(one.reader)
        os.waitpid(one.pid, 0)
        self._running.remove(one)
        wrong = json.loads(one.said) if one.said else ["the child ended without a word"]
        told = Told(one.fault, one.point, tuple(wrong), one.took())
        self.told.append(told)
        self.tell(told)


def in_fork(find: Callable[[], list[str]]) -> list[str]:
    """What a function finds in a process of its own, which leaves nothing behind in this one."""
    forks = Forks()
    if forks.child("", ""):
        forks.end(find)
    return list(forks.drain()[0].wrong)
