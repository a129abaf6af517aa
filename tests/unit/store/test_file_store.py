"""The file store keeps what it was told through kills and damage, and lets one run in at a time."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sbctl.core.address import Address
from sbctl.core.clock import FakeClock
from sbctl.core.problem import Exit, SbctlError
from sbctl.core.state import FORMAT, Record, State
from sbctl.store.state.envelope import seal
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store

TABLE = Address.of("dynamodb_table", "global", "customers")

HOLDER = """
import sys, threading
from pathlib import Path
from sbctl.core.clock import FakeClock
from sbctl.store.stores import file_store
with file_store(Path(sys.argv[1]), FakeClock(), "apply --all").lock():
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    threading.Event().wait()
"""


def store(folder: Path, command: str = "apply") -> StateStore:
    return file_store(folder, FakeClock(), command)


def record(name: str, text: str = "") -> Record:
    return Record(address=f"connect_queue.us-east-1.{name}", ids={"id": name}, applied={"description": text})


def names(state: State) -> list[str]:
    return [address.split(".")[-1] for address in state.records]


def refused(folder: Path) -> str:
    with pytest.raises(SbctlError) as caught:
        store(folder).load()
    return caught.value.problems[0].code


def test_what_is_put_is_there_in_a_new_process(tmp_path: Path) -> None:
    """A record is found again by another store, before and after compacting."""
    first = store(tmp_path)
    first.put(record("sales", "für alle"))
    assert store(tmp_path).load() == first.load()
    compacted = first.compact()
    assert store(tmp_path).load() == compacted
    assert compacted.records["connect_queue.us-east-1.sales"].applied == {"description": "für alle"}


def test_compacting_twice_writes_once(tmp_path: Path) -> None:
    """The serial grows only when something changed."""
    opened = store(tmp_path)
    opened.put(record("sales"))
    serial = opened.compact().serial
    assert opened.compact().serial == serial
    opened.put(record("support"))
    assert opened.compact().serial == serial + 1


def test_a_dropped_address_keeps_its_generation(tmp_path: Path) -> None:
    """The next creation at a dropped address gets the next generation, from the journal and from the state file."""
    opened = store(tmp_path)
    opened.put(Record(address=str(TABLE), generation=4))
    opened.drop(TABLE, 4)
    assert store(tmp_path).load().generation(TABLE) == 5
    opened.compact()
    assert store(tmp_path).load().generation(TABLE) == 5
    assert store(tmp_path).load().get(TABLE) is None


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\r\n", "\x0b"])
def test_line_ends_in_a_value_do_not_tear_an_entry(tmp_path: Path, mark: str) -> None:
    """A value with any character that ends a line somewhere survives the journal."""
    store(tmp_path).put(record("sales", f"one{mark}two"))
    assert store(tmp_path).load().records["connect_queue.us-east-1.sales"].applied == {"description": f"one{mark}two"}


def test_a_journal_cut_anywhere_keeps_every_whole_entry(tmp_path: Path) -> None:
    """A kill while an entry is written loses that entry at most, and the next entry is not lost with it."""
    whole = tmp_path / "whole"
    opened = store(whole)
    for name in ("one", "two", "three"):
        opened.put(record(name, "größer € 💬"))
    journal = (whole / "journal.jsonl").read_bytes()
    for cut in range(len(journal) + 1):
        folder = tmp_path / f"cut-{cut}"
        shutil.copytree(whole, folder)
        (folder / "journal.jsonl").write_bytes(journal[:cut])
        # an entry is whole once all of it but the line end is there
        complete = sum(1 for at, byte in enumerate(journal) if byte == ord("\n") and at <= cut)
        assert names(store(folder).load()) == ["one", "two", "three"][:complete], cut
        store(folder).put(record("later"))
        assert names(store(folder).load()) == [*["one", "two", "three"][:complete], "later"], cut


def test_a_state_file_cut_anywhere_is_recognised(tmp_path: Path) -> None:
    """No prefix of a state file is acted on: the problem says that it is damaged."""
    store(tmp_path).put(record("sales", "größer € 💬"))
    store(tmp_path).compact()
    (tmp_path / "journal.jsonl").unlink(missing_ok=True)
    path = tmp_path / "sbctl.json"
    whole = path.read_bytes().rstrip()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        assert refused(tmp_path) == "state-damaged", cut
    path.write_bytes(whole)
    assert names(store(tmp_path).load()) == ["sales"]


@pytest.mark.parametrize("text", ["null", "[]", "7", '"x"', "{}", '{"state": {}}', '{"sha256": ""}'])
def test_other_json_is_no_state(tmp_path: Path, text: str) -> None:
    """JSON of another form is damage, never a traceback."""
    (tmp_path / "sbctl.json").write_text(text)
    assert refused(tmp_path) == "state-damaged"


def test_a_changed_state_file_is_recognised(tmp_path: Path) -> None:
    """A record edited by hand does not fit the checksum."""
    store(tmp_path).put(record("sales"))
    store(tmp_path).compact()
    path = tmp_path / "sbctl.json"
    path.write_text(path.read_text().replace('"id": "sales"', '"id": "other"'))
    assert refused(tmp_path) == "state-damaged"


@pytest.mark.parametrize("journal", [b"", b"\n", b"\n\n", b"\xff\xfe", b"00000000 {}\n", b"zz\n", b"0" * 5000])
def test_a_journal_of_rubbish_is_passed_over(tmp_path: Path, journal: bytes) -> None:
    """Whatever stands in the journal, the state file's records are read."""
    opened = store(tmp_path)
    opened.put(record("sales"))
    opened.compact()
    (tmp_path / "journal.jsonl").write_bytes(journal)
    assert names(store(tmp_path).load()) == ["sales"]


def test_a_crash_between_compacting_and_clearing_repeats_nothing(tmp_path: Path) -> None:
    """A journal that rests on an older serial is not replayed on the newer state."""
    opened = store(tmp_path)
    opened.put(record("sales", "old"))
    kept = (tmp_path / "journal.jsonl").read_bytes()
    opened.put(record("sales", "new"))
    opened.compact()
    (tmp_path / "journal.jsonl").write_bytes(kept)
    assert store(tmp_path).load().records["connect_queue.us-east-1.sales"].applied == {"description": "new"}


def test_a_journal_of_another_lineage_is_not_replayed(tmp_path: Path) -> None:
    """A journal that was copied from another project's folder changes nothing."""
    store(tmp_path / "one").put(record("sales"))
    store(tmp_path / "two").put(record("support"))
    shutil.copy(tmp_path / "one" / "journal.jsonl", tmp_path / "two" / "journal.jsonl")
    assert names(store(tmp_path / "two").load()) == []


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """A state of a format that this version does not know is refused with the way out."""
    (tmp_path / "sbctl.json").write_bytes(seal(State(format=FORMAT + 1)))
    with pytest.raises(SbctlError) as caught:
        store(tmp_path).load()
    assert caught.value.problems[0].code == "state-newer"
    assert str(FORMAT + 1) in caught.value.problems[0].detail


@pytest.mark.parametrize("number", ["2", None, True, 1.5])
def test_a_format_that_is_no_number_is_damage(tmp_path: Path, number: object) -> None:
    """Only a whole number above ours is a newer format; anything else in its place is damage."""
    text = seal(State()).decode().replace(f'"format": {FORMAT}', f'"format": {json.dumps(number)}')
    (tmp_path / "sbctl.json").write_text(text)
    assert refused(tmp_path) == "state-damaged"


def test_the_last_twenty_states_are_kept(tmp_path: Path) -> None:
    """Older generations go, the newest stay, and each can be read as a state."""
    opened = store(tmp_path)
    for number in range(26):
        opened.put(record(f"q{number}"))
        opened.compact()
    kept = sorted((tmp_path / "generations").iterdir())
    assert len(kept) == 20
    serials = [json.loads(path.read_text())["state"]["serial"] for path in kept]
    assert serials == list(range(7, 27))


def test_a_second_run_is_kept_out(tmp_path: Path) -> None:
    """Another store in the same folder is refused with the holder's command, until the holder lets go."""
    with store(tmp_path, "apply --yes").lock():
        with pytest.raises(SbctlError) as caught, store(tmp_path, "destroy").lock():
            pass
        with pytest.raises(SbctlError):
            store(tmp_path).unlock()
    problem = caught.value.problems[0]
    assert (problem.exit, problem.code) == (Exit.LOCKED, "state-locked")
    assert "apply --yes" in problem.detail
    with store(tmp_path).lock():
        assert (tmp_path / "lock.json").exists()
    assert not (tmp_path / "lock.json").exists()


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    """The lock of a process that was killed is free at once; what it left is a note that unlock removes."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(SbctlError) as caught, store(tmp_path).lock():
                pass
            assert "apply --all" in caught.value.problems[0].detail
            assert str(holder.pid) in caught.value.problems[0].detail
        finally:
            holder.send_signal(signal.SIGKILL)
            holder.wait()
    assert store(tmp_path).unlock() is True
    assert store(tmp_path).unlock() is False
    with store(tmp_path).lock():
        pass


def test_a_run_sees_what_the_run_before_it_wrote(tmp_path: Path) -> None:
    """Taking the lock reads the state anew: what was loaded before may be old."""
    early = store(tmp_path)
    early.load()
    with store(tmp_path).lock():
        store(tmp_path).put(record("sales"))
    with early.lock():
        assert names(early.load()) == ["sales"]


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    """Writing and locking under something that is no folder say so, without a traceback."""
    (tmp_path / "file").write_text("")
    opened = store(tmp_path / "file" / "state")
    with pytest.raises(SbctlError) as locking, opened.lock():
        pass
    assert locking.value.problems[0].code == "cannot-write"
    with pytest.raises(SbctlError):
        opened.put(record("sales"))


def test_a_lock_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    """When the lock itself cannot be opened for writing, the problem names the folder."""
    (tmp_path / "sbctl.lock").mkdir()
    with pytest.raises(SbctlError) as caught, store(tmp_path).lock():
        pass
    assert caught.value.problems[0].code == "cannot-write"


def test_a_state_is_born_under_the_lock(tmp_path: Path) -> None:
    """Reading where there is no state gives one without lineage; taking the lock gives it one that stays."""
    assert store(tmp_path).load().lineage == ""
    first = store(tmp_path)
    with first.lock():
        born = first.load().lineage
    assert born
    assert store(tmp_path).load().lineage == born
