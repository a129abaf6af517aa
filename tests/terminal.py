"""Runs a command in a terminal of a given size and encoding, as somebody would who sits before it."""

from __future__ import annotations

import os
import pty
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.waits import PATIENCE_SECONDS

BLOCK = 65536


@dataclass(frozen=True)
class Shown:
    """How the command ended, and the bytes that it sent to the terminal, on either stream."""

    exit: int
    sent: bytes


def in_terminal(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    *,
    rows: int = 24,
    columns: int = 80,
    typed: bytes = b"",
) -> Shown:
    """Run it to its end. What is `typed` waits in the terminal from the beginning; by default nobody types anything.

    The terminal's size is its own: LINES and COLUMNS of whoever runs the tests would be another one's.
    """
    env = {name: value for name, value in env.items() if name not in ("LINES", "COLUMNS")}
    ours, its = pty.openpty()
    try:
        termios.tcsetwinsize(its, (rows, columns))
        os.write(ours, typed)
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=its, stdout=its, stderr=its, start_new_session=True
        )
    finally:
        os.close(its)
    with os.fdopen(ours, "rb", buffering=0) as screen:
        sent = b"".join(iter(lambda: _read(screen.fileno()), b""))
    return Shown(process.wait(PATIENCE_SECONDS), sent)


def _read(terminal: int) -> bytes:
    """What is there; b"" when nobody has the terminal open any more."""
    try:
        return os.read(terminal, BLOCK)
    except OSError:  # EIO is how Linux says so
        return b""
