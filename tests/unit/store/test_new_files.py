"""New files: whole or absent, never over others, and nothing left of a run that was killed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sbctl.core.problem import SbctlError
from sbctl.store.files.atomic import Disk
from sbctl.store.files.new_files import write_new


def test_the_same_call_can_be_made_again(tmp_path: Path) -> None:
    """A temporary file of a killed run goes; what looks like an editor's own stays."""
    path = tmp_path / "app[1].py"
    (tmp_path / ".app[1].py.a1b2c3d_").write_text("half of")
    (tmp_path / ".app[1].py.swp").write_text("an editor's")
    write_new({path: b"whole"}, tmp_path)
    write_new({path: b"whole"}, tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"app[1].py", ".app[1].py.swp"}


def test_nothing_is_written_when_another_file_is_in_the_way(tmp_path: Path) -> None:
    """Not even the files whose places are free."""
    (tmp_path / "b").write_text("somebody's")
    with pytest.raises(SbctlError, match="nothing is overwritten"):
        write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"}, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["b"]


class Full(Disk):
    """A disk that takes one file more."""

    def __init__(self) -> None:
        self.left = 1

    def write_beside(self, path: Path, data: bytes) -> Path:
        if not self.left:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1
        return super().write_beside(path, data)


def test_all_are_written_or_none(tmp_path: Path) -> None:
    """What was there before stays."""
    (tmp_path / "a").write_bytes(b"1")
    files = {tmp_path / name: b"1" for name in ("a", "b", "c")}
    with pytest.raises(SbctlError):
        write_new(files, tmp_path, Full())
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
