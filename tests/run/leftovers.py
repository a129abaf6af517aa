"""Processes that a test has started and left: they would eat processor time of all that comes after, unseen."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROCESSES = Path("/proc")
"""Linux alone has it; elsewhere nothing is found."""


def left_in(folder: Path) -> Iterator[tuple[int, str]]:
    """Number and command of each process whose command names the folder, except those that are ending already."""
    for place in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            words = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if int(place.name) != os.getpid() and any(str(folder) in word for word in words):
                yield int(place.name), " ".join(words).strip()


def ended(folder: Path) -> list[str]:
    """End them, and say what they were."""
    found = [*left_in(folder)]
    for number, _ in found:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    return [command for _, command in found]
