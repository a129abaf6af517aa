"""Other work on the machine, for as long as a run lasts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WORKERS = 4
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    pass\n"
"""It ends by itself when the process that started it is gone."""
ENDING_SECONDS = 10.0


@contextmanager
def load() -> Iterator[list[int]]:
    """Four busy processes, of stress-ng where it is installed; gives the ids of those that were started, and stops them."""
    stress = shutil.which("stress-ng")
    command = [stress, "--cpu", str(WORKERS), "--quiet"] if stress else [sys.executable, "-c", BUSY]
    started = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1 if stress else WORKERS)
    ]
    try:
        yield [one.pid for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            _ended(one)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
