"""Where a world can be kept: what is no folder, or not whole, is refused with a remedy, and never waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sbctl.sandbox import lifecycle
from sbctl.sandbox.snapshot.folder import DataFolder
from sbctl.sandbox.snapshot.save import SaveError

FILES = ("world.db", "world.clock", "world.lock")


@pytest.fixture
def careless() -> Iterator[None]:
    """A user whose umask takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["FIFO", "folder"])
def test_only_files_are_opened(tmp_path: Path, name: str, kind: str) -> None:
    """A FIFO would be waited for."""
    os.mkfifo(tmp_path / name) if kind == "FIFO" else (tmp_path / name).mkdir()
    with pytest.raises(SaveError, match=rf"{name} is no regular file.*--data"):
        DataFolder(tmp_path)


@pytest.mark.parametrize("kind", ["FIFO", "file", "link to nothing", "link to a file", "below a file"])
def test_only_a_folder_is_taken(tmp_path: Path, kind: str) -> None:
    """What else is in its place is left as it is."""
    place = tmp_path / "world"
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    if kind == "FIFO":
        os.mkfifo(place)
    elif kind == "file":
        place.write_text("mine", encoding="utf-8")
    elif kind == "below a file":
        place = tmp_path / "file" / "world"
    else:
        place.symlink_to(tmp_path / ("file" if kind == "link to a file" else "nothing"))
    with pytest.raises(SaveError, match=r"cannot be used: .*--data"):
        DataFolder(place)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_link_to_a_folder_is_taken(tmp_path: Path) -> None:
    """The world is kept where it leads."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    DataFolder(tmp_path / "link").close(stopped=True)
    assert (tmp_path / "real" / "world.db").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="modes do not bind root")
@pytest.mark.parametrize("mode", [0o500, 0o000], ids=["read-only", "closed"])
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, mode: int) -> None:
    """With what the system says, and a remedy."""
    place = tmp_path / "world"
    place.mkdir()
    place.chmod(mode)
    try:
        with pytest.raises(SaveError, match=r"cannot be used: .*--data"):
            DataFolder(place)
    finally:
        place.chmod(0o700)


@pytest.mark.usefixtures("careless")
def test_all_that_a_server_writes_is_the_owners_alone(tmp_path: Path) -> None:
    """Note, log, lock, world and clock, and the folders above them, whatever the umask."""
    folder, data = tmp_path / "project" / "state" / "sandbox", tmp_path / "kept" / "here" / "world"
    note = lifecycle.up(folder, data=data, speed=0.0)
    try:
        lifecycle.request(note, "POST", "limits", {"enabled": False})
        found = {path.relative_to(tmp_path): path.stat() for path in tmp_path.rglob("*")}
    finally:
        lifecycle.down(folder)
    files = {path.name for path, seen in found.items() if stat.S_ISREG(seen.st_mode)}
    assert files >= {"sandbox.json", "sandbox.log", "sandbox.lock", *FILES}
    open_to_others = {str(path): oct(seen.st_mode) for path, seen in found.items() if seen.st_mode & 0o077}
    assert open_to_others == {}
