"""The save of a world: whole or not at all, and refused with a reason when it cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.http.control import control
from sbctl.sandbox.route53.store import Zone
from sbctl.sandbox.snapshot.folder import AHEAD_SECONDS, DataFolder
from sbctl.sandbox.snapshot.keeper import Keeper
from sbctl.sandbox.snapshot.part import Change, Pieces, Whole
from sbctl.sandbox.snapshot.pickling import UnreadableError, dumped, loaded
from sbctl.sandbox.snapshot.save import FILE, Save, SaveError
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.wire.identify import Request
from tests.sandbox.conftest import Sandbox
from tests.sandbox.kept_world import kept


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a save of three rows."""
    place = tmp_path / "world"
    taken = DataFolder(place)
    rows = [Change("bucket", name, name.encode() * 5000) for name in ("a", "b", "c")]
    taken.save.write({"part": rows}, 1000.0)
    taken.close(stopped=True)
    return place


def contents(folder: Path) -> dict[str, bytes]:
    """The rows of the save in a folder."""
    save = Save(folder)
    found = dict(save.rows().get("part", {}).get("bucket", {}))
    save.close()
    return found


def test_rows_come_back_as_they_were_put(folder: Path) -> None:
    """What was written last is what is read: changed, gone, new, and all of an owner gone, in order."""
    save = Save(folder)
    save.write({"part": [Change("bucket", "b", None), Change("bucket", "a", b"new"), Change("bucket", "d", b"d")]}, 2.0)
    assert list(save.rows()["part"]["bucket"].items()) == [("a", b"new"), ("c", b"c" * 5000), ("d", b"d")]
    assert save.time() == 2.0
    save.write({"part": [Change("bucket", None, None)]}, 3.0)
    assert save.rows() == {}
    save.close()


def test_a_crash_in_the_middle_of_a_save_leaves_the_one_before(folder: Path, tmp_path: Path) -> None:
    """The files as they are at any point of a save that never ends hold the whole save before it."""
    copies = []

    def changes() -> Iterator[Change]:
        for number in range(200):
            yield Change("bucket", "a", b"%d" % number * 50_000)
            if number % 50 == 49:
                copies.append(shutil.copytree(folder, tmp_path / f"crashed-{number}"))

    save, before = Save(folder), contents(folder)
    save.write({"part": changes()}, 2000.0)
    save.close()
    assert contents(folder) != before
    assert [contents(copy) == before for copy in copies] == [True] * 4


def test_a_save_that_fails_changes_nothing(folder: Path) -> None:
    """An error between two rows takes back the first, and the next save works."""

    def broken() -> Iterator[Change]:
        yield Change("bucket", "a", b"half")
        raise RuntimeError("the disk is full")

    save, before = Save(folder), contents(folder)
    with pytest.raises(RuntimeError):
        save.write({"part": broken()}, 2000.0)
    save.close()
    assert contents(folder) == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def _turn_bits(path: Path) -> None:
    data = bytearray(path.read_bytes())
    place = data.index(b"bbbbbbbbbb")
    data[place + 100] ^= 1
    path.write_bytes(data)


def _another_file(path: Path) -> None:
    path.write_bytes(b"name,calls\nann,3\n" * 100)


def _another_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE people (name TEXT)")
    file.close()


def _another_version(path: Path) -> None:
    file = sqlite3.connect(path)
    with file:
        file.execute("UPDATE head SET value = '99.1' WHERE name = 'moto'")
    file.close()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_cut, "is damaged .* put back a copy"),
        (_turn_bits, "is damaged .*part bucket b is not as it was written.* put back a copy"),
        (_another_file, "is damaged .*not a database"),
        (_another_database, "is not a save of the sandbox; name another folder"),
        (_another_version, r"was written by sbctl .*moto 99\.1.*use that version, or move the file away"),
    ],
)
def test_what_cannot_be_used_is_refused_and_left_as_it_is(
    folder: Path, harm: Callable[[Path], None], words: str
) -> None:
    """A damaged or foreign file ends in an error with the reason and the remedy; not a byte of it changes."""
    harm(folder / FILE)
    before = (folder / FILE).read_bytes()
    with pytest.raises(SaveError, match=words), kept(folder):
        pass
    assert (folder / FILE).read_bytes() == before


def test_a_folder_is_served_by_one_server(folder: Path) -> None:
    """The second is told who has it; when the first has let go, the folder can be taken again."""
    first = DataFolder(folder)
    first.tell(WorldClock())
    with pytest.raises(SaveError, match=r"is in use by another sandbox server, process \d+: stop that one"):
        DataFolder(folder)
    first.close(stopped=True)
    DataFolder(folder).close(stopped=True)


def test_a_folder_in_which_others_may_write_is_refused(folder: Path) -> None:
    """What is loaded is believed, so nobody else may have put it there, into the folder or into the file."""
    for place, mode in ((folder, 0o770), (folder / FILE, 0o602)):
        before = place.stat().st_mode
        place.chmod(mode)
        with pytest.raises(SaveError, match="chmod -R go-w"):
            DataFolder(folder)
        place.chmod(before)


def test_what_is_kept_is_the_user_s_alone(tmp_path: Path) -> None:
    """The folder and its files can be read by nobody else."""
    taken = DataFolder(tmp_path / "new")
    taken.tell(WorldClock())
    modes = [path.stat().st_mode & 0o077 for path in [taken.path, *taken.path.iterdir()]]
    taken.close(stopped=True)
    assert modes == [0] * 4


def test_the_time_never_goes_back(folder: Path) -> None:
    """After a stop it is the time of the stop; after a kill it is later than any that was told, by seconds of real time."""
    clock = WorldClock(speed=20.0, start=5000.0)
    killed = DataFolder(folder)
    killed.tell(clock)
    killed.close(stopped=False)  # the clock stays, as after a kill
    again = DataFolder(folder)
    found = again.time()
    assert found is not None
    assert clock.seconds() <= found <= clock.seconds() + 20 * AHEAD_SECONDS
    again.save.write({}, 6000.0)
    again.close(stopped=True)
    stopped = DataFolder(folder)
    assert stopped.time() == 6000.0
    stopped.close(stopped=True)


def test_a_world_that_cannot_be_kept_says_so(folder: Path, sandbox: Sandbox) -> None:
    """In its status, from when on and why, until a save succeeds."""

    def status() -> Any:
        return control(sandbox.world, Request("GET", "/_sandbox/status", "", {}, b""))[1].get("unsaved")

    state: list[Any] = [Path("/")]
    taken = DataFolder(folder)
    keeper = Keeper(sandbox.world, taken, [Whole("odd", lambda: state, id)])
    assert not keeper.save()
    assert status().startswith("since ")
    assert "PosixPath is nothing that a world holds" in status()
    state.clear()
    assert keeper.save()
    assert status() is None
    taken.close(stopped=True)


def test_a_world_of_another_account_is_not_taken(tmp_path: Path, sandbox: Sandbox) -> None:  # noqa: ARG001
    """Ids and ARNs hold the account, so that a config of another one needs another folder."""
    with kept(tmp_path / "world"):
        pass
    refused = pytest.raises(SaveError, match="of the account 123456789012, not 111122223333")
    with refused, kept(tmp_path / "world", account="111122223333"):
        pass


def test_only_our_classes_are_loaded() -> None:
    """A save cannot name what runs commands, not by a way through one of our own modules either, and is not written so."""
    for harmful in (
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04\x8c\x1dsbctl.sandbox.snapshot.folder\x8c\tos.system\x93.",
    ):
        with pytest.raises(UnreadableError, match="nothing that a world holds"):
            loaded(harmful)
    with pytest.raises(Exception, match="nothing that a world holds"):
        dumped(Path("/"))
    zone = Zone("Z1", "example.com.", "r", None, ("ns-1",))
    assert loaded(dumped(zone)) == zone


def test_parts_tell_only_what_has_changed() -> None:
    """A second look at the same state tells nothing; a piece that was replaced is one row, one that is gone another."""
    state: dict[str, dict[str, object]] = {"x": {"a": (1,), "b": (2,)}}
    whole, pieces = Whole("w", lambda: state, id), Pieces("p", lambda: state, id)
    assert (len(list(whole.changes())), len(list(pieces.changes()))) == (1, 2)
    assert (list(whole.changes()), list(pieces.changes())) == ([], [])
    state["x"] = {"a": (3,)}
    assert len(list(whole.changes())) == 1
    assert sorted((change.name, change.data is None) for change in pieces.changes()) == [("'a'", False), ("'b'", True)]
    pieces.forget()
    assert [change.name for change in pieces.changes()] == ["'a'"]
