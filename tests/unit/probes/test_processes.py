"""Commands of operators: their status and output, the end of those that do not end, and of what they have started."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from sbctl.probes.processes import READ_BYTES, run
from tests.waits import eventually

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def test_status_and_output() -> None:
    """Both streams are read; what the command needs stands in its environment alone."""
    ended = run(["/bin/sh", "-c", "echo $A; echo bad >&2; exit 3"], {**ENVIRONMENT, "A": "b"}, 60, threading.Event())
    assert (ended.code, ended.output.split(), ended.ok) == (3, ["b", "bad"], False)


def test_much_output_is_read_to_its_end_and_cut() -> None:
    """A command that writes more than a pipe holds is not held up."""
    code = "import sys; sys.stdout.write('x' * 5_000_000)"
    ended = run([sys.executable, "-c", code], ENVIRONMENT, 300, threading.Event())
    assert (ended.code, len(ended.output), ended.whole) == (0, READ_BYTES, False)


def test_one_that_does_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    """The whole session goes, also where it ignores the polite signal."""
    note = tmp_path / "child"
    script = f"trap '' TERM; sleep 600 & echo $! > {note}.new; mv {note}.new {note}; wait; sleep 600"
    stop = threading.Event()
    found: list[int] = []

    def stop_when_begun() -> None:
        eventually(note.exists, "the child's number")
        found.append(int(note.read_text()))
        stop.set()

    thread = threading.Thread(target=stop_when_begun)
    thread.start()
    ended = run(["/bin/sh", "-c", script], ENVIRONMENT, 600, stop)
    thread.join()
    assert ended.failure == "was stopped"
    eventually(lambda: not _alive(found[0]), "the child's end")


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_one_that_cannot_begin() -> None:
    """No program, and an argument that no program can be given: said, and not raised."""
    assert "No such file" in run(["/no/such"], ENVIRONMENT, 1, threading.Event()).failure
    assert "cannot be started" in run(["/bin/echo", "a\0b"], ENVIRONMENT, 1, threading.Event()).failure
