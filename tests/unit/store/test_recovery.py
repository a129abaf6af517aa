"""A damaged, lost or unwanted state is recovered from a generation, and nothing that was there goes away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.core.address import Address
from sbctl.core.clock import FakeClock
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import FORMAT, Record, State
from sbctl.store.files.lines import line
from sbctl.store.state.journal import entries
from sbctl.store.state.recovery import restore, sound, supersede
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store

CHECK = Address.of("route53_health_check", "global", "primary")


def store(folder: Path) -> StateStore:
    return file_store(folder, FakeClock(), "sbctl deploy", call="sbctl --config shop")


def record(name: str) -> Record:
    return Record(address=f"connect_queue.us-east-1.{name}", ids={"id": name})


def grown(folder: Path, *names: str) -> StateStore:
    """A store in which each name was a run of its own."""
    opened = store(folder)
    for name in names:
        with opened.lock():
            opened.put(record(name))
            opened.compact()
    return opened


def names(state: State) -> list[str]:
    return [address.split(".")[-1] for address in state.records]


def trouble(folder: Path) -> Problem:
    with pytest.raises(SbctlError) as caught:
        store(folder).load()
    return caught.value.problems[0]


def restored(folder: Path, serial: int) -> State:
    opened = store(folder)
    with opened.held():
        return restore(opened, serial)


@pytest.mark.parametrize("damage", [b"", b"{", b"\x00" * 400])
def test_a_damaged_state_names_the_command_that_recovers_it(tmp_path: Path, damage: bytes) -> None:
    """The problem of an emptied, cut or overwritten file has the very command, and after it nothing is missing."""
    grown(tmp_path, "one", "two")
    (tmp_path / "sbctl.json").write_bytes(damage)
    problem = trouble(tmp_path)
    assert (problem.code, problem.at) == ("state-damaged", str(tmp_path / "sbctl.json"))
    assert "sbctl --config shop state restore 2 (" in problem.fix
    assert names(restored(tmp_path, 2)) == ["one", "two"]
    assert names(store(tmp_path).load()) == ["one", "two"]


def test_a_lost_state_is_recognised_and_recovered(tmp_path: Path) -> None:
    """A state file that is gone while its generations are here is not taken for a new project."""
    grown(tmp_path, "one", "two")
    (tmp_path / "sbctl.json").unlink()
    problem = trouble(tmp_path)
    assert problem.code == "state-missing"
    assert "state restore 2 (" in problem.fix
    with pytest.raises(SbctlError), store(tmp_path).lock():
        pass
    assert names(restored(tmp_path, 2)) == ["one", "two"]


def test_recovery_replays_the_journal(tmp_path: Path) -> None:
    """What an interrupted run had written down is not lost with the state file that it rested on."""
    opened = grown(tmp_path, "one")
    opened.put(record("begun"))
    (tmp_path / "sbctl.json").write_bytes(b"{")
    assert names(restored(tmp_path, 1)) == ["one", "begun"]


def test_going_back_does_not_replay_the_journal(tmp_path: Path) -> None:
    """An older generation is restored as it was; what it replaces, its journal included, stays a generation."""
    opened = grown(tmp_path, "one", "two")
    opened.put(record("three"))
    state = restored(tmp_path, 1)
    assert (state.serial, names(state)) == (4, ["one"])
    assert names(restored(tmp_path, 3)) == ["one", "two", "three"]


def test_what_is_damaged_is_kept(tmp_path: Path) -> None:
    """The damaged file is put aside, for whoever can still read something in it."""
    grown(tmp_path, "one")
    (tmp_path / "sbctl.json").write_bytes(b"half of a sta")
    restored(tmp_path, 1)
    (aside,) = (tmp_path / "generations").glob("damaged-*")
    assert aside.read_bytes() == b"half of a sta"


def test_a_restored_state_has_a_serial_of_its_own(tmp_path: Path) -> None:
    """Plans made before are stale after a restore, and the history goes on."""
    grown(tmp_path, "one", "two", "three")
    assert restored(tmp_path, 1).serial == 4
    assert [generation.serial for generation in store(tmp_path).history.all()] == [0, 1, 2, 3, 4]


def test_generations_of_addresses_do_not_go_back(tmp_path: Path) -> None:
    """After going back, a new creation has a token that no earlier creation had (Route 53 refuses old ones)."""
    opened = grown(tmp_path, "one")
    opened.put(Record(address=str(CHECK), generation=1))
    opened.compact()
    opened.drop(CHECK, 1)
    opened.put(Record(address=str(CHECK), generation=2))
    opened.compact()
    assert restored(tmp_path, 2).generation(CHECK) == 3
    assert restored(tmp_path, 1).generation(CHECK) == 3


@pytest.mark.parametrize("serial", [7, 1])
def test_a_generation_that_is_not_there_is_refused(tmp_path: Path, serial: int) -> None:
    """A serial that is not kept, or that is damaged itself, is wrong usage; what can be had is named."""
    grown(tmp_path, "one", "two")
    (tmp_path / "generations" / "00000001.json").write_bytes(b"{")
    with pytest.raises(SbctlError) as caught:
        restored(tmp_path, serial)
    problem = caught.value.problems[0]
    assert (problem.code, problem.exit) == ("no-such-generation", Exit.USAGE)
    assert "There are 0, 2" in problem.fix


def test_the_history_tells_damage(tmp_path: Path) -> None:
    """A generation that cannot be read is listed with the reason, and the others are read."""
    grown(tmp_path, "one", "two")
    (tmp_path / "generations" / "00000001.json").write_bytes(b"")
    found = store(tmp_path).history.all()
    assert [(generation.serial, bool(generation.state), generation.damage) for generation in found] == [
        (0, True, ""),
        (1, False, "it is empty"),
        (2, True, ""),
    ]
    assert found[2].state is not None
    assert found[2].state.written_by == "sbctl deploy"


def test_a_state_without_generations_asks_for_a_rebuild(tmp_path: Path) -> None:
    """When nothing can be restored, the way out is AWS itself."""
    grown(tmp_path, "one")
    for path in (tmp_path / "generations").iterdir():
        path.unlink()
    (tmp_path / "sbctl.json").write_bytes(b"")
    assert trouble(tmp_path).fix.startswith("sbctl --config shop state rebuild")


def test_another_state_can_take_the_place_of_a_lost_one(tmp_path: Path) -> None:
    """What is made anew is written above everything that was kept."""
    opened = grown(tmp_path, "one")
    (tmp_path / "sbctl.json").unlink()
    with opened.held():
        assert sound(opened) is None
        assert supersede(opened, State().with_record(record("new"))).serial == 2
    assert names(store(tmp_path).load()) == ["new"]


def test_a_state_of_the_first_format_is_read(tmp_path: Path) -> None:
    """A file as version 1 wrote it is upgraded when it is read, and written in the present format."""
    old = Path(__file__).parent / "format-1.json"
    (tmp_path / "sbctl.json").write_bytes(old.read_bytes())
    opened = store(tmp_path)
    state = opened.load()
    assert (state.format, state.endpoint, state.lineage) == (FORMAT, "", "9f1c2d3e4b5a69788796a5b4c3d2e1f0")
    assert names(state) == ["support"]
    with opened.lock():
        opened.put(record("sales"))
        opened.compact()
    written = json.loads((tmp_path / "sbctl.json").read_text())["state"]
    assert written["format"] == FORMAT
    assert sorted(written["records"]) == ["connect_queue.us-east-1.sales", "connect_queue.us-east-1.support"]


def test_a_sealed_journal_line_that_says_nothing_is_passed_over() -> None:
    """A line that is sound by its checksum and neither puts nor drops anything is no entry, and breaks nothing."""
    state = State()
    body = f'{{"lineage":"{state.lineage}","serial":{state.serial}}}'
    assert entries(line(body).encode(), state) == []
