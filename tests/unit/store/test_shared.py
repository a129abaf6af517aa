"""A shared state loses nothing: whatever order the writes of two runs come in, each is on record or has failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import FORMAT, Record, State
from sbctl.store.locks.holder import Holder
from sbctl.store.locks.lease import LOCK, Note
from sbctl.store.locks.process import Process, this_process
from sbctl.store.objects import Blob, MemoryObjects
from sbctl.store.state.envelope import seal
from sbctl.store.state.layout import JOURNAL, STATE, signed
from sbctl.store.state.move import move
from sbctl.store.state.recovery import restore
from sbctl.store.state.shared import Shared
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store

SILENCE = Problem(code="region-unreachable", summary="Region does not answer", exit=Exit.PARTIAL)
ELSEWHERE = Process("another-host", "boot pid:[1]", 1, "1")


class Moments(MemoryObjects):
    """Objects before whose next write of a key something else happens."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.before: dict[str, Callable[[], None]] = {}
        self.silent = False

    def get(self, key: str) -> Blob | None:
        if self.silent:
            raise SbctlError(SILENCE)
        return super().get(key)

    def put(self, key: str, content: bytes, match: str) -> str:
        if self.silent:
            raise SbctlError(SILENCE)
        self.before.pop(key, lambda: None)()
        return super().put(key, content, match)


class Team:
    """Runs on one shared state, each with a store of its own, as on machines of their own."""

    def __init__(self, copies: int = 0) -> None:
        self.clock = FakeClock()
        self.objects = Moments(self.clock)
        self.copies = [Moments(self.clock) for _ in range(copies)]
        for number, copy in enumerate(self.copies):
            copy.where = f"s3://copy-{number}@us-west-2/x"

    def store(self, command: str = "sbctl deploy") -> StateStore:
        return StateStore(Shared(self.objects, self.copies, self.clock, command), self.clock, command)

    def names(self) -> list[str]:
        return names(self.store().load())


def record(name: str) -> Record:
    return Record(address=f"connect_queue.us-east-1.{name}", ids={"id": name})


def names(state: State) -> list[str]:
    return sorted(address.split(".")[-1] for address in state.records)


def lost(act: Callable[[], object]) -> bool:
    """Whether an act fails because its run no longer holds the lock."""
    with pytest.raises(SbctlError) as caught:
        act()
    return caught.value.problems[0].code == "lock-lost"


def test_a_run_is_on_record_for_the_next() -> None:
    """What is put is read by another store before and after it is folded, and each state is a generation."""
    team = Team()
    first = team.store()
    with first.lock():
        first.put(record("one"))
        assert team.names() == ["one"]
        first.compact()
        first.put(record("two"))
    assert team.names() == ["one", "two"]
    with team.store().lock():
        pass
    assert [generation.serial for generation in team.store().history.all()] == [0, 1]


def test_a_second_run_is_told_who_works() -> None:
    """Whoever finds the lock held is told by whom, and gets it when it is free."""
    team = Team()
    with team.store("sbctl deploy --yes").lock():
        with pytest.raises(SbctlError) as caught, team.store().lock():
            pass
        problem = caught.value.problems[0]
        assert (problem.code, problem.exit) == ("state-locked", Exit.LOCKED)
        assert "`sbctl deploy --yes` (pid " in problem.detail
        with pytest.raises(SbctlError):
            team.store().unlock()
    with team.store().lock():
        pass
    assert team.store().unlock() is False


def leave_lock(team: Team, process: Process) -> None:
    """A lock as a run that was killed leaves it."""
    found = team.objects.get(LOCK)
    note = Note(7, Holder(process, "sbctl deploy", "2026-01-01T00:00:00+00:00"))
    team.objects.put(LOCK, note.as_bytes(), found.etag if found else "")


def test_a_dead_run_on_this_machine_is_broken_at_once() -> None:
    """The lock of a process that is gone is free, even when another process has its number now."""
    me = this_process()
    team = Team()
    leave_lock(team, Process(me.host, me.machine, me.pid, "an earlier start"))
    with team.store().lock():
        pass


def test_a_silent_run_elsewhere_is_given_up_when_its_lease_is_over() -> None:
    """Of another machine only the age of the last renewal counts, and waiting for it ends when it is old."""
    team = Team()
    leave_lock(team, ELSEWHERE)
    with pytest.raises(SbctlError), team.store().lock(wait=30):
        pass
    with team.store().lock(wait=40):
        pass
    leave_lock(team, ELSEWHERE)
    with pytest.raises(SbctlError):
        team.store().unlock()
    assert team.store().unlock(force=True) is True
    with team.store().lock():
        pass


def test_a_lock_that_cannot_be_read_is_held_until_it_is_old() -> None:
    """Rubbish in the lock object keeps runs out for the time of a lease, and no longer."""
    team = Team()
    team.objects.write(LOCK, b"\x00rubbish")
    with pytest.raises(SbctlError), team.store().lock():
        pass
    team.clock.sleep(61)
    with team.store().lock():
        pass


def test_a_run_whose_lock_was_taken_writes_nothing_more() -> None:
    """After the lock was broken and taken by another, every write of the first run fails, and the other's stay."""
    team = Team()
    old, new = team.store(), team.store()
    with old.lock():
        old.put(record("old"))
        assert old.unlock(force=True)
        with new.lock():
            assert names(new.load()) == ["old"]
            assert lost(lambda: old.put(record("late")))
            assert lost(old.compact)
            new.put(record("new"))
            new.compact()
            assert lost(old.compact)
    assert team.names() == ["new", "old"]


@pytest.mark.parametrize("key", [JOURNAL, STATE])
@pytest.mark.parametrize("folds", [False, True])
def test_a_write_in_the_middle_of_a_takeover_is_seen_or_fails(key: str, folds: bool) -> None:
    """Just before either object is taken over the first run writes once more: that is on record, or it has failed."""
    team = Team()
    old, new = team.store(), team.store()
    done: list[str] = []

    def once_more() -> None:
        try:
            old.put(record("late"))
            if folds:
                old.compact()
            done.append("late")
        except SbctlError as error:
            assert error.problems[0].code == "lock-lost"

    with old.lock():
        old.put(record("old"))
        old.unlock(force=True)
        team.objects.before = {key: once_more}
        with new.lock():
            assert lost(lambda: old.put(record("never")))
            new.put(record("new"))
            new.compact()
    assert done == (["late"] if key == JOURNAL else [])
    assert set(team.names()) - {"late"} == {"new", "old"}
    assert set(done) <= set(team.names())


@pytest.mark.parametrize("key", [JOURNAL, STATE])
def test_a_takeover_in_the_middle_of_folding_loses_nothing(key: str) -> None:
    """A second run takes over just before either write of a fold: what both had written down is there."""
    team = Team()
    old, new = team.store(), team.store()

    def takeover() -> None:
        old.unlock(force=True)
        with new.lock():
            new.put(record("new"))
            new.compact()

    with old.lock():
        old.put(record("old"))
        team.objects.before = {key: takeover}
        assert lost(old.compact)
    assert team.names() == ["new", "old"]


def test_many_threads_write_one_journal() -> None:
    """Steps that run at once each find their record, though their lines are written together."""
    team = Team()
    opened = team.store()
    with opened.lock():
        threads = [threading.Thread(target=opened.put, args=(record(f"q{n}"),)) for n in range(150)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(team.names()) == 150


def test_a_write_whose_answer_never_came_is_not_taken_for_another_run() -> None:
    """When a write had arrived and even looking for it failed, the same run goes on with its next write."""
    team = Team()
    opened = team.store()

    def arrived_unheard() -> None:
        blob = team.objects.get(JOURNAL)
        assert blob is not None
        MemoryObjects.put(team.objects, JOURNAL, blob.content + b"half\n", blob.etag)
        raise SbctlError(SILENCE)

    with opened.lock():
        opened.put(record("one"))
        team.objects.before = {JOURNAL: arrived_unheard}
        with pytest.raises(SbctlError) as caught:
            opened.put(record("two"))
        assert caught.value.problems[0].code == "region-unreachable"
        opened.put(record("three"))
        assert team.names() == ["one", "three", "two"]


def test_one_run_is_one_generation() -> None:
    """However often the journal is folded in the middle, a run leaves one state in the history."""
    team = Team()
    opened = team.store()
    for begin in (0, 250):
        with opened.lock():
            for number in range(begin, begin + 250):
                opened.put(record(f"q{number}"))
            opened.compact()
    serials = [generation.serial for generation in team.store().history.all()]
    assert serials == [0, 3, 6]
    assert len(team.names()) == 500


def test_a_copy_is_read_while_the_first_place_is_silent() -> None:
    """Records that were written before are read from the copy, journal included; writing needs the first place."""
    team = Team(copies=1)
    with team.store().lock():
        pass
    opened = team.store()
    with opened.lock():
        opened.put(record("one"))
        opened.compact()
        opened.put(record("two"))
    team.objects.silent = True
    reader = team.store()
    assert names(reader.load()) == ["one", "two"]
    assert reader.read_at == "s3://copy-0@us-west-2/x"
    with pytest.raises(SbctlError) as caught, reader.lock():
        pass
    assert caught.value.problems[0].code == "region-unreachable"


def test_an_empty_copy_is_not_taken_for_a_new_project() -> None:
    """With the first place silent and nothing in the copy the state is unknown, and not empty."""
    team = Team(copies=1)
    team.objects.silent = True
    with pytest.raises(SbctlError) as caught:
        team.store().load()
    assert caught.value.problems[0].code == "region-unreachable"


def test_a_copy_that_does_not_answer_stops_nobody() -> None:
    """The run goes on and says which copy is behind; the next one brings it up to date."""
    team = Team(copies=1)
    team.copies[0].silent = True
    opened = team.store()
    with opened.lock():
        opened.put(record("one"))
        opened.compact()
        assert [problem.code for problem in opened.behind()] == ["copy-behind"]
    assert opened.copies()[0].serial is None
    team.copies[0].silent = False
    with opened.lock():
        opened.put(record("two"))
        opened.compact()
        assert opened.behind() == []
    assert opened.copies()[0].serial == 2


def test_a_late_writer_does_not_put_a_copy_back() -> None:
    """A run that lost its lock between the state and its copy leaves the copy as the later run wrote it."""
    team = Team(copies=1)
    old, new = team.store(), team.store()

    def takeover() -> None:
        old.unlock(force=True)
        with new.lock():
            new.put(record("new"))
            new.compact()

    with old.lock():
        old.put(record("old"))
        team.copies[0].before = {STATE: takeover}
        old.compact()
    serial = team.store().load().serial
    assert team.store().copies()[0].serial == serial == 2


def test_a_place_behind_its_copy_is_not_worked_on() -> None:
    """After work on the copy the first place is refused until the copy's state is put there; then all agree."""
    team = Team(copies=1)
    with team.store().lock():
        pass
    copy = StateStore(Shared(team.copies[0], (), team.clock, "x"), team.clock, "x")
    with copy.lock():
        copy.put(record("meanwhile"))
        copy.compact()
    with pytest.raises(SbctlError) as caught, team.store().lock():
        pass
    problem = caught.value.problems[0]
    assert (problem.code, problem.exit) == ("state-behind-copy", Exit.REFUSED)
    alone = StateStore(Shared(team.objects, (), team.clock, "x"), team.clock, "x")
    move(copy, alone, "s3://first")
    with team.store().lock():
        assert team.names() == ["meanwhile"]


def test_a_move_from_one_copy_overwrites_no_other_that_is_ahead() -> None:
    """Two copies were worked on: neither history is given up unasked."""
    team = Team(copies=2)
    with team.store().lock():
        pass
    copies = [StateStore(Shared(one, (), team.clock, "x"), team.clock, "x") for one in team.copies]
    for number, copy in enumerate(copies):
        with copy.lock():
            copy.put(record(f"meanwhile-{number}"))
            copy.compact()
    with pytest.raises(SbctlError) as caught:
        move(copies[0], team.store(), "s3://first")
    assert caught.value.problems[0].code == "state-behind-copy"
    assert [names(copy.reread()) for copy in copies] == [["meanwhile-0"], ["meanwhile-1"]]


def test_a_place_takes_the_state_of_its_own_copy() -> None:
    """After the move that the refusal names, place and copy have one state, and work goes on there."""
    team = Team(copies=1)
    with team.store().lock():
        pass
    copy = StateStore(Shared(team.copies[0], (), team.clock, "x"), team.clock, "x")
    with copy.lock():
        copy.put(record("meanwhile"))
    move(copy, team.store(), "s3://first")
    assert team.names() == names(copy.reread()) == ["meanwhile"]
    with team.store().lock():
        pass
    assert [one.serial for one in team.store().copies()] == [team.store().load().serial]


def test_a_state_moves_there_and_back_with_its_history(tmp_path: Path) -> None:
    """After a move records and generations are at the new place, the old one says where, and back is the same."""
    team = Team()
    local, shared = file_store(tmp_path, team.clock, "x"), team.store()
    with local.lock():
        for name in ("one", "two"):
            local.put(record(name))
            local.compact()
    move(local, shared, "s3://acme")
    assert team.names() == ["one", "two"]
    assert [generation.serial for generation in team.store().history.all()] == [0, 1, 2]
    with pytest.raises(SbctlError) as caught:
        file_store(tmp_path, team.clock, "x").load()
    assert (caught.value.problems[0].code, "s3://acme" in caught.value.problems[0].fix) == ("state-moved", True)
    with shared.lock():
        shared.put(record("three"))
        shared.compact()
    back = file_store(tmp_path, team.clock, "x")
    move(shared, back, str(tmp_path))
    assert names(file_store(tmp_path, team.clock, "x").load()) == ["one", "three", "two"]


def test_a_move_does_not_overwrite_another_state(tmp_path: Path) -> None:
    """A place that holds another project's state, a later one, or something unreadable is refused, and kept."""
    team = Team()
    mine, theirs = file_store(tmp_path / "mine", team.clock, "x"), team.store()
    for opened, name in ((mine, "mine"), (theirs, "theirs")):
        with opened.lock():
            opened.put(record(name))
            opened.compact()
    for damage in (None, b"sign\nrubbish"):
        if damage is not None:
            team.objects.write(STATE, damage)
        with pytest.raises(SbctlError) as caught:
            move(mine, team.store(), "s3://acme")
        assert caught.value.problems[0].code == "place-occupied"
    assert names(file_store(tmp_path / "mine", team.clock, "x").load()) == ["mine"]


def test_a_damaged_shared_state_is_recovered() -> None:
    """Cut at any byte the object is recognised, and its newest generation gives everything back, with a copy beside it too."""
    team = Team(copies=1)
    opened = team.store()
    with opened.lock():
        opened.put(record("one"))
        opened.compact()
    whole = team.objects.get(STATE)
    assert whole is not None
    for cut in range(len(whole.content.rstrip())):
        team.objects.write(STATE, whole.content[:cut])
        with pytest.raises(SbctlError) as caught:
            team.store().load()
        assert caught.value.problems[0].code == "state-damaged", cut
    opened = team.store()
    with opened.held():
        restore(opened, 1)
    assert team.names() == ["one"]


@pytest.mark.parametrize("copies", [0, 1])
def test_a_shared_state_cut_anywhere_is_recovered(copies: int) -> None:
    """Wherever it was cut, the command that the problem names brings everything back."""
    team = Team(copies)
    opened = team.store()
    with opened.lock():
        opened.put(record("one"))
        opened.compact()
    whole = team.objects.get(STATE)
    assert whole is not None
    for cut in range(0, len(whole.content.rstrip()), 31):
        team.objects.write(STATE, whole.content[:cut])
        with pytest.raises(SbctlError) as caught:
            team.store().load()
        serial = int(caught.value.problems[0].fix.partition("state restore ")[2].split()[0])
        opened = team.store()
        with opened.held():
            restore(opened, serial)
        assert team.names() == ["one"], cut


def test_formats_in_s3_are_those_of_files() -> None:
    """An old one is upgraded when it is read, one of a later sbctl is refused."""
    team = Team()
    old = (Path(__file__).parent / "format-1.json").read_bytes()
    team.objects.write(STATE, signed(old, "a run", 1))
    assert (team.store().load().format, team.names()) == (FORMAT, ["support"])
    team.objects.write(STATE, signed(seal(State(format=FORMAT + 1)), "a run", 1))
    with pytest.raises(SbctlError) as caught:
        team.store().load()
    assert caught.value.problems[0].code == "state-newer"
