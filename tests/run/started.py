"""A command with all processes that it starts: interrupted together, and killed when they do not end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ENDING_SECONDS = 60.0


@contextmanager
def started(command: Sequence[str], folder: Path, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command that writes what it says into a file. Left early, the context interrupts it and waits for its end.

    It has a session of its own, so that one signal reaches every process of it, whoever was interrupted.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
