"""A run of the tests ends what they left behind, and fails for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.leftovers import PROCESSES, ended, left_in


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="this system shows no processes as files")
def test_a_process_that_works_in_the_folder_is_found_and_ended(tmp_path: Path) -> None:
    """Known by the folder in its command; others are left alone."""
    words = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with (
        subprocess.Popen([*words, str(tmp_path / "state")], stdin=subprocess.PIPE) as ours,
        subprocess.Popen([*words, "/elsewhere"], stdin=subprocess.PIPE) as other,
    ):
        assert [number for number, _ in left_in(tmp_path)] == [ours.pid]
        (command,) = ended(tmp_path)
        assert str(tmp_path / "state") in command
        assert ours.wait() < 0
        assert other.poll() is None
