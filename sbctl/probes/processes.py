"""A command that an operator named: in a session of its own, with a time limit, its output read to its end and cut."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

READ_BYTES = 16_384
PIECE = 65_536
POLL_SECONDS = 0.05
GRACE_SECONDS = 0.5
"""Between asking a command to end and ending it, and for output that its children still hold open."""


@dataclass(frozen=True)
class Ended:
    """`code` is the exit status, negative for a signal; None where it did not begin or did not end in time: see `failure`."""

    code: int | None
    output: str = ""
    failure: str = ""
    whole: bool = True

    @property
    def ok(self) -> bool:
        return self.code == 0


class _Output:
    """Reads everything, so that nothing blocks the command, and keeps the beginning."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self.whole = True
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError):  # closed under it
            while piece := os.read(self._pipe.fileno(), PIECE):
                room = READ_BYTES - len(self._kept)
                self._kept += piece[:room]
                self.whole = self.whole and len(piece) <= room

    def text(self) -> str:
        return bytes(self._kept).decode("utf-8", "replace")


def run(arguments: Sequence[str], environment: Mapping[str, str], seconds: float, stop: threading.Event) -> Ended:
    """Run a command without a shell, for at most so many seconds of real time, or until `stop`. Never raises.

    A process that ends with sbctl's own end is not ended by it: the command has a session of its own.
    """
    try:
        process = subprocess.Popen(
            [*arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        return Ended(None, failure=f"cannot be started: {getattr(error, 'strerror', None) or error}")
    assert process.stdout is not None
    output = _Output(process.stdout)
    code = _awaited(process, seconds, stop)
    if code is None:
        _end(process)
    output.thread.join(GRACE_SECONDS)
    why = "" if code is not None else "was stopped" if stop.is_set() else f"did not end within {seconds:.3g} s"
    return Ended(code, output.text(), why, output.whole)


def _awaited(process: subprocess.Popen[bytes], seconds: float, stop: threading.Event) -> int | None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        if stop.wait(POLL_SECONDS):
            break
    return process.poll()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and what it has started, which is its session's group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(OSError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
