"""Runs beside a shared state: seen by all machines, lost by none, and never in the way of a forced failover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.actor import Actor
from sbctl.core.clock import FakeClock
from sbctl.core.executors import sequential
from sbctl.core.moving.run import Run, What, merged, same_events
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.store.objects import Blob, MemoryObjects
from sbctl.store.runs.lines import run_in
from sbctl.store.runs.objects import RunObjects
from sbctl.store.runs.shared import SharedRuns
from sbctl.store.runs.store import RunStore
from sbctl.store.runs.uploads import AGAIN_SECONDS

PLACE = "s3://acme@us-east-1/prod"
SILENCE = Problem(code="region-unreachable", summary="Region does not answer", exit=Exit.PARTIAL)
FORCED: Mapping[str, Any] = {"order": {"mode": "forced", "target": "us-west-2"}, "source": "us-east-1"}
PLANNED: Mapping[str, Any] = {"order": {"mode": "planned", "target": "us-west-2"}, "source": "us-east-1"}


class Bucket(MemoryObjects):
    """Objects that count what they are asked, and may be silent or refuse to be written."""

    def __init__(self, clock: FakeClock, where: str = PLACE) -> None:
        super().__init__(clock, where)
        self.asked: list[str] = []
        self.silent = self.read_only = False
        self.before_put: Callable[[], object] = lambda: None

    def get(self, key: str) -> Blob | None:
        self._ask("get")
        return super().get(key)

    def tags(self, folder: str) -> dict[str, str]:
        self._ask("list")
        return super().tags(folder)

    def put(self, key: str, content: bytes, match: str) -> str:
        self._ask("put")
        if self.read_only:
            raise SbctlError(replace(SILENCE, code="aws-denied", summary="No permission"))
        before, self.before_put = self.before_put, lambda: None
        before()
        return super().put(key, content, match)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.silent:
            raise SbctlError(SILENCE)


class Team:
    """Machines with a folder each, on the same places."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.bucket = Bucket(self.clock)
        self.copies: list[Bucket] = []

    def command(self, machine: str = "laptop", state: str = PLACE) -> SharedRuns:
        """What one command on a machine works with."""
        folder = self.folder / machine
        actor = Actor(f"kim@{machine}", machine, "0.1.0")
        here = RunStore(folder / "runs", self.clock, self.clock, "sbctl", actor=actor)
        kept = folder / "shared-runs"
        places = [RunObjects(one, kept, sequential) for one in (self.bucket, *self.copies)]
        return SharedRuns(here, places, state, sequential, self.clock)

    def local(self, machine: str = "laptop") -> RunStore:
        return RunStore(self.folder / machine / "runs", self.clock, self.clock, "sbctl")

    def stored(self, run: Run) -> bytes:
        blob = MemoryObjects.get(self.bucket, f"runs/{run.id}.run")
        assert blob is not None
        return blob.content

    def spoil(self, run: Run, content: bytes) -> None:
        self.bucket.write(f"runs/{run.id}.run", content)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def whats(run: Run | None) -> list[str]:
    return [event.what for event in run.events] if run else []


def begun(runs: SharedRuns, order: Mapping[str, Any] = PLANNED) -> Run:
    return runs.begin("failover", runs.name("failover"), **order)


def test_a_run_is_seen_by_others_from_its_beginning(team: Team) -> None:
    """Killed after its first event, with no end of a command: another machine sees it open, with who and where."""
    run = begun(team.command())
    seen = team.command("other").open()
    assert seen is not None
    assert (seen.id, seen.begun.data["by"], seen.begun.data["host"]) == (run.id, "kim@laptop", "laptop")


def test_what_another_machine_goes_on_with_is_finished_for_the_first(team: Team) -> None:
    """It has the whole journal on its own disk before its first event, so that it needs S3 no more."""
    runs = team.command()
    runs.add(begun(runs), "paused")
    other = team.command("other")
    run = other.open()
    assert run is not None
    other.add(other.add(run, "resumed"), "finished")
    assert whats(team.local("other").newest()) == ["begun", "paused", "resumed", "finished"]
    (seen,) = team.command().all()
    assert (seen.status, whats(seen)) == ("finished", ["begun", "paused", "resumed", "finished"])


def test_a_forced_failover_asks_nobody_before_traffic_has_moved(team: Team) -> None:
    """Not one question until the first move is done; then the whole journal goes out, of an earlier run closed by it too."""
    runs = team.command()
    runs.ask_nobody()
    assert runs.open() is None
    run = runs.add(begun(runs, FORCED), "move-begun", "signal")
    assert team.bucket.asked == []
    run = runs.add(run, "move-done", "signal")
    assert whats(run_in(f"{run.id}.run", team.stored(run))) == ["begun", "move-begun", "move-done"]
    assert runs.finish() == ()


def test_a_silent_place_is_asked_once_and_told_once(team: Team) -> None:
    """A forced failover ends all the same, its journal whole on this machine; the next command uploads it."""
    team.bucket.silent = True
    runs = team.command()
    runs.ask_nobody()
    run = begun(runs, FORCED)
    later: tuple[What, ...] = ("move-begun", "move-done", "move-begun", "move-done", "finished")
    for what in later:
        run = runs.add(run, what, "signal")
    (note,) = runs.finish()
    assert (team.bucket.asked, note.code, note.exit) == (["get"], "runs-not-shared", Exit.DONE)
    assert str(team.local().folder) in note.detail
    assert team.local().newest().status == "finished"
    team.bucket.silent = False
    again = team.command()
    assert len(again.all()) == 1
    assert again.finish() == ()
    assert [one.status for one in team.command("other").all()] == ["finished"]


def test_a_place_that_answers_again_at_the_end_gets_the_journal(team: Team) -> None:
    """A run takes minutes: its end asks once more."""
    team.bucket.silent = True
    runs = team.command()
    run = begun(runs)
    team.clock.sleep(AGAIN_SECONDS)
    team.bucket.silent = False
    runs.add(run, "finished")
    assert runs.finish() == ()
    assert [one.status for one in team.command("other").all()] == ["finished"]


def test_what_was_seen_last_stands_while_the_place_is_silent(team: Team) -> None:
    """Asked once however often runs are needed; the open run of another machine is known from the last time."""
    run = begun(team.command())
    team.command("other").all()
    team.bucket.silent = True
    team.bucket.asked.clear()
    other = team.command("other")
    assert [other.open() == run, other.load(run.id) == run, other.newest() == run] == [True] * 3
    assert team.bucket.asked == ["list"]
    assert [note.code for note in other.finish()] == ["runs-not-shared"]


def test_only_what_has_changed_is_read_again(team: Team) -> None:
    """A long history costs one list a command."""
    runs = team.command()
    for _ in range(3):
        runs.add(begun(runs), "finished")
        team.clock.sleep(60)
    team.command("other").all()
    team.bucket.asked.clear()
    assert len(team.command("other").all()) == 3
    assert team.bucket.asked == ["list"]


def test_events_of_two_machines_at_once_are_all_kept(team: Team) -> None:
    """Another machine writes between the look and the write: both say what they did, in the order of time."""
    runs = team.command()
    run = begun(runs)
    other = team.command("other")
    theirs = other.open()
    assert theirs is not None
    team.bucket.before_put = lambda: other.add(theirs, "resumed")
    runs.add(run, "paused")
    assert sorted(whats(team.command("third").open())) == ["begun", "paused", "resumed"]


@pytest.mark.parametrize("cut", [0, 1, 40, -2])
def test_a_damaged_object_is_written_anew_by_who_knows_the_run(team: Team, cut: int) -> None:
    """Empty, cut in its first line or its last: nobody stops at it, and the next command of its machine mends it."""
    runs = team.command()
    run = runs.add(begun(runs), "paused")
    whole = team.stored(run)
    team.spoil(run, whole[:cut])
    assert len(whats(team.command("other").open())) < 2
    team.command().all()
    assert whats(team.command("other").open()) == ["begun", "paused"]


def test_what_is_no_journal_is_passed_over(team: Team) -> None:
    """Other objects under the prefix, names with paths in them included: not read, and no file here."""
    begun(team.command())
    for name in ("notes.txt", "../failover-1.run", "failover-1/x.run", "deploy-1.run"):
        team.bucket.write(f"runs/{name}", b"x")
    other = team.command("other")
    assert len(other.all()) == 1
    assert other.finish() == ()
    assert len([*(team.folder / "other").rglob("*.run")]) == 1


def test_runs_of_another_state_stay_with_it(team: Team) -> None:
    """One folder, two shared states: an open failover of one is none of the other, and is not uploaded there."""
    begun(team.command(state="s3://acme@us-east-1/test"))
    elsewhere = Team(team.folder)
    runs = elsewhere.command()
    assert (runs.open(), runs.finish()) == (None, ())
    assert elsewhere.bucket.asked == ["list"]


def test_a_copy_as_the_place_shows_the_runs_of_the_whole(team: Team) -> None:
    """Where the first region is lost, its copy is named alone: the open run is there."""
    team.copies = [Bucket(team.clock, "s3://copy@us-west-2/prod")]
    run = begun(team.command(state=f"{PLACE},s3://copy@us-west-2/prod"))
    alone = Team(team.folder)
    alone.bucket = team.copies[0]
    assert alone.command(state="s3://copy@us-west-2/prod").open() == run
    assert alone.command("other", state="s3://copy@us-west-2/prod").open() == run


def test_a_silent_first_place_leaves_its_copy(team: Team) -> None:
    """Runs are written to and read from the copy; the first has them as soon as it answers."""
    copy = Bucket(team.clock, "s3://copy@us-west-2/prod")
    team.copies = [copy]
    team.bucket.silent = True
    run = begun(team.command())
    other = team.command("other")
    assert other.open() == run
    assert [note.at for note in other.finish()] == [PLACE]
    team.bucket.silent = False
    team.command("other").all()
    assert run_in(f"{run.id}.run", team.stored(run)) == run


def test_journals_of_an_earlier_version_load_and_stay_here(team: Team) -> None:
    """They say of no state: they are shown on their machine, and shared from the next event on."""
    old = team.local()
    run = old.begin("failover", "failover-20260101T000000-1a2b", **PLANNED, by={"region": "x"}, state=7)
    runs = team.command()
    assert runs.open() == run
    assert (run.said("by"), run.said("state"), run.said("host")) == ("", "", "")
    assert runs.finish() == ()
    assert team.command("other").all() == ()
    runs.add(run, "resumed")
    assert whats(team.command("other").open()) == ["begun", "resumed"]


def test_who_may_only_read_sees_all_and_is_told(team: Team) -> None:
    """No permission to write stops nothing: the journal stays here."""
    team.bucket.read_only = True
    runs = team.command()
    run = runs.add(begun(runs), "finished")
    (note,) = runs.finish()
    assert "No permission" in note.detail
    assert team.bucket.asked.count("put") == 1
    assert team.local().newest().status == run.status


def test_runs_that_are_taken_from_another_place_are_shared(team: Team) -> None:
    """A state is moved with its history, from a folder and back to one."""
    old = team.local("folder")
    run = old.add(old.begin("drill", "drill-20260101T000000-1a2b", **PLANNED), "finished")
    runs = team.command()
    runs.gather(old.all())
    assert runs.finish() == ()
    assert team.command("other").all() == (run,)
    back = team.local("back")
    back.gather(runs.all())
    back.gather(runs.all())
    assert back.all() == (run,)


def test_merging_takes_the_longer_and_loses_nothing(tmp_path: Path) -> None:
    """A journal and its beginning are the journal, either way round; two ends of one beginning are all there."""
    clock = FakeClock()
    runs = RunStore(tmp_path, clock, clock, "x")
    first = runs.begin("failover", "failover-1", **PLANNED)
    clock.sleep(1)
    one = runs.add(first, "paused")
    clock.sleep(1)
    other = runs.add(first, "resumed")
    assert merged(first, one) == merged(one, first) == one
    assert whats(merged(other, one)) == whats(merged(one, other)) == ["begun", "paused", "resumed"]
    both = merged(one, other)
    assert merged(both, other) == both and same_events(merged(other, both), both)


def test_a_run_that_was_asked_for_beside_other_work_is_there(team: Team) -> None:
    """Status asks while it looks at the regions, and each look of a watch asks again."""
    other = team.command("other")
    other.anew()
    assert other.open() is None
    run = begun(team.command())
    assert other.open() is None
    other.anew()
    assert other.open() == run


def test_a_run_is_of_another_machine_until_this_one_goes_on_with_it(team: Team) -> None:
    """Then its journal is here too."""
    run = begun(team.command())
    other = team.command("other")
    assert (team.command().elsewhere(run), other.elsewhere(run)) == (False, True)
    other.add(run, "resumed")
    assert not team.command("other").elsewhere(run)


def test_a_forced_failover_that_was_refused_hears_of_the_run_elsewhere(team: Team) -> None:
    """Asked once, after all; and not where it is known already, or nobody kept it from asking."""
    runs = team.command("other")
    run = begun(team.command())
    assert not team.command("third").ask_after_all()
    runs.ask_nobody()
    assert runs.open() is None
    assert runs.ask_after_all()
    assert runs.open() == run
    assert not runs.ask_after_all()
