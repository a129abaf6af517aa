"""The sandbox that random requests are sent to: a process of its own, found by its note, and measured."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from sbctl.sandbox.http.bodies import ITEMS_BYTES, OBJECT_BYTES, PACKAGE_BYTES
from sbctl.sandbox.http.strangers import TOKEN_HEADER
from tests.run.started import started
from tests.waits import PATIENCE_SECONDS, eventually

PARSED = 64
"""Bytes that a byte of JSON takes at most: an empty object is three of them, and takes one of Python's with a place in a list."""
COPIES = 5
"""Of a body that is not parsed: read, passed on, stored; and what was not given back yet."""
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Server:
    """A sandbox that answers. `log` is all that it says."""

    pid: int
    port: int
    token: str
    log: Path

    def answers(self) -> bool:
        """Whether it still tells its health."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/_sandbox/health", headers={TOKEN_HEADER: self.token})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A sandbox whose clock stands, without rate limits."""
    note, log = folder / "note.json", folder / "sandbox.log"
    words = ("-m", "sbctl.sandbox", "--note", note, "--no-limits", "--speed", "0", "--zone", "example.com")
    with started((sys.executable, *map(str, words)), ROOT, log):
        eventually(note.exists, "the sandbox's note")
        found = json.loads(note.read_text(encoding="utf-8"))
        yield Server(found["pid"], found["port"], found["token"], log)


def peak_memory(pid: int) -> int:
    """The most bytes of memory that a process has had at once."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def allowed_growth(clients: int) -> int:
    """Of the server, while so many clients ask: each has one body at a time, which is parsed, or copied a few times."""
    return clients * max(PARSED * ITEMS_BYTES, COPIES * max(OBJECT_BYTES, PACKAGE_BYTES))
