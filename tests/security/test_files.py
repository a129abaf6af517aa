"""What sbctl keeps is its owner's alone: files 0600, folders 0700, whatever the umask, also after a rewrite or a copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sbctl.aws.layers.counts import CountedCalls, Counts
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.moving.canary import Canary, CanaryPlace
from sbctl.core.plan import Plan
from sbctl.core.state import Record
from sbctl.failover.kit.publish import keep_kit
from sbctl.store.canaries import CanaryLedger
from sbctl.store.files.permissions import exposed
from sbctl.store.plans import save_plan
from sbctl.store.readings import ReadingCache
from sbctl.store.runs.store import RunStore
from sbctl.store.stores import file_store
from tests.security.ground import NOW
from tests.unit.aws.fakes import Answers
from tests.unit.failover.scenes import kit, lag

PLAN = Plan(made_at=NOW, lineage="l", serial=1, account="1", project="p", config_digest="d", regions=())


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A user whose umask takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def keep_everything(folder: Path, name: str) -> None:
    """All that a state's folder comes to hold, written once more."""
    clock = FakeClock()
    store = file_store(folder, clock, "deploy")
    with store.lock():
        store.put(Record(address=f"connect_queue.us-east-1.{name}"))
        store.compact()
        store.put(Record(address=f"connect_queue.us-east-1.{name}-2"))
        assert modes(folder / "lock.json", folder / "sbctl.lock") == {0o600}
        assert modes(folder / "journal.jsonl") == {0o600}
    runs = RunStore(folder / "runs", clock, clock, "failover")
    with runs.lock():
        run = runs.begin("failover", "failover-1") if not runs.all() else runs.all()[0]
        runs.add(run, "noted")
    place = CanaryPlace(region="us-west-2", resource="customers")
    CanaryLedger(folder / "canaries").begin(
        Canary(id="c", kind="item", name="s", key={"K": {"S": "c"}}, places=(place,))
    )
    ReadingCache(folder / "readings.json").keep("status", [lag(1.0)])
    keep_kit(kit(serial=len(name)), folder, Answers(FakeClock()))
    save_plan(PLAN, folder / "generations" / "a.plan")
    CountedCalls(Answers(FakeClock()), Counts(), clock, silent, folder / "audit.jsonl").call(
        "sts", "GetCallerIdentity", "us-east-1"
    )


def modes(*paths: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in paths}


def everything(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files, and folders with the first."""
    found = [*folder.rglob("*")]
    return [path for path in found if path.is_file()], [folder, *(path for path in found if path.is_dir())]


def test_what_is_kept_is_the_owners_alone(tmp_path: Path) -> None:
    """State, journal, generations, locks, runs, readings, canary notes, plans, kit and audit log."""
    keep_everything(tmp_path / "state", "one")
    files, folders = everything(tmp_path / "state")
    assert {path.name for path in files} >= {
        "sbctl.json",
        "journal.jsonl",
        "audit.jsonl",
        "failover-kit.json",
        "c.json",
    }
    assert {path.name for path in folders} == {"state", "generations", "runs", "canaries"}
    assert (modes(*files), modes(*folders)) == ({0o600}, {0o700})


def test_what_a_copy_opened_to_all_is_closed_again(tmp_path: Path) -> None:
    """After a copy that kept no modes the next run closes what it writes, and the folders that hold a state alone."""
    folder = tmp_path / "state"
    keep_everything(folder, "one")
    files, folders = everything(folder)
    for path in [*files, *folders]:
        path.chmod(0o777 if path in folders else 0o666)
    keep_everything(folder, "three")
    assert modes(folder, folder / "runs") == {0o700}
    written = [path for path in files if path.parent != folder / "generations" and path.name != "sbctl.lock"]
    assert modes(*written) == {0o600}


def test_a_folder_with_other_things_in_it_is_left_and_told(tmp_path: Path) -> None:
    """Somebody's own folder keeps its mode; that others may write into it is a note with the remedy."""
    (tmp_path / "letter.txt").write_text("not ours")
    tmp_path.chmod(0o777)
    keep_everything(tmp_path, "one")
    assert modes(tmp_path) == {0o777}
    (note,) = exposed(tmp_path)
    assert (note.code, int(note.exit)) == ("state-exposed", 0)
    tmp_path.chmod(0o1777)
    assert exposed(tmp_path) == []
    tmp_path.chmod(0o755)
    assert exposed(tmp_path) == []
