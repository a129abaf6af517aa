"""What a soak reads from a run of all tests, and the load that it puts beside some."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from io import RawIOBase
from pathlib import Path

import pytest

from tests.run.started import started
from tests.soak.load import load
from tests.soak.outcome import Outcome, failed_of, summary_of, table
from tests.waits import eventually

SAID = """seed 5
..F.E
=================================== FAILURES ===================================
=========================== short test summary info ============================
SKIPPED [2] tests/unit/ui/test_drill_page.py:84: no Chromium here
FAILED tests/unit/test_a.py::test_one[in 3 - 4] - assert 1 == 2
FAILED tests/unit/test_a.py::test_two - ValueError: 7 passed in 3.00s
ERROR tests/unit/test_b.py::test_three - OSError
FAILED tests/unit/test_b.py::test_three - OSError
"""


def test_failed_tests_are_found_once() -> None:
    """By their names, without what failed."""
    assert failed_of(SAID)[1:] == ("tests/unit/test_a.py::test_two", "tests/unit/test_b.py::test_three")
    assert failed_of(SAID)[0].startswith("tests/unit/test_a.py::test_one[in 3")


@pytest.mark.parametrize(
    "line",
    [
        "1443 passed, 2 skipped in 26.28s",
        "2 failed, 9 passed, 1 error in 127.10s (0:02:07)",
        "1 passed, 3 deselected in 0.02s",
    ],
)
def test_the_summary_is_pytests_last_line(line: str) -> None:
    """With -q it is bare; otherwise it stands between signs."""
    assert summary_of(f"{SAID}{line}\n") == line
    assert summary_of(f"{SAID}======= {line} =======\n") == line


def test_without_a_summary_there_is_none() -> None:
    """A run that was killed said nothing of the kind."""
    assert summary_of(SAID) == ""


def test_runs_are_shown_and_counted() -> None:
    """A line a run, failed tests below it, and how many passed."""
    good = Outcome("2026-01-01T00:00:00+00:00", 5, False, 0, 61.2, "9 passed in 60.00s", ())
    bad = Outcome("2026-01-01T00:02:00+00:00", 6, True, 2, 91.2, "", ("tests/a.py::test_b",))
    lines = [*table([good, bad])]
    assert "9 passed" in lines[1]
    assert "no summary" in lines[2]
    assert lines[3:] == ["      tests/a.py::test_b", "soak: 1 passed, 1 failed"]
    assert json.loads(bad.as_line())["failed"] == ["tests/a.py::test_b"]


def test_the_load_is_gone_afterwards() -> None:
    """Whatever it was that ran beside the load."""
    with pytest.raises(KeyboardInterrupt), load() as started:
        assert started
        for one in started:
            os.kill(one, 0)
        raise KeyboardInterrupt
    for one in started:
        with pytest.raises(ProcessLookupError):
            os.kill(one, 0)


PARENT = "import subprocess; subprocess.run(['cat', 'pipe'])"


def nobody_reads(pipe: RawIOBase) -> bool:
    """Whether all who had the other end of the pipe have ended; a signal takes a moment to be taken."""
    try:
        pipe.write(b"?")
    except BrokenPipeError:
        return True
    return False


def test_what_is_left_early_is_interrupted_with_all_its_processes(tmp_path: Path) -> None:
    """A command waits for a process that reads for ever: once both have ended, nobody reads."""
    os.mkfifo(tmp_path / "pipe")
    command = (sys.executable, "-c", PARENT)
    with ExitStack() as stack:
        with pytest.raises(KeyboardInterrupt), started(command, tmp_path, tmp_path / "said") as process:
            # It is open as soon as somebody reads.
            pipe = stack.enter_context((tmp_path / "pipe").open("wb", buffering=0))
            raise KeyboardInterrupt
        assert process.returncode
        eventually(lambda: nobody_reads(pipe), "the end of the process that was waited for")
