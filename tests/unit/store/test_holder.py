"""Who holds a lock: processes are told from later ones with the same number, and rubbish names nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.store.locks.holder import from_note, myself, read_holder
from sbctl.store.locks.process import is_alive, process_of, this_process
from sbctl.store.runs.store import RunStore


def test_this_process_lives() -> None:
    """A note of our own, written and read back, names a living process with its command."""
    note = json.dumps(myself("sbctl deploy", FakeClock()).as_note()).encode()
    holder = read_holder(note)
    assert holder is not None
    assert holder.alive is True
    assert str(holder).startswith("`sbctl deploy` (pid ")


def test_a_later_process_with_the_same_number_is_another() -> None:
    """The number alone proves nothing: the process must have begun when the note says."""
    assert is_alive(replace(this_process(), begun="17")) is False


def test_processes_elsewhere_cannot_be_judged() -> None:
    """On another machine, or before a reboot, or in another container, nobody knows."""
    assert is_alive(replace(this_process(), host="elsewhere")) is None
    assert is_alive(replace(this_process(), machine="another boot")) is None


def test_a_process_that_has_ended_is_dead_even_before_it_is_waited_for() -> None:
    """A zombie holds nothing any more."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        there = process_of(child.pid)
        assert is_alive(there) is True
        assert child.stdin is not None
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_alive(there) is False


@pytest.mark.parametrize("note", [None, b"", b"{", b"[]", b"7", b'{"pid": 1}', b'{"host": 1, "pid": "x"}', b"\xff"])
def test_rubbish_names_nobody(note: bytes | None) -> None:
    """A note that is not whole is no holder, and no traceback."""
    assert read_holder(note) is None
    assert from_note({}) is None


def test_who_is_at_work_is_seen_without_taking_the_lock(tmp_path: Path) -> None:
    """While a run holds the lock, and only then; a note of a process that is gone names nobody."""
    runs = RunStore(tmp_path / "runs", FakeClock(), FakeClock(), "sbctl drill run region-loss")
    assert runs.at_work() == ""
    assert not (tmp_path / "runs").exists()
    with runs.lock():
        assert runs.at_work().startswith("`sbctl drill run region-loss` (pid ")
        note = (tmp_path / "runs" / "lock.json").read_text(encoding="utf-8")
    assert runs.at_work() == ""
    (tmp_path / "runs" / "lock.json").write_text(note.replace('"begun": "', '"begun": "another '), encoding="utf-8")
    assert runs.at_work() == ""
